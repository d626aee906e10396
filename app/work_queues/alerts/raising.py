"""An alert is raised: by somebody of the staff, or by a fact."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import patients
from app.infra.uow import UnitOfWork
from app.work_queues.alerts.climbing import climb
from app.work_queues.alerts.errors import AlertUnfit, Fault
from app.work_queues.items import (
    AlertStatus,
    Before,
    Change,
    ItemKind,
    NewItem,
    Severity,
    WorkItem,
    changed,
    open_item,
    require_worker,
    trace,
)
from app.work_queues.ladders import WorkType, WorkTypeUnknown, due_for, get_type
from app.work_queues.rosters import can_receive, pool_in_use

RANKS = list(Severity)  # the gravest first


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """What is left out comes from the type.

    `cause_key`: in our own words, what it is about; while an alert of the same cause is open
    there is no second one.
    """

    type: str = "alert"
    title: str | None = None
    body: str | None = None
    severity: Severity | None = None
    pool_id: UUID | None = None
    assignee_id: UUID | None = None
    patient_id: UUID | None = None
    subject: tuple[str, UUID] | None = None
    due_at: datetime | None = None
    cause_key: str | None = None


async def raise_alert(uow: UnitOfWork, new: NewAlert) -> WorkItem:
    """A new alert, which climbs its ladder at once; or one occurrence more of an open one.

    An acknowledged or snoozed one stays as it is, unless it is graver now: then it is triggered
    again. Raises `AlertUnfit`, `PatientNotFound`.
    """
    require_worker(uow)
    work_type = await type_of(uow, new.type)
    await require_fit(uow, new)
    item, is_new = await open_item(uow, await settled(uow, new, work_type))
    if is_new:
        await climb(uow, item, work_type)
        await trace(uow, "raise", item)
        return item
    severity = new.severity or Severity(work_type.severity)
    if RANKS.index(severity) < RANKS.index(item.severity):
        await raise_severity(uow, item, severity)
    await trace(uow, "add-occurrence", item, occurrences=item.occurrences)
    return item


async def type_of(uow: UnitOfWork, code: str) -> WorkType:
    try:
        work_type = await get_type(uow, code)
    except WorkTypeUnknown:
        raise unfit("type", "No kind of alert has that code.", "type_known") from None
    if work_type.kind != ItemKind.ALERT.value:
        raise unfit("type", "That is a kind of task.", "type_of_alert")
    return work_type


async def require_fit(uow: UnitOfWork, new: NewAlert) -> None:
    if new.pool_id is not None and not await pool_in_use(uow, new.pool_id):
        raise unfit("pool_id", "No pool in use.", "pool_known")
    if new.assignee_id is not None and not await can_receive(uow, new.assignee_id):
        why = "Nobody of the staff with an active account has that id."
        raise unfit("assignee_id", why, "person_known")


def unfit(field: str, why: str, rule: str) -> AlertUnfit:
    return AlertUnfit(errors=[Fault(at=["body", field], why=why, rule=rule)])


async def settled(uow: UnitOfWork, new: NewAlert, work_type: WorkType) -> NewItem:
    """With what the type says where nothing else was said."""
    patient_id = new.patient_id
    if patient_id is not None:
        patient_id = (await patients.get_patient(uow, patient_id)).id
    return NewItem(
        kind=ItemKind.ALERT,
        type=work_type.code,
        severity=new.severity or Severity(work_type.severity),
        title=new.title or work_type.title,
        body=new.body,
        pool_id=new.pool_id or work_type.pool_id,
        assignee_id=new.assignee_id,
        patient_id=patient_id,
        subject=new.subject,
        due_at=new.due_at or await due_for(uow, work_type, uow.now),
        cause_key=new.cause_key,
    )


async def raise_severity(uow: UnitOfWork, item: WorkItem, severity: Severity) -> None:
    """It is graver than it was: nobody's acknowledgement was of that."""
    before, was = Before.of(item), item.severity
    item.severity = severity
    detail = {"severity": severity, "severity_before": was}
    if item.status == AlertStatus.TRIGGERED:
        changed(uow, item, Change.EDITED, before, detail=detail)
        return
    item.move_to(AlertStatus.TRIGGERED, at=uow.now)
    changed(uow, item, Change.TRIGGERED_AGAIN, before, detail=detail)
    await climb(uow, item)
