"""The next task of a series, made once, when the one before it is closed."""

from datetime import datetime
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.items import ItemKind, NewItem, WorkItem, open_item, put_link, remarks_of
from app.work_queues.ladders import get_type
from app.work_queues.rosters import can_receive
from app.work_queues.tasks import repository
from app.work_queues.tasks.adding import climb, instant_of, on_the_wall
from app.work_queues.tasks.models import TaskDetail
from app.work_queues.tasks.recurrence import TaskRecurrence


async def make_next(uow: UnitOfWork, closed: WorkItem) -> UUID | None:
    """The next occurrence of a task that was just closed; None: it does not come back.

    A fresh checklist, the same links, nothing to wait for; occurrences that were missed are
    passed over. That there is one of each, the unique key of series and occurrence holds.
    """
    detail = await repository.detail_of(uow, closed.id)
    if detail is None or detail.rrule is None or detail.occurrence_local is None:
        return None
    rule = TaskRecurrence.parse(detail.rrule, uow.zone)
    found = rule.next_after(detail.occurrence_local, on_the_wall(uow.now, uow.zone))
    if found is None:
        return None
    occurrence, remaining = found
    following = await open_following(uow, closed, due_at=instant_of(occurrence, uow.zone))
    uow.db.add(
        TaskDetail(
            item_id=following.id,
            template_id=detail.template_id,
            rrule=str(remaining),
            series_id=detail.series_id,
            occurrence_local=occurrence,
        )
    )
    labels = [each.label for each in await repository.checklist_of(uow, closed.id)]
    repository.put_checklist(uow, following.id, labels)
    for link in (await remarks_of(uow, closed)).links:
        put_link(uow, following, url=link.url, label=link.label)
    await uow.db.flush()
    await climb(uow, following, await get_type(uow, following.type))
    return following.id


async def open_following(uow: UnitOfWork, closed: WorkItem, *, due_at: datetime) -> WorkItem:
    """For the same people, and still of whoever made the first one."""
    assignee_id = closed.assignee_id
    if assignee_id is not None and not await can_receive(uow, assignee_id):
        assignee_id = None
    following, _ = await open_item(
        uow,
        NewItem(
            kind=ItemKind.TASK,
            type=closed.type,
            severity=closed.severity,
            title=closed.title,
            body=closed.body,
            pool_id=closed.pool_id,
            assignee_id=assignee_id,
            patient_id=closed.patient_id,
            due_at=due_at,
        ),
    )
    following.created_by = closed.created_by
    return following
