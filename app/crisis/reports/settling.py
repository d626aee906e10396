"""How a report ends: filed in time or late, or held not to be required."""

from datetime import datetime

from app.crisis.reports.clocks import stop_clocks
from app.crisis.reports.events import ReportFiled
from app.crisis.reports.lifecycle import ReportStatus
from app.crisis.reports.repository import Found
from app.crisis.reports.tracing import trace
from app.infra.uow import UnitOfWork


async def move(
    uow: UnitOfWork, found: Found, target: ReportStatus, *, reason: str | None = None
) -> None:
    """Move a locked report and end what its clocks left; audits nothing."""
    report = found.report
    uow.db.add(report.move(target, by=uow.actor.id, at=uow.now, reason=reason))
    await uow.db.flush()
    await stop_clocks(uow, report)


async def close_as_filed(uow: UnitOfWork, found: Found, made_at: datetime, due: datetime) -> None:
    """`due`: what it is held against; what is late is filed all the same."""
    late = made_at > due
    await move(uow, found, ReportStatus.FILED_LATE if late else ReportStatus.FILED)
    await uow.publish(ReportFiled(report_id=found.report.id, late=late))


async def close_as_not_required(uow: UnitOfWork, found: Found, reason: str) -> None:
    await move(uow, found, ReportStatus.NOT_REQUIRED, reason=reason)
    await trace(uow, "decline", found)
