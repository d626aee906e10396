"""What doctors call things: their own names, those of the release, and the code each means."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from app.clinical.problems import repository, wording
from app.clinical.problems.code_schemas import CodeOut
from app.clinical.problems.lexicon import SAID, SHORT_FORMS
from app.clinical.problems.models import Icd10Code
from app.infra.uow import UnitOfWork

SHORTEST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for."""

    words: tuple[str, ...]
    phrase: str
    bare: str | None
    said: tuple[str, ...]


def wanted(question: str) -> Wanted:
    words = wording.words_of(question)
    phrase = " ".join(words)
    return Wanted(
        words=tuple(wording.wanted_words(question)),
        phrase=phrase,
        bare=wording.bare_code(question),
        said=said_codes(phrase),
    )


@cache
def said_phrases() -> dict[str, str]:
    """Doctors' own names in plain words, each with its code."""
    found: dict[str, str] = {}
    for code, names in SAID:
        for name in names:
            found.setdefault(wording.phrase_of(name), code)
    return found


@cache
def short_forms() -> dict[str, tuple[str, ...]]:
    return {
        wording.singular(short): tuple(map(wording.singular, meant))
        for short, meant in SHORT_FORMS.items()
    }


def said_codes(phrase: str) -> tuple[str, ...]:
    """Of the very name first, then of names that begin so."""
    if not phrase:
        return ()
    known = said_phrases()
    exact = [known[phrase]] if phrase in known else []
    longer = []
    if len(phrase) >= SHORTEST_BEGINNING:
        longer = [known[name] for name in sorted(known, key=len) if name.startswith(phrase)]
    return tuple(dict.fromkeys([*exact, *longer]))


async def meant_by(uow: UnitOfWork, lines: Collection[str]) -> dict[str, Icd10Code]:
    """The code each short text of one diagnosis means, where its whole words name one."""
    release = await repository.current_release(uow)
    if release is None or not lines:
        return {}
    phrases = {line: wording.phrase_of(line) for line in lines}
    said = {line: said_phrases().get(phrase) for line, phrase in phrases.items()}
    known = await repository.codes(uow, release.id, {code for code in said.values() if code})
    others = {phrases[line] for line, code in said.items() if code not in known} - {""}
    named = await repository.codes_called(uow, release.id, others)
    found = {line: known[code] for line, code in said.items() if code in known}
    for line in phrases.keys() - found.keys():
        called = [code for code in named if phrases[line] in code.phrases]
        if called:
            found[line] = min(called, key=lambda code: (not code.billable, code.weight))
    return found


def shown(code: Icd10Code) -> CodeOut:
    return CodeOut(
        code=code.code,
        description=code.description,
        billable=code.billable,
        parent=code.parent,
        also=list(code.inclusion_terms),
    )
