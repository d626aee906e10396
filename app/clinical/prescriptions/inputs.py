"""What is asked of prescriptions over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.clinical.prescriptions.schemas import (
    CONTENT_EXAMPLE,
    FINDING_ID,
    ITEM_ID,
    PATIENT_ID,
    ItemContent,
    Reason,
    Version,
)


def asks(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class BeginPrescription(BaseModel):
    """A draft for a patient, perhaps of a visit, perhaps with medicines at once."""

    model_config = asks({"patient_id": PATIENT_ID, "items": [CONTENT_EXAMPLE]})

    patient_id: UUID
    encounter_id: UUID | None = None
    items: Annotated[list[ItemContent], Field(max_length=20)] = []


class DryCheck(BaseModel):
    """What would be found, of a medicine that nobody has prescribed yet.

    `prescription_id`: the draft it would be added to, whose medicines count as taken too.
    """

    model_config = asks({"patient_id": PATIENT_ID, "item": CONTENT_EXAMPLE})

    patient_id: UUID
    item: ItemContent
    prescription_id: UUID | None = None
    item_id: Annotated[UUID | None, Field(description="The one being changed.")] = None


class GiveReason(BaseModel):
    model_config = asks({"reason": "The cough has begun with it."})

    reason: Reason


class OverrideWarning(BaseModel):
    """Why it is prescribed all the same; the nurse reads it."""

    model_config = asks({"finding_id": FINDING_ID, "reason": "Potassium is measured on Friday."})

    finding_id: UUID
    reason: Reason


class AcknowledgeNotChecked(BaseModel):
    """All that you saw was not checked, by id."""

    model_config = asks({"findings": [FINDING_ID]})

    findings: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class IssuePrescription(BaseModel):
    """The version that was seen. `password`: the signature; not needed just after signing in."""

    model_config = asks({"version": 3, "password": "a long passphrase"})

    version: Version
    password: Annotated[str, Field(min_length=1, max_length=256)] | None = None


class ExamineNote(BaseModel):
    """The note whose plan is to be looked through."""

    model_config = asks({"note_id": "5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11"})

    note_id: UUID


class KeepFavourite(BaseModel):
    """A medicine of yours to keep as a favourite, as it is prescribed there."""

    model_config = asks({"item_id": ITEM_ID})

    item_id: UUID
