"""Proposals from the dictation, and favourites, as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.clinical.prescriptions.lifecycle import ProposalStatus
from app.clinical.prescriptions.schemas import (
    CONTENT_EXAMPLE,
    ITEM_ID,
    PATIENT_ID,
    PERSON,
    PRESCRIPTION_ID,
    ItemContent,
    Person,
    line,
)
from app.kernel.text import SEVERAL_LINES

PROPOSAL_ID = "9d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d12"


class ProposedAction(StrEnum):
    """What was said is to happen with a medicine. Hold: for a while."""

    START = "start"
    CONTINUE = "continue"
    INCREASE = "increase"
    DECREASE = "decrease"
    STOP = "stop"
    HOLD = "hold"

    @property
    def ends(self) -> bool:
        return self in {ProposedAction.STOP, ProposedAction.HOLD}


PROPOSAL_EXAMPLE: dict[str, Any] = {
    "id": PROPOSAL_ID,
    "note_id": "5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11",
    "patient_id": PATIENT_ID,
    "encounter_id": "1f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f",
    "sentence_id": "s12",
    "quote": "Start lisinopril 10 mg once daily.",
    "action": "start",
    "content": CONTENT_EXAMPLE,
    "sig_text": "Take 10 mg once a day.",
    "missing": ["route"],
    "concerns": None,
    "status": "taken",
    "item_id": ITEM_ID,
    "prescription_id": PRESCRIPTION_ID,
    "reason": None,
    "answered_by": PERSON,
    "answered_at": "2026-11-30T09:00:00Z",
    "created_at": "2026-11-30T08:59:00Z",
}


class ProposalOut(BaseModel):
    """A medicine heard in the plan of a note. `missing`: what was not said.

    `concerns`: the medicine in use here that it would change, stop or continue.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [PROPOSAL_EXAMPLE]})

    id: UUID
    note_id: UUID
    patient_id: UUID
    encounter_id: UUID
    sentence_id: str
    quote: str
    action: ProposedAction
    content: ItemContent
    sig_text: str
    missing: list[str]
    concerns: UUID | None
    status: ProposalStatus
    item_id: UUID | None
    prescription_id: UUID | None
    reason: str | None
    answered_by: Person | None
    answered_at: datetime | None
    created_at: datetime


class ProposalList(BaseModel):
    """All proposals of a note in the order in which they were said, without withdrawn ones."""

    items: list[ProposalOut]


class DismissProposal(BaseModel):
    """Why it is not prescribed; may be left out."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Misheard."}]}
    )

    reason: Annotated[str, line(500, SEVERAL_LINES)] | None = None


FAVOURITE_EXAMPLE: dict[str, Any] = {
    "id": "4e1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d24",
    "content": CONTENT_EXAMPLE,
    "sig_text": "Take 1 tablet by mouth once a day in the morning.",
    "created_at": "2026-11-30T09:00:00Z",
}


class FavouriteOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [FAVOURITE_EXAMPLE]})

    id: UUID
    content: ItemContent
    sig_text: str
    created_at: datetime


class FavouriteList(BaseModel):
    """In the order of names."""

    items: list[FavouriteOut]
