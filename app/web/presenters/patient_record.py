"""The page of a patient's record."""

from dataclasses import dataclass
from uuid import UUID

from app.patients import Patient
from app.web.presenters.encounters import EncounterRow
from app.web.presenters.formats import Moment
from app.web.presenters.note_rows import NoteRow
from app.web.presenters.patient_appointments import Appointments
from app.web.presenters.patients import (
    ABSENT,
    Choice,
    ClinicalList,
    PatientBanner,
    clinical_lists,
    contact_line,
)
from app.web.presenters.signals import Concern, SignalRow


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A record merged into the one shown."""

    mrn: str
    name: str
    born: str


@dataclass(frozen=True, slots=True)
class UndoableMerge:
    """A merge that can be taken back, until when."""

    id: UUID
    mrn: str
    name: str
    by: str
    at: Moment
    until: Moment


@dataclass(frozen=True, slots=True)
class Merges:
    """What was merged into a record, and which of it can be parted again."""

    records: tuple[MergedRecord, ...] = ()
    undoable: tuple[UndoableMerge, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientPage:
    banner: PatientBanner
    phone: str
    email: str
    address: str
    contacts: tuple[str, ...]
    clinical: tuple[ClinicalList, ...]
    encounters: tuple[EncounterRow, ...] | None
    notes: tuple[NoteRow, ...] | None
    can_edit: bool
    can_start: bool
    practitioners: tuple[Choice, ...]
    merges: Merges
    appointments: Appointments
    signals: tuple[SignalRow, ...] | None
    concern: Concern | None


def record(
    patient: Patient,
    *,
    banner: PatientBanner,
    clinical: bool,
    encounters: tuple[EncounterRow, ...] | None,
    notes: tuple[NoteRow, ...] | None,
    can_edit: bool,
    can_start: bool,
    practitioners: tuple[Choice, ...],
    merges: Merges,
    appointments: Appointments,
    signals: tuple[SignalRow, ...] | None,
    concern: Concern | None,
) -> PatientPage:
    return PatientPage(
        banner=banner,
        phone=patient.phone or ABSENT,
        email=patient.email or ABSENT,
        address=patient.address or ABSENT,
        contacts=tuple(contact_line(contact) for contact in patient.emergency_contacts),
        clinical=clinical_lists(patient) if clinical else (),
        encounters=encounters,
        notes=notes,
        can_edit=can_edit,
        can_start=can_start,
        practitioners=practitioners,
        merges=merges,
        appointments=appointments,
        signals=signals,
        concern=concern,
    )
