"""What waits for somebody because of a result: the critical one's alert, the one nobody looked at.

An alert is about one version. A newer version, a withdrawal, or what was to be done ends it.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func

from app.clinical.results import repository
from app.clinical.results.errors import CallMissing
from app.clinical.results.judging import CRITICAL
from app.clinical.results.lifecycle import WITHDRAWN
from app.clinical.results.models import DiagnosticReport, ResultCallback
from app.clinical.results.schemas import ReadBack
from app.infra.uow import UnitOfWork
from app.scheduling import availability
from app.work_queues import alerts, items, rosters

CRITICAL_RESULT, UNACKNOWLEDGED = "result.critical", "result.unacknowledged"  # the migration's
SUBJECT = "diagnostic_report"


def critical_of(report_id: UUID, number: int) -> str:
    """What the alert is about, in a word: the same word opens and closes it."""
    return f"result:{report_id}:{number}:critical"


def unacknowledged_of(report_id: UUID, number: int) -> str:
    return f"result:{report_id}:{number}:unacknowledged"


def unacknowledged_in_sql() -> ColumnElement[str]:
    """The same word as `unacknowledged_of` of the version that counts, said by the database."""
    return func.concat(
        "result:", DiagnosticReport.id, ":", DiagnosticReport.versions, ":unacknowledged"
    )


async def follow_version(uow: UnitOfWork, report: DiagnosticReport) -> None:
    """A version came in: what waited for the one before waits no longer."""
    if report.versions > 1:
        await end_alerts(uow, report, report.versions - 1, "A newer version came in.")
    if report.flag in CRITICAL:
        await alert_critical(uow, report)


async def alert_critical(uow: UnitOfWork, report: DiagnosticReport) -> None:
    cause = critical_of(report.id, report.versions)
    await alerts.raise_alert(uow, await alert_of(uow, report, CRITICAL_RESULT, cause))


async def alert_overdue(uow: UnitOfWork, report: DiagnosticReport) -> None:
    """Nobody has acknowledged it for too long."""
    cause = unacknowledged_of(report.id, report.versions)
    await alerts.raise_alert(uow, await alert_of(uow, report, UNACKNOWLEDGED, cause))


async def alert_of(
    uow: UnitOfWork, report: DiagnosticReport, kind: str, cause: str
) -> alerts.NewAlert:
    return alerts.NewAlert(
        type=kind,
        assignee_id=await receiver(uow, report),
        patient_id=report.patient_id,
        subject=(SUBJECT, report.id),
        cause_key=cause,
    )


async def receiver(uow: UnitOfWork, report: DiagnosticReport) -> UUID | None:
    """The doctor whose result it is; the pool (None), when their account is locked.

    Also when they, or who stands in for them, are on leave by the calendar of the clinic.
    """
    if not await rosters.can_receive(uow, report.responsible_id):
        return None
    away = await is_on_leave(uow, report.responsible_id)
    return None if away else report.responsible_id


async def is_on_leave(uow: UnitOfWork, doctor_id: UUID) -> bool:
    """By the calendar, where the roster knows of no absence: nobody stands in for them there."""
    stand = await rosters.standing_in(uow, doctor_id, uow.now)
    if stand is None:
        return False
    day, zone = uow.today, uow.zone
    theirs = await availability.list_exceptions(
        uow, day, day + timedelta(days=1), practitioner_id=stand.user_id
    )
    return any(
        availability.wall_to_instant(zone, each.starts_local)
        <= uow.now
        < availability.wall_to_instant(zone, each.ends_local)
        for each in theirs
        if each.kind is availability.ExceptionKind.LEAVE
    )


async def end_alerts(uow: UnitOfWork, report: DiagnosticReport, number: int, why: str) -> None:
    await alerts.resolve_cause(uow, critical_of(report.id, number), reason=why)
    await alerts.resolve_cause(uow, unacknowledged_of(report.id, number), reason=why)


async def follow_answer(uow: UnitOfWork, report: DiagnosticReport) -> None:
    """Somebody acknowledged or called: what has been answered in full is over.

    A call that was recorded wrongly takes its answer back: the alert waits again.
    """
    called, acknowledged = await answered(uow, report)
    if acknowledged:
        cause = unacknowledged_of(report.id, report.versions)
        await alerts.resolve_cause(uow, cause, reason="It was acknowledged.")
    cause = critical_of(report.id, report.versions)
    if called and acknowledged:
        await alerts.resolve_cause(uow, cause, reason="It was called, read back and acknowledged.")
    elif report.flag in CRITICAL and await items.find_cause(uow, cause) is None:
        await alert_critical(uow, report)


async def answered(uow: UnitOfWork, report: DiagnosticReport) -> tuple[bool, bool]:
    """Whether the version that counts was called and read back, and whether acknowledged."""
    calls = [
        each
        for each in await repository.callbacks(uow, report.id)
        if each.number == report.versions
    ]
    called = any(each.read_back is ReadBack.YES for each in standing(calls))
    return called, report.versions in await repository.acknowledgements(uow, report.id)


def standing(calls: Sequence[ResultCallback]) -> list[ResultCallback]:
    """Those that no newer record corrects."""
    corrected = {each.corrects_id for each in calls}
    return [each for each in calls if each.id not in corrected]


async def require_answered(uow: UnitOfWork, intention: alerts.AboutToResolve) -> None:
    """Nobody resolves the alert of a critical result before it was called and acknowledged."""
    if intention.type != CRITICAL_RESULT or intention.subject_id is None:
        return
    report = await repository.get(uow, intention.subject_id)
    if report.status in WITHDRAWN:
        return
    called, acknowledged = await answered(uow, report)
    if not (called and acknowledged):
        raise CallMissing(result_id=report.id, called=called, acknowledged=acknowledged)
