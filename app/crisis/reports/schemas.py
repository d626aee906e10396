"""Mandatory reports as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.crisis.reports.deadlines import Leg
from app.crisis.reports.lifecycle import ReportStatus
from app.crisis.reports.rule_schemas import (
    KIND_EXAMPLE,
    RULE_EXAMPLE,
    RuleOut,
    SuspicionKind,
)
from app.kernel.text import ONE_LINE
from app.work_queues.items import Person


class Channel(StrEnum):
    """By which way a written report went."""

    FAX = "fax"
    MAIL = "mail"
    INTERNET_TOOL = "internet-tool"
    E_MAIL = "e-mail"
    IN_PERSON = "in-person"


class TextOrigin(StrEnum):
    """Made from the record by us, or typed by somebody."""

    DRAFTED = "drafted"
    TYPED = "typed"


def text(most: int, pattern: str = ONE_LINE) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=pattern)


REPORTER: dict[str, Any] = {"id": "0198b1c6-0000-7000-8000-000000000001", "name": "Dr. Ada Winter"}
PATIENT: dict[str, Any] = {
    "id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "name": "Mara Okafor-Lind",
    "mrn": "MRN-100001",
}
LEG_EXAMPLE: dict[str, Any] = {
    "leg": "written",
    "due_at": "2026-12-01T21:00:00Z",
    "at_once": False,
    "met_at": None,
    "late": False,
}
ORAL_EXAMPLE: dict[str, Any] = {
    "recipient": "County welfare department",
    "spoken_to": "intake desk",
    "reference": "26-1130-7",
    "called_at": "2026-11-30T09:20:00Z",
    "logged_at": "2026-11-30T09:25:00Z",
}
ROW_EXAMPLE: dict[str, Any] = {
    "id": "5d0a3f52-81a6-4d6f-8d9b-2b1f0a6c7e01",
    "status": "oral-made",
    "kind": KIND_EXAMPLE,
    "jurisdiction": "US-CA",
    "title": RULE_EXAMPLE["title"],
    "patient": PATIENT,
    "reporter": REPORTER,
    "formed_at": "2026-11-30T09:00:00Z",
    "next_leg": "written",
    "next_due_at": "2026-12-01T21:00:00Z",
    "at_once": False,
    "closed_at": None,
    "reason": None,
}
REPORT_EXAMPLE: dict[str, Any] = {
    **ROW_EXAMPLE,
    "version": 2,
    "rule": RULE_EXAMPLE,
    "suspicion_id": "5d0a3f52-81a6-4d6f-8d9b-2b1f0a6c7e00",
    "encounter_id": None,
    "signal_id": None,
    "reasons": "Bruises of different ages on both forearms.",
    "entered_at": "2026-11-30T09:10:00Z",
    "legs": [LEG_EXAMPLE],
    "oral_reports": [ORAL_EXAMPLE],
    "written_report": None,
    "readers": [],
    "history": [
        {"from_status": None, "to_status": "open", "reason": None, "moved_by": REPORTER,
         "moved_at": "2026-11-30T09:10:00Z"},
    ],
    "text_version": 0,
    "moves": ["oral-report", "written-report", "draft", "readers"],
}  # fmt: skip
DRAFT_EXAMPLE: dict[str, Any] = {
    "report_id": ROW_EXAMPLE["id"],
    "version": 1,
    "origin": "typed",
    "is_draft": True,
    "text": "Who is reported about ...",
    "written_by": REPORTER,
    "written_at": "2026-11-30T09:40:00Z",
}


def example(of: dict[str, Any], *, extra: Literal["ignore", "forbid"] = "ignore") -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [of]}, extra=extra)


class Proposal(BaseModel):
    """A report that would be due, and by when."""

    model_config = example({
        "rule": RULE_EXAMPLE,
        "oral_due_at": "2026-11-30T09:00:00Z",
        "written_due_at": "2026-12-01T21:00:00Z",
    })  # fmt: skip

    rule: RuleOut
    oral_due_at: datetime | None
    written_due_at: datetime | None


class Proposals(BaseModel):
    items: list[Proposal]


class PatientNamed(BaseModel):
    id: UUID
    name: str
    mrn: str


class ReportRow(BaseModel):
    """A report in a list. `next_leg`, `next_due_at`: what is to be done next; null: nothing."""

    model_config = example(ROW_EXAMPLE)

    id: UUID
    status: ReportStatus
    kind: SuspicionKind
    jurisdiction: str
    title: str
    patient: PatientNamed
    reporter: Person
    formed_at: datetime
    next_leg: Leg | None
    next_due_at: datetime | None
    at_once: bool
    closed_at: datetime | None
    reason: str | None


class ReportPage(BaseModel):
    items: list[ReportRow]
    next_cursor: str | None


class LegOut(BaseModel):
    """One way in which it is due. `met_at`: when it was made; `late`: after `due_at`.

    What is due at once is never called late: nobody can tell what was practicable.
    """

    leg: Leg
    due_at: datetime
    at_once: bool
    met_at: datetime | None
    late: bool


class OralOut(BaseModel):
    recipient: str
    spoken_to: str | None
    reference: str | None
    called_at: datetime
    logged_at: datetime


class WrittenOut(BaseModel):
    text_version: int
    recipients: list[str]
    form: str | None
    channel: Channel
    reference: str | None
    sent_at: datetime
    filed_at: datetime


class ReaderOut(BaseModel):
    user: Person
    reason: str
    named_by: Person
    named_at: datetime


class ReportMoveOut(BaseModel):
    from_status: ReportStatus | None
    to_status: ReportStatus
    reason: str | None
    moved_by: Person
    moved_at: datetime


class ReportOut(ReportRow):
    """Everything about a report. `moves`: what the reader may create below it, now."""

    model_config = example(REPORT_EXAMPLE)

    version: int
    rule: RuleOut
    suspicion_id: UUID
    encounter_id: UUID | None
    signal_id: UUID | None
    reasons: str
    entered_at: datetime
    legs: list[LegOut]
    oral_reports: list[OralOut]
    written_report: WrittenOut | None
    readers: list[ReaderOut]
    history: list[ReportMoveOut]
    text_version: int
    moves: list[str]


class SuspicionOut(BaseModel):
    """A suspicion and the reports that came of it; `id` is that of the suspicion."""

    model_config = example({
        "id": REPORT_EXAMPLE["suspicion_id"],
        "reports": [ROW_EXAMPLE],
    })  # fmt: skip

    id: UUID
    reports: list[ReportRow]


class DraftOut(BaseModel):
    """The text as it stands. Version 0 was made from the record and never saved."""

    model_config = example(DRAFT_EXAMPLE)

    report_id: UUID
    version: int
    origin: TextOrigin
    is_draft: bool
    text: str
    written_by: Person | None
    written_at: datetime | None


class DisclosureOut(BaseModel):
    """One line of the accounting of disclosures."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "5d0a3f52-81a6-4d6f-8d9b-2b1f0a6c7e09",
                    "disclosed_at": "2026-11-30T10:00:00Z",
                    "recipient": "County welfare department",
                    "what": "Written report, form SS/BCIA 8572",
                    "why": "Required by law: California Penal Code 11166",
                }
            ]
        },
    )

    id: UUID
    disclosed_at: datetime
    recipient: str
    what: str
    why: str


class DisclosurePage(BaseModel):
    items: list[DisclosureOut]
    next_cursor: str | None
