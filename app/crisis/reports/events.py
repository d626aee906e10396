"""Facts about mandatory reports. Whoever listens may tell nobody outside the compartment more."""

from uuid import UUID

from app.crisis.reports.deadlines import Leg
from app.kernel.events import DomainEvent


class SuspicionFormed(DomainEvent, name="crisis.suspicion_formed.v1"):
    """Somebody suspects what the law wants reported; `report_ids`: what is due because of it."""

    suspicion_id: UUID
    patient_id: UUID
    report_ids: list[UUID]


class ReportFiled(DomainEvent, name="crisis.report_filed.v1"):
    """A report was made to whom the law names; `late`: after its deadline."""

    report_id: UUID
    late: bool


class ReportBreached(DomainEvent, name="crisis.report_breached.v1"):
    """A deadline passed without the report; `leg`: oral or written."""

    report_id: UUID
    leg: Leg
