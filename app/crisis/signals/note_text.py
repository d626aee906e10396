"""What in the text of a note may mean danger. Pure: a body in, signals to propose out."""

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

from app.clinical.notes import NoteBody, Section, SectionKey, Sentence
from app.crisis.detection import Concept, Mention, find, is_signal, lexicon_version
from app.crisis.signals.proposing import NewSignal
from app.crisis.signals.schemas import SignalSource

WORDS = re.compile(r"[^\W_]+")
CLOSED = (".", "!", "?", ";")
# One question per kind of danger and sentence; of each kind the gravest is named.
KINDS: tuple[tuple[Concept, ...], ...] = (
    (
        Concept.SUICIDAL_BEHAVIOR,
        Concept.SUICIDAL_INTENT,
        Concept.SUICIDE_PLAN,
        Concept.SUICIDAL_IDEATION,
        Concept.WISH_TO_BE_DEAD,
        Concept.SELF_HARM,
        Concept.MEANS,
    ),
    (Concept.VIOLENCE,),
    (Concept.CHILD_ABUSE,),
    (Concept.ELDER_ABUSE,),
)
RANK = {concept: (kind, rank) for kind, row in enumerate(KINDS) for rank, concept in enumerate(row)}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteText:
    """A text of a note, and whose it is."""

    note_id: UUID
    patient_id: UUID
    encounter_id: UUID
    recording_id: UUID | None
    body: NoteBody


def signals_in(text: NoteText) -> list[NewSignal]:
    """Signals in the order of the note, each once."""
    found: dict[str, NewSignal] = {}
    for key, section in text.body.sections.items():
        for index, mentions in mentions_in(key, section).items():
            for mention in gravest_of_each_kind(mentions):
                signal = new_signal(text, key, index, section.sentences[index], mention)
                found.setdefault(signal.dedupe_key, signal)
    return list(found.values())


def mentions_in(key: SectionKey, section: Section) -> dict[int, list[Mention]]:
    """Mentions that are signals, by sentence; read together, for a question has its answer next."""
    whole, ends = "", []
    for sentence in section.sentences:
        closed = sentence.text.rstrip().endswith(CLOSED)
        whole += sentence.text + (" " if closed else "\n")
        ends.append(len(whole))
    found: dict[int, list[Mention]] = {}
    at = 0
    for mention in find(whole, of_relatives=key is SectionKey.FAMILY_HISTORY):
        while mention.start >= ends[at]:
            at += 1
        if is_signal(mention):
            found.setdefault(at, []).append(mention)
    return found


def gravest_of_each_kind(mentions: list[Mention]) -> list[Mention]:
    best: dict[int, Mention] = {}
    for mention in mentions:
        kind, rank = RANK[mention.concept]
        other = best.get(kind)
        graver = (not mention.critical, rank)
        if other is None or graver < (not other.critical, RANK[other.concept][1]):
            best[kind] = mention
    return [best[kind] for kind in sorted(best)]


def new_signal(
    text: NoteText, key: SectionKey, index: int, sentence: Sentence, mention: Mention
) -> NewSignal:
    said = " ".join(WORDS.findall(sentence.text.casefold()))
    digest = hashlib.sha256(said.encode()).hexdigest()[:40]
    kind = RANK[mention.concept][0]
    heard = sentence.start is not None and sentence.end is not None
    return NewSignal(
        dedupe_key=f"note:{text.note_id}:{kind}:{digest}",
        patient_id=text.patient_id,
        encounter_id=text.encounter_id,
        note_id=text.note_id,
        recording_id=text.recording_id,
        concept=mention.concept,
        assertion=mention.assertion,
        critical=mention.critical,
        quote=sentence.text,
        section=key.value,
        sentence_index=index,
        start_ms=milliseconds(sentence.start) if heard else None,
        end_ms=milliseconds(sentence.end) if heard else None,
        source=SignalSource.DICTATION if heard else SignalSource.NOTE,
        rule=mention.rule,
        lexicon_version=lexicon_version(),
    )


def milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
