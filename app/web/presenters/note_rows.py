"""Notes as rows of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.clinical.notes import FoundNote, NoteHeader, NoteStatus, WaitingDraft
from app.web.presenters.formats import Moment, State, counted, moment, words

STATES = {
    NoteStatus.DRAFT: State("draft", "draft"),
    NoteStatus.SIGNED: State("ok", "signed"),
    NoteStatus.AMENDED: State("ok", "amended"),
    NoteStatus.ENTERED_IN_ERROR: State("bad", "entered in error"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of an excerpt; `hit` is what was searched for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class NoteRow:
    id: UUID
    patient: str
    title: str
    at: Moment
    author: str
    excerpt: tuple[Piece, ...]
    open: str
    state: State


@dataclass(frozen=True, slots=True)
class NoteSearch:
    q: str
    heading: str
    rows: tuple[NoteRow, ...]
    next_href: str | None


def title_of(kind: str) -> str:
    return "SOAP note" if kind == "soap" else f"{words(kind).capitalize()} note"


def header_row(note: NoteHeader) -> NoteRow:
    amending = (Piece("amendment in progress"),)
    return NoteRow(
        id=note.id,
        patient="",
        title=title_of(note.type),
        at=moment(note.signed_at or note.updated_at),
        author=note.author.name,
        excerpt=amending if note.revision and note.version is not None else (),
        open="",
        state=STATES[note.status],
    )


def waiting_row(draft: WaitingDraft) -> NoteRow:
    return NoteRow(
        id=draft.id,
        patient=draft.patient_name,
        title=title_of(draft.type),
        at=moment(draft.updated_at),
        author="",
        excerpt=(Piece("amendment"),) if draft.revision else (),
        open=open_words(draft.open_words),
        state=STATES[NoteStatus.DRAFT],
    )


def found_row(note: FoundNote, *, with_patient: bool = True) -> NoteRow:
    return NoteRow(
        id=note.id,
        patient=note.patient_name if with_patient else "",
        title=title_of(note.type),
        at=moment(note.date),
        author=note.author.name,
        excerpt=pieces(note.snippet, note.hits),
        open="",
        state=STATES[note.status],
    )


def open_words(number: int) -> str:
    return f"{counted(number, 'word')} to check" if number else ""


def pieces(text: str, hits: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text cut at its hits."""
    found: list[Piece] = []
    at = 0
    for start, end in hits:
        found += [Piece(text[at:start]), Piece(text[start:end], hit=True)]
        at = end
    return tuple(piece for piece in (*found, Piece(text[at:])) if piece.text)
