"""A scheduler that looks for due steps until it is killed: `python -m ... DATABASE MONGO CLOCK`.

It is the real sweep; only the time is what the file says, written as one moment.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Subscriptions
from app.work_queues.escalations.tasks import fire_due

PAUSE_SECONDS = 0.02


class ClockInFile:
    """Time as somebody else tells it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.fromisoformat(self._file.read_text())

    def set(self, at: datetime) -> None:
        """Whoever reads meanwhile reads the one or the other."""
        new = self._file.with_suffix(".new")
        new.write_text(at.isoformat())
        new.replace(self._file)


async def main(database_url: str, mongo_url: str, clock_file: str) -> None:
    async with open_works(
        StoreUrls(database_url, mongo_url, None),
        subscriptions=Subscriptions(),
        clock=ClockInFile(Path(clock_file)),
        documents=[],
    ) as works:
        while True:
            await fire_due(works)
            await asyncio.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
