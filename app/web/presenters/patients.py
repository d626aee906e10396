"""Patients: the banner over everything, the search, the record, the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.patients import Patient
from app.web.presenters.formats import Moment, State, age, day, full_name

ABSENT = "Not recorded"


@dataclass(frozen=True, slots=True)
class Allergies:
    """`known`, `none` (asked, there are none) or `unknown` (nobody has asked)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class RiskFlag:
    """How great the danger is, in a sign and a word; `episode`: it is being followed."""

    state: State
    href: str
    episode: bool
    review: Moment | None


@dataclass(frozen=True, slots=True)
class PatientBanner:
    """Who this is about; `allergies`, `risk`: None for those who may not see them.

    `recording`: what they said to being recorded, on their own page.
    """

    id: UUID
    name: str
    born: str
    age: str
    sex: str
    mrn: str
    allergies: Allergies | None
    risk: RiskFlag | None
    recording: State | None = None


@dataclass(frozen=True, slots=True)
class PatientRow:
    id: UUID
    name: str
    born: str
    age: str
    sex: str
    mrn: str
    phone: str


@dataclass(frozen=True, slots=True)
class PatientSearch:
    """`asked`: an answer is shown, be it an empty one. `inline_results`: below the box."""

    q: str
    rows: tuple[PatientRow, ...] = ()
    asked: bool = False
    next_href: str | None = None
    can_register: bool = False
    inline_results: bool = True
    autofocus: bool = True


@dataclass(frozen=True, slots=True)
class ClinicalList:
    id: str
    title: str
    entries: tuple[str, ...]
    absence: str


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ClinicalField:
    name: str
    title: str
    text: str
    none_known: bool
    none_label: str


@dataclass(frozen=True, slots=True)
class PatientForm:
    title: str
    action: str
    method: str
    submit: str
    back: str
    version: int | None
    banner: PatientBanner | None
    given_name: str
    family_name: str
    birth_date: str
    sex: str
    phone: str
    email: str
    address: str
    contacts: tuple[dict[str, str], ...]
    clinical: tuple[ClinicalField, ...]

    @property
    def is_new(self) -> bool:
        return self.version is None


def allergies(known: list[str] | None) -> Allergies:
    if known is None:
        return Allergies("unknown", "not recorded")
    if not known:
        return Allergies("none", "none known")
    return Allergies("known", ", ".join(known))


def banner(
    patient: Patient, today: date, *, clinical: bool, risk: RiskFlag | None = None
) -> PatientBanner:
    return PatientBanner(
        id=patient.id,
        name=full_name(patient.given_name, patient.family_name),
        born=day(patient.birth_date),
        age=age(patient.birth_date, today),
        sex=patient.sex,
        mrn=patient.mrn,
        allergies=allergies(patient.allergies) if clinical else None,
        risk=risk,
    )


def row(patient: Patient, today: date) -> PatientRow:
    return PatientRow(
        id=patient.id,
        name=full_name(patient.given_name, patient.family_name),
        born=day(patient.birth_date),
        age=age(patient.birth_date, today),
        sex=patient.sex,
        mrn=patient.mrn,
        phone=patient.phone or "",
    )


def rows(found: Sequence[Patient], today: date) -> tuple[PatientRow, ...]:
    return tuple(row(patient, today) for patient in found)


CLINICAL = (
    ("allergies", "Allergies", "No known allergies"),
    ("medications", "Medications", "Takes no medication"),
    ("problems", "Problems", "No known problems"),
)


def clinical_lists(patient: Patient) -> tuple[ClinicalList, ...]:
    lists = []
    for name, title, none_label in CLINICAL:
        known: list[str] | None = getattr(patient, name)
        absence = ABSENT if known is None else none_label
        lists.append(ClinicalList(name, title, tuple(known or ()), absence))
    return tuple(lists)


def contact_line(contact: dict[str, str]) -> str:
    relationship = f" ({contact['relationship']})" if contact.get("relationship") else ""
    return f"{contact['name']}{relationship}, {contact['phone']}"


def clinical_fields(patient: Patient | None) -> tuple[ClinicalField, ...]:
    fields = []
    for name, title, none_label in CLINICAL:
        known: list[str] | None = getattr(patient, name) if patient else None
        text = "\n".join(known or ())
        fields.append(ClinicalField(name, title, text, known == [], none_label))
    return tuple(fields)


def empty_form(*, clinical: bool) -> PatientForm:
    return PatientForm(
        title="Register a patient",
        action="/api/v1/patients",
        method="POST",
        submit="Register",
        back="/patients",
        version=None,
        banner=None,
        given_name="",
        family_name="",
        birth_date="",
        sex="unknown",
        phone="",
        email="",
        address="",
        contacts=(),
        clinical=clinical_fields(None) if clinical else (),
    )


def filled_form(patient: Patient, today: date, *, clinical: bool) -> PatientForm:
    return PatientForm(
        title="Change details",
        action=f"/api/v1/patients/{patient.id}",
        method="PATCH",
        submit="Save",
        back=f"/patients/{patient.id}",
        version=patient.version,
        banner=banner(patient, today, clinical=clinical),
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date.isoformat(),
        sex=patient.sex,
        phone=patient.phone or "",
        email=patient.email or "",
        address=patient.address or "",
        contacts=tuple(
            {part: contact.get(part) or "" for part in ("name", "relationship", "phone")}
            for contact in patient.emergency_contacts
        ),
        clinical=clinical_fields(patient) if clinical else (),
    )
