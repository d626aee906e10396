"""From a transcript to a SOAP draft, by rules and word lists one can read."""

from app.clinical.notes.structuring.coverage import Coverage, coverage
from app.clinical.notes.structuring.dictation import Dictation, SpokenUtterance, SpokenWord
from app.clinical.notes.structuring.structurer import (
    Command,
    NoteStructurer,
    RuleStructurer,
    StructuredNote,
)
from app.clinical.notes.structuring.verbatim import VerbatimStructurer

__all__ = [
    "Command",
    "Coverage",
    "Dictation",
    "NoteStructurer",
    "RuleStructurer",
    "SpokenUtterance",
    "SpokenWord",
    "StructuredNote",
    "VerbatimStructurer",
    "coverage",
]
