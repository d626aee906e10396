"""Notes: rows in lists, the draft to work on, the signed note to read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.clinical.notes import (
    AddendumOut,
    DraftOrigin,
    NoteBody,
    RevisionHeader,
    RevisionOut,
    Section,
    SectionKey,
    Vital,
)
from app.web.presenters.formats import (
    Moment,
    clock,
    day_and_time,
    moment,
    words,
)

PARTS = (
    ("subjective", "S", "Subjective"),
    ("objective", "O", "Objective"),
    ("assessment", "A", "Assessment"),
    ("plan", "P", "Plan"),
    ("unplaced", "?", "Not placed"),
)
UNPLACED_HINT = (
    "These sentences were heard, and no rule knew where they belong. "
    "Move them with cut and paste, or leave them here; they are part of the note."
)
SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
UNITS = {
    "mm[Hg]": "mmHg",
    "/min": "per min",
    "Cel": "°C",
    "[degF]": "°F",
    "[lb_av]": "lb",
    "[in_i]": "in",
}
MEANINGS = {"authorship": "I wrote this note", "amendment": "I amended this note"}


@dataclass(frozen=True, slots=True)
class NoteField:
    key: str
    id: str
    label: str
    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteGroup:
    id: str
    letter: str
    title: str
    hint: str
    hidden: bool
    fields: tuple[NoteField, ...]


@dataclass(frozen=True, slots=True)
class NoteContent:
    groups: tuple[NoteGroup, ...]


@dataclass(frozen=True, slots=True)
class WrittenBy:
    """What wrote the first draft, in plain words."""

    text: str
    demo: bool


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    at_text: str
    meaning: str
    revision: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Addendum:
    sequence: int
    text: str
    name: str
    at_text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Revision:
    number: int
    at: Moment
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Amendment:
    revision: int
    reason: str


def label_of(key: SectionKey) -> str:
    name = key.rpartition(".")[2]
    return "Not placed" if key is SectionKey.UNPLACED else words(name).capitalize()


def facts_of(section: Section) -> tuple[str, ...]:
    """Vitals and medications recognised in a section."""
    vitals = vital_lines(section.vitals)
    medications = [
        medication_line(annotation)
        for sentence in section.sentences
        for annotation in sentence.annotations
        if annotation.kind == "medication"
    ]
    return (*vitals, *medications)


def vital_lines(vitals: Sequence[Vital]) -> list[str]:
    """Vital signs as they are written in charts; the two blood pressures as one."""
    by_code = {vital.code: vital for vital in vitals}
    diastolic = by_code.get(DIASTOLIC) if SYSTOLIC in by_code else None
    lines = []
    for vital in vitals:
        if vital is diastolic:
            continue
        both = vital.code == SYSTOLIC and diastolic is not None
        label = "Blood pressure" if both else vital.label
        value = f"{vital.value:g}/{diastolic.value:g}" if both and diastolic else f"{vital.value:g}"
        doubt = "" if vital.plausible else " (unlikely: check)"
        lines.append(f"{label} {value} {UNITS.get(vital.unit, vital.unit)}{doubt}")
    return lines


def medication_line(medication: Any) -> str:
    dose = f"{medication.dose} {medication.unit or ''}".strip() if medication.dose else None
    parts = (
        medication.action,
        medication.name,
        dose,
        medication.route,
        medication.frequency,
        medication.duration,
    )
    return " · ".join(str(part) for part in parts if part)


def field_of(key: SectionKey, section: Section) -> NoteField:
    return NoteField(
        key=key.value,
        id=f"field-{key.value.replace('.', '-')}",
        label=label_of(key),
        text=section.text,
        facts=facts_of(section),
    )


def fields_of(body: NoteBody, part: str) -> tuple[NoteField, ...]:
    return tuple(
        field_of(key, section)
        for key, section in body.sections.items()
        if key.partition(".")[0] == part
    )


def groups_to_edit(body: NoteBody) -> tuple[NoteGroup, ...]:
    """Every section, empty or not; what could not be placed only when there is something."""
    return tuple(
        NoteGroup(
            id=part,
            letter=letter,
            title=title,
            hint=UNPLACED_HINT if part == "unplaced" else "",
            hidden=part == "unplaced" and not body.sections[SectionKey.UNPLACED].text,
            fields=fields_of(body, part),
        )
        for part, letter, title in PARTS
    )


def content(body: NoteBody) -> NoteContent:
    """What there is to read: empty sections are left out, empty parts are named."""
    groups = []
    for part, letter, title in PARTS:
        fields = tuple(field for field in fields_of(body, part) if field.text.strip())
        if fields or part != "unplaced":
            groups.append(NoteGroup(part, letter, title, "", hidden=False, fields=fields))
    return NoteContent(tuple(groups))


def written_by(origin: DraftOrigin | None) -> WrittenBy | None:
    if origin is None:
        return None
    text = f"First draft written by {origin.model} {origin.model_version}"
    if origin.demo:
        text += ": a demo model that knows a small vocabulary and synthetic voices only."
        return WrittenBy(f"{text} Check every sentence against the sound.", demo=True)
    return WrittenBy(f"{text}, placed by {origin.structurer}.", demo=False)


def signature(*, name: str, at: datetime, meaning: str, revision: int, sha256: str) -> Signature:
    return Signature(
        name=name,
        at_text=day_and_time(at),
        meaning=MEANINGS[meaning],
        revision=revision,
        sha256=sha256,
    )


def signature_of(revision: RevisionHeader) -> Signature:
    return signature(
        name=revision.signed_by.name,
        at=revision.signed_at,
        meaning=revision.meaning,
        revision=revision.revision,
        sha256=revision.content_sha256,
    )


def addendum(one: AddendumOut) -> Addendum:
    return Addendum(
        sequence=one.sequence,
        text=one.text,
        name=one.signed_by.name,
        at_text=day_and_time(one.signed_at),
        sha256=one.sha256,
    )


def addenda(several: Iterable[AddendumOut]) -> tuple[Addendum, ...]:
    return tuple(addendum(one) for one in several)


def revisions(several: Sequence[RevisionHeader]) -> tuple[Revision, ...]:
    """Newest first."""
    rows = [
        Revision(one.revision, moment(one.signed_at), one.signed_by.name, one.reason or "")
        for one in several
    ]
    return tuple(sorted(rows, key=lambda row: row.number, reverse=True))


def span(start: float | None, end: float | None) -> str:
    return "typed" if start is None else f"{clock(start)} to {clock(end)}"


def shown_revision(revision: RevisionOut) -> NoteContent:
    return content(revision.body)
