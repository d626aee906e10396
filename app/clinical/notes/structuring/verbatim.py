"""The structurer of last resort: every utterance as it was said, for the doctor to place."""

from app.clinical.notes.body import NoteBody, Section, SectionKey, Sentence
from app.clinical.notes.structuring.assembly import speech_in
from app.clinical.notes.structuring.dictation import Dictation
from app.clinical.notes.structuring.structurer import StructuredNote, confidence_of
from app.clinical.notes.structuring.tokens import tokens_of


class VerbatimStructurer:
    """Obeys nothing and places nothing, so it cannot lose a word."""

    name = "verbatim"
    version = "1"

    def structure(self, dictation: Dictation) -> StructuredNote:
        tokens = tokens_of(dictation)
        sentences: list[Sentence] = []
        said: list[int] = []
        for position, token in enumerate(tokens):
            said.append(position)
            if token.last:
                sentences.append(speech_in(tokens, said, {}))
                said = []
        unplaced = Section(
            text="\n".join(sentence.text for sentence in sentences), sentences=tuple(sentences)
        )
        return StructuredNote(
            body=NoteBody(sections={SectionKey.UNPLACED: unplaced}),
            commands=(),
            retracted=(),
            summary="",
            confidence=confidence_of(tokens),
        )
