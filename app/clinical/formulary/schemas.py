"""The words of medicines and of what is checked before they are given."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

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
    without a limit or not said."""

    amount: Decimal
    unit: str
    times_a_day: Decimal | None = None
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
