"""Results as the outside world sends them."""

import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.clinical.results.judging import Comparator, Flag, Limits, Measured
from app.clinical.results.lifecycle import ReportStatus
from app.kernel.text import ONE_LINE, SEVERAL_LINES

LARGEST = 1_000_000_000
EARLIEST, LATEST = datetime(1950, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MOST_OBSERVATIONS = 200


class ReportKind(StrEnum):
    LAB = "lab"
    IMAGING = "imaging"
    OTHER = "other"


class Source(StrEnum):
    """How it came in."""

    HAND = "hand"
    FILE = "file"
    API = "api"


class Decision(StrEnum):
    """What follows from a result."""

    NO_ACTION = "no-action"
    REPEAT = "repeat"
    TREATMENT = "treatment"
    REFERRAL = "referral"
    TELL_PATIENT = "tell-patient"
    OTHER = "other"


class ReadBack(StrEnum):
    YES = "yes"
    NO = "no"


def exact(value: object) -> object:
    """A number as it was written; neither words nor yes and no are numbers."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PydanticCustomError("number", "Send a number.")
    return Decimal(str(value))


def sensible(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise PydanticCustomError("moment_range", "The year must lie between 1950 and 2199.")
    return moment.astimezone(UTC)


Number = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(ge=-LARGEST, le=LARGEST),
    WithJsonSchema({"type": "number", "minimum": -LARGEST, "maximum": LARGEST}),
]
Moment = Annotated[AwareDatetime, AfterValidator(sensible)]


def line(most: int, pattern: str = ONE_LINE) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=pattern)


Code = Annotated[str, line(40)]
Title = Annotated[str, line(200)]
Unit = Annotated[str, line(40)]
Words = Annotated[str, line(2000, SEVERAL_LINES)]
Conclusion = Annotated[str, line(10_000, SEVERAL_LINES)]
Remark = Annotated[str, line(1000, SEVERAL_LINES)]
Reason = Annotated[str, line(500, SEVERAL_LINES)]
ExternalId = Annotated[str, line(200)]
VersionNumber = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Reported = Literal[ReportStatus.PRELIMINARY, ReportStatus.FINAL, ReportStatus.CORRECTED]
Begun = Literal[ReportStatus.REGISTERED, ReportStatus.PRELIMINARY, ReportStatus.FINAL]
Said = Literal[
    Flag.NORMAL,
    Flag.ABNORMAL,
    Flag.LOW,
    Flag.HIGH,
    Flag.CRITICAL,
    Flag.CRITICAL_LOW,
    Flag.CRITICAL_HIGH,
]

OBSERVATION_EXAMPLE: dict[str, Any] = {
    "code": "2823-3",
    "name": "Potassium",
    "value": 6.8,
    "unit": "mmol/L",
    "low": 3.5,
    "high": 5.1,
}
VERSION_EXAMPLE: dict[str, Any] = {
    "status": "final",
    "collected_at": "2026-11-30T07:10:00Z",
    "issued_at": "2026-11-30T08:40:00Z",
    "observations": [OBSERVATION_EXAMPLE],
}


def asked(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class NewObservation(BaseModel):
    """A value with what the laboratory said to it: a number (`value`), or words (`text`).

    `code`: LOINC where there is one; only by it values are judged and drawn over time. The
    laboratory's own limits win over ours; `interpretation` is its own flag.
    """

    model_config = asked(OBSERVATION_EXAMPLE)

    code: Code | None = None
    name: Title
    value: Number | None = None
    comparator: Comparator | None = None
    text: Words | None = None
    unit: Unit | None = None
    low: Number | None = None
    high: Number | None = None
    critical_low: Number | None = None
    critical_high: Number | None = None
    range_text: Title | None = None
    interpretation: Said | None = None

    @model_validator(mode="after")
    def one_value(self) -> Self:
        if (self.value is None) == (self.text is None):
            raise PydanticCustomError("one_value", "Send either a number or a text.")
        if self.comparator is not None and self.value is None:
            raise PydanticCustomError("comparator_number", "Only a number is more or less.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise PydanticCustomError("limits_order", "The lower limit lies above the upper one.")
        return self

    def measured(self) -> Measured:
        return Measured(
            number=self.value,
            comparator=self.comparator,
            unit=self.unit,
            sent=Limits(
                low=self.low,
                high=self.high,
                critical_low=self.critical_low,
                critical_high=self.critical_high,
            ),
            said=Flag(self.interpretation) if self.interpretation else None,
        )


Observations = Annotated[list[NewObservation], Field(max_length=MOST_OBSERVATIONS)]


class NewContent(BaseModel):
    """What was reported. `issued_at`: left out, now. `interpretation`: of the whole report."""

    model_config = ConfigDict(extra="forbid")

    collected_at: Moment | None = None
    issued_at: Moment | None = None
    conclusion: Conclusion | None = None
    interpretation: Said | None = None
    observations: Observations = []

    @property
    def is_empty(self) -> bool:
        return not self.observations and self.conclusion is None


class NewVersion(NewContent):
    """A further report of the same result: the final one, or a corrected one.

    `after`: the version it was written over, 0 for none; left out, whichever counts by then.
    """

    model_config = asked(VERSION_EXAMPLE)

    status: Reported
    after: Annotated[int | None, Field(strict=True, ge=0, le=2**31 - 1)] = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if self.is_empty:
            raise PydanticCustomError("empty", "Report a value or a conclusion.")
        return self


class OrderedResult(NewContent):
    """What came back for something ordered. `registered`: it is there, its values are not yet.

    `external_id`: the sender's number; the same sent again with the same content changes nothing.
    """

    model_config = asked(VERSION_EXAMPLE)

    status: Begun
    title: Title | None = None
    source: Literal[Source.HAND, Source.API] = Source.API
    external_id: ExternalId | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if self.is_empty == (self.status != ReportStatus.REGISTERED):
            raise PydanticCustomError(
                "empty", "Report a value or a conclusion, but of what is only registered none."
            )
        return self


class NewResult(OrderedResult):
    """A result nobody here ordered; `responsible_id`: the doctor whose it is."""

    model_config = asked(
        VERSION_EXAMPLE
        | {
            "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
            "responsible_id": "0198b1c6-0000-7000-8000-000000000001",
            "kind": "lab",
            "title": "Potassium, from outside",
        }
    )

    patient_id: UUID
    responsible_id: UUID
    kind: ReportKind
    title: Title


class FollowUp(BaseModel):
    """A task for whoever acknowledges."""

    model_config = asked({"title": "Repeat potassium", "due_in_days": 2})

    title: Annotated[str, line(120)]
    due_in_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 2


class Acknowledge(BaseModel):
    """The version that was seen, and what follows from it."""

    model_config = asked({"number": 1, "decision": "repeat", "note": "Haemolysed?"})

    number: VersionNumber
    decision: Decision
    note: Remark | None = None
    follow_up: FollowUp | None = None


class RecordCallback(BaseModel):
    """Who was told: somebody here, or somebody elsewhere by name. `corrects_id`: a wrong record."""

    model_config = asked(
        {
            "number": 1,
            "told_name": "Dr. Berta Summer, on call",
            "told_at": "2026-11-30T02:10:00Z",
            "read_back": True,
        }
    )

    number: VersionNumber
    told_user_id: UUID | None = None
    told_name: Title | None = None
    told_at: Moment
    read_back: Annotated[bool, Field(strict=True)]
    remark: Remark | None = None
    corrects_id: UUID | None = None

    @model_validator(mode="after")
    def somebody(self) -> Self:
        if (self.told_user_id is None) == (self.told_name is None):
            raise PydanticCustomError("told", "Say who was told: by id or by name, not both.")
        return self


class Because(BaseModel):
    model_config = asked({"reason": "belongs to another patient"})

    reason: Reason


def parse_number(written: str) -> tuple[Comparator | None, Decimal] | None:
    """`6.8`, `<0.01`, `>= 90`; None: that is no number."""
    found = re.fullmatch(r"\s*(<=|>=|<|>)?\s*([+-]?\d{1,12}(?:\.\d{1,8})?)\s*", written)
    if found is None:
        return None
    comparator = Comparator(found[1]) if found[1] else None
    return comparator, Decimal(found[2])
