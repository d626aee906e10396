"""What the doctor typed, matched with what was dictated, so that sentences keep their sound."""

import hashlib
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from app.clinical.notes.body import Annotation, NoteBody, Origin, Section, SectionKey, Sentence
from app.clinical.notes.structuring import Dictation
from app.clinical.notes.structuring.assembly import (
    annotate,
    systems_of,
    vitals_of,
    without_medications,
)
from app.clinical.notes.structuring.sentences import split_sentences
from app.clinical.notes.structuring.tokens import bare, tokens_of

SAME_SENTENCE_RATIO = 0.6
COMPARED_AT_MOST = 20  # old sentences compared with a new one: those that share its rare words
FREQUENT = 200  # sentences holding a word, above which it says nothing about which one is meant
LONGEST_COMPARED_WORDS = 200  # of a longer sentence the words count, not their order
_SENTENCE_ENDS = (".", "?", "!", "\n", '."')


def rewrite_body(body: NoteBody, texts: Mapping[SectionKey, str]) -> NoteBody:
    """The body with the text of some sections replaced; the others stay as they are."""
    sections = {
        key: rewrite_section(key, section, texts[key]) if key in texts else section
        for key, section in body.sections.items()
    }
    return NoteBody(sections=sections)


def rejoin(
    before: NoteBody, after: NoteBody, lifted: Sequence[Sentence] = ()
) -> tuple[NoteBody, tuple[Sentence, ...]]:
    """Give sentences put elsewhere their sound back: cut from one section, pasted into another.

    `lifted` are spoken sentences that earlier saves took out of the text. Returns the body and
    those that are still out, so that their doubts come back together with their words.
    """
    standing = {sentence.id for sentence in after.sentences()}
    spoken = {each.id: each for each in (*lifted, *before.sentences()) if each.words}
    loose = [sentence for sentence in spoken.values() if sentence.id not in standing]
    typed = [each for each in after.sentences() if each.origin is Origin.TYPED and not each.words]
    found = _most_alike(loose, dict(enumerate(each.text for each in typed)))
    back = {typed[at].id: _rewritten(old, typed[at].text) for at, old in found.items()}
    sections = {key: _with_sound(key, section, back) for key, section in after.sections.items()}
    returned = {sentence.id for sentence in back.values()}
    return NoteBody(sections=sections), tuple(each for each in loose if each.id not in returned)


def _with_sound(key: SectionKey, section: Section, back: Mapping[str, Sentence]) -> Section:
    if not any(sentence.id in back for sentence in section.sentences):
        return section
    sentences = [back.get(sentence.id, sentence) for sentence in section.sentences]
    return section.model_copy(
        update={
            "sentences": tuple(sentences),
            "systems": systems_of(key, sentences),
            "vitals": vitals_of(key, sentences),
        }
    )


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
    taken = {old.id for old in kept.values()}
    sentences: list[Sentence] = []
    for at, text in enumerate(texts):
        sentence = _rewritten(kept[at], text) if at in kept else _typed(key, text, taken)
        if key is SectionKey.ALLERGIES:
            sentence = without_medications(sentence)
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
        end = at + len(sentence)
        after = text[end : end + 1]
        if (not after or after.isspace()) and _opens(text, since, at):
            goes_on = text[end:].lstrip(" ")[:1].islower()
            if sentence.endswith(_SENTENCE_ENDS) or not goes_on:
                return at
        at = text.find(sentence, at + 1)
    return None


def _opens(text: str, since: int, at: int) -> bool:
    """Nothing stands before it, or the end of another sentence does."""
    while at > since and text[at - 1] == " ":
        at -= 1
    return at == since or text.endswith(_SENTENCE_ENDS, since, at)


def sentences_in(text: str) -> tuple[str, ...]:
    """The sentences of typed text; a line break ends one, spoken commands are only words here."""
    tokens = tokens_of(Dictation.of_text(*text.splitlines()))
    return tuple(
        " ".join(tokens[at].text for at in stretch.positions)
        for stretch in split_sentences(tokens, (), join_pauses=False)
    )


def _most_alike(old: Sequence[Sentence], new: Mapping[int, str]) -> dict[int, Sentence]:
    """Which new sentence continues which old one, the most alike first."""
    before = [_bare_words(sentence.text) for sentence in old]
    after = {at: _bare_words(text) for at, text in new.items()}
    candidates = [
        (_likeness(before[place], after[at]), -at, -place)
        for at, places in likely_pairs(before, after).items()
        for place in places
    ]
    matches: dict[int, Sentence] = {}
    free = dict(enumerate(old))
    for likeness, at, place in sorted(candidates, reverse=True):
        if likeness >= SAME_SENTENCE_RATIO and -at not in matches and -place in free:
            matches[-at] = free.pop(-place)
    return matches


def likely_pairs(
    before: Sequence[Sequence[str]], after: Mapping[int, Sequence[str]]
) -> dict[int, list[int]]:
    """For each new sentence the old ones worth comparing; rare words weigh more.

    Comparing all with all would take minutes where a long section was typed anew.
    """
    holders: dict[str, list[int]] = {}
    for place, words in enumerate(before):
        for word in set(words):
            holders.setdefault(word, []).append(place)
    pairs: dict[int, list[int]] = {}
    for at, words in after.items():
        shared: dict[int, float] = {}
        for word in set(words) & holders.keys():
            for place in holders[word][:FREQUENT]:
                shared[place] = shared.get(place, 0.0) + 1 / len(holders[word])
        pairs[at] = sorted(shared, key=lambda place: (-shared[place], place))[:COMPARED_AT_MOST]
    return pairs


def _bare_words(text: str) -> list[str]:
    return [bare(word) for word in text.split()]


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    """The share of words both have in the same order, between 0 and 1."""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    by_count = matcher.quick_ratio()
    if by_count < SAME_SENTENCE_RATIO or max(len(before), len(after)) > LONGEST_COMPARED_WORDS:
        return by_count
    return matcher.ratio()


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
