"""What notes tell the rest of the house."""

from uuid import UUID

from app.kernel.events import DomainEvent


class NoteSigned(DomainEvent, name="clinical.note_signed.v1"):
    """A revision was signed; the first is number 1, every later one an amendment."""

    note_id: UUID
    encounter_id: UUID
    patient_id: UUID
    revision: int


class WorkingCopyClosed(DomainEvent, name="clinical.note_working_copy_closed.v1"):
    """A working copy was signed or dropped; its text up to this version is needed no more."""

    note_id: UUID
    version: int
