"""What a reporter does: call, file, decline, and say who else may see it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert

from app.crisis.reports import repository
from app.crisis.reports.deadlines import Leg
from app.crisis.reports.errors import AlreadyReader, Fault, MomentUnfit, ReaderUnfit
from app.crisis.reports.inputs import (
    NewOralReport,
    NewReader,
    NewWrittenReport,
)
from app.crisis.reports.lifecycle import ReportStatus
from app.crisis.reports.models import Disclosure, OralReport, ReportReader, WrittenReport
from app.crisis.reports.policies import require_keeper, require_reporter
from app.crisis.reports.repository import Found
from app.crisis.reports.rule_models import ReportRule
from app.crisis.reports.rules import get_rule
from app.crisis.reports.saving_texts import text_to_file
from app.crisis.reports.settling import close_as_filed, close_as_not_required, move
from app.crisis.reports.tracing import trace
from app.infra.uow import UnitOfWork
from app.work_queues.rosters import can_receive


async def log_oral_report(uow: UnitOfWork, report_id: UUID, new: NewOralReport) -> OralReport:
    """A call that was made, now or earlier; more than one may be logged, after filing too.

    Where nothing is asked for in writing it is filed by this. Raises `ReportNotFound`,
    `NotYourReport`, `MomentUnfit`, `ReportClosed` when it was held not to be required.
    """
    found = await repository.get(uow, report_id, lock=True)
    report = found.report
    require_reporter(uow, report)
    if report.status is ReportStatus.NOT_REQUIRED:
        report.require_open()
    require_moment(uow, found, "called_at", new.called_at)
    rule = await get_rule(uow, report.rule_id)
    oral = OralReport(
        id=uuid4(),
        report_id=report.id,
        **new.model_dump(),
        logged_by=uow.actor.id,
        logged_at=uow.now,
    )
    uow.db.add(oral)
    what = "Report by telephone: who the patient is and what was observed"
    disclose(uow, found, rule, leg=Leg.ORAL, recipient=new.recipient, what=what, at=new.called_at)
    if report.status is ReportStatus.OPEN and report.written_due_at is not None:
        await move(uow, found, ReportStatus.ORAL_MADE)
    elif report.status is ReportStatus.OPEN:
        due = new.called_at if rule.at_once(Leg.ORAL) else report.oral_due_at
        await close_as_filed(uow, found, new.called_at, due or new.called_at)
    await trace(uow, "call", found, oral_report=str(oral.id))
    return oral


async def file_written_report(
    uow: UnitOfWork, report_id: UUID, new: NewWrittenReport
) -> WrittenReport:
    """The written report went out, in time or late; that never keeps it from being filed.

    Raises `ReportNotFound`, `NotYourReport`, `ReportClosed`, `MomentUnfit`, `ReportTextChanged`.
    """
    found = await repository.get(uow, report_id, lock=True)
    report = found.report
    require_reporter(uow, report)
    report.require_open()
    require_moment(uow, found, "sent_at", new.sent_at)
    rule = await get_rule(uow, report.rule_id)
    version = await text_to_file(uow, found, rule, version=new.text_version)
    said = new.model_dump(exclude={"text_version"})
    written = WrittenReport(
        report_id=report.id,
        text_version=version,
        **said,
        filed_by=uow.actor.id,
        filed_at=uow.now,
    )
    uow.db.add(written)
    form = f", form {new.form}" if new.form else ""
    for recipient in dict.fromkeys(new.recipients):
        disclose(
            uow,
            found,
            rule,
            leg=Leg.WRITTEN,
            recipient=recipient,
            what=f"Written report{form}",
            at=new.sent_at,
        )
    due = report.written_due_at or report.oral_due_at
    if rule.limit(Leg.WRITTEN) is None and rule.at_once(Leg.ORAL):
        due = new.sent_at
    await close_as_filed(uow, found, new.sent_at, due or new.sent_at)
    await trace(uow, "file", found, status=report.status, text_version=version)
    return written


async def decline(uow: UnitOfWork, report_id: UUID, reason: str) -> None:
    """The reporter holds it not to be required; compliance sees that and why.

    Raises `ReportNotFound`, `NotYourReport`, `IllegalMove`.
    """
    found = await repository.get(uow, report_id, lock=True)
    require_reporter(uow, found.report)
    await close_as_not_required(uow, found, reason)


async def name_reader(uow: UnitOfWork, report_id: UUID, new: NewReader) -> None:
    """Open a report to somebody, with a reason.

    Raises `ReportNotFound`, `NotYourCompartment`, `ReaderUnfit`, `AlreadyReader`.
    """
    found = await repository.get(uow, report_id)
    await require_keeper(uow, found.report)
    if not await can_receive(uow, new.user_id):
        why = "Nobody of the staff with an active account has that id."
        fault: Fault = {"at": ["body", "user_id"], "why": why, "rule": "person_known"}
        raise ReaderUnfit(errors=[fault])
    row = {"report_id": found.report.id, **new.model_dump()}
    statement = (
        insert(ReportReader)
        .values(**row, named_by=uow.actor.id, named_at=uow.now)
        .on_conflict_do_nothing()
        .returning(ReportReader.user_id)
    )
    if (await uow.db.execute(statement)).first() is None:
        raise AlreadyReader(report_id=found.report.id, user_id=new.user_id)
    await trace(uow, "name-reader", found, reader=str(new.user_id))


def disclose(
    uow: UnitOfWork,
    found: Found,
    rule: ReportRule,
    *,
    leg: Leg,
    recipient: str,
    what: str,
    at: datetime,
) -> None:
    """A line of the accounting of disclosures, in the transaction that tells of the report."""
    line = Disclosure(
        id=uuid4(),
        patient_id=found.suspicion.patient_id,
        report_id=found.report.id,
        leg=leg,
        disclosed_at=at,
        recipient=recipient,
        what=what,
        why=f"Required by law: {rule.title}"[:500],
        recorded_at=uow.now,
    )
    uow.db.add(line)


def require_moment(uow: UnitOfWork, found: Found, field: str, at: datetime) -> None:
    """Nothing is reported before it was suspected, and nothing in the future."""
    if found.suspicion.formed_at <= at <= uow.now:
        return
    why = "That moment is still to come."
    if at <= uow.now:
        why = "That was before the suspicion was formed."
    raise MomentUnfit(errors=[Fault(at=["body", field], why=why, rule="moment_past")])
