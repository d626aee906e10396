"""A summary made of the draft's own sentences, word for word."""

from app.clinical.notes.body import NoteBody, Section, SectionKey, Sentence

_LATER_PLAN = (SectionKey.FOLLOW_UP, SectionKey.EDUCATION)


def summarise(body: NoteBody) -> str:
    """The complaint, the first assessment, the first treatment, the follow-up, or fewer."""
    chosen = [
        _first(body, SectionKey.CHIEF_COMPLAINT, SectionKey.HISTORY_OF_PRESENT_ILLNESS),
        _first(body, SectionKey.DIAGNOSES, SectionKey.CLINICAL_IMPRESSION),
        _first(body, SectionKey.TREATMENT),
        _first(body, *_LATER_PLAN),
    ]
    return " ".join(sentence.text for sentence in chosen if sentence is not None)


def _first(body: NoteBody, *keys: SectionKey) -> Sentence | None:
    """The first sentence of the first of these sections that has one."""
    sections: list[Section] = [body.sections[key] for key in keys]
    return next((section.sentences[0] for section in sections if section.sentences), None)
