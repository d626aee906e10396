"""A scheduler that looks for due clocks until it is killed: `python -m ... DATABASE MONGO CLOCK`.

It is the real sweep; only the time is what the file says, written as one moment.
"""

import asyncio
import sys
from pathlib import Path

from app.crisis.reports import DOCUMENTS
from app.crisis.reports.tasks import fire_due
from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Subscriptions
from tests.work_queues.escalations.scheduler import PAUSE_SECONDS, ClockInFile


async def main(database_url: str, mongo_url: str, clock_file: str) -> None:
    async with open_works(
        StoreUrls(database_url, mongo_url, None),
        subscriptions=Subscriptions(),
        clock=ClockInFile(Path(clock_file)),
        documents=list(DOCUMENTS),
    ) as works:
        while True:
            await fire_due(works)
            await asyncio.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
