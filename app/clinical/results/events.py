"""Facts results tell the others."""

from uuid import UUID

from app.clinical.results.judging import Flag
from app.clinical.results.lifecycle import ReportStatus
from app.kernel.events import DomainEvent


class ResultReported(DomainEvent, name="clinical.result_reported.v1"):
    """A version of a result came in; `status` and `flag` are those of that version."""

    report_id: UUID
    order_item_id: UUID | None
    encounter_id: UUID | None
    patient_id: UUID
    responsible_id: UUID
    number: int
    status: ReportStatus
    flag: Flag


class ResultAcknowledged(DomainEvent, name="clinical.result_acknowledged.v1"):
    """A doctor has seen a version of a result and decided."""

    report_id: UUID
    patient_id: UUID
    responsible_id: UUID
    number: int
    by: UUID


class CalledBack(DomainEvent, name="clinical.result_called_back.v1"):
    """Somebody was told a result."""

    report_id: UUID
    patient_id: UUID
    responsible_id: UUID
    number: int
    callback_id: UUID


class ResultWithdrawn(DomainEvent, name="clinical.result_withdrawn.v1"):
    """A result was cancelled or entered in error; `status` says which."""

    report_id: UUID
    order_item_id: UUID | None
    patient_id: UUID
    responsible_id: UUID
    status: ReportStatus
