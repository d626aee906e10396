"""Why a note may refuse."""

from dataclasses import field
from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Texts(TypedDict):
    """The text of some sections by their keys."""

    sections: dict[str, str]


class VersionedTexts(Texts):
    """The text of sections as it stands in one version of a working copy."""

    version: int


class NoteNotFound(NotFound):
    """There is no such note, or you may not see it."""

    note_id: UUID


class RevisionNotFound(NotFound):
    """This note has no signed revision of that number."""

    note_id: UUID
    revision: int


class NotesNotForYourRole(Forbidden):
    """Only doctors and nurses read clinical notes."""


class NotADoctor(Forbidden):
    """Only doctors write, sign and amend notes."""


class NotTheAuthor(Forbidden):
    """Only the author may change or sign this note; you may add an addendum once it is signed."""

    note_id: UUID


class ReauthenticationRequired(Forbidden):
    """Signing needs your password, for it is your signature."""


class NoteChanged(Stale):
    """This note was changed since you read it: both texts are here to be merged.

    The one error that carries text, and to its author alone: saving must lose nothing.
    """

    note_id: UUID
    current: VersionedTexts = field(repr=False)
    yours: Texts = field(repr=False)


class NoteNotOpen(Conflict):
    """This note has no open working copy: it was signed, or entered in error."""

    note_id: UUID
    note_status: str


class NoteNotSigned(Conflict):
    """This note is not signed: addenda and amendments belong to signed notes."""

    note_id: UUID
    note_status: str


class AmendmentOpen(Conflict):
    """An amendment of this note is open: sign it or drop it first."""

    note_id: UUID


class NoAmendmentOpen(Conflict):
    """There is no amendment to drop; a draft that is wrong is entered in error instead."""

    note_id: UUID


class DoubtsOpen(Conflict):
    """Words the recogniser was unsure of, or could not place, are neither accepted nor edited."""

    note_id: UUID
    words: list[int]


class EmptySections(Conflict):
    """Whole parts of the note are empty: fill them or accept that they are."""

    note_id: UUID
    keys: list[str]


class NoteEmpty(Conflict):
    """There is nothing in this note to sign."""

    note_id: UUID


class NoteTooLong(Invalid):
    """A note cannot hold this much text."""

    note_id: UUID


class EncounterIsClosed(Conflict):
    """This encounter was cancelled or entered in error: no note can be added to it."""

    encounter_id: UUID


class NoteDamaged(Conflict):
    """The stored text of this note is not what was signed: it must not be relied on."""

    note_id: UUID
    what: str


class DraftIncomplete(Invalid):
    """The structurer lost, doubled or invented words, so its draft was thrown away."""

    recording_id: UUID
    missing: int
    duplicated: int
    invented: int
