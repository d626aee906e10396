"""What prescriptions tell the rest of the house."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.clinical.prescriptions.lifecycle import ItemStatus
from app.kernel.events import DomainEvent


@dataclass(slots=True, kw_only=True)
class MeasuresWanted:
    """A medicine is about to be checked: whoever stands above and has measured, fills in what.

    `egfr` in mL/min/1.73 m2, with the day of the measurement; None is not known.
    """

    patient_id: UUID
    egfr: Decimal | None = None
    egfr_on: date | None = None
    weight_kg: Decimal | None = None


class PrescriptionIssued(DomainEvent, name="clinical.prescription_issued.v1"):
    """A doctor has issued a prescription; all its medicines are active."""

    prescription_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    prescriber_id: UUID


class PrescriptionItemMoved(DomainEvent, name="clinical.prescription_item_moved.v1"):
    """One medicine of an issued prescription was held, taken up again, stopped or ended."""

    item_id: UUID
    prescription_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    status: ItemStatus


class ReconciliationMade(DomainEvent, name="clinical.medication_reconciled.v1"):
    """Somebody has gone through the medication with the patient."""

    reconciliation_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
