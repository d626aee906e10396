"""Headers of notes, their signatures and their search terms. The text lives in Mongo."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.notes.errors import AmendmentOpen, NoteNotOpen, NoteNotSigned
from app.clinical.notes.lifecycle import NOTE, NoteStatus
from app.clinical.notes.schemas import NoteType, SignatureMeaning
from app.infra.orm import Model

SIGNED_STATES = frozenset({NoteStatus.SIGNED, NoteStatus.AMENDED})


class Note(Model):
    __tablename__ = "notes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounters.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    recording_id: Mapped[UUID | None] = mapped_column(ForeignKey("recordings.id"), unique=True)
    type: Mapped[NoteType]
    status: Mapped[NoteStatus]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    working_version: Mapped[int | None]
    versions_used: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    amendment_reason: Mapped[str | None]
    transcript_id: Mapped[UUID | None]
    summary_confidence: Mapped[float | None] = mapped_column(Float(53))
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None]
    content_sha256: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def is_open(self) -> bool:
        return self.working_version is not None

    def require_open(self) -> None:
        if not self.is_open:
            raise NoteNotOpen(note_id=self.id, note_status=self.status)

    def require_signed(self) -> None:
        if self.status not in SIGNED_STATES:
            raise NoteNotSigned(note_id=self.id, note_status=self.status)

    def saved(self, version: int, *, at: datetime) -> None:
        """Point at the version of the working copy that Mongo now holds."""
        self.require_open()
        self.working_version = version
        self.versions_used = max(self.versions_used, version)
        self.updated_at = at

    def sign(self, *, by: UUID, at: datetime, version: int, content_sha256: str) -> "NoteMove":
        """Freeze the working copy as the next revision."""
        self.saved(version, at=at)
        move = self._move(NoteStatus.AMENDED if self.revision else NoteStatus.SIGNED, by=by, at=at)
        self.revision += 1
        self.signed_by, self.signed_at, self.content_sha256 = by, at, content_sha256
        self.close()
        return move

    def open_amendment(self, reason: str, *, at: datetime) -> None:
        self.require_signed()
        if self.is_open:
            raise AmendmentOpen(note_id=self.id)
        self.amendment_reason = reason
        self.working_version = self.next_version
        self.versions_used = self.next_version
        self.updated_at = at

    @property
    def next_version(self) -> int:
        """The version at which a reopened working copy starts: no page has seen it before."""
        return self.versions_used + 1

    def close(self) -> None:
        self.working_version = None
        self.amendment_reason = None

    def enter_in_error(self, *, by: UUID, at: datetime, reason: str) -> "NoteMove":
        if self.revision and self.is_open:
            raise AmendmentOpen(note_id=self.id)
        move = self._move(NoteStatus.ENTERED_IN_ERROR, by=by, at=at, reason=reason)
        self.close()
        return move

    def _move(
        self, target: NoteStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "NoteMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = NOTE.check(before, target)
        self.updated_at = at
        return NoteMove(
            note_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class NoteRevision(Model):
    """A signature. The database refuses every change."""

    __tablename__ = "note_revisions"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(unique=True)
    reason: Mapped[str | None]
    content_sha256: Mapped[str]
    recording_sha256: Mapped[str | None]
    transcript_sha256: Mapped[str | None]
    previous_sha256: Mapped[str | None]
    chain_sha256: Mapped[str]
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    signer_name: Mapped[str]
    signed_at: Mapped[datetime]
    meaning: Mapped[SignatureMeaning]


class NoteAddendum(Model):
    """A signed addition. The database refuses every change."""

    __tablename__ = "note_addenda"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(unique=True)
    revision: Mapped[int]
    content_sha256: Mapped[str]
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    signer_name: Mapped[str]
    signed_at: Mapped[datetime]


class NoteMove(Model):
    """One change of state, for the record."""

    __tablename__ = "note_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    from_status: Mapped[NoteStatus | None]
    to_status: Mapped[NoteStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class NoteSearch(Model):
    """A projection: what a note is found by. Can be dropped and rebuilt."""

    __tablename__ = "note_search"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    sorted_at: Mapped[datetime]
    terms: Mapped[str] = mapped_column(TSVECTOR)
