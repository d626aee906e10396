"""What people say about suspicions and reports, as it comes in."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.crisis.reports.rule_schemas import KIND_EXAMPLE, Jurisdiction, SuspicionKind
from app.crisis.reports.schemas import ORAL_EXAMPLE, PATIENT, Channel, example, text
from app.kernel.instants import Instant
from app.kernel.text import SEVERAL_LINES

Reasons = Annotated[str, text(2000, SEVERAL_LINES)]
Because = Annotated[str, text(1000, SEVERAL_LINES)]
ReaderReason = Annotated[str, text(500, SEVERAL_LINES)]
Recipient = Annotated[str, text(200)]
Reference = Annotated[str, text(100)]
FormName = Annotated[str, text(200)]
ReportText = Annotated[str, text(30_000, SEVERAL_LINES)]
TextVersion = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]


class Declined(BaseModel):
    """A proposed report that the reporter holds not to be required, and why."""

    model_config = ConfigDict(extra="forbid")

    rule_id: UUID
    reason: Because


class NewSuspicion(BaseModel):
    """What is suspected. The clock starts at `formed_at`, whenever it is entered.

    Every report due by the rules then in force is opened, but those declined are closed at once.
    """

    model_config = example(
        {
            "patient_id": PATIENT["id"],
            "kind": KIND_EXAMPLE,
            "formed_at": "2026-11-30T09:00:00Z",
            "reasons": "Bruises of different ages on both forearms.",
        },
        extra="forbid",
    )

    patient_id: UUID
    kind: SuspicionKind
    jurisdiction: Annotated[
        Jurisdiction | None, Field(description="Left out: where the clinic is.")
    ] = None
    formed_at: Instant
    encounter_id: UUID | None = None
    signal_id: UUID | None = None
    reasons: Reasons
    declined: Annotated[list[Declined], Field(max_length=20)] = []


class NewOralReport(BaseModel):
    """Who was called, when, and the number they gave."""

    model_config = example(
        {key: value for key, value in ORAL_EXAMPLE.items() if key != "logged_at"}, extra="forbid"
    )

    recipient: Recipient
    spoken_to: Recipient | None = None
    reference: Reference | None = None
    called_at: Instant


class NewWrittenReport(BaseModel):
    """The written report as it went out. `text_version` 0: the draft made from the record."""

    model_config = example(
        {
            "recipients": ["County welfare department"],
            "form": "SS/BCIA 8572",
            "channel": "fax",
            "sent_at": "2026-11-30T10:00:00Z",
            "text_version": 1,
        },
        extra="forbid",
    )

    recipients: Annotated[list[Recipient], Field(min_length=1, max_length=10)]
    form: FormName | None = None
    channel: Channel
    reference: Reference | None = None
    sent_at: Instant
    text_version: TextVersion


class Refusal(BaseModel):
    """Why the reporter holds this report not to be required."""

    model_config = example({"reason": "Already reported by the school; on file."}, extra="forbid")

    reason: Because


class NewReader(BaseModel):
    """Somebody who may see this report, and why."""

    model_config = example(
        {"user_id": "0198b1c6-0000-7000-8000-000000000002", "reason": "helps with the form"},
        extra="forbid",
    )

    user_id: UUID
    reason: ReaderReason


class SaveDraft(BaseModel):
    model_config = example({"text": "Who is reported about ..."}, extra="forbid")

    text: ReportText
