"""The life of a note: drafted, signed, then only ever amended."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class NoteStatus(StrEnum):
    """In FHIR's composition-status: preliminary, final, amended, entered-in-error."""

    DRAFT = "draft"
    SIGNED = "signed"
    AMENDED = "amended"
    ENTERED_IN_ERROR = "entered-in-error"


NOTE = Lifecycle(
    "note",
    {
        NoteStatus.DRAFT: {NoteStatus.SIGNED, NoteStatus.ENTERED_IN_ERROR},
        NoteStatus.SIGNED: {NoteStatus.AMENDED, NoteStatus.ENTERED_IN_ERROR},
        NoteStatus.AMENDED: {NoteStatus.AMENDED, NoteStatus.ENTERED_IN_ERROR},
        NoteStatus.ENTERED_IN_ERROR: set(),
    },
)
