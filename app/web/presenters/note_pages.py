"""The pages of one note: the draft, the signed text, its differences and its provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.clinical.notes import (
    NoteOut,
    NoteStatus,
    RevisionList,
    RevisionOut,
)
from app.web.presenters.formats import State, words
from app.web.presenters.note_rows import STATES, title_of
from app.web.presenters.notes import (
    Addendum,
    Amendment,
    NoteContent,
    NoteGroup,
    Revision,
    Signature,
    WrittenBy,
    addenda,
    content,
    groups_to_edit,
    revisions,
    signature_of,
    written_by,
)
from app.web.presenters.patients import PatientBanner
from app.web.presenters.signals import concept_words


@dataclass(frozen=True, slots=True)
class Sound:
    """What the player needs."""

    recording_id: UUID
    duration_seconds: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What was kept besides the text: none of it is part of the note."""

    summary: str
    confidence: str
    retracted: tuple[str, ...]
    commands: str

    @property
    def is_empty(self) -> bool:
        return not (self.summary or self.retracted or self.commands)


@dataclass(frozen=True, slots=True)
class DraftPage:
    id: UUID
    encounter_id: UUID
    banner: PatientBanner
    title: str
    state: State
    amendment: Amendment | None
    origin: WrittenBy | None
    overview: Overview
    groups: tuple[NoteGroup, ...]
    sound: Sound | None
    signal_words: Mapping[str, Any]
    note: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SignedPage:
    id: UUID
    encounter_id: UUID
    banner: PatientBanner
    title: str
    state: State
    notice: str
    content: NoteContent
    signature: Signature | None
    addenda: tuple[Addendum, ...]
    origin: WrittenBy | None
    sound: Sound | None
    revisions: tuple[Revision, ...]
    shown_revision: int
    can_add: bool
    can_amend: bool
    can_continue: bool


def draft_page(note: NoteOut, *, banner: PatientBanner, sound: Sound | None) -> DraftPage:
    amendment = Amendment(note.revision, note.amendment_reason or "") if note.revision else None
    return DraftPage(
        id=note.id,
        encounter_id=note.encounter_id,
        banner=banner,
        title=title_of(note.type),
        state=State("draft", "amendment") if amendment else STATES[NoteStatus.DRAFT],
        amendment=amendment,
        origin=written_by(note.draft_origin),
        overview=overview(note),
        groups=groups_to_edit(note.body),
        sound=sound,
        signal_words=concept_words(),
        note=note.model_dump(mode="json"),
    )


def overview(note: NoteOut) -> Overview:
    commands = [words(command.kind) for command in note.set_aside.commands]
    return Overview(
        summary=note.summary or "",
        confidence="" if note.confidence is None else f"{note.confidence:.0%}",
        retracted=tuple(sentence.text for sentence in note.set_aside.retracted),
        commands=", ".join(f"“{name}” ({commands.count(name)})" for name in sorted(set(commands))),
    )


def read_page(
    note: NoteOut,
    *,
    banner: PatientBanner,
    sound: Sound | None,
    signed: RevisionList,
    shown: RevisionOut | None,
    is_doctor: bool,
    is_author: bool,
) -> SignedPage:
    """`shown` is the revision to read; None shows what nobody has signed yet."""
    latest = shown is None or shown.revision == note.revision
    is_signed = note.status in (NoteStatus.SIGNED, NoteStatus.AMENDED)
    amending = note.revision > 0 and note.version is not None
    return SignedPage(
        id=note.id,
        encounter_id=note.encounter_id,
        banner=banner,
        title=title_of(note.type),
        state=STATES[note.status],
        notice=notice_of(note, shown),
        content=content(shown.body if shown else note.body),
        signature=signature_of(shown) if shown else None,
        addenda=addenda(note.addenda),
        origin=written_by(note.draft_origin),
        sound=sound,
        revisions=revisions(signed.items),
        shown_revision=shown.revision if shown else 0,
        can_add=is_doctor and is_signed and latest,
        can_amend=is_author and is_signed and latest and not amending,
        can_continue=is_author and amending,
    )


def notice_of(note: NoteOut, shown: RevisionOut | None) -> str:
    if note.status is NoteStatus.ENTERED_IN_ERROR:
        return f"Entered in error: do not rely on this note. Reason: {note.error_reason or ''}"
    if shown is None:
        return f"This is a draft of {note.author.name}; nobody has signed it."
    if shown.revision != note.revision:
        return f"This is revision {shown.revision}; the latest is revision {note.revision}."
    return ""
