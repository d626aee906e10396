"""A task is made: by somebody of the staff, from a template, or by a fact."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from app import patients
from app.infra.uow import UnitOfWork
from app.work_queues.calendars import due_at
from app.work_queues.escalations import begin_climb
from app.work_queues.items import (
    ItemKind,
    NewItem,
    Severity,
    WorkItem,
    open_item,
    put_link,
    require_worker,
    trace,
)
from app.work_queues.ladders import DueUnit, WorkType, due_for
from app.work_queues.tasks import repository
from app.work_queues.tasks.fitness import (
    read_rule,
    require_moment,
    require_receivers,
    type_of,
    unfit,
    unfit_rule,
)
from app.work_queues.tasks.lifecycle import TemplateStatus
from app.work_queues.tasks.models import TaskDetail
from app.work_queues.tasks.schemas import AddTask


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """What is left out comes from the template, then from the type.

    `due_at` or `due`, counted from now in the calendar of the type. `links`: address and label.
    `cause_key`: in our own words, what it is about; while a task of the same cause is open there
    is no second one. `waits_for`: a cause that has to come true first.
    """

    type: str = "task"
    title: str | None = None
    body: str | None = None
    severity: Severity | None = None
    pool_id: UUID | None = None
    assignee_id: UUID | None = None
    patient_id: UUID | None = None
    subject: tuple[str, UUID] | None = None
    due_at: datetime | None = None
    due: tuple[int, DueUnit] | None = None
    template_id: UUID | None = None
    checklist: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    depends_on: tuple[UUID, ...] = ()
    waits_for: str | None = None
    rrule: str | None = None
    cause_key: str | None = None


def asked_for(said: AddTask) -> NewTask:
    """What somebody asked for; raises `TaskUnfit` for what has no name."""
    if said.title is None and said.template_id is None:
        raise unfit("title", "Say what is to be done.", "title_required")
    plain = said.model_dump(exclude={"due", "links", "checklist", "depends_on"})
    return NewTask(
        **plain,
        due=(said.due.amount, said.due.unit) if said.due else None,
        links=tuple((each.url, each.label) for each in said.links),
        checklist=tuple(said.checklist),
        depends_on=tuple(said.depends_on),
    )


async def add_task(uow: UnitOfWork, new: NewTask) -> WorkItem:
    """A new task, held back while it waits for something; or one occurrence more of an open one.

    It climbs its ladder from its deadline on. Raises `TaskUnfit`, `PatientNotFound`.
    """
    require_worker(uow)
    work_type = await type_of(uow, new.type)
    new = await with_template(uow, new)
    await require_receivers(uow, pool_id=new.pool_id, assignee_id=new.assignee_id)
    due = await due_of(uow, new, work_type)
    if new.rrule is not None:
        due = whole_minute(due)
    detail = detail_of(uow, new, due)
    waits = await waits_for_others(uow, new.depends_on)
    patient_id = new.patient_id
    if patient_id is not None:
        patient_id = (await patients.get_patient(uow, patient_id)).id
    item, is_new = await open_item(
        uow,
        NewItem(
            kind=ItemKind.TASK,
            type=work_type.code,
            severity=new.severity or Severity(work_type.severity),
            title=new.title or work_type.title,
            body=new.body,
            pool_id=new.pool_id or work_type.pool_id,
            assignee_id=new.assignee_id,
            patient_id=patient_id,
            subject=new.subject,
            due_at=due,
            cause_key=new.cause_key,
            held_back=waits or new.waits_for is not None,
        ),
    )
    if not is_new:
        await trace(uow, "add-occurrence", item, occurrences=item.occurrences)
        return item
    await complete_with(uow, item, new, detail)
    await climb(uow, item, work_type)
    await trace(uow, "add", item)
    return item


async def with_template(uow: UnitOfWork, new: NewTask) -> NewTask:
    """What was said, and what the template says where nothing was."""
    if new.template_id is None:
        return new
    template = await repository.template(uow, new.template_id)
    if template.status is not TemplateStatus.ACTIVE:
        raise unfit("template_id", "That template is not in use any more.", "template_in_use")
    due = new.due
    if due is None and new.due_at is None and template.due_amount and template.due_unit:
        due = (template.due_amount, template.due_unit)
    return replace(
        new,
        title=new.title or template.title,
        body=new.body or template.body,
        severity=new.severity or template.severity,
        pool_id=new.pool_id or template.pool_id,
        due=due,
        checklist=new.checklist or tuple(template.checklist),
    )


async def due_of(uow: UnitOfWork, new: NewTask, work_type: WorkType) -> datetime | None:
    if new.due_at is not None:
        if new.due is not None:
            raise unfit("due", "Say when it is due or after what time, not both.", "one_of_both")
        require_moment(uow, new.due_at, human=new.cause_key is None)
        return new.due_at
    if new.due is not None:
        return await due_at(uow, work_type.calendar_id, uow.now, *new.due)
    return await due_for(uow, work_type, uow.now)


def whole_minute(due: datetime | None) -> datetime:
    if due is None:
        raise unfit("rrule", "What comes back has a deadline.", "rrule_due")
    return due.replace(second=0, microsecond=0)


def detail_of(uow: UnitOfWork, new: NewTask, due: datetime | None) -> TaskDetail:
    detail = TaskDetail(template_id=new.template_id, waits_for=new.waits_for)
    if new.rrule is not None and due is not None:
        rule, first = read_rule(new.rrule, uow.zone), on_the_wall(due, uow.zone)
        with unfit_rule():
            rule.require_first(first)
        detail.rrule, detail.series_id, detail.occurrence_local = str(rule), uuid4(), first
    return detail


def on_the_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the clinic's clock shows it; a time that is skipped in spring is an hour later."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


async def waits_for_others(uow: UnitOfWork, depends_on: tuple[UUID, ...]) -> bool:
    """Whether any of them is still open; raises `TaskUnfit` for one that is none, or not seen."""
    if not depends_on:
        return False
    found = await repository.tasks_to_wait_for(uow, depends_on)
    if len(found) < len(set(depends_on)):
        raise unfit("depends_on", "One of these is no task, or you may not see it.", "task_known")
    return any(not each.is_closed for each in found)


async def complete_with(uow: UnitOfWork, item: WorkItem, new: NewTask, detail: TaskDetail) -> None:
    detail.item_id = item.id
    uow.db.add(detail)
    repository.put_checklist(uow, item.id, new.checklist)
    for url, label in new.links:
        put_link(uow, item, url=url, label=label)
    await uow.db.flush()
    if new.depends_on:
        await repository.put_dependencies(uow, item.id, set(new.depends_on))


async def climb(uow: UnitOfWork, item: WorkItem, work_type: WorkType) -> None:
    """From its deadline on; what has none is told to nobody."""
    if item.due_at is not None:
        began_at = max(item.due_at, uow.now)
        await begin_climb(uow, item, ladder_id=work_type.ladder_id, began_at=began_at)
