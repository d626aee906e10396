"""Why a task may be refused."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class TaskUnfit(Invalid):
    """A task cannot be like that."""

    errors: list[Fault]


class TaskClosed(Conflict):
    """This task is completed or cancelled: nothing about it changes any more."""

    item_id: UUID


class ChecklistOpen(Conflict):
    """Some of its steps are not ticked off: tick them, or say why it is done without them."""

    item_id: UUID
    positions: list[int]


class StillWaits(Conflict):
    """It waits for something else: say why it is done before that."""

    item_id: UUID
    depends_on: list[UUID]


class ChecklistItemNotFound(NotFound):
    """This task has no such step."""

    item_id: UUID
    position: int


class DependencyCycle(Conflict):
    """These tasks wait for this one themselves: all of them would wait for ever."""

    item_id: UUID
    depends_on: list[UUID]


class TaskTemplateNotFound(NotFound):
    """There is no such template."""

    template_id: UUID


class TaskTemplateChanged(Stale):
    """Somebody changed this template since you read it."""

    template_id: UUID
    expected_version: int
    current_version: int


class TaskTemplateNameTaken(Conflict):
    """There is a template by that name already."""


class MayNotKeepTemplates(Forbidden):
    """Templates are kept by administrators and supervisors."""
