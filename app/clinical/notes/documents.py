"""The texts of notes as Mongo keeps them: working copies, signed revisions, signed addenda."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Self
from uuid import UUID

from beanie import Document
from pydantic import BaseModel, ConfigDict

from app.clinical.notes.body import NoteBody, Section, SectionKey, Sentence
from app.clinical.notes.schemas import (
    DoubtfulWord,
    DraftOrigin,
    NoteType,
    SetAside,
    SignatureMeaning,
)


class StoredSection(Section):
    key: SectionKey


class StoredBody(BaseModel):
    """A body with its sections in a row: their keys have dots, which Mongo reads as paths."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sections: tuple[StoredSection, ...]

    @classmethod
    def of(cls, body: NoteBody) -> Self:
        return cls(
            sections=tuple(
                StoredSection(key=key, **dict(section)) for key, section in body.sections.items()
            )
        )

    def as_body(self) -> NoteBody:
        return NoteBody(
            sections={
                section.key: Section(
                    **{name: getattr(section, name) for name in Section.model_fields}
                )
                for section in self.sections
            }
        )


class _Text(Document):
    """What a working copy and a signed revision have in common."""

    model_config = ConfigDict(extra="forbid")

    id: UUID  # type: ignore[assignment]  # ours, so that writing it twice is writing it once
    patient_id: UUID
    body: StoredBody
    origin: DraftOrigin | None
    summary: str | None
    confidence: float | None
    set_aside: SetAside
    doubtful_words: tuple[DoubtfulWord, ...]
    accepted_words: tuple[int, ...]


class WorkingCopy(_Text):
    """The one text of a note that is being typed; its version counts up at each save."""

    version: int
    lifted: tuple[Sentence, ...] = ()  # spoken, taken out of the text, perhaps to be put elsewhere
    updated_at: datetime
    updated_by: UUID

    class Settings:
        name = "note_drafts"


class SignedRevision(_Text):
    """What was signed, whole; nothing in it changes ever again."""

    note_id: UUID
    encounter_id: UUID
    recording_id: UUID | None
    type: NoteType
    revision: int
    reason: str | None
    signed_by: UUID
    signer_name: str
    signed_at: datetime
    meaning: SignatureMeaning
    content_sha256: str
    created_at: datetime

    class Settings:
        name = "note_revisions"


class SignedAddendum(Document):
    """A signed addition to a signed note."""

    model_config = ConfigDict(extra="forbid")

    id: UUID  # type: ignore[assignment]
    note_id: UUID
    patient_id: UUID
    revision: int
    sequence: int
    text: str
    previous_sha256: str | None
    signed_by: UUID
    signer_name: str
    signed_at: datetime
    content_sha256: str
    created_at: datetime

    class Settings:
        name = "note_addenda"


DOCUMENTS: tuple[type[Document], ...] = (WorkingCopy, SignedRevision, SignedAddendum)


def stored(document: Document) -> dict[str, Any]:
    """As Mongo keeps it, under our own id."""
    fields = document.model_dump(exclude={"id", "revision_id"})
    return {"_id": document.id, **bson_ready(fields)}


def bson_ready(value: Any) -> Any:
    """Plain dicts, lists and scalars, which read back exactly as they were written."""
    if isinstance(value, Mapping):
        return {str(key): bson_ready(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [bson_ready(each) for each in value]
    return value.value if isinstance(value, Enum) else value
