"""Safety plans as the outside world sees them: six steps in the patient's own words.

The steps and their order are those of Stanley and Brown (Cogn Behav Pract 2012, 19:256-264); the
wording is ours.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.crisis.safety_plans.lifecycle import PlanStatus
from app.kernel.text import ONE_LINE, SEVERAL_LINES

LONGEST_STEP = 4000
SOONEST_REVIEW, USUAL_REVIEW, LATEST_REVIEW = 1, 30, 90  # days; chronic ideation: every 30 to 90
REQUIRED = {"warning_signs": 1, "alone": 2}  # the steps without which there is no plan

Words = Annotated[str, StringConstraints(max_length=LONGEST_STEP, pattern=SEVERAL_LINES)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)
]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60, pattern=ONE_LINE)]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=SEVERAL_LINES),
]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]

CONTENT_EXAMPLE: dict[str, Any] = {
    "warning_signs": "I stop answering messages\nI lie awake and count what went wrong",
    "alone": "Walk to the river\nPut on the loud record",
    "distractions": [{"name": "The chess table in the park", "phone": ""}],
    "helpers": [{"name": "My sister", "phone": "555-0101"}],
    "professionals": [{"name": "Suicide and Crisis Lifeline, call or text", "phone": "988"}],
    "surroundings": "My sister keeps the tablets and gives me three days at a time",
    "worth_living": "Seeing the garden in May",
    "made_with": "Nurse and sister",
    "kept_at": "On the fridge and in my phone",
    "likelihood": 8,
}
VERSION_EXAMPLE: dict[str, Any] = {
    "plan_id": "5b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d23",
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "number": 1,
    "status": "current",
    "review_on": "2026-12-30",
    "published_by": "0198b1c6-0000-7000-8000-000000000001",
    "author_name": "Dr. Ada Winter",
    "published_at": "2026-11-30T09:00:00Z",
    "reason": None,
}
PLAN_EXAMPLE: dict[str, Any] = {
    "id": VERSION_EXAMPLE["plan_id"],
    "patient_id": VERSION_EXAMPLE["patient_id"],
    "version": 3,
    "content": CONTENT_EXAMPLE,
    "updated_at": "2026-11-30T08:59:00Z",
    "updated_by": VERSION_EXAMPLE["published_by"],
    "current": VERSION_EXAMPLE,
    "versions_published": 1,
}
SERVICE_EXAMPLE: dict[str, Any] = {
    "id": "00000000-0000-4000-8000-00000000c501",
    "name": "Suicide and Crisis Lifeline",
    "phone": "988",
    "hint": "call or text, day and night",
    "jurisdiction": "US",
    "source": "988lifeline.org",
    "effective_from": "2022-07-16",
}


class Contact(BaseModel):
    """A person, a place or a service, and how to reach them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line
    phone: Phone = ""


Contacts = Annotated[tuple[Contact, ...], Field(max_length=20)]


class PlanContent(BaseModel):
    """What the plan says, in the patient's own words.

    Steps: 1 `warning_signs`, 2 `alone`: what I can do by myself, 3 `distractions`: people and
    places, 4 `helpers`, 5 `professionals`, 6 `surroundings`: keeping means of harm away.
    `likelihood`: from 0 to 10, how likely the patient says it is that they will use it.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [CONTENT_EXAMPLE]}
    )

    warning_signs: Words = ""
    alone: Words = ""
    distractions: Contacts = ()
    helpers: Contacts = ()
    professionals: Contacts = ()
    surroundings: Words = ""
    worth_living: Words = ""
    made_with: Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)] = ""
    kept_at: Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)] = ""
    likelihood: Annotated[int | None, Field(strict=True, ge=0, le=10)] = None


class VersionOut(BaseModel):
    """A published version without its text. `reason`: why it was withdrawn."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION_EXAMPLE]})

    plan_id: UUID
    patient_id: UUID
    number: int
    status: PlanStatus
    review_on: date
    published_by: UUID
    author_name: str
    published_at: datetime
    reason: str | None


class WholeVersion(VersionOut):
    """A published version with its text."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [VERSION_EXAMPLE | {"content": CONTENT_EXAMPLE}]}
    )

    content: PlanContent


class VersionPage(BaseModel):
    """The latest first."""

    items: list[VersionOut]
    next_cursor: str | None


class SafetyPlanOut(BaseModel):
    """A safety plan: its working copy, and the version in use, if any.

    `version` is that of the working copy, which is the ETag.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN_EXAMPLE]})

    id: UUID
    patient_id: UUID
    version: int
    content: PlanContent
    updated_at: datetime
    updated_by: UUID
    current: VersionOut | None
    versions_published: int


class SafetyPlanList(BaseModel):
    """One at most, but for records of two that were merged: the one that counts first."""

    items: list[SafetyPlanOut]


class BeginPlan(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"patient_id": PLAN_EXAMPLE["patient_id"]}]}
    )

    patient_id: UUID


class PublishPlan(BaseModel):
    """The version of the working copy that was seen, and after how many days to look again."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": 3, "review_in_days": 30}]}
    )

    version: Version
    review_in_days: Annotated[int, Field(strict=True, ge=SOONEST_REVIEW, le=LATEST_REVIEW)] = (
        USUAL_REVIEW
    )


class WithdrawPlan(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"number": 1, "reason": "the numbers have changed"}]},
    )

    number: Version
    reason: Reason


class ServiceOut(BaseModel):
    """A service anybody may turn to in a crisis, and where that is said."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [SERVICE_EXAMPLE]}
    )

    id: UUID
    name: str
    phone: str
    hint: str
    jurisdiction: str
    source: str
    effective_from: date


class ServiceList(BaseModel):
    items: list[ServiceOut]
