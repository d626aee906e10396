"""Signals of danger in words: what they are about, what became of them, the form for one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.crisis.detection import Assertion, Concept
from app.crisis.signals import SignalOut, SignalSource, SignalStatus
from app.web.presenters.formats import Moment, State, clock, day_and_time, moment
from app.web.presenters.patients import Choice

CONCEPTS: Mapping[Concept, str] = {
    Concept.SUICIDAL_IDEATION: "Thoughts of suicide",
    Concept.SUICIDE_PLAN: "Plan or method of suicide",
    Concept.SUICIDAL_INTENT: "Intent to die by suicide",
    Concept.SUICIDAL_BEHAVIOR: "Suicide attempt or preparation",
    Concept.WISH_TO_BE_DEAD: "Wish to be dead",
    Concept.MEANS: "Access to means",
    Concept.SELF_HARM: "Self-harm",
    Concept.VIOLENCE: "Violence toward somebody",
    Concept.CHILD_ABUSE: "Abuse or neglect of a child",
    Concept.ELDER_ABUSE: "Abuse of an elder or dependent adult",
}
ASSERTIONS: Mapping[Assertion, str] = {
    Assertion.AFFIRMED: "",
    Assertion.UNCERTAIN: "uncertain",
    Assertion.CONDITIONAL: "under a condition",
    Assertion.HISTORICAL: "in the past",
}
SOURCES: Mapping[SignalSource, str] = {
    SignalSource.DICTATION: "dictated",
    SignalSource.NOTE: "written in a note",
    SignalSource.QUESTIONNAIRE: "answered in a questionnaire",
    SignalSource.CLINICIAN: "raised by a clinician",
    SignalSource.PATIENT: "entered by the patient",
}
STATES: Mapping[SignalStatus, State] = {
    SignalStatus.PROPOSED: State("warn", "waits for an answer"),
    SignalStatus.CONFIRMED: State("bad", "confirmed"),
    SignalStatus.DISMISSED: State("", "not a danger sign"),
    SignalStatus.WITHDRAWN: State("", "sentence is gone"),
}


@dataclass(frozen=True, slots=True)
class SignalRow:
    id: UUID
    concept: str
    quote: str
    detail: str
    at: Moment
    state: State
    answer: str
    note_href: str | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Concern:
    """The form in which a clinician raises a concern."""

    patient_id: UUID
    encounter_id: UUID | None
    then: str
    concepts: tuple[Choice, ...]


def concept_words() -> dict[str, dict[str, str]]:
    """The words the editor of a draft needs, by code."""
    return {
        "concepts": {concept.value: label for concept, label in CONCEPTS.items()},
        "assertions": {assertion.value: label for assertion, label in ASSERTIONS.items()},
    }


def concern(patient_id: UUID, *, then: str, encounter_id: UUID | None = None) -> Concern:
    choices = tuple(Choice(concept.value, label) for concept, label in CONCEPTS.items())
    return Concern(patient_id, encounter_id, then, choices)


def rows(signals: Iterable[SignalOut]) -> tuple[SignalRow, ...]:
    return tuple(row(signal) for signal in signals)


def row(signal: SignalOut) -> SignalRow:
    heard = f"heard at {clock(signal.start_ms / 1000)}" if signal.start_ms is not None else ""
    parts = (ASSERTIONS[signal.assertion], SOURCES[signal.source], heard)
    return SignalRow(
        id=signal.id,
        concept=CONCEPTS[signal.concept],
        quote=signal.quote,
        detail=", ".join(part for part in parts if part),
        at=moment(signal.created_at),
        state=STATES[signal.status],
        answer=answer_of(signal),
        note_href=f"/notes/{signal.note_id}" if signal.note_id else None,
        waits=signal.status is SignalStatus.PROPOSED,
    )


def answer_of(signal: SignalOut) -> str:
    if signal.answered_by is None or signal.answered_at is None:
        return ""
    said = f"{signal.answered_by.name}, {day_and_time(signal.answered_at)} UTC"
    return f"{said}: {signal.reason}" if signal.reason else said
