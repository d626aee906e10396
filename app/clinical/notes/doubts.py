"""What has to be looked at before a note is signed. Pure: texts in, open points out."""

from collections.abc import Collection, Iterable
from typing import Protocol

from app.clinical.notes.body import NoteBody, Origin, SectionKey, Sentence, WordRange
from app.clinical.notes.schemas import Doubt, DoubtfulWord, OpenPoints, OpenWord
from app.clinical.notes.structuring import StructuredNote
from app.clinical.notes.structuring.tokens import bare

PARTS = ("subjective", "objective", "assessment", "plan")


class HeardWord(Protocol):
    """A word of a transcript; times are seconds."""

    @property
    def index(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def probability(self) -> float: ...


def doubtful_words(
    words: Iterable[HeardWord], draft: StructuredNote, *, low_confidence: float
) -> tuple[DoubtfulWord, ...]:
    """Words heard with less probability than this, and words that were not placed."""
    commands = within(command.words for command in draft.commands)
    unplaced = draft.body.sections[SectionKey.UNPLACED].sentences
    homeless = within(sentence.words for sentence in unplaced if sentence.words)
    found: list[DoubtfulWord] = []
    for word in words:
        unsure = word.probability < low_confidence
        if word.index in commands or not (unsure or word.index in homeless):
            continue
        found.append(
            DoubtfulWord(
                index=word.index,
                text=word.text,
                start=word.start,
                end=word.end,
                probability=word.probability,
                doubt=Doubt.LOW_CONFIDENCE if unsure else Doubt.UNPLACED,
            )
        )
    return tuple(found)


def within(ranges: Iterable[WordRange]) -> frozenset[int]:
    return frozenset(index for first, last in ranges for index in range(first, last + 1))


def open_points(
    body: NoteBody, doubtful: Iterable[DoubtfulWord], accepted: Collection[int]
) -> OpenPoints:
    """Doubtful words that still stand in the text, and the parts that hold nothing."""
    places = {
        index: (key, sentence)
        for key, section in body.sections.items()
        for sentence in section.sentences
        if sentence.words
        for index in within([sentence.words])
    }
    known = frozenset(accepted)
    words = [
        OpenWord(**dict(word), section=key, sentence_id=sentence.id, accepted=word.index in known)
        for word in doubtful
        if word.index in places
        for key, sentence in [places[word.index]]
        if still_stands(word, key, sentence)
    ]
    return OpenPoints(low_confidence_words=tuple(words), empty_sections=empty_parts(body))


def still_stands(word: DoubtfulWord, key: SectionKey, sentence: Sentence) -> bool:
    """An edited sentence is rid of a word once the word is in it no more."""
    if word.doubt is Doubt.UNPLACED:
        return key is SectionKey.UNPLACED and sentence.origin is Origin.DICTATED
    if sentence.origin is Origin.DICTATED:
        return True
    return bare(word.text) in {bare(each) for each in sentence.text.split()}


def accepted_in(
    doubtful: Iterable[DoubtfulWord], before: Iterable[int], more: Iterable[int]
) -> tuple[int, ...]:
    """Doubtful words accepted so far and now; nothing else can be accepted."""
    return tuple(sorted({word.index for word in doubtful} & {*before, *more}))


def empty_parts(body: NoteBody) -> tuple[str, ...]:
    """The parts of the four in which not one section holds text."""
    filled = {key.partition(".")[0] for key, s in body.sections.items() if s.text.strip()}
    return tuple(part for part in PARTS if part not in filled)


def is_blank(body: NoteBody) -> bool:
    return not any(section.text.strip() for section in body.sections.values())
