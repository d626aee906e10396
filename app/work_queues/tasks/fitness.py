"""Whether a task makes sense here, said before anything is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.infra.uow import UnitOfWork
from app.kernel.recurrence import RuleUnreadable
from app.work_queues.items import ItemKind
from app.work_queues.ladders import WorkType, WorkTypeUnknown, get_type
from app.work_queues.rosters import can_receive, pool_in_use
from app.work_queues.tasks.errors import Fault, TaskUnfit
from app.work_queues.tasks.recurrence import TaskRecurrence


def unfit(field: str, why: str, rule: str) -> TaskUnfit:
    return TaskUnfit(errors=[Fault(at=["body", field], why=why, rule=rule)])


async def type_of(uow: UnitOfWork, code: str) -> WorkType:
    try:
        work_type = await get_type(uow, code)
    except WorkTypeUnknown:
        raise unfit("type", "No kind of task has that code.", "type_known") from None
    if work_type.kind != ItemKind.TASK.value:
        raise unfit("type", "That is a kind of alert.", "type_of_task")
    return work_type


async def require_receivers(
    uow: UnitOfWork, *, pool_id: UUID | None, assignee_id: UUID | None
) -> None:
    if pool_id is not None and not await pool_in_use(uow, pool_id):
        raise unfit("pool_id", "No pool in use.", "pool_known")
    if assignee_id is not None and not await can_receive(uow, assignee_id):
        why = "Nobody of the staff with an active account has that id."
        raise unfit("assignee_id", why, "person_known")


def require_moment(uow: UnitOfWork, due: datetime, *, human: bool) -> None:
    """People do not ask for what should be done already; facts may come late."""
    if human and due <= uow.now:
        raise unfit("due_at", "That moment has passed.", "moment_to_come")


def read_rule(text: str, zone: ZoneInfo) -> TaskRecurrence:
    with unfit_rule():
        return TaskRecurrence.parse(text, zone)


@contextmanager
def unfit_rule() -> Iterator[None]:
    try:
        yield
    except RuleUnreadable as unreadable:
        raise unfit("rrule", unreadable.why, unreadable.rule) from unreadable
