"""The texts of reports as Mongo keeps them: written once, under an id made from their content."""

from datetime import datetime
from uuid import UUID

from beanie import Document
from pydantic import ConfigDict


class ReportText(Document):
    """One version of the text of a report, whole."""

    model_config = ConfigDict(extra="forbid")

    id: UUID  # type: ignore[assignment]  # ours, so that writing it twice is writing it once
    report_id: UUID
    patient_id: UUID
    version: int
    text: str
    origin: str
    written_by: UUID
    written_at: datetime
    content_sha256: str
    created_at: datetime

    class Settings:
        name = "report_texts"


DOCUMENTS: tuple[type[Document], ...] = (ReportText,)
