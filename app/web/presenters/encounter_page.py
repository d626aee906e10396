"""The page on which a doctor dictates."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clinical.encounters import Encounter, EncounterStatus, RecordingConsent
from app.clinical.notes import NoteType
from app.scheduling.appointments import Appointment
from app.web.presenters.encounters import STATES, Consent, consent, reason_of
from app.web.presenters.formats import Moment, State, moment
from app.web.presenters.note_rows import NoteRow, title_of
from app.web.presenters.patient_appointments import calendar_href
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.recordings import RecordingRow
from app.web.presenters.signals import Concern
from app.web.presenters.wall_time import clock_moment

NOTABLE = (EncounterStatus.IN_PROGRESS, EncounterStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class May:
    """What the reader may do here now."""

    dictate: bool
    record_consent: bool
    complete: bool
    write: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """The appointment a visit was made for, on the clinic's clock."""

    at: Moment
    href: str


@dataclass(frozen=True, slots=True)
class EncounterPage:
    """`recordings` and `notes` are None for those who may not see them."""

    id: UUID
    banner: PatientBanner
    reason: str
    state: State
    kind: str
    planned: Planned | None
    started: Moment
    practitioner: str
    consent: Consent
    recordings: tuple[RecordingRow, ...] | None
    notes: tuple[NoteRow, ...] | None
    note_types: tuple[Choice, ...]
    may: May
    concern: Concern | None


def planned(appointment: Appointment, zone: ZoneInfo) -> Planned:
    return Planned(
        at=clock_moment(appointment.starts_at, zone),
        href=calendar_href(appointment.id, appointment.starts_at, zone),
    )


def encounter_page(
    encounter: Encounter,
    *,
    planned: Planned | None,
    banner: PatientBanner,
    practitioner: str,
    latest_consent: RecordingConsent | None,
    sees_reason: bool,
    recordings: tuple[RecordingRow, ...] | None,
    notes: tuple[NoteRow, ...] | None,
    may: May,
    concern: Concern | None,
) -> EncounterPage:
    return EncounterPage(
        id=encounter.id,
        banner=banner,
        reason=reason_of(encounter, sees_reason=sees_reason),
        state=STATES[encounter.status],
        kind=encounter.kind.capitalize(),
        planned=planned,
        started=moment(encounter.started_at),
        practitioner=practitioner,
        consent=consent(latest_consent),
        recordings=recordings,
        notes=notes,
        note_types=tuple(Choice(kind, title_of(kind)) for kind in NoteType),
        may=may,
        concern=concern,
    )
