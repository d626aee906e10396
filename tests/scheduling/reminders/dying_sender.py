"""A sender that is killed on the way: `python -m ... DATABASE_URL MONGO_URL FOLDER before|after`.

It is the real sender with the real file channel; only the moment of its death is chosen. The time
is taken from the environment, so that the reminder of a test is due.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Subscriptions
from app.scheduling.reminders import Channel, Message, open_channels
from app.scheduling.reminders.tasks import send_reminders
from app.scheduling.rules import ReminderChannel

NOW = "REMINDERS_NOW"


class StoppedClock:
    def now(self) -> datetime:
        return datetime.fromisoformat(os.environ[NOW])


class Doomed:
    """Hands messages to a real channel, and dies before or after that."""

    def __init__(self, channel: Channel, when: str) -> None:
        self._channel, self._when = channel, when

    def can_reach(self, message: Message) -> bool:
        return self._channel.can_reach(message)

    async def deliver(self, message: Message) -> None:
        if self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        await self._channel.deliver(message)
        os.kill(os.getpid(), signal.SIGKILL)


async def main(database_url: str, mongo_url: str, folder: str, when: str) -> None:
    clock = StoppedClock()
    file = open_channels(Path(folder), clock)[ReminderChannel.FILE]
    async with open_works(
        StoreUrls(database_url, mongo_url, None),
        subscriptions=Subscriptions(),
        clock=clock,
        documents=[],
    ) as works:
        await send_reminders(works, {ReminderChannel.FILE: Doomed(file, when)})


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
