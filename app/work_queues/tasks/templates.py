"""Templates: tasks people make again and again."""

from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from app import audit
from app.infra.postgres import UNIQUE_VIOLATION, sqlstate_of
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.work_queues.items import require_worker
from app.work_queues.tasks import repository
from app.work_queues.tasks.errors import TaskTemplateNameTaken
from app.work_queues.tasks.fitness import require_receivers
from app.work_queues.tasks.lifecycle import TemplateStatus
from app.work_queues.tasks.models import TaskTemplate
from app.work_queues.tasks.policies import require_keeper
from app.work_queues.tasks.schemas import ChangeTemplate, DueRule, NewTemplate, TemplateOut


async def add_template(uow: UnitOfWork, new: NewTemplate) -> TaskTemplate:
    """Raises `MayNotKeepTemplates`, `TaskUnfit`, `TaskTemplateNameTaken`."""
    await require_keeper(uow)
    await require_receivers(uow, pool_id=new.pool_id, assignee_id=None)
    template = TaskTemplate(
        id=uuid4(),
        status=TemplateStatus.ACTIVE,
        version=1,
        updated_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
        **new.columns,
    )
    uow.db.add(template)
    await store(uow)
    await trace(uow, "add", template.id)
    return template


async def change_template(
    uow: UnitOfWork, template_id: UUID, change: ChangeTemplate, *, version: int
) -> TaskTemplate:
    """Tasks made from it before stay as they are.

    Raises `MayNotKeepTemplates`, `TaskTemplateNotFound`, `TaskTemplateChanged`, `TaskUnfit`,
    `TaskTemplateNameTaken`.
    """
    await require_keeper(uow)
    template = await repository.template(uow, template_id, lock=True)
    changes = change.columns
    await require_receivers(uow, pool_id=changes.get("pool_id"), assignee_id=None)
    template.change(changes, version=version, by=uow.actor.id, at=uow.now)
    await store(uow)
    await trace(uow, "change", template.id, fields=sorted(changes))
    return template


async def retire_template(uow: UnitOfWork, template_id: UUID) -> TaskTemplate:
    """No more tasks are made from it. Raises `TaskTemplateNotFound`, `IllegalMove`."""
    await require_keeper(uow)
    template = await repository.template(uow, template_id, lock=True)
    template.retire(by=uow.actor.id, at=uow.now)
    await trace(uow, "retire", template.id)
    return template


async def store(uow: UnitOfWork) -> None:
    try:
        await uow.db.flush()
    except IntegrityError as error:
        if sqlstate_of(error) == UNIQUE_VIOLATION:
            raise TaskTemplateNameTaken from error
        raise


async def list_templates(
    uow: UnitOfWork, status: TemplateStatus, page: PageRequest
) -> tuple[list[TaskTemplate], str | None]:
    """The oldest first, and the cursor of the next page; nothing in them is about a patient."""
    require_worker(uow)
    rows = await repository.templates(uow, status, page)
    return page_of(rows, page, key=lambda each: Cursor(at=each.created_at, id=each.id))


async def get_template(uow: UnitOfWork, template_id: UUID) -> TaskTemplate:
    """Raises `TaskTemplateNotFound`."""
    require_worker(uow)
    return await repository.template(uow, template_id)


def shown(template: TaskTemplate) -> TemplateOut:
    due = None
    if template.due_amount is not None and template.due_unit is not None:
        due = DueRule(amount=template.due_amount, unit=template.due_unit)
    return TemplateOut(
        id=template.id,
        name=template.name,
        status=template.status,
        title=template.title,
        body=template.body,
        severity=template.severity,
        pool_id=template.pool_id,
        due=due,
        checklist=template.checklist,
        version=template.version,
        updated_at=template.updated_at,
    )


async def trace(uow: UnitOfWork, verb: str, template_id: UUID, **detail: object) -> None:
    await audit.record(
        uow,
        f"task_template.{verb}",
        subject=("task_template", template_id),
        detail=detail,
    )
