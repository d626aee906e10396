"""Encounters: rows in lists, and the page on which a doctor dictates."""

from dataclasses import dataclass
from uuid import UUID

from app.clinical.encounters import Encounter, EncounterStatus, RecordingConsent
from app.web.presenters.formats import Moment, State, moment

STATES = {
    EncounterStatus.IN_PROGRESS: State("busy", "in progress"),
    EncounterStatus.COMPLETED: State("ok", "completed"),
    EncounterStatus.CANCELLED: State("", "cancelled"),
    EncounterStatus.ENTERED_IN_ERROR: State("bad", "entered in error"),
}
METHODS = {"verbal": "Said aloud", "written": "In writing"}


@dataclass(frozen=True, slots=True)
class EncounterRow:
    id: UUID
    patient: str
    started: Moment
    reason: str
    practitioner: str
    state: State


@dataclass(frozen=True, slots=True)
class Consent:
    """`kind`: permit, deny or none."""

    kind: str
    label: str
    method: str
    recorded: Moment | None


def encounter_row(
    encounter: Encounter, *, patient: str = "", practitioner: str = "", sees_reason: bool
) -> EncounterRow:
    return EncounterRow(
        id=encounter.id,
        patient=patient,
        started=moment(encounter.started_at),
        reason=reason_of(encounter, sees_reason=sees_reason),
        practitioner=practitioner,
        state=STATES[encounter.status],
    )


def reason_of(encounter: Encounter, *, sees_reason: bool) -> str:
    """The desk sees that somebody came, not why."""
    kind = encounter.kind.capitalize()
    return (encounter.reason or kind) if sees_reason else kind


def consent(latest: RecordingConsent | None) -> Consent:
    if latest is None:
        return Consent("none", "not asked yet", "", None)
    label = "patient agrees" if latest.decision == "permit" else "patient does not agree"
    recorded = moment(latest.recorded_at)
    return Consent(latest.decision, label, METHODS[latest.method], recorded)
