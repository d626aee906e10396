"""The proof that nothing was dropped, doubled or invented."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.clinical.notes.body import Heading, Sentence
from app.clinical.notes.structuring.dictation import Dictation

if TYPE_CHECKING:
    from app.clinical.notes.structuring.structurer import StructuredNote

_MARKS = ".,:;?!"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Word indexes in no place or in several, and sentences whose text was not said."""

    missing: tuple[int, ...]
    duplicated: tuple[int, ...]
    invented: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not (self.missing or self.duplicated or self.invented)


def coverage(dictation: Dictation, note: "StructuredNote") -> Coverage:
    """Counts the places of every word.

    A command inside a sentence's range (a spoken comma) is the place of its words; the sentence is
    the place of the rest. A sentence is named by its id, a heading by its text.
    """
    texts = {word.index: word.text for word in dictation.words()}
    commanded = Counter(i for c in note.commands for i in _within(texts, c.words))
    places = Counter(commanded)
    invented: list[str] = []
    sections = note.body.sections.values()
    headings: list[Heading] = [heading for section in sections for heading in section.headings]
    for sentence in (*note.body.sentences(), *note.retracted):
        own = [i for i in _range_of(texts, sentence) if i not in commanded]
        places.update(own)
        if not _says(sentence.text, (texts[i] for i in own)):
            invented.append(sentence.id)
    for heading in headings:
        own = _within(texts, heading.words)
        places.update(own)
        if not _says(heading.text, (texts[i] for i in own)):
            invented.append(heading.text)
    return Coverage(
        missing=tuple(i for i in texts if not places[i]),
        duplicated=tuple(i for i in texts if places[i] > 1),
        invented=tuple(invented),
    )


def _range_of(texts: dict[int, str], sentence: Sentence) -> list[int]:
    return _within(texts, sentence.words) if sentence.words else []


def _within(texts: dict[int, str], words: tuple[int, int]) -> list[int]:
    return [i for i in range(words[0], words[1] + 1) if i in texts]


def _says(written: str, spoken: Iterable[str]) -> bool:
    """The same words in the same order, but for spoken punctuation and a first capital."""
    return _core(written) == _core(" ".join(spoken))


def _core(text: str) -> list[str]:
    words = [word.rstrip(_MARKS) for word in text.split()]
    kept = [word for word in words if word]
    return [kept[0][:1].upper() + kept[0][1:], *kept[1:]] if kept else []
