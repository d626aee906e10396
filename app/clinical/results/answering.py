"""What people do about a result: acknowledge it, tell somebody, take it back."""

from uuid import UUID

from app.clinical.results import policies, repository
from app.clinical.results.errors import (
    AlreadyAcknowledged,
    CallbackCorrected,
    CallbackNotFound,
    Fault,
    NothingReported,
    ResultChanged,
    ResultIsWithdrawn,
    ResultUnfit,
)
from app.clinical.results.events import CalledBack, ResultAcknowledged, ResultWithdrawn
from app.clinical.results.following import SUBJECT, end_alerts, follow_answer, receiver
from app.clinical.results.judging import CRITICAL
from app.clinical.results.lifecycle import WITHDRAWN, ReportStatus
from app.clinical.results.models import DiagnosticReport, ResultAcknowledgement, ResultCallback
from app.clinical.results.reporting import trace
from app.clinical.results.schemas import Acknowledge, FollowUp, ReadBack, RecordCallback
from app.infra.uow import UnitOfWork
from app.work_queues import rosters, tasks
from app.work_queues.calendars import DueUnit

FOLLOW_UP = "result.follow-up"  # a kind of work the migration made


async def acknowledge(uow: UnitOfWork, result_id: UUID, said: Acknowledge) -> ResultAcknowledgement:
    """A doctor has seen exactly this version and decided; a later version asks again.

    Raises `ResultNotFound`, `ResultChanged`, `AlreadyAcknowledged`, `ResultIsWithdrawn`.
    """
    policies.require_doctor(uow)
    report = await repository.get(uow, result_id, lock=True)
    require_counting(report, said.number)
    if said.number in await repository.acknowledgements(uow, report.id):
        raise AlreadyAcknowledged(result_id=report.id, number=said.number)
    task_id = await follow_up(uow, report, said.follow_up) if said.follow_up else None
    row = ResultAcknowledgement(
        report_id=report.id,
        number=said.number,
        decision=said.decision,
        note=said.note,
        follow_up_task_id=task_id,
        acknowledged_by=uow.actor.id,
        acknowledged_at=uow.now,
    )
    uow.db.add(row)
    report.unacknowledged_since = None
    await uow.db.flush()
    await follow_answer(uow, report)
    await uow.publish(
        ResultAcknowledged(
            report_id=report.id,
            patient_id=report.patient_id,
            responsible_id=report.responsible_id,
            number=said.number,
            by=uow.actor.id,
        )
    )
    await trace(uow, "acknowledge", report, number=said.number, decision=said.decision)
    return row


def require_counting(report: DiagnosticReport, number: int) -> None:
    """What is answered is the version that counts, of a result that counts."""
    if report.status in WITHDRAWN:
        raise ResultIsWithdrawn(result_id=report.id)
    if report.versions == 0:
        raise NothingReported(result_id=report.id)
    if number != report.versions:
        raise ResultChanged(
            result_id=report.id, expected_version=number, current_version=report.versions
        )


async def follow_up(uow: UnitOfWork, report: DiagnosticReport, wanted: FollowUp) -> UUID:
    task = await tasks.add_task(
        uow,
        tasks.NewTask(
            type=FOLLOW_UP,
            title=wanted.title,
            assignee_id=uow.actor.id,
            patient_id=report.patient_id,
            subject=(SUBJECT, report.id),
            due=(max(wanted.due_in_days, 1), DueUnit.DAYS),
        ),
    )
    return task.id


async def record_callback(uow: UnitOfWork, result_id: UUID, said: RecordCallback) -> ResultCallback:
    """Somebody was told; who, when, and whether they read it back. Never changed afterwards.

    Raises `ResultNotFound`, `ResultChanged`, `ResultIsWithdrawn`, `ResultUnfit`,
    `CallbackNotFound`, `CallbackCorrected`.
    """
    policies.require_clinician(uow)
    report = await repository.get(uow, result_id, lock=True)
    require_counting(report, said.number)
    await require_fit(uow, said)
    await require_correctable(uow, report, said)
    row = ResultCallback(
        report_id=report.id,
        number=said.number,
        told_user_id=said.told_user_id,
        told_name=said.told_name,
        told_at=said.told_at,
        read_back=ReadBack.YES if said.read_back else ReadBack.NO,
        remark=said.remark,
        corrects_id=said.corrects_id,
        called_by=uow.actor.id,
        recorded_at=uow.now,
    )
    uow.db.add(row)
    await uow.db.flush()
    await follow_answer(uow, report)
    await uow.publish(
        CalledBack(
            report_id=report.id,
            patient_id=report.patient_id,
            responsible_id=report.responsible_id,
            number=said.number,
            callback_id=row.id,
        )
    )
    await trace(uow, "call-back", report, number=said.number, read_back=row.read_back)
    return row


async def require_fit(uow: UnitOfWork, said: RecordCallback) -> None:
    faults: list[Fault] = []
    if said.told_at > uow.now:
        why = "The call lies in the future."
        faults.append({"at": ["body", "told_at"], "why": why, "rule": "past"})
    if said.told_user_id is not None and not await rosters.can_receive(uow, said.told_user_id):
        why = "Nobody of the staff with an active account has that id."
        faults.append({"at": ["body", "told_user_id"], "why": why, "rule": "person_known"})
    if faults:
        raise ResultUnfit(errors=faults)


async def require_correctable(
    uow: UnitOfWork, report: DiagnosticReport, said: RecordCallback
) -> None:
    if said.corrects_id is None:
        return
    calls = {
        each.id: each
        for each in await repository.callbacks(uow, report.id)
        if each.number == said.number
    }
    if said.corrects_id not in calls:
        raise CallbackNotFound(callback_id=said.corrects_id)
    if any(each.corrects_id == said.corrects_id for each in calls.values()):
        raise CallbackCorrected(callback_id=said.corrects_id)


async def cancel(uow: UnitOfWork, result_id: UUID, *, reason: str) -> DiagnosticReport:
    """The laboratory will not report it after all. Raises `ResultNotFound`, `IllegalMove`."""
    return await withdraw(uow, result_id, ReportStatus.CANCELLED, reason)


async def enter_in_error(uow: UnitOfWork, result_id: UUID, *, reason: str) -> DiagnosticReport:
    """It should never have been here; it stays readable. Raises `ResultNotFound`, `IllegalMove`."""
    return await withdraw(uow, result_id, ReportStatus.ENTERED_IN_ERROR, reason)


async def withdraw(
    uow: UnitOfWork, result_id: UUID, target: ReportStatus, reason: str
) -> DiagnosticReport:
    policies.require_clinician(uow)
    report = await repository.get(uow, result_id, lock=True)
    uow.db.add(report.move_to(target, by=uow.actor.id, at=uow.now, reason=reason))
    report.unacknowledged_since = None
    await uow.db.flush()
    if report.versions:
        await end_alerts(uow, report, report.versions, "The result was withdrawn.")
        await tell_withdrawn(uow, report)
    await uow.publish(
        ResultWithdrawn(
            report_id=report.id,
            order_item_id=report.order_item_id,
            patient_id=report.patient_id,
            responsible_id=report.responsible_id,
            status=target,
        )
    )
    await trace(uow, "withdraw", report, status=target)
    return report


async def tell_withdrawn(uow: UnitOfWork, report: DiagnosticReport) -> None:
    """Somebody may have acted on it: its doctor sees what is to be taken back."""
    answers = await repository.acknowledgements(uow, report.id)
    known = answers or await repository.callbacks(uow, report.id) or report.flag in CRITICAL
    if not known or report.responsible_id == uow.actor.id:
        return
    await tasks.add_task(
        uow,
        tasks.NewTask(
            type=FOLLOW_UP,
            title="A result was withdrawn: see what was done because of it",
            assignee_id=await receiver(uow, report),
            patient_id=report.patient_id,
            subject=(SUBJECT, report.id),
            due=(1, DueUnit.DAYS),
            cause_key=f"result:{report.id}:withdrawn",
        ),
    )
