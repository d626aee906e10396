"""What notes say is to be ordered, as the outside world sees it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.clinical.orders.lifecycle import OrderProposalStatus
from app.clinical.orders.schemas import (
    ORDER_ID,
    ORDERABLE_EXAMPLE,
    PATIENT_ID,
    Clinician,
    OrderableOut,
    OrderCertainty,
    said_as,
    shown_as,
)

PROPOSAL_EXAMPLE: dict[str, Any] = {
    "id": "1b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d23",
    "patient_id": PATIENT_ID,
    "encounter_id": "1f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f",
    "note_id": "5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11",
    "sentence_id": "s12",
    "section": "plan.treatment",
    "quote": "Check lipids in six weeks.",
    "orderable": ORDERABLE_EXAMPLE,
    "certainty": "stated",
    "detail": None,
    "wanted_on": "2027-01-11",
    "status": "proposed",
    "item_id": None,
    "answered_by": None,
    "answered_at": None,
    "created_at": "2026-11-30T09:12:00Z",
}


class OrderProposalOut(BaseModel):
    """What a note says is to be ordered; nothing is ordered before a doctor takes it.

    `item_id`: what it became. `detail`: what else was said of it, such as a side.
    """

    model_config = shown_as(PROPOSAL_EXAMPLE)

    id: UUID
    patient_id: UUID
    encounter_id: UUID
    note_id: UUID
    sentence_id: str
    section: str
    quote: str
    orderable: OrderableOut
    certainty: OrderCertainty
    detail: str | None
    wanted_on: date | None
    status: OrderProposalStatus
    item_id: UUID | None
    answered_by: Clinician | None
    answered_at: datetime | None
    created_at: datetime


class OrderProposalPage(BaseModel):
    """Proposals, the newest first."""

    items: list[OrderProposalOut]
    next_cursor: str | None


class OrderProposalList(BaseModel):
    """All proposals of a note, in its order."""

    items: list[OrderProposalOut]


class TakeOrderProposal(BaseModel):
    """Into which draft; left out: into yours for this patient, or a new one."""

    model_config = said_as({}, {"order_id": ORDER_ID})

    order_id: UUID | None = None


class LookThroughNote(BaseModel):
    """Whose text is to be looked through."""

    model_config = said_as({"note_id": PROPOSAL_EXAMPLE["note_id"]})

    note_id: UUID
