"""Why signals may refuse."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class SignalNotFound(NotFound):
    """There is no such signal, or you may not see it."""

    signal_id: UUID


class SignalAnswered(Conflict):
    """This signal waits for no answer any more: somebody was first, or its sentence is gone."""

    signal_id: UUID
    current: str


class SignalsUnanswered(Conflict):
    """This note holds possible danger signs: confirm or dismiss each of them, then sign."""

    note_id: UUID
    signals: list[UUID]


class SignalsNotForYourRole(Forbidden):
    """Only doctors and nurses see and answer signals of danger."""


class NoConcern(Invalid):
    """This does not say what the concern is."""

    errors: list[Fault]
