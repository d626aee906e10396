"""The pages of one note: the draft, the signed text, its differences and its provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.clinical.notes import (
    NoteBody,
    NoteDiff,
    NoteOut,
    NoteStatus,
    Provenance,
    RevisionHeader,
    RevisionList,
    RevisionOut,
)
from app.web.presenters.formats import State, day_and_time, words
from app.web.presenters.notes import (
    STATES,
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
    label_of,
    revisions,
    signature_of,
    span,
    title_of,
    written_by,
)
from app.web.presenters.patients import PatientBanner


@dataclass(frozen=True, slots=True)
class Sound:
    """What the player needs."""

    recording_id: UUID
    duration_seconds: float | None


@dataclass(frozen=True, slots=True)
class DraftPage:
    id: UUID
    encounter_id: UUID
    banner: PatientBanner
    title: str
    state: State
    amendment: Amendment | None
    origin: WrittenBy | None
    summary: str
    groups: tuple[NoteGroup, ...]
    sound: Sound | None
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


@dataclass(frozen=True, slots=True)
class DiffPage:
    note_id: UUID
    banner: PatientBanner
    from_revision: int
    to_revision: int
    changes: tuple["ChangeRow", ...]
    sections: tuple["DiffSection", ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change that may matter clinically, said first."""

    section: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DiffPart:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class DiffSection:
    label: str
    parts: tuple[DiffPart, ...]


@dataclass(frozen=True, slots=True)
class ChainLink:
    kind: str
    title: str
    verdict: str
    stored: str
    computed: str


@dataclass(frozen=True, slots=True)
class SentenceRow:
    section: str
    text: str
    span: str
    origin: str


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ProvenancePage:
    note_id: UUID
    banner: PatientBanner
    verdict: Verdict
    links: tuple[ChainLink, ...]
    sentences: tuple[SentenceRow, ...]


KINDS = {
    "dose": "Number or dose",
    "negation": "Yes or no",
    "side": "Left or right",
    "text": "Wording",
}
LINKS = {
    "recording": "Recording",
    "transcript": "Transcript",
    "content": "Text of revision",
    "chain": "Chain up to revision",
    "header": "Latest revision",
    "addendum": "Addendum",
}
RESULTS = {
    True: ("ok", "matches"),
    False: ("bad", "does not match"),
    None: ("warn", "not checked"),
}
VERDICTS = {
    True: Verdict("ok", "Everything matches: nothing was changed since it was signed."),
    False: Verdict("bad", "Something does not match: do not rely on this note."),
    None: Verdict("warn", "What could be checked matches; something could not be checked."),
}


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
        summary=note.summary or "",
        groups=groups_to_edit(note.body),
        sound=sound,
        note=note.model_dump(mode="json"),
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


def diff_page(
    diff: NoteDiff, *, note_id: UUID, banner: PatientBanner, before: int, after: int
) -> DiffPage:
    return DiffPage(
        note_id=note_id,
        banner=banner,
        from_revision=before,
        to_revision=after,
        changes=tuple(
            ChangeRow(label_of(one.section), KINDS[one.kind], one.before, one.after)
            for one in diff.changes
            if one.kind != "text"
        ),
        sections=tuple(
            DiffSection(
                label_of(section.section),
                tuple(DiffPart(part.operation, part.text) for part in section.parts),
            )
            for section in diff.sections
        ),
    )


def provenance_page(found: Provenance, *, banner: PatientBanner, body: NoteBody) -> ProvenancePage:
    texts = {sentence.id: sentence.text for sentence in body.sentences()}
    return ProvenancePage(
        note_id=found.note_id,
        banner=banner,
        verdict=VERDICTS[found.intact],
        links=tuple(
            ChainLink(
                kind=RESULTS[link.ok][0],
                title=f"{LINKS[link.name]} {link.number or ''}".strip(),
                verdict=RESULTS[link.ok][1],
                stored=link.recorded or "nothing",
                computed=link.computed or "nothing",
            )
            for link in found.links
        ),
        sentences=tuple(
            SentenceRow(
                section=label_of(source.section),
                text=texts.get(source.sentence_id, ""),
                span=span(source.start, source.end),
                origin=words(source.origin),
            )
            for source in found.sentences
        ),
    )


def signed_at_text(at: datetime) -> str:
    return day_and_time(at)


def latest_of(signed: RevisionList) -> RevisionHeader | None:
    return max(signed.items, key=lambda one: one.revision, default=None)
