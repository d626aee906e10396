"""Short ways to structure a text and to look at the draft."""

from app.clinical.notes.body import SectionKey, Sentence
from app.clinical.notes.structuring import Dictation, RuleStructurer, StructuredNote, coverage


def draft(*utterances: str) -> StructuredNote:
    """The draft of a dictation; each text is one utterance. Always complete."""
    dictation = Dictation.of_text(*utterances)
    note = RuleStructurer().structure(dictation)
    assert coverage(dictation, note).is_complete
    return note


def texts(note: StructuredNote) -> list[str]:
    """All sentences, in the order in which they were said."""
    said = sorted(note.body.sentences(), key=lambda sentence: sentence.words or (0, 0))
    return [sentence.text for sentence in said]


def sections(note: StructuredNote) -> dict[str, str]:
    """The section of each sentence and heading, by text, without the part's name."""
    return {
        item.text: key.value
        for key, section in note.body.sections.items()
        for item in (*section.headings, *section.sentences)
    }


def only_sentence(note: StructuredNote) -> tuple[SectionKey, Sentence]:
    [found] = [(k, s) for k, section in note.body.sections.items() for s in section.sentences]
    return found
