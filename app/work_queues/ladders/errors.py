"""Why ladders and kinds of work may refuse."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str | int]
    why: str
    rule: str


class WorkTypeUnknown(NotFound):
    """There is no such kind of task or alert."""


class WorkTypeChanged(Stale):
    """Somebody changed this kind of task or alert since you read it."""

    expected_version: int
    current_version: int


class LadderNotFound(NotFound):
    """There is no such ladder."""

    ladder_id: UUID | None = None


class LadderChanged(Stale):
    """Somebody changed this ladder since you read it."""

    expected_version: int
    current_version: int


class LadderUnfit(Invalid):
    """A step of this ladder reaches nobody, or is out of order."""

    errors: list[Fault]


class WorkTypeUnfit(Invalid):
    """This kind of task or alert cannot be set up like that."""

    errors: list[Fault]


class MayNotKeepLadders(Forbidden):
    """Ladders and kinds of work are set by administrators and supervisors."""
