"""Puts the spoken sentences together into a note body, section by section."""

from collections.abc import Mapping, Sequence

from app.clinical.notes.body import (
    Annotation,
    Heading,
    MedicationMention,
    NegatedFinding,
    NoteBody,
    Section,
    SectionKey,
    Sentence,
    Vital,
)
from app.clinical.notes.structuring.commands import CommandKind, FoundCommand
from app.clinical.notes.structuring.cues import Evidence, evidence_of
from app.clinical.notes.structuring.headings import FoundHeading, leading_headings
from app.clinical.notes.structuring.medications import find_medications
from app.clinical.notes.structuring.negation import find_negations
from app.clinical.notes.structuring.placement import Placer
from app.clinical.notes.structuring.sentences import Stretch, render
from app.clinical.notes.structuring.tokens import Token, bare
from app.clinical.notes.structuring.vitals import read_vitals


class Assembly:
    """Takes the sentences in the order in which they were spoken and keeps each in its section."""

    def __init__(self, tokens: Sequence[Token], commands: Sequence[FoundCommand]) -> None:
        self._tokens = tokens
        self._before_colons = frozenset(
            command.first - 1 for command in commands if command.kind is CommandKind.COLON
        )
        self._placer = Placer()
        self._drafts = {key: _SectionDraft() for key in SectionKey}
        self._break = ""

    def add(self, stretch: Stretch) -> None:
        """Files the headings a sentence begins with, then the rest of it."""
        tokens = [self._tokens[at] for at in stretch.positions]
        colons = frozenset(
            at for at, position in enumerate(stretch.positions) if position in self._before_colons
        )
        headings = leading_headings(tokens, colons)
        for heading in headings:
            self._open(heading, stretch)
        rest = stretch.positions[headings[-1].last + 1 :] if headings else stretch.positions
        if rest:
            self._place(rest, stretch)

    def body(self) -> NoteBody:
        return NoteBody(sections={key: draft.section(key) for key, draft in self._drafts.items()})

    def _open(self, heading: FoundHeading, stretch: Stretch) -> None:
        positions = stretch.positions[heading.first : heading.last + 1]
        words = (self._tokens[positions[0]].word.index, self._tokens[positions[-1]].word.index)
        text = render(self._tokens, positions, {})
        self._drafts[heading.scope.home].headings.append(Heading(text=text, words=words))
        self._placer.open(heading.scope)

    def _place(self, positions: Sequence[int], stretch: Stretch) -> None:
        sentence = speech_in(self._tokens, positions, stretch.marks)
        words = [self._tokens[at].bare for at in positions]
        evidence = evidence_of(sentence.text, words)
        wordless = not any(character.isalnum() for character in sentence.text)
        if wordless or evidence.is_filler:
            section = SectionKey.UNPLACED
        else:
            section = self._placer.place(sentence.text, evidence)
        if section is SectionKey.ALLERGIES:
            sentence = without_medications(sentence)
        self._drafts[section].add(sentence, stretch.break_before, evidence)


class _SectionDraft:
    """One section while it grows."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self._sentences: list[Sentence] = []
        self._evidence: list[Evidence] = []
        self._text = ""

    def add(self, sentence: Sentence, break_before: str, evidence: Evidence) -> None:
        if self._sentences:
            self._text += break_before or " "
        self._text += sentence.text
        self._sentences.append(sentence)
        self._evidence.append(evidence)

    def section(self, key: SectionKey) -> Section:
        sentences = tuple(self._sentences)
        return Section(
            text=self._text,
            sentences=sentences,
            headings=tuple(self.headings),
            systems=systems_of(key, sentences),
            vitals=vitals_of(key, sentences),
        )


def speech_in(
    tokens: Sequence[Token], positions: Sequence[int], marks: Mapping[int, str]
) -> Sentence:
    """A dictated sentence from its tokens, with its times and what was recognised in it."""
    spoken = [tokens[at] for at in positions]
    first, last = spoken[0].word, spoken[-1].word
    return Sentence(
        id=f"s{first.index}",
        text=render(tokens, positions, marks),
        words=(first.index, last.index),
        start=first.start,
        end=max(token.word.end for token in spoken),
        confidence=round(sum(token.word.probability for token in spoken) / len(spoken), 4),
        annotations=annotate(
            [token.bare for token in spoken],
            [token.text for token in spoken],
            [token.word.index for token in spoken],
        ),
    )


def annotate(
    words: Sequence[str], texts: Sequence[str], indexes: Sequence[int] | None
) -> tuple[Annotation, ...]:
    """Medications taken and findings denied; `indexes` are those of the words, None when typed."""

    def span(first: int, last: int) -> tuple[int, int] | None:
        return (indexes[first], indexes[last]) if indexes is not None else None

    medications = [
        MedicationMention(
            name=m.name,
            dose=m.dose,
            unit=m.unit,
            route=m.route,
            frequency=m.frequency,
            duration=m.duration,
            action=m.action,
            words=span(m.first, m.last),
        )
        for m in find_medications(words)
        if not m.negated
    ]
    negations = [
        NegatedFinding(cue=n.cue, finding=n.finding, words=span(n.first, n.last))
        for n in find_negations(words, texts)
    ]
    return (*medications, *negations)


def without_medications(sentence: Sentence) -> Sentence:
    """As among allergies, where a medication is named because it is not taken."""
    kept = tuple(a for a in sentence.annotations if a.kind != "medication")
    return sentence.model_copy(update={"annotations": kept})


def systems_of(key: SectionKey, sentences: Sequence[Sentence]) -> dict[str, tuple[str, ...]]:
    """The review of systems by organ system; a sentence may speak of several."""
    if key is not SectionKey.REVIEW_OF_SYSTEMS:
        return {}
    systems: dict[str, list[str]] = {}
    for sentence in sentences:
        evidence = evidence_of(sentence.text, [bare(word) for word in sentence.text.split()])
        for system in evidence.systems or ("other",):
            systems.setdefault(system, []).append(sentence.id)
    return {system: tuple(ids) for system, ids in systems.items()}


def vitals_of(key: SectionKey, sentences: Sequence[Sentence]) -> tuple[Vital, ...]:
    """The values of the vital signs section."""
    if key is not SectionKey.VITALS:
        return ()
    return tuple(
        reading.of_sentence(sentence.id)
        for sentence in sentences
        for reading in read_vitals(sentence.text)
    )
