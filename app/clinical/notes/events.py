"""What notes tell the rest of the house."""

from dataclasses import dataclass
from uuid import UUID

from app.clinical.notes.body import NoteBody
from app.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutToSign:
    """Somebody is about to sign this text; whoever knows a reason against it refuses."""

    note_id: UUID
    encounter_id: UUID
    patient_id: UUID
    recording_id: UUID | None
    body: NoteBody


class NoteSigned(DomainEvent, name="clinical.note_signed.v1"):
    """A revision was signed; the first is number 1, every later one an amendment."""

    note_id: UUID
    encounter_id: UUID
    patient_id: UUID
    revision: int


class AddendumSigned(DomainEvent, name="clinical.note_addendum_signed.v1"):
    """Something was added to a signed note; the note itself stays as it is."""

    note_id: UUID
    encounter_id: UUID
    patient_id: UUID
    sequence: int


class WorkingCopyOpened(DomainEvent, name="clinical.note_working_copy_opened.v1"):
    """A text waits for its author's signature: a new draft, or an amendment of that revision."""

    note_id: UUID
    encounter_id: UUID
    patient_id: UUID
    author_id: UUID
    revision: int


class NoteEnteredInError(DomainEvent, name="clinical.note_entered_in_error.v1"):
    """A note that should never have been; whatever waited for it waits no longer."""

    note_id: UUID
    encounter_id: UUID
    patient_id: UUID


class WorkingCopyClosed(DomainEvent, name="clinical.note_working_copy_closed.v1"):
    """A working copy was signed or dropped; its text up to this version is needed no more."""

    note_id: UUID
    version: int
