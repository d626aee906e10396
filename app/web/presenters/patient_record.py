"""The page of a patient's record."""

from dataclasses import dataclass
from uuid import UUID

from app.patients import Patient
from app.web.presenters.chart import History, ReportLine
from app.web.presenters.chart_facts import ChartFacts
from app.web.presenters.formats import Moment
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
from app.web.presenters.vitals import Measure


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


# What stands beside the history, in this order; each is a template and takes what it needs of the
# page. A slice that has facts about a patient adds its line here.
FACTS = (
    "patients/facts/signals.html",
    "patients/facts/lists.html",
    "patients/facts/vitals.html",
    "patients/facts/results.html",
    "patients/facts/reports.html",
    "patients/facts/appointments.html",
    "patients/facts/contact.html",
    "patients/facts/restriction.html",
)


@dataclass(frozen=True, slots=True)
class PatientPage:
    """The whole chart. `sees_clinical`: what is clinical is there, perhaps empty."""

    banner: PatientBanner
    phone: str
    email: str
    address: str
    contacts: tuple[str, ...]
    clinical: tuple[ClinicalList, ...]
    sees_clinical: bool
    history: History
    beside: ChartFacts
    vitals: tuple[Measure, ...]
    reports: tuple[ReportLine, ...]
    facts: tuple[str, ...]
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
    history: History,
    beside: ChartFacts,
    vitals: tuple[Measure, ...],
    reports: tuple[ReportLine, ...],
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
        sees_clinical=clinical,
        history=history,
        beside=beside,
        vitals=vitals,
        reports=reports,
        facts=FACTS,
        can_edit=can_edit,
        can_start=can_start,
        practitioners=practitioners,
        merges=merges,
        appointments=appointments,
        signals=signals,
        concern=concern,
    )
