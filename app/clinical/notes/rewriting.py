"""What the doctor typed, matched with what was dictated, so that sentences keep their sound."""

import hashlib
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from app.clinical.notes.body import Annotation, NoteBody, Origin, Section, SectionKey, Sentence
from app.clinical.notes.structuring import Dictation
from app.clinical.notes.structuring.assembly import annotate, systems_of, vitals_of
from app.clinical.notes.structuring.sentences import split_sentences
from app.clinical.notes.structuring.tokens import bare, tokens_of

SAME_SENTENCE_RATIO = 0.6
_SENTENCE_ENDS = (".", "?", "!", "\n", '."')


def rewrite_body(body: NoteBody, texts: Mapping[SectionKey, str]) -> NoteBody:
    """The body with the text of some sections replaced; the others stay as they are."""
    sections = {
        key: rewrite_section(key, section, texts[key]) if key in texts else section
        for key, section in body.sections.items()
    }
    return NoteBody(sections=sections)


def rewrite_section(key: SectionKey, section: Section, new_text: str) -> Section:
    """The section with a new text.

    A sentence that reads as before keeps everything. One that shares 60 % of its words or more with
    an old one keeps its id, words and times and counts as edited. Any other counts as typed.
    Vital signs and organ systems are read anew from the new text.
    """
    if new_text == section.text:
        return section
    units = _units(section, new_text)
    standing = {old.id for _, old in units if old is not None}
    left = [old for old in section.sentences if old.id not in standing]
    texts = [text for text, _ in units]
    kept = {at: old for at, (_, old) in enumerate(units) if old is not None}
    kept |= _most_alike(left, {at: text for at, text in enumerate(texts) if at not in kept})
    taken: set[str] = set()
    sentences: list[Sentence] = []
    for at, text in enumerate(texts):
        sentence = _rewritten(kept[at], text) if at in kept else _typed(key, text, taken)
        taken.add(sentence.id)
        sentences.append(sentence)
    return Section(
        text=new_text,
        sentences=tuple(sentences),
        headings=section.headings,
        systems=systems_of(key, sentences),
        vitals=vitals_of(key, sentences),
    )


def _units(section: Section, new_text: str) -> list[tuple[str, Sentence | None]]:
    """The new text cut into the old sentences that still stand in it, and the sentences between."""
    units: list[tuple[str, Sentence | None]] = []
    at = 0
    for sentence in section.sentences:
        found = _find_whole(new_text, sentence.text, at)
        if found is not None:
            units += [(text, None) for text in sentences_in(new_text[at:found])]
            units.append((sentence.text, sentence))
            at = found + len(sentence.text)
    return units + [(text, None) for text in sentences_in(new_text[at:])]


def _find_whole(text: str, sentence: str, since: int) -> int | None:
    """Where the sentence stands as a sentence of its own, not as the beginning of a longer one."""
    at = text.find(sentence, since) if sentence else -1
    while at >= 0:
        before, after = text[since:at].rstrip(" "), text[at + len(sentence) :]
        opens = not before or before.endswith(_SENTENCE_ENDS)
        ends = sentence.endswith(_SENTENCE_ENDS) or not after.lstrip(" ")[:1].islower()
        if opens and ends and (not after or after[0].isspace()):
            return at
        at = text.find(sentence, at + 1)
    return None


def sentences_in(text: str) -> tuple[str, ...]:
    """The sentences of typed text; a line break ends one, spoken commands are only words here."""
    tokens = tokens_of(Dictation.of_text(*text.splitlines()))
    return tuple(
        " ".join(tokens[at].text for at in stretch.positions)
        for stretch in split_sentences(tokens, (), join_pauses=False)
    )


def _most_alike(old: Sequence[Sentence], new: Mapping[int, str]) -> dict[int, Sentence]:
    """Which new sentence continues which old one, the most alike first."""
    candidates = [
        (_likeness(sentence.text, text), -at, -place)
        for at, text in new.items()
        for place, sentence in enumerate(old)
    ]
    matches: dict[int, Sentence] = {}
    free = dict(enumerate(old))
    for likeness, at, place in sorted(candidates, reverse=True):
        if likeness >= SAME_SENTENCE_RATIO and -at not in matches and -place in free:
            matches[-at] = free.pop(-place)
    return matches


def _likeness(old: str, new: str) -> float:
    """The share of words both have in the same order, between 0 and 1."""
    before, after = ([bare(word) for word in text.split()] for text in (old, new))
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= SAME_SENTENCE_RATIO else 0.0


def _rewritten(sentence: Sentence, text: str) -> Sentence:
    if sentence.text == text:
        return sentence
    origin = Origin.TYPED if sentence.origin is Origin.TYPED else Origin.EDITED
    return sentence.model_copy(
        update={"text": text, "origin": origin, "annotations": _annotations(text)}
    )


def _typed(key: SectionKey, text: str, taken: set[str]) -> Sentence:
    digest = hashlib.sha256(f"{key.value}\n{text}".encode()).hexdigest()[:12]
    sentence_id = f"t{digest}"
    count = 1
    while sentence_id in taken:
        count += 1
        sentence_id = f"t{digest}-{count}"
    return Sentence(id=sentence_id, text=text, origin=Origin.TYPED, annotations=_annotations(text))


def _annotations(text: str) -> tuple[Annotation, ...]:
    words = text.split()
    return annotate([bare(word) for word in words], words, None)
