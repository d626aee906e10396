"""Every statement that touches what a task is beside its place in the queue."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select, text, tuple_

from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.work_queues.items import ItemKind, TaskStatus, WorkItem, reach_of, visible
from app.work_queues.tasks.errors import TaskTemplateNotFound
from app.work_queues.tasks.lifecycle import TemplateStatus
from app.work_queues.tasks.models import (
    ChecklistItem,
    TaskDependency,
    TaskDetail,
    TaskTemplate,
)

ONE_AT_A_TIME = text(
    "select pg_advisory_xact_lock(hashtextextended('work_queues.task_dependencies', 0))"
)


async def detail_of(uow: UnitOfWork, item_id: UUID) -> TaskDetail | None:
    statement = select(TaskDetail).where(TaskDetail.item_id == item_id)
    fresh = statement.execution_options(populate_existing=True)
    return (await uow.db.execute(fresh)).scalar_one_or_none()


async def checklist_of(uow: UnitOfWork, item_id: UUID) -> Sequence[ChecklistItem]:
    statement = select(ChecklistItem).where(ChecklistItem.item_id == item_id)
    ordered = statement.order_by(ChecklistItem.position).execution_options(populate_existing=True)
    return (await uow.db.scalars(ordered)).all()


def put_checklist(uow: UnitOfWork, item_id: UUID, labels: Collection[str]) -> None:
    uow.db.add_all(
        ChecklistItem(item_id=item_id, position=position, label=label)
        for position, label in enumerate(labels, start=1)
    )


async def tasks_to_wait_for(uow: UnitOfWork, task_ids: Collection[UUID]) -> Sequence[WorkItem]:
    """Those of them in reach, none of which closes before this unit of work is over."""
    statement = (
        visible(uow, await reach_of(uow))
        .where(WorkItem.id.in_(task_ids), WorkItem.kind == ItemKind.TASK)
        .order_by(WorkItem.id)
        .with_for_update(read=True, of=WorkItem)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def one_at_a_time(uow: UnitOfWork) -> None:
    """Two who change what waits for what would not see each other's circles."""
    await uow.db.execute(ONE_AT_A_TIME)


async def waiting_for(uow: UnitOfWork, item_id: UUID, task_ids: Collection[UUID]) -> list[UUID]:
    """Which of these tasks are this one, or wait for it, over however many others."""
    first = select(
        TaskDependency.item_id.label("asked"), TaskDependency.depends_on.label("above")
    ).where(TaskDependency.item_id.in_(task_ids))
    up = first.cte("up", recursive=True)
    more = select(up.c.asked, TaskDependency.depends_on).where(TaskDependency.item_id == up.c.above)
    up = up.union(more)
    rows = await uow.db.scalars(select(up.c.asked).where(up.c.above == item_id).distinct())
    return sorted({*rows, *({item_id} & set(task_ids))})


async def put_dependencies(uow: UnitOfWork, item_id: UUID, depends_on: Collection[UUID]) -> None:
    """These and no others."""
    await uow.db.execute(delete(TaskDependency).where(TaskDependency.item_id == item_id))
    uow.db.add_all(TaskDependency(item_id=item_id, depends_on=each) for each in depends_on)
    await uow.db.flush()


async def dependencies_of(uow: UnitOfWork, item_id: UUID) -> Sequence[WorkItem]:
    statement = (
        select(WorkItem)
        .join(TaskDependency, TaskDependency.depends_on == WorkItem.id)
        .where(TaskDependency.item_id == item_id)
        .order_by(WorkItem.created_at, WorkItem.id)
    )
    return (await uow.db.scalars(statement)).all()


async def open_dependencies(uow: UnitOfWork, item_id: UUID) -> list[UUID]:
    statement = (
        select(WorkItem.id)
        .join(TaskDependency, TaskDependency.depends_on == WorkItem.id)
        .where(TaskDependency.item_id == item_id, WorkItem.closed_at.is_(None))
        .order_by(WorkItem.id)
    )
    return list(await uow.db.scalars(statement))


def held_back(*conditions: Any) -> Select[WorkItem]:
    """Tasks on hold, locked in one order for everybody."""
    return (
        select(WorkItem)
        .where(WorkItem.status == TaskStatus.ON_HOLD, *conditions)
        .order_by(WorkItem.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


async def held_back_by(uow: UnitOfWork, item_id: UUID) -> Sequence[WorkItem]:
    waiting = select(TaskDependency.item_id).where(TaskDependency.depends_on == item_id)
    return (await uow.db.scalars(held_back(WorkItem.id.in_(waiting)))).all()


async def waiting_for_cause(uow: UnitOfWork, cause_key: str) -> Sequence[WorkItem]:
    waiting = select(TaskDetail.item_id).where(TaskDetail.waits_for == cause_key)
    return (await uow.db.scalars(held_back(WorkItem.id.in_(waiting)))).all()


async def template(uow: UnitOfWork, template_id: UUID, *, lock: bool = False) -> TaskTemplate:
    """Raises `TaskTemplateNotFound`."""
    statement = select(TaskTemplate).where(TaskTemplate.id == template_id)
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise TaskTemplateNotFound(template_id=template_id)
    return found


async def templates(
    uow: UnitOfWork, status: TemplateStatus, request: PageRequest
) -> Sequence[TaskTemplate]:
    """One row more than the page holds, the oldest first."""
    order = (TaskTemplate.created_at, TaskTemplate.id)
    statement = select(TaskTemplate).where(TaskTemplate.status == status)
    if request.cursor is not None:
        statement = statement.where(tuple_(*order) > tuple_(request.cursor.at, request.cursor.id))
    return (await uow.db.scalars(statement.order_by(*order).limit(request.limit + 1))).all()
