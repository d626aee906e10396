"""Tasks, for tests."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import tasks
from app.work_queues.items import WorkItem
from app.work_queues.tasks import TaskDetail, TaskTemplate
from tests.builders.work_queues_items import Act
from tests.builders.work_queues_queues import NURSES, SETUP


async def a_task(works: Works, *, by: Actor = SETUP, **said: Any) -> WorkItem:
    """One of the nurses, medium, due in two working days."""
    async with works.begin(by) as uow:
        return await tasks.add_task(uow, tasks.NewTask(**{"title": "Change the dressing"} | said))


async def a_template(works: Works, by: Actor, **said: Any) -> TaskTemplate:
    plain: dict[str, Any] = {
        "name": "Dressing",
        "title": "Change the dressing",
        "pool_id": NURSES,
        "due": {"amount": 90, "unit": "minutes"},
        "checklist": ["Hands", "Dressing"],
    }
    async with works.begin(by) as uow:
        return await tasks.add_template(uow, tasks.NewTemplate.model_validate(plain | said))


async def series(works: Works, series_id: UUID) -> Sequence[WorkItem]:
    """Every task of a series, by when it is due."""
    async with works.sessions() as db:
        of_series = select(WorkItem).join(TaskDetail, TaskDetail.item_id == WorkItem.id)
        rows = of_series.where(TaskDetail.series_id == series_id).order_by(WorkItem.due_at)
        return (await db.scalars(rows)).all()


async def detail(works: Works, item_id: UUID) -> TaskDetail:
    async with works.sessions() as db:
        return await db.get_one(TaskDetail, item_id)


def complete(item: WorkItem, reason: str | None = None) -> Act:
    return lambda uow: tasks.complete(uow, item.id, reason=reason)


def cancel(item: WorkItem, reason: str | None = None) -> Act:
    return lambda uow: tasks.cancel(uow, item.id, reason=reason)


def tick(item: WorkItem, position: int, *, done: bool = True) -> Act:
    return lambda uow: tasks.tick(uow, item.id, position, done=done)


def edit(item: WorkItem, version: int | None = None, **said: Any) -> Act:
    change = tasks.EditTask(**said)
    return lambda uow: tasks.edit_task(uow, item.id, change, version=version or item.version)
