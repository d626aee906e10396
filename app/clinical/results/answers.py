"""Results as the outside world sees them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.clinical.results.judging import Comparator, Flag, Unjudged
from app.clinical.results.lifecycle import ReportStatus
from app.clinical.results.schemas import Decision, ReadBack, ReportKind, Source

OBSERVATION_EXAMPLE: dict[str, Any] = {
    "code": "2823-3",
    "name": "Potassium",
    "comparator": None,
    "value": 6.8,
    "text": None,
    "unit": "mmol/L",
    "low": 3.5,
    "high": 5.1,
    "critical_low": 2.8,
    "critical_high": 6.0,
    "range_text": None,
    "range_source": "the laboratory's own range",
    "flag": "critical-high",
    "unjudged_because": None,
}
PERSON_EXAMPLE = {"id": "0198b1c6-0000-7000-8000-000000000001", "name": "Dr. Ada Winter"}
ACKNOWLEDGEMENT_EXAMPLE: dict[str, Any] = {
    "number": 1,
    "decision": "repeat",
    "note": None,
    "follow_up_task_id": None,
    "acknowledged_by": PERSON_EXAMPLE,
    "acknowledged_at": "2026-11-30T08:50:00Z",
}
CALLBACK_EXAMPLE: dict[str, Any] = {
    "id": "5b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d99",
    "number": 1,
    "told": "Dr. Ada Winter",
    "told_user_id": "0198b1c6-0000-7000-8000-000000000001",
    "told_at": "2026-11-30T08:45:00Z",
    "read_back": "yes",
    "remark": None,
    "corrects_id": None,
    "called_by": {"id": "0198b1c6-0000-7000-8000-000000000003", "name": "Nora Lindqvist"},
    "recorded_at": "2026-11-30T08:46:00Z",
}
REPORT_EXAMPLE: dict[str, Any] = {
    "id": "5b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d77",
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "order_item_id": None,
    "responsible": PERSON_EXAMPLE,
    "kind": "lab",
    "title": "Potassium",
    "status": "final",
    "flag": "critical-high",
    "versions": 1,
    "reported_at": "2026-11-30T08:40:00Z",
    "unacknowledged_since": "2026-11-30T08:41:00Z",
    "source": "api",
    "external_id": "LAB-778812",
}
VERSION_EXAMPLE: dict[str, Any] = {
    "number": 1,
    "status": "final",
    "conclusion": None,
    "flag": "critical-high",
    "collected_at": "2026-11-30T07:10:00Z",
    "issued_at": "2026-11-30T08:40:00Z",
    "reported_by": PERSON_EXAMPLE,
    "reported_at": "2026-11-30T08:41:00Z",
    "observations": [OBSERVATION_EXAMPLE],
    "changes": [],
    "acknowledgement": ACKNOWLEDGEMENT_EXAMPLE,
    "callbacks": [CALLBACK_EXAMPLE],
}


def shown(example: dict[str, Any], *, from_rows: bool = False) -> ConfigDict:
    return ConfigDict(from_attributes=from_rows, json_schema_extra={"examples": [example]})


class PersonOut(BaseModel):
    """No name: it was no person's account, but a part of the system."""

    model_config = shown(PERSON_EXAMPLE)

    id: UUID
    name: str | None


class ObservationOut(BaseModel):
    """A value, and the range it was judged by; `unjudged_because`: why it was not."""

    model_config = shown(OBSERVATION_EXAMPLE)

    code: str | None
    name: str
    comparator: Comparator | None
    value: float | None
    text: str | None
    unit: str | None
    low: float | None
    high: float | None
    critical_low: float | None
    critical_high: float | None
    range_text: str | None
    range_source: str | None
    flag: Flag
    unjudged_because: Unjudged | None


class ChangeOut(BaseModel):
    """What a version says differently from the one before; null: it was not there."""

    model_config = shown({"name": "Potassium", "before": "6.8 mmol/L", "after": "4.1 mmol/L"})

    name: str
    before: str | None
    after: str | None


class AcknowledgementOut(BaseModel):
    model_config = shown(ACKNOWLEDGEMENT_EXAMPLE)

    number: int
    decision: Decision
    note: str | None
    follow_up_task_id: UUID | None
    acknowledged_by: PersonOut
    acknowledged_at: datetime


class CallbackOut(BaseModel):
    """Who was told; one that another corrects counts no more."""

    model_config = shown(CALLBACK_EXAMPLE)

    id: UUID
    number: int
    told: str
    told_user_id: UUID | None
    told_at: datetime
    read_back: ReadBack
    remark: str | None
    corrects_id: UUID | None
    called_by: PersonOut
    recorded_at: datetime


class VersionOut(BaseModel):
    model_config = shown(VERSION_EXAMPLE)

    number: int
    status: ReportStatus
    conclusion: str | None
    flag: Flag
    collected_at: datetime | None
    issued_at: datetime
    reported_by: PersonOut
    reported_at: datetime
    observations: list[ObservationOut]
    changes: list[ChangeOut]
    acknowledgement: AcknowledgementOut | None
    callbacks: list[CallbackOut]


class CountingOut(BaseModel):
    """What counts of a result now. `acknowledgement`: null while nobody has looked at it."""

    collected_at: datetime | None
    conclusion: str | None
    observations: list[ObservationOut]
    acknowledgement: AcknowledgementOut | None


class ReportOut(BaseModel):
    """A result as lists show it; `flag`: the gravest of the version that counts."""

    model_config = shown(REPORT_EXAMPLE)

    id: UUID
    patient_id: UUID
    order_item_id: UUID | None
    responsible: PersonOut
    kind: ReportKind
    title: str
    status: ReportStatus
    flag: Flag | None
    versions: int
    reported_at: datetime
    unacknowledged_since: datetime | None
    source: Source
    external_id: str | None


class MoveOut(BaseModel):
    model_config = shown(
        {
            "from_status": "preliminary",
            "to_status": "final",
            "reason": None,
            "by": PERSON_EXAMPLE,
            "at": "2026-11-30T08:41:00Z",
        }
    )

    from_status: ReportStatus | None
    to_status: ReportStatus
    reason: str | None
    by: PersonOut
    at: datetime


class WholeReport(ReportOut):
    """With everything that was ever reported, the latest first, and every move."""

    model_config = shown(REPORT_EXAMPLE | {"reports": [VERSION_EXAMPLE], "moves": []})

    reports: list[VersionOut]
    moves: list[MoveOut]


class ReportPage(BaseModel):
    items: list[ReportOut]
    next_cursor: str | None


class WaitingOut(BaseModel):
    """A result nobody has acknowledged. `age`: new, ageing or overdue, by what the clinic set."""

    model_config = shown(
        {
            "report": REPORT_EXAMPLE,
            "patient_name": "Okafor-Lind, Mara",
            "mrn": "MRN-100001",
            "birth_date": "1945-07-14",
            "age": "new",
            "days": 0,
        }
    )

    report: ReportOut
    patient_name: str
    mrn: str
    birth_date: date
    age: str
    days: int


class WaitingPage(BaseModel):
    items: list[WaitingOut]
    next_cursor: str | None


class PointOut(BaseModel):
    """One value of a series."""

    model_config = shown(
        {
            "result_id": REPORT_EXAMPLE["id"],
            "at": "2026-11-30T07:10:00Z",
            "comparator": None,
            "value": 6.8,
            "text": None,
            "low": 3.5,
            "high": 5.1,
            "flag": "critical-high",
            "status": "final",
        }
    )

    result_id: UUID
    at: datetime
    comparator: Comparator | None
    value: float | None
    text: str | None
    low: float | None
    high: float | None
    flag: Flag
    status: ReportStatus


class SeriesOut(BaseModel):
    """One analyte in one unit, the oldest first."""

    model_config = shown({"code": "2823-3", "name": "Potassium", "unit": "mmol/L", "points": []})

    code: str
    name: str
    unit: str | None
    points: list[PointOut]


class TrendOut(BaseModel):
    """Series of one analyte: one for each unit it was reported in, for nothing is converted."""

    model_config = shown({"series": []})

    series: list[SeriesOut]


class AnalyteOut(BaseModel):
    """Something that may be entered, with the range that is ours for this patient today."""

    model_config = shown(
        {
            "code": "2823-3",
            "name": "Potassium",
            "unit": "mmol/L",
            "low": 3.5,
            "high": 5.0,
            "critical_low": 2.8,
            "critical_high": 6.0,
            "source": "ABIM Laboratory Test Reference Ranges, January 2024 (adults)",
        },
        from_rows=True,
    )

    code: str
    name: str
    unit: str
    low: float | None
    high: float | None
    critical_low: float | None
    critical_high: float | None
    source: str | None


class AnalyteList(BaseModel):
    items: list[AnalyteOut]
