"""The structurer: a dictation goes in, a draft in sections comes out, by rules alone."""

from typing import Protocol

from pydantic import BaseModel, ConfigDict

from app.clinical.notes.body import NoteBody, Sentence, WordRange
from app.clinical.notes.structuring.assembly import Assembly, speech_in
from app.clinical.notes.structuring.commands import CommandKind, find_commands
from app.clinical.notes.structuring.dictation import Dictation
from app.clinical.notes.structuring.sentences import split_sentences
from app.clinical.notes.structuring.summary import summarise
from app.clinical.notes.structuring.tokens import Token, tokens_of


class Command(BaseModel):
    """A spoken command and its words."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: CommandKind
    words: WordRange


class StructuredNote(BaseModel):
    """A draft: its body, what was obeyed, what was taken back, and how sure the recogniser was.

    `confidence` is the mean probability of all words, sum(p) / n, and 0 when nothing was said. It
    says how well the words were heard, not how well they were placed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    body: NoteBody
    commands: tuple[Command, ...]
    retracted: tuple[Sentence, ...]
    summary: str
    confidence: float


class NoteStructurer(Protocol):
    """Turns a dictation into a draft without adding or losing a word."""

    name: str
    version: str

    def structure(self, dictation: Dictation) -> StructuredNote: ...


class RuleStructurer:
    """Headings, cues, word lists; the same dictation always gives the same draft."""

    name = "rules"
    version = "1"

    def structure(self, dictation: Dictation) -> StructuredNote:
        tokens = tokens_of(dictation)
        commands = find_commands(tokens)
        assembly = Assembly(tokens, commands)
        retracted: list[Sentence] = []
        for stretch in split_sentences(tokens, commands):
            if stretch.retracted:
                retracted.append(speech_in(tokens, stretch.positions, stretch.marks))
            else:
                assembly.add(stretch)
        body = assembly.body()
        return StructuredNote(
            body=body,
            commands=tuple(
                Command(kind=c.kind, words=(tokens[c.first].word.index, tokens[c.last].word.index))
                for c in commands
            ),
            retracted=tuple(retracted),
            summary=summarise(body),
            confidence=confidence_of(tokens),
        )


def confidence_of(tokens: tuple[Token, ...]) -> float:
    if not tokens:
        return 0.0
    return round(sum(token.word.probability for token in tokens) / len(tokens), 4)
