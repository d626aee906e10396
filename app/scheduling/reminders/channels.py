"""Ways to a patient, and the three ways in which they fail."""

from typing import Protocol

from app.scheduling.reminders.messages import Message


class NotReached(Exception):
    """Nobody took the message, for certain: it may be tried again."""


class Refused(Exception):
    """Whoever should carry the message said no for good."""


class Unsure(Exception):
    """The message may have been taken: it must not be tried again."""


class Channel(Protocol):
    """Hands one message over."""

    def can_reach(self, message: Message) -> bool:
        """Whether we have the address that this channel needs."""

    async def deliver(self, message: Message) -> None:
        """Hand it over once; raises `NotReached`, `Refused` or `Unsure`."""
