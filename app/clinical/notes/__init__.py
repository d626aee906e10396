"""Clinical notes: drafted from a dictation, corrected, signed, amended."""

from app.clinical.notes.amending import drop_amendment, enter_in_error, open_amendment
from app.clinical.notes.body import NoteBody, Section, SectionKey, Sentence, Vital
from app.clinical.notes.diffing import NoteDiff
from app.clinical.notes.documents import DOCUMENTS
from app.clinical.notes.drafting import (
    begin_note,
    dictation_of,
    draft_from_transcript,
    note_id_of,
)
from app.clinical.notes.errors import (
    AmendmentOpen,
    DoubtsOpen,
    DraftIncomplete,
    EmptySections,
    EncounterIsClosed,
    NoAmendmentOpen,
    NotADoctor,
    NoteChanged,
    NoteDamaged,
    NoteEmpty,
    NoteNotFound,
    NoteNotOpen,
    NoteNotSigned,
    NotesNotForYourRole,
    NoteTooLong,
    NotTheAuthor,
    ReauthenticationRequired,
    RevisionNotFound,
)
from app.clinical.notes.events import (
    NoteEnteredInError,
    NoteSigned,
    WorkingCopyClosed,
    WorkingCopyOpened,
)
from app.clinical.notes.inputs import EnterInError, NewAddendum, NewAmendment, SaveDraft, SignNote
from app.clinical.notes.lifecycle import NOTE, NoteStatus
from app.clinical.notes.models import Note
from app.clinical.notes.projection import rebuild_search
from app.clinical.notes.provenance import Provenance, provenance_of
from app.clinical.notes.reading import (
    diff_revisions,
    drafts_of_author,
    get_note,
    list_notes_of_encounter,
    list_revisions,
    read_revision,
)
from app.clinical.notes.saving import save_draft
from app.clinical.notes.schemas import (
    AddendumOut,
    DraftOrigin,
    EncounterNotes,
    FoundNote,
    FoundNotes,
    NoteHeader,
    NoteOut,
    NoteType,
    OpenPoints,
    RevisionHeader,
    RevisionList,
    RevisionOut,
    WaitingDraft,
    WaitingDrafts,
)
from app.clinical.notes.searching import search_notes
from app.clinical.notes.signing import add_addendum, sign_note
from app.clinical.notes.structuring import NoteStructurer, RuleStructurer
from app.clinical.notes.subscribers import subscribe
from app.clinical.notes.waiting import Unsigned, unsigned, unsigned_before

__all__ = [
    "DOCUMENTS",
    "NOTE",
    "AddendumOut",
    "AmendmentOpen",
    "DoubtsOpen",
    "DraftIncomplete",
    "DraftOrigin",
    "EmptySections",
    "EncounterIsClosed",
    "EncounterNotes",
    "EnterInError",
    "FoundNote",
    "FoundNotes",
    "NewAddendum",
    "NewAmendment",
    "NoAmendmentOpen",
    "NotADoctor",
    "NotTheAuthor",
    "Note",
    "NoteBody",
    "NoteChanged",
    "NoteDamaged",
    "NoteDiff",
    "NoteEmpty",
    "NoteEnteredInError",
    "NoteHeader",
    "NoteNotFound",
    "NoteNotOpen",
    "NoteNotSigned",
    "NoteOut",
    "NoteSigned",
    "NoteStatus",
    "NoteStructurer",
    "NoteTooLong",
    "NoteType",
    "NotesNotForYourRole",
    "OpenPoints",
    "Provenance",
    "ReauthenticationRequired",
    "RevisionHeader",
    "RevisionList",
    "RevisionNotFound",
    "RevisionOut",
    "RuleStructurer",
    "SaveDraft",
    "Section",
    "SectionKey",
    "Sentence",
    "SignNote",
    "Unsigned",
    "Vital",
    "WaitingDraft",
    "WaitingDrafts",
    "WorkingCopyClosed",
    "WorkingCopyOpened",
    "add_addendum",
    "begin_note",
    "dictation_of",
    "diff_revisions",
    "draft_from_transcript",
    "drafts_of_author",
    "drop_amendment",
    "enter_in_error",
    "get_note",
    "list_notes_of_encounter",
    "list_revisions",
    "note_id_of",
    "open_amendment",
    "provenance_of",
    "read_revision",
    "rebuild_search",
    "save_draft",
    "search_notes",
    "sign_note",
    "subscribe",
    "unsigned",
    "unsigned_before",
]
