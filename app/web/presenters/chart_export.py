"""A patient's chart as one document: the same words for the print page and for the PDF."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from app.clinical.encounters import Encounter
from app.clinical.notes import NoteOut, NoteStatus, RevisionHeader
from app.clinical.problems import ProblemOut
from app.patients import Patient
from app.web.presenters.chart_sections import Entry, Paragraph, Section
from app.web.presenters.chart_treatment import Treatment, ordered, prescribed, reported
from app.web.presenters.encounters import STATES as ENCOUNTER_STATES
from app.web.presenters.encounters import reason_of
from app.web.presenters.formats import age, day, day_and_time, full_name
from app.web.presenters.note_rows import title_of
from app.web.presenters.notes import content
from app.web.presenters.patients import RiskFlag, clinical_lists, contact_line
from app.web.presenters.problems import COURSES, SURENESS, detail, is_active, is_wrong

LEFT_OUT = (
    "Left out: drafts nobody has signed, recordings and transcripts, screenings, danger signs, "
    "crisis episodes, safety plans, mandatory reports, appointments, what was heard when going "
    "through the medication, drafts of prescriptions and orders, earlier versions of results and "
    "calls about them."
)
NO_PROBLEMS = (
    "No problem is on the list; that nobody recorded one does not mean that there is none."
)


@dataclass(frozen=True, slots=True)
class Content:
    """What is hashed: who it is about and what the chart says."""

    name: str
    born: str
    sex: str
    mrn: str
    contact: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def sha256(self) -> str:
        plain = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chart:
    patient_id: UUID
    content: Content
    age: str
    made_at: datetime
    made_by: str
    sha256: str

    @property
    def made(self) -> str:
        return f"Made {day_and_time(self.made_at)} UTC by {self.made_by}"

    @property
    def filename(self) -> str:
        return f"chart-{self.content.mrn}-{self.made_at:%Y-%m-%d}.pdf"

    @property
    def left_out(self) -> str:
        return LEFT_OUT


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note as it was last signed, with every signature before."""

    note: NoteOut
    revisions: Sequence[RevisionHeader]


def chart(content: Content, *, patient: Patient, made_at: datetime, made_by: str) -> Chart:
    return Chart(
        patient_id=patient.id,
        content=content,
        age=age(patient.birth_date, made_at.date()),
        made_at=made_at,
        made_by=made_by,
        sha256=content.sha256,
    )


def content_of(
    patient: Patient,
    *,
    risk: RiskFlag | None,
    problems: Iterable[ProblemOut],
    encounters: Iterable[tuple[Encounter, str]],
    treatment: Treatment,
    notes: Iterable[SignedNote],
) -> Content:
    """`risk`: None for those who may not see it."""
    allergies, medications, written = clinical_lists(patient)
    return Content(
        name=full_name(patient.given_name, patient.family_name),
        born=day(patient.birth_date),
        sex=patient.sex,
        mrn=patient.mrn,
        contact=contact_of(patient),
        sections=(
            listed("Allergies", allergies.entries, allergies.absence),
            *risk_section(risk),
            Section("Problems", tuple(problem_entry(one) for one in problems), NO_PROBLEMS),
            listed("Problems as written in the record", written.entries, written.absence),
            listed("Medications as recorded", medications.entries, medications.absence),
            prescribed(treatment.prescriptions),
            Section(
                "Encounters",
                tuple(encounter_entry(one, whose) for one, whose in encounters),
                "No encounter.",
            ),
            ordered(treatment.orders),
            reported(treatment.results),
            Section("Signed notes", tuple(note_entry(one) for one in notes), "No signed note."),
        ),
    )


def contact_of(patient: Patient) -> tuple[str, ...]:
    parts = (
        f"Phone {patient.phone}" if patient.phone else "",
        f"E-mail {patient.email}" if patient.email else "",
        patient.address or "",
        *(f"In an emergency: {contact_line(one)}" for one in patient.emergency_contacts),
    )
    return tuple(part for part in parts if part)


def listed(title: str, entries: Iterable[str], absence: str) -> Section:
    return Section(title, tuple(Entry(one) for one in entries), absence)


def risk_section(risk: RiskFlag | None) -> tuple[Section, ...]:
    if risk is None:
        return ()
    said = risk.state.label + (", an episode is open" if risk.episode else "")
    review = f"Review {risk.review.text}" if risk.review else ""
    return (Section("Risk", (Entry(said, review),)),)


def problem_entry(problem: ProblemOut) -> Entry:
    sure = SURENESS[problem.verification_status]
    marks = (
        COURSES[problem.clinical_status].label if not is_active(problem) else "",
        sure.label if sure else "",
    )
    return Entry(
        problem.description,
        detail(problem),
        ", ".join(mark for mark in marks if mark) if not is_wrong(problem) else marks[1],
        (Paragraph("Remark", problem.note),) if problem.note else (),
    )


def encounter_entry(encounter: Encounter, practitioner: str) -> Entry:
    return Entry(
        f"{day_and_time(encounter.started_at)} UTC",
        f"{reason_of(encounter, sees_reason=True)} · {practitioner}",
        ENCOUNTER_STATES[encounter.status].label,
    )


def note_entry(signed: SignedNote) -> Entry:
    note = signed.note
    texts = tuple(
        Paragraph(f"{group.title}: {field.label}", field.text)
        for group in content(note.body).groups
        for field in group.fields
    )
    amended = tuple(
        Paragraph(
            f"Amendment, revision {one.revision}",
            f"{one.reason} ({one.signed_by.name}, {day_and_time(one.signed_at)} UTC)",
        )
        for one in signed.revisions
        if one.reason
    )
    added = tuple(
        Paragraph(
            f"Addendum {one.sequence}, {one.signed_by.name}, {day_and_time(one.signed_at)} UTC",
            one.text,
        )
        for one in note.addenda
    )
    return Entry(
        f"{title_of(note.type)} of {day_and_time(note.created_at)} UTC",
        signature_line(note),
        mark_of(note),
        (*texts, *amended, *added),
    )


def signature_line(note: NoteOut) -> str:
    by = note.signed_by.name if note.signed_by else note.author.name
    at = f"{day_and_time(note.signed_at)} UTC" if note.signed_at else ""
    return f"Signed by {by}, {at}, revision {note.revision}, SHA-256 {note.content_sha256}"


def mark_of(note: NoteOut) -> str:
    if note.status is NoteStatus.ENTERED_IN_ERROR:
        return f"Entered in error: do not rely on this note. {note.error_reason or ''}".strip()
    if note.revision > 1:
        return f"Amended: this is revision {note.revision}"
    return ""
