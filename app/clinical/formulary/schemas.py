"""The words of medicines and of what is checked before they are given."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Word(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckKind(StrEnum):
    ALLERGY = "allergy"
    INTERACTION = "interaction"
    DUPLICATE = "duplicate-therapy"
    DOSE = "dose"
    PREGNANCY = "pregnancy"
    RENAL = "renal"


class Outcome(StrEnum):
    """What a check came to. `NOT_CHECKED` is never to be read as fine."""

    NOTHING_FOUND = "pass"
    WARNING = "warning"
    NOT_CHECKED = "not-checked"


class Severity(StrEnum):
    CONTRAINDICATED = "contraindicated"
    MAJOR = "major"
    MODERATE = "moderate"


class Dosing(_Word):
    """How much, how often: `amount` in `unit` (UCUM) each time; `times_a_day` None when as needed
    without a limit or not said. `days_a_week`: on which that is so; 0: on a single day."""

    amount: Decimal
    unit: str
    times_a_day: Decimal | None = None
    days_a_week: int = 7
    route: str | None = None


class Medicine(_Word):
    """Something taken or to be taken. `drug_key` is None for what the formulary does not know."""

    drug_key: str | None
    name: str
    dosing: Dosing | None = None


class PatientFacts(_Word):
    """What is known of the patient; None is unknown, an empty tuple is known to be none."""

    age_years: int | None
    sex: str | None
    weight_kg: Decimal | None = None
    allergies: tuple[str, ...] | None = None
    medicines: tuple[Medicine, ...] | None = None
    pregnant: bool | None = None
    egfr: Decimal | None = None  # mL/min/1.73 m2
    egfr_on: date | None = None


class Finding(_Word):
    """The answer of one check about one medicine. `because` is a sentence for the prescriber."""

    kind: CheckKind
    outcome: Outcome
    severity: Severity | None = None
    because: str
    about: str | None = None  # the allergy or the other medicine it is about
    rule: str | None = None
    source: str | None = None
    as_of: date | None = None


RELEASE_EXAMPLE: dict[str, Any] = {
    "name": "Starter formulary",
    "version": "2026.11",
    "status": "current",
    "effective_on": "2026-11-01",
    "shelf_life_days": 400,
    "good_until": "2027-12-06",
    "is_outdated": False,
    "source": "United States labelling (FDA)",
    "reviewed_by": None,
    "imported_at": "2026-11-30T09:00:00Z",
    "counts": {"drugs": 686, "interactions": 1100},
}
FOUND_EXAMPLE: dict[str, Any] = {
    "key": "lisinopril",
    "name": "lisinopril",
    "matched": "Zestril",
    "brands": ["Prinivil", "Zestril"],
    "classes": ["ACE inhibitors"],
    "routes": ["oral"],
    "strengths": ["tablet 10 mg"],
    "usual": ["oral, adults: 2.5 to 40 mg each time, at most 80 mg a day"],
}
DOSE_EXAMPLE: dict[str, Any] = {
    "route": "oral",
    "age_from": 18,
    "age_below": 150,
    "unit": "mg",
    "per_kg": False,
    "usual_low": "2.5",
    "usual_high": "40",
    "max_each": "80",
    "max_day": "80",
    "least_days": None,
    "says": "oral, adults: 2.5 to 40 mg each time, at most 80 mg a day",
    "source": "United States prescribing information (FDA label)",
    "as_of": "2026-11-01",
}
DRUG_EXAMPLE: dict[str, Any] = FOUND_EXAMPLE | {
    "synonyms": [],
    "rxcui": "29046",
    "atc": "C09AA03",
    "ingredients": [],
    "class_keys": ["ace-inhibitors", "antihypertensives"],
    "doses": [DOSE_EXAMPLE],
    "not_covered": [],
}


class DrugFound(_Word):
    """A drug among others; `matched` is the name by which it was found."""

    key: str
    name: str
    matched: str
    brands: tuple[str, ...]
    classes: tuple[str, ...]
    routes: tuple[str, ...]
    strengths: tuple[str, ...]
    usual: tuple[str, ...]


class DoseSaid(_Word):
    """One rule of dosing, in words and in figures."""

    route: str
    age_from: int
    age_below: int
    unit: str
    per_kg: bool
    usual_low: Decimal | None
    usual_high: Decimal | None
    max_each: Decimal | None
    max_day: Decimal | None
    least_days: int | None
    says: str
    source: str
    as_of: date


class DrugOut(DrugFound):
    """A drug with what the formulary says of it. `not_covered`: kinds of checks it cannot pass."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRUG_EXAMPLE]})

    synonyms: tuple[str, ...]
    rxcui: str | None
    atc: str | None
    ingredients: tuple[str, ...]
    class_keys: tuple[str, ...]
    doses: tuple[DoseSaid, ...]
    not_covered: tuple[CheckKind, ...]


class DrugList(BaseModel):
    """What was found, best first; never more than asked for. `release` None: no formulary."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [FOUND_EXAMPLE], "release": RELEASE_EXAMPLE}]}
    )

    items: list[DrugFound]
    release: "ReleaseOut | None"


class ReleaseOut(BaseModel):
    """A release of the formulary; `is_outdated` when it is older than it is good for."""

    name: str
    version: str
    status: str
    effective_on: date
    shelf_life_days: int
    good_until: date
    is_outdated: bool
    source: str
    reviewed_by: str | None
    imported_at: datetime
    counts: dict[str, int]


class ReleaseList(BaseModel):
    """The newest releases, first the one brought in last."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [RELEASE_EXAMPLE]}]})

    items: list[ReleaseOut]
