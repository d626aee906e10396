"""The clocks of a report: planned when it opens, fired by a sweep, given up when they are needless.

What they leave in the queues says that a mandatory report is due, and to nobody about whom, of
which kind, or by whom: it waits in the queue of compliance, and the reporter is called to it
without being named. It ends by itself when its cause is gone.
"""

from uuid import uuid4

from app.crisis.reports import repository
from app.crisis.reports.deadlines import Leg, Mark, marks
from app.crisis.reports.events import ReportBreached
from app.crisis.reports.lifecycle import ClockStatus, ReportStatus
from app.crisis.reports.models import MandatoryReport, ReportClock
from app.crisis.reports.repository import Found
from app.crisis.reports.tracing import trace
from app.infra.uow import UnitOfWork
from app.work_queues import alerts, items, tasks

DUE, BREACH = "report.due", "report.breach"  # kinds of work the migration made
SEVERITY = {Mark.HALF: items.Severity.MEDIUM, Mark.MOST: items.Severity.HIGH}


def plan_clocks(uow: UnitOfWork, found: Found) -> None:
    """One row for each moment at which somebody has to be told."""
    for leg in Leg:
        due = found.report.due_of(leg)
        if due is None:
            continue
        for mark, fire_at in marks(found.suspicion.formed_at, due).items():
            clock = ReportClock(
                id=uuid4(),
                report_id=found.report.id,
                leg=leg,
                mark=mark,
                status=ClockStatus.PLANNED,
                fire_at=fire_at,
            )
            uow.db.add(clock)


async def stop_clocks(uow: UnitOfWork, report: MandatoryReport) -> None:
    """Give up the clocks of a locked report that nobody needs any more, and end what they left."""
    over = [leg for leg in Leg if is_met(report, leg)]
    for clock in await repository.planned(uow, report.id):
        if clock.leg in over:
            clock.settle(ClockStatus.VOIDED, at=uow.now)
    for leg in over:
        await tasks.close_cause(uow, due_cause(report, leg))
        await alerts.resolve_cause(uow, breach_cause(report, leg))


def is_met(report: MandatoryReport, leg: Leg) -> bool:
    return report.is_closed or (leg is Leg.ORAL and report.status is ReportStatus.ORAL_MADE)


async def fire_due(uow: UnitOfWork, found: Found) -> int:
    """Fire what is due of a locked report; each in this transaction or not at all, never again."""
    fired = 0
    for clock in await repository.planned(uow, found.report.id):
        if clock.fire_at > uow.now:
            break
        if is_met(found.report, clock.leg):
            clock.settle(ClockStatus.VOIDED, at=uow.now)
            continue
        clock.settle(ClockStatus.FIRED, at=uow.now)
        await tell(uow, found, clock)
        fired += 1
    return fired


async def tell(uow: UnitOfWork, found: Found, clock: ReportClock) -> None:
    """Only the gravest of a leg stays in the queues."""
    report = found.report
    if clock.mark is Mark.BREACH:
        await tasks.close_cause(uow, due_cause(report, clock.leg))
        item = await alerts.raise_alert(uow, breach_of(report, clock.leg))
        await uow.publish(ReportBreached(report_id=report.id, leg=clock.leg))
    else:
        await tasks.close_cause(uow, due_cause(report, clock.leg))
        item = await tasks.add_task(uow, warning_of(report, clock))
    call(uow, item, report)
    await trace(uow, "warn", found, leg=clock.leg, mark=clock.mark)


def call(uow: UnitOfWork, item: items.WorkItem, report: MandatoryReport) -> None:
    """Let the reporter see it in their queue, and nobody see who that is."""
    before = items.Before.of(item)
    item.called = sorted({*item.called, report.reporter_id}, key=str)
    items.changed(uow, item, items.Change.ESCALATED, before, told=[report.reporter_id])


def warning_of(report: MandatoryReport, clock: ReportClock) -> tasks.NewTask:
    return tasks.NewTask(
        type=DUE,
        severity=SEVERITY[clock.mark],
        subject=("mandatory_report", report.id),
        due_at=report.due_of(clock.leg),
        cause_key=due_cause(report, clock.leg),
    )


def breach_of(report: MandatoryReport, leg: Leg) -> alerts.NewAlert:
    return alerts.NewAlert(
        type=BREACH,
        subject=("mandatory_report", report.id),
        due_at=report.due_of(leg),
        cause_key=breach_cause(report, leg),
    )


def due_cause(report: MandatoryReport, leg: Leg) -> str:
    return f"report:{report.id}:{leg}:due"


def breach_cause(report: MandatoryReport, leg: Leg) -> str:
    return f"report:{report.id}:{leg}:breach"
