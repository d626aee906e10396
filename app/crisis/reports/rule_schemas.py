"""Rules of reporting as the outside world sees them."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.crisis.reports.deadlines import LimitUnit
from app.kernel.text import ONE_LINE, SEVERAL_LINES


class SuspicionKind(StrEnum):
    """What somebody suspects, in the words of the rules."""

    CHILD_ABUSE = "child-abuse"
    ELDER_ABUSE = "elder-abuse"
    FACILITY_PHYSICAL = "elder-abuse-facility-physical"
    FACILITY_DEMENTIA = "elder-abuse-facility-dementia"
    ASSAULTIVE_INJURY = "assaultive-injury"
    THREAT_TO_VICTIM = "threat-to-victim"
    FIREARM_THREAT = "firearm-threat"


class RecipientChoice(StrEnum):
    """Whether one of the recipients is enough, or each has to be told."""

    ONE_OF = "one-of"
    EACH = "each"


def text(most: int, pattern: str = ONE_LINE) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=pattern)


def iso_day(value: object) -> object:
    """Only 2026-07-14: numbers and instants would be read as days nobody meant."""
    written = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    if value is None or isinstance(value, date) or written:
        return value
    raise ValueError("write the day as 2026-07-14")


Day = Annotated[date, BeforeValidator(iso_day)]
Jurisdiction = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$", examples=["US-CA"])]
RuleKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,79}$")]
KIND_EXAMPLE = SuspicionKind.CHILD_ABUSE.value
SAID: dict[str, Any] = {
    "jurisdiction": "US-CA",
    "kinds": [KIND_EXAMPLE],
    "title": "Child abuse or neglect (California Penal Code 11166)",
    "recipients": ["Police or sheriff", "County welfare department"],
    "recipient_choice": "one-of",
    "oral": {"unit": "at-once", "amount": None},
    "written": {"unit": "hours", "amount": 36},
    "form": "SS/BCIA 8572",
    "explanation": "Telephone at once; in writing within 36 hours.",
    "source": "California Penal Code 11166",
    "doubt": None,
    "effective_from": "2026-01-01",
    "effective_to": None,
}
RULE_EXAMPLE: dict[str, Any] = SAID | {
    "id": "5d0a3f52-81a6-4d6f-8d9b-2b1f0a6c7e0a",
    "key": "us-ca-child-abuse",
    "version": 1,
    "unverified": False,
    "reviewed_by": None,
    "reviewed_on": None,
    "created_at": "2026-11-30T08:00:00Z",
}


class LimitOut(BaseModel):
    """How long there is; without an amount at once, or as soon as practicable."""

    model_config = ConfigDict(extra="forbid")

    unit: LimitUnit
    amount: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None


class RuleSaid(BaseModel):
    """What a rule says. `doubt`: what of it nobody has held against the statute."""

    jurisdiction: Jurisdiction
    kinds: Annotated[list[SuspicionKind], Field(min_length=1, max_length=7)]
    title: Annotated[str, text(200)]
    recipients: Annotated[list[Annotated[str, text(200)]], Field(min_length=1, max_length=10)]
    recipient_choice: RecipientChoice
    oral: LimitOut | None
    written: LimitOut | None
    form: Annotated[str, text(200)] | None
    explanation: Annotated[str, text(2000, SEVERAL_LINES)]
    source: Annotated[str, text(1000)]
    doubt: Annotated[str, text(1000)] | None
    effective_from: Day | None
    effective_to: Day | None


class RuleOut(RuleSaid):
    """A version of a rule. `reviewed_by` null: nobody of this site has read it against the law."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULE_EXAMPLE]})

    id: UUID
    key: str
    version: int
    unverified: bool
    reviewed_by: UUID | None
    reviewed_on: date | None
    created_at: datetime


class NewRuleVersion(RuleSaid):
    """A rule as it is to be from `effective_from` on; who adds it has reviewed it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SAID]})

    effective_from: Day


class RuleList(BaseModel):
    items: list[RuleOut]
