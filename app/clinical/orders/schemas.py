"""Orders as the outside world sees them."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.clinical.orders.lifecycle import OrderItemStatus
from app.kernel.instants import Instant
from app.kernel.text import ONE_LINE, SEVERAL_LINES

MOST_ITEMS = 50


class OrderKind(StrEnum):
    LAB = "lab"
    IMAGING = "imaging"
    PROCEDURE = "procedure"
    REFERRAL = "referral"


class OrderPriority(StrEnum):
    """FHIR's request-priority, least urgent first."""

    ROUTINE = "routine"
    URGENT = "urgent"
    ASAP = "asap"
    STAT = "stat"


class OrderCertainty(StrEnum):
    """How a note says it: it is to be ordered, or only if something else is so."""

    STATED = "stated"
    CONDITIONAL = "conditional"


def lines(most: int) -> Any:
    return StringConstraints(
        strip_whitespace=True, min_length=1, max_length=most, pattern=SEVERAL_LINES
    )


def only_a_day(value: object) -> object:
    """Only 2026-12-25: numbers and instants would be read as days nobody meant."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("calendar_day", "Write the day as 2026-12-25.")


Day = Annotated[date, BeforeValidator(only_a_day)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)
]
Because = Annotated[str, lines(500)]
Instructions = Annotated[str, lines(1000)]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]

ORDER_ID = "4b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d23"
ITEM_ID = "7d0c7a1c-9a52-4d0c-8a3e-0f3f4f0f7d11"
PATIENT_ID = "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01"
DOCTOR: dict[str, Any] = {
    "id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e09",
    "name": "Dr. Ada Winter",
}
EARLIER: dict[str, Any] = {
    "item_id": "9c0c7a1c-9a52-4d0c-8a3e-0f3f4f0f7d11",
    "order_id": "5c1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d23",
    "name": "Lipid panel",
    "status": "completed",
    "on": "2026-11-02",
}
ITEM_EXAMPLE: dict[str, Any] = {
    "id": ITEM_ID,
    "order_id": ORDER_ID,
    "patient_id": PATIENT_ID,
    "position": 1,
    "orderable_key": "lipid-panel",
    "kind": "lab",
    "name": "Lipid panel",
    "reason": "Hypertension",
    "instructions": None,
    "wanted_on": None,
    "specimen": "serum",
    "fasting_hours": 9,
    "status": "active",
    "status_at": "2026-11-30T09:00:00Z",
    "activated_at": "2026-11-30T09:00:00Z",
    "collected_by": None,
    "collected_at": None,
    "earlier": EARLIER,
    "duplicate_reason": "Medication was changed.",
}
ORDER_EXAMPLE: dict[str, Any] = {
    "id": ORDER_ID,
    "patient_id": PATIENT_ID,
    "encounter_id": None,
    "orderer": DOCTOR,
    "priority": "routine",
    "version": 2,
    "created_at": "2026-11-30T08:58:00Z",
    "placed_at": "2026-11-30T09:00:00Z",
    "items": [ITEM_EXAMPLE],
}
MOVE_EXAMPLE: dict[str, Any] = {
    "item_id": ITEM_ID,
    "from_status": "draft",
    "to_status": "active",
    "reason": None,
    "moved_by": DOCTOR,
    "moved_at": "2026-11-30T09:00:00Z",
}
NEW_ITEM: dict[str, Any] = {"orderable_key": "lipid-panel", "reason": "Hypertension"}
ORDERABLE_EXAMPLE: dict[str, Any] = {
    "key": "lipid-panel",
    "kind": "lab",
    "name": "Lipid panel",
    "synonyms": ["lipids", "cholesterol panel"],
    "loinc": "24331-1",
    "specimen": "serum",
    "fasting_hours": 9,
    "repeat_days": 60,
    "source": "Starter catalogue",
    "effective_from": "2026-01-01",
}


def shown_as(*examples: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [*examples]})


def said_as(*examples: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [*examples]})


class Clinician(BaseModel):
    id: UUID
    name: str


class OrderableOut(BaseModel):
    """What may be ordered, with hints for whoever prepares the patient."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [ORDERABLE_EXAMPLE]}
    )

    key: str
    kind: OrderKind
    name: str
    synonyms: list[str]
    loinc: str | None
    specimen: str | None
    fasting_hours: int | None
    repeat_days: int | None
    source: str
    effective_from: date


class OrderableList(BaseModel):
    """The best matches first."""

    items: list[OrderableOut]


class EarlierOut(BaseModel):
    """What was ordered before; `on`: the day it was completed, else that it was placed."""

    item_id: UUID
    order_id: UUID
    name: str
    status: OrderItemStatus
    on: date


class OrderItemOut(BaseModel):
    """One thing ordered. `earlier`: the same, ordered before; of a draft as things are now."""

    model_config = shown_as(ITEM_EXAMPLE)

    id: UUID
    order_id: UUID
    patient_id: UUID
    position: int
    orderable_key: str | None
    kind: OrderKind
    name: str
    reason: str | None
    instructions: str | None
    wanted_on: date | None
    specimen: str | None
    fasting_hours: int | None
    status: OrderItemStatus
    status_at: datetime
    activated_at: datetime | None
    collected_by: Clinician | None
    collected_at: datetime | None
    earlier: EarlierOut | None
    duplicate_reason: str | None


class OrderOut(BaseModel):
    """What one doctor ordered at one time; without `placed_at` it is a draft."""

    model_config = shown_as(ORDER_EXAMPLE)

    id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    orderer: Clinician
    priority: OrderPriority
    version: int
    created_at: datetime
    placed_at: datetime | None
    items: list[OrderItemOut]


class OrderItemMoveOut(BaseModel):
    """One change of state."""

    item_id: UUID
    from_status: OrderItemStatus | None
    to_status: OrderItemStatus
    reason: str | None
    moved_by: Clinician
    moved_at: datetime


class WholeOrder(OrderOut):
    """An order with everything that happened to what it asks for, in order."""

    model_config = shown_as(ORDER_EXAMPLE | {"history": [MOVE_EXAMPLE]})

    history: list[OrderItemMoveOut]


class OrderPage(BaseModel):
    """Orders, the newest first."""

    items: list[OrderOut]
    next_cursor: str | None


class NewOrderItem(BaseModel):
    """From the catalogue by its key; or, where the catalogue does not know it, kind and name."""

    model_config = said_as(NEW_ITEM, {"kind": "referral", "name": "Travel clinic"})

    orderable_key: Key | None = None
    kind: OrderKind | None = None
    name: Name | None = None
    reason: Because | None = None
    instructions: Instructions | None = None
    wanted_on: Day | None = None
    duplicate_reason: Because | None = None


class NewOrder(BaseModel):
    """A draft to go on with; or, with `placed`, an order that is placed at once."""

    model_config = said_as({"patient_id": PATIENT_ID, "items": [NEW_ITEM], "placed": True})

    patient_id: UUID
    encounter_id: UUID | None = None
    priority: OrderPriority = OrderPriority.ROUTINE
    items: Annotated[list[NewOrderItem], Field(max_length=MOST_ITEMS)] = []
    placed: Annotated[bool, Field(strict=True)] = False


class AddItems(BaseModel):
    """What else is to be ordered; what is in the draft already stays as it is."""

    model_config = said_as({"items": [NEW_ITEM]})

    items: Annotated[list[NewOrderItem], Field(min_length=1, max_length=MOST_ITEMS)]


class ItemDetails(BaseModel):
    """What is said about a thing in a draft; what is left out is not said."""

    model_config = said_as({"reason": "Hypertension", "instructions": "Call her first."})

    reason: Because | None = None
    instructions: Instructions | None = None
    wanted_on: Day | None = None
    duplicate_reason: Because | None = None


class PlaceOrder(BaseModel):
    """The version that was seen, and how urgent it is; None: as the draft says."""

    model_config = said_as({"version": 2, "priority": "urgent"})

    version: Version
    priority: OrderPriority | None = None


class OrderMoveReason(BaseModel):
    """Why."""

    model_config = said_as({"reason": "Patient is travelling."})

    reason: Because


class Collected(BaseModel):
    """When it was taken; left out: now."""

    model_config = said_as({}, {"collected_at": "2026-11-30T09:10:00Z"})

    collected_at: Instant | None = None
