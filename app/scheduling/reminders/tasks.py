"""Work that nobody asks for: reminders go out when they are due."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from app.infra.uow import Works
from app.scheduling.reminders.channels import Channel
from app.scheduling.reminders.messages import Letterhead
from app.scheduling.reminders.sending import Sender, give_up_lost
from app.scheduling.rules import ReminderChannel

SENDERS_AT_ONCE = 4
ONE_ROUND = timedelta(seconds=10)  # so that a worker told to stop has not long to wait


async def send_reminders(
    works: Works,
    channels: Mapping[ReminderChannel, Channel],
    letterhead: Letterhead | None = None,
) -> int:
    """One round: give up what was lost, then send what is due; returns how many were dealt with."""
    await give_up_lost(works)
    sender = Sender(works, channels, letterhead)
    until = works.clock.now() + ONE_ROUND

    async def keep_sending() -> int:
        done = 0
        while works.clock.now() < until and await sender.send_next():
            done += 1
        return done

    # Not a task group: when one of them fails, the others finish what they have claimed.
    rounds = [keep_sending() for _ in range(SENDERS_AT_ONCE)]
    results = await asyncio.gather(*rounds, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return sum(result for result in results if isinstance(result, int))
