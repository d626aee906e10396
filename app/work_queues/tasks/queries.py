"""Looking at a task."""

from collections.abc import Sequence
from uuid import UUID

from app import identity
from app.infra.uow import UnitOfWork
from app.work_queues import items
from app.work_queues.escalations import planned_of
from app.work_queues.items import History, ItemKind, Person, TaskStatus, WorkItem
from app.work_queues.tasks import repository
from app.work_queues.tasks.models import ChecklistItem
from app.work_queues.tasks.schemas import ChecklistItemOut, DependencyOut, TaskOut


async def read_task(uow: UnitOfWork, task_id: UUID) -> TaskOut:
    """Somebody looks at a task; raises `ItemNotFound`."""
    return await described(uow, await items.read_item(uow, task_id, kind=ItemKind.TASK))


async def described(uow: UnitOfWork, item: WorkItem) -> TaskOut:
    """Everything about it in one answer; audits nothing: the verb before does."""
    told = await items.described(uow, item)
    detail = await repository.detail_of(uow, item.id)
    steps = await repository.checklist_of(uow, item.id)
    told["moves"] = [*told["moves"], *own_moves(uow, item, told["moves"], steps)]
    return TaskOut(
        **told,
        escalations=await planned_of(uow, item),
        checklist=await shown_checklist(uow, steps),
        depends_on=await shown_dependencies(uow, item),
        waits_for_cause=detail is not None and detail.waits_for is not None,
        template_id=detail.template_id if detail else None,
        rrule=detail.rrule if detail else None,
        series_id=detail.series_id if detail else None,
    )


def own_moves(
    uow: UnitOfWork, item: WorkItem, common: Sequence[str], steps: Sequence[ChecklistItem]
) -> list[str]:
    if "handover" in common:
        ticking = ["checklist"] if steps else []
        return ["edit", *ticking, "completion", "cancellation"]
    is_mine = item.created_by == uow.actor.id and item.holder_id is None
    return ["edit"] if is_mine and not item.is_closed else []


async def shown_checklist(
    uow: UnitOfWork, steps: Sequence[ChecklistItem]
) -> list[ChecklistItemOut]:
    whose = {each.done_by for each in steps if each.done_by is not None}
    names = await identity.names_of(uow, whose) if whose else {}
    return [
        ChecklistItemOut(
            position=each.position,
            label=each.label,
            done=each.done_at is not None,
            done_by=Person(id=each.done_by, name=names.get(each.done_by)) if each.done_by else None,
            done_at=each.done_at,
        )
        for each in steps
    ]


async def shown_dependencies(uow: UnitOfWork, item: WorkItem) -> list[DependencyOut]:
    found = await repository.dependencies_of(uow, item.id)
    if not found:
        return []
    seen = {each.id for each in await items.find_items(uow, [each.id for each in found])}
    return [
        DependencyOut(
            id=each.id,
            title=each.title if each.id in seen else None,
            status=TaskStatus(each.status),
        )
        for each in found
    ]


async def history(uow: UnitOfWork, task_id: UUID) -> History:
    """Raises `ItemNotFound`."""
    return await items.history_of(uow, task_id, kind=ItemKind.TASK)
