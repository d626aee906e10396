"""Screenings as the outside world sees them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
)

from app.crisis.screenings.definitions import Answers, Definition, Scoring
from app.crisis.screenings.instruments import Instrument
from app.crisis.screenings.lifecycle import DemandStatus, ScreeningStatus
from app.crisis.screenings.scoring import Result
from app.kernel.text import SEVERAL_LINES

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=500, pattern=SEVERAL_LINES),
]
LinkId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Text = Annotated[StrictStr, StringConstraints(max_length=2000, pattern=SEVERAL_LINES)]
Given = (
    Annotated[StrictInt, Field(ge=0, le=1000)]
    | Text
    | Annotated[list[LinkId], Field(max_length=40)]
)

YES_NO = [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
INSTRUMENT_EXAMPLE: dict[str, Any] = {
    "key": "c-ssrs",
    "version": 1,
    "title": "C-SSRS screener (recent)",
    "source": "Columbia-Suicide Severity Rating Scale, screener (recent)",
    "jurisdiction": None,
    "effective_from": "2026-01-01T00:00:00Z",
    "effective_to": None,
    "definition": {
        "intro": "Ask in these words. Yes or no, never how often.",
        "code": None,
        "items": [
            {
                "link_id": "2",
                "code": "93247-5",
                "group": "In the past month",
                "text": "Have you actually had any thoughts about killing yourself?",
                "hint": None,
                "kind": "choice",
                "options": YES_NO,
                "ask_when": None,
                "required": True,
                "critical": False,
            }
        ],
    },
    "scoring": {
        "scores": [],
        "levels": [
            {
                "id": "low-thoughts",
                "when": {"item": "2", "one_of": ["yes"]},
                "level": "low",
                "says": "Thoughts of killing oneself in the past month (question 2).",
            }
        ],
        "otherwise": {"level": "negative", "says": "Every question was answered with no."},
        "undetermined": "A question that decides was not answered.",
        "findings": [],
        "follow_ups": [],
        "positive": {"item": "2", "one_of": ["yes"]},
        "cautions": ["A negative screen is not the absence of risk."],
    },
}
RESULT_EXAMPLE: dict[str, Any] = {
    "complete": True,
    "missing": [],
    "missing_critical": [],
    "scores": [],
    "level": "low",
    "reasons": [
        {
            "rule": "low-thoughts",
            "says": "Thoughts of killing oneself in the past month (question 2).",
            "level": "low",
        }
    ],
    "follow_ups": [],
    "positive": True,
    "cautions": ["A negative screen is not the absence of risk."],
}
SCREENING_EXAMPLE: dict[str, Any] = {
    "id": "5a1f7a52-93c4-4b76-8c1d-0d3a5f0b7e50",
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "encounter_id": None,
    "instrument": "c-ssrs",
    "instrument_version": 1,
    "title": "C-SSRS screener (recent)",
    "status": "completed",
    "answers": {"1": "no", "2": "yes", "3": "no", "4": "no", "5": "no", "6": "no"},
    "asked": ["1", "2", "3", "4", "5", "6"],
    "result": RESULT_EXAMPLE,
    "version": 8,
    "reason": None,
    "started_by": "0198b1c6-0000-7000-8000-000000000001",
    "started_at": "2026-11-21T09:00:00Z",
    "ended_by": "0198b1c6-0000-7000-8000-000000000001",
    "ended_at": "2026-11-21T09:04:00Z",
}
DEMAND_EXAMPLE: dict[str, Any] = {
    "id": "5a1f7a52-93c4-4b76-8c1d-0d3a5f0b7e51",
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "instrument": "c-ssrs",
    "because": "phq-9.item-9",
    "source_id": "5a1f7a52-93c4-4b76-8c1d-0d3a5f0b7e50",
    "status": "open",
    "deferred_until": "2026-11-21T10:00:00Z",
    "due": False,
    "screening_id": None,
    "demanded_at": "2026-11-21T09:04:00Z",
}


class InstrumentOut(BaseModel):
    """One version of an instrument: its questions, and the rules of its result."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [INSTRUMENT_EXAMPLE]}
    )

    key: Instrument
    version: int
    title: str
    source: str
    jurisdiction: str | None
    effective_from: datetime
    effective_to: datetime | None
    definition: Definition
    scoring: Scoring


class InstrumentList(BaseModel):
    """Those in use now."""

    items: list[InstrumentOut]


class ScreeningOut(BaseModel):
    """`asked`: what is to be asked after these answers. `result`: so far, until it is completed."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCREENING_EXAMPLE]})

    id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    instrument: Instrument
    instrument_version: int
    title: str
    status: ScreeningStatus
    answers: Answers
    asked: list[str]
    result: Result
    version: int
    reason: str | None
    started_by: UUID
    started_at: datetime
    ended_by: UUID | None
    ended_at: datetime | None


class ScreeningPage(BaseModel):
    items: list[ScreeningOut]
    next_cursor: str | None


class NewScreening(BaseModel):
    """Of a patient, with an instrument; where one is under way already, that one goes on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
                    "instrument": "c-ssrs",
                }
            ]
        },
    )

    patient_id: UUID
    instrument: Instrument
    encounter_id: UUID | None = None


class SaveAnswers(BaseModel):
    """Every answer there is now; what is left out is not answered."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"answers": {"1": "no", "2": "yes"}}]}
    )

    answers: Annotated[dict[LinkId, Given], Field(max_length=60)]


class CompleteScreening(BaseModel):
    """`accept_missing`: questions that are not answered stay open, and the result says so."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"accept_missing": False}]}
    )

    accept_missing: StrictBool = False


class GiveReason(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "The patient had to leave."}]}
    )

    reason: Reason


class DemandOut(BaseModel):
    """A screening that is due, or not before a moment to which somebody put it off."""

    model_config = ConfigDict(json_schema_extra={"examples": [DEMAND_EXAMPLE]})

    id: UUID
    patient_id: UUID
    instrument: Instrument
    because: str
    source_id: UUID | None
    status: DemandStatus
    deferred_until: datetime | None
    due: bool
    screening_id: UUID | None
    demanded_at: datetime


class DemandPage(BaseModel):
    items: list[DemandOut]
    next_cursor: str | None


class DeferDemand(BaseModel):
    """Until when it is put off, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"until": "2026-11-21T10:00:00Z", "reason": "The patient's child is in the room."}
            ]
        },
    )

    until: AwareDatetime
    reason: Reason
