"""The texts of safety plans as Mongo keeps them: working copies and published versions."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from beanie import Document
from pydantic import ConfigDict

from app.crisis.safety_plans.schemas import PlanContent


class PlanWorkingCopy(Document):
    """The one text of a plan that is being typed; its version counts up at each save."""

    model_config = ConfigDict(extra="forbid")

    id: UUID  # type: ignore[assignment]  # of the plan
    patient_id: UUID
    version: int
    content: PlanContent
    updated_at: datetime
    updated_by: UUID

    class Settings:
        name = "safety_plan_drafts"


class PublishedPlan(Document):
    """What was published, whole; nothing in it changes ever again."""

    model_config = ConfigDict(extra="forbid")

    id: UUID  # type: ignore[assignment]  # made from the content
    plan_id: UUID
    patient_id: UUID
    number: int
    content: PlanContent
    content_sha256: str
    published_at: datetime

    class Settings:
        name = "safety_plan_versions"


DOCUMENTS: tuple[type[Document], ...] = (PlanWorkingCopy, PublishedPlan)


def stored(document: Document) -> dict[str, Any]:
    """As Mongo keeps it, under our own id."""
    fields = document.model_dump(exclude={"id", "revision_id", "content"})
    content: PlanContent = document.content
    return {"_id": document.id, **fields, "content": content.model_dump(mode="json")}


def sha256_of(plan_id: UUID, number: int, content: PlanContent) -> str:
    """Over what the plan says and where it stands: JSON with sorted keys, no spaces, UTF-8."""
    told = {"plan": str(plan_id), "number": number, "content": content.model_dump(mode="json")}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
