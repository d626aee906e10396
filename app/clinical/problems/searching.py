"""Finding codes by what doctors type: a code, words in any order, their own names for things."""

from collections.abc import Sequence

from app.clinical.problems import policies, repository, wording
from app.clinical.problems.code_schemas import FoundCodes, ReleaseOut
from app.clinical.problems.errors import NoReleaseLoaded
from app.clinical.problems.models import Icd10Code, Icd10Release
from app.clinical.problems.naming import Wanted, said_phrases, short_forms, shown, wanted
from app.infra.uow import UnitOfWork

LOOKED_AT = 300


async def search_codes(uow: UnitOfWork, question: str, *, limit: int = 20) -> FoundCodes:
    """The best first. Raises `NoReleaseLoaded`: nothing found is not the same as not searched."""
    policies.require_reader(uow)
    release = await require_release(uow)
    found = await best(uow, release, wanted(question), limit) if question.strip() else []
    return FoundCodes(
        release=ReleaseOut.model_validate(release), items=[shown(code) for code in found]
    )


async def require_release(uow: UnitOfWork) -> Icd10Release:
    release = await repository.current_release(uow)
    if release is None:
        raise NoReleaseLoaded
    return release


async def best(
    uow: UnitOfWork, release: Icd10Release, asked: Wanted, limit: int
) -> list[Icd10Code]:
    coded: Sequence[Icd10Code] = ()
    if asked.bare:
        coded = await repository.codes_beginning(uow, release.id, asked.bare, limit=limit)
    said = await repository.codes(uow, release.id, asked.said[:limit])
    named = await repository.codes_called(uow, release.id, [asked.phrase] if asked.phrase else [])
    worded: Sequence[Icd10Code] = ()
    if asked.words:
        query = wording.word_query(asked.words, short_forms())
        worded = await repository.codes_with_words(uow, release.id, query, limit=LOOKED_AT)
    return ranked(asked, coded, [said[code] for code in asked.said if code in said], named, worded)[
        :limit
    ]


def ranked(
    asked: Wanted,
    coded: Sequence[Icd10Code],
    said: Sequence[Icd10Code],
    named: Sequence[Icd10Code],
    worded: Sequence[Icd10Code],
) -> list[Icd10Code]:
    """A code that was typed; then names, doctors' own first; then words, codes before headings."""
    exact = said_phrases().get(asked.phrase)
    first = [code for code in said if code.code == exact]
    by_words = sorted(worded, key=lambda code: rank(asked, code))
    others = [*first, *sorted(named, key=lambda code: code.weight), *said, *by_words]
    in_order = [*by_code(asked, coded), *sorted(others, key=lambda code: not code.billable)]
    return list({code.code: code for code in in_order}.values())


def by_code(asked: Wanted, coded: Sequence[Icd10Code]) -> list[Icd10Code]:
    """What was typed whole first, then what can be billed, in the order of the classification."""
    return sorted(coded, key=lambda code: (code.bare != asked.bare, not code.billable, code.bare))


def rank(asked: Wanted, code: Icd10Code) -> tuple[bool, int, int, str]:
    """Codes before headings; whole words of the name itself before beginnings and other names."""
    title = set(code.title_words)
    missing = sum(
        word not in title and not set(short_forms().get(word, ("",))) <= title
        for word in asked.words
    )
    return (not code.billable, missing, code.weight, code.code)


async def current_release(uow: UnitOfWork) -> ReleaseOut | None:
    """None: no release is loaded."""
    release = await repository.current_release(uow)
    return ReleaseOut.model_validate(release) if release else None
