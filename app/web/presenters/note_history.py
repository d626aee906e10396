"""How a note came about: the difference between revisions, and its provenance."""

from dataclasses import dataclass
from uuid import UUID

from app.clinical.notes import NoteBody, NoteDiff, Provenance
from app.web.presenters.formats import words
from app.web.presenters.note_pages import Sound
from app.web.presenters.notes import label_of, span
from app.web.presenters.patients import PatientBanner


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
    """`start` and `end` in seconds are what the player plays; None for what was typed."""

    section: str
    text: str
    span: str
    start: float | None
    end: float | None
    origin: str


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ProvenancePage:
    note_id: UUID
    banner: PatientBanner
    sound: Sound | None
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


def provenance_page(
    found: Provenance, *, banner: PatientBanner, body: NoteBody, sound: Sound | None
) -> ProvenancePage:
    texts = {sentence.id: sentence.text for sentence in body.sentences()}
    return ProvenancePage(
        note_id=found.note_id,
        banner=banner,
        sound=sound,
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
                start=source.start,
                end=source.end,
                origin=words(source.origin),
            )
            for source in found.sentences
        ),
    )
