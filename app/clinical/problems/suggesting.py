"""Diagnoses named in the assessment of a note, offered to its doctor; only a tap lists one.

They follow the text: looked for when a working copy opens, is saved or signed, withdrawn when
their sentence is gone. What was answered stays answered.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from app import audit
from app.clinical import notes
from app.clinical.notes import SectionKey
from app.clinical.problems import policies, reading, repository
from app.clinical.problems.finding import Mention, mentions_in, possible_names
from app.clinical.problems.lifecycle import SuggestionStatus
from app.clinical.problems.models import Icd10Code, Icd10Release, ProblemSuggestion
from app.clinical.problems.naming import said_phrases
from app.clinical.problems.schemas import NewProblem, ProblemOut, Sureness
from app.clinical.problems.service import add_problem
from app.clinical.problems.suggestion_schemas import Certainty, SuggestionList, SuggestionOut
from app.infra.uow import UnitOfWork

NAMESPACE = UUID("0d3f6a41-0c5e-4b0e-9d1a-6f1b2a7c8e90")
ASSESSMENT = (SectionKey.CLINICAL_IMPRESSION, SectionKey.DIAGNOSES)
LONGEST_QUOTE = 500
MOST_BELOW = 100
FACTORS, EXTERNAL_CAUSES = 21, 20
PLAIN = (
    "id",
    "patient_id",
    "encounter_id",
    "note_id",
    "section",
    "sentence_id",
    "quote",
    "found",
    "code",
    "description",
    "certainty",
    "status",
    "problem_id",
    "answered_at",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class Named:
    """A diagnosis and the sentence that names it."""

    section: SectionKey
    sentence: notes.Sentence
    mention: Mention
    code: Icd10Code


async def examine_note(uow: UnitOfWork, note_id: UUID) -> SuggestionList:
    """Look through the text the actor sees. Raises `NoteNotFound`."""
    policies.require_finder(uow)
    note = await notes.get_note(uow, note_id)
    release = await repository.current_release(uow)
    await repository.hold_note(uow, note_id)
    if note.status is notes.NoteStatus.ENTERED_IN_ERROR:
        await settle(uow, note, None, [])
    elif release is not None:
        await settle(uow, note, release, await named_in(uow, release, note.body))
    found = await repository.suggestions_of_note(uow, note_id)
    return await shown(uow, found, searched=release is not None)


async def list_suggestions(uow: UnitOfWork, note_id: UUID) -> SuggestionList:
    """All of a note, whatever became of them. Raises `NoteNotFound`."""
    policies.require_diagnoser(uow)
    await notes.get_note(uow, note_id)
    found = await repository.suggestions_of_note(uow, note_id)
    searched = await repository.current_release(uow) is not None
    return await shown(uow, found, searched=searched)


async def take_suggestion(
    uow: UnitOfWork,
    suggestion_id: UUID,
    *,
    sureness: Sureness | None = None,
    allow_duplicate: bool = False,
) -> ProblemOut:
    """Put it on the list.

    Raises `SuggestionNotFound`, `SuggestionAnswered`, `ProblemAlreadyListed`.
    """
    policies.require_diagnoser(uow)
    suggestion = await repository.suggestion(uow, suggestion_id, lock=True)
    suggestion.require_waiting()
    unsure = suggestion.certainty is Certainty.UNCERTAIN
    usual = Sureness.PROVISIONAL if unsure else Sureness.CONFIRMED
    problem = await add_problem(
        uow,
        NewProblem(
            patient_id=suggestion.patient_id,
            encounter_id=suggestion.encounter_id,
            code=suggestion.code,
            verification_status=sureness or usual,
            allow_duplicate=allow_duplicate,
        ),
    )
    uow.db.add(
        suggestion.answer(
            SuggestionStatus.TAKEN, by=uow.actor.id, at=uow.now, problem_id=problem.id
        )
    )
    await trace(uow, "problem-suggestion.take", suggestion)
    return await reading.described(uow, problem)


async def dismiss_suggestion(uow: UnitOfWork, suggestion_id: UUID) -> SuggestionOut:
    """It is not offered again for this note. Raises `SuggestionNotFound`, `SuggestionAnswered`."""
    policies.require_diagnoser(uow)
    suggestion = await repository.suggestion(uow, suggestion_id, lock=True)
    uow.db.add(suggestion.answer(SuggestionStatus.DISMISSED, by=uow.actor.id, at=uow.now))
    await trace(uow, "problem-suggestion.dismiss", suggestion)
    return (await described(uow, [suggestion]))[0]


async def named_in(uow: UnitOfWork, release: Icd10Release, body: notes.NoteBody) -> list[Named]:
    """Diagnoses of the assessment by their codes, each once, in the order of the note."""
    sentences = [(key, each) for key in ASSESSMENT for each in body.sections[key].sentences]
    texts = [sentence.text for _, sentence in sentences]
    possible = await asyncio.to_thread(lambda: {p for text in texts for p in possible_names(text)})
    known, codes = await codes_of_names(uow, release, possible)
    found: dict[str, Named] = {}
    for key, sentence in sentences:
        for mention in mentions_in(sentence.text, known):
            named = Named(key, sentence, mention, codes[mention.code])
            before = found.get(mention.code)
            if before is None or surer(mention, before.mention):
                found[mention.code] = named
    return list(found.values())


def surer(one: Mention, other: Mention) -> bool:
    return one.certainty is Certainty.AFFIRMED and other.certainty is Certainty.UNCERTAIN


async def codes_of_names(
    uow: UnitOfWork, release: Icd10Release, possible: set[str]
) -> tuple[dict[str, str], dict[str, Icd10Code]]:
    """The code of each name there is, doctors' own names first; and those codes."""
    said = {name: code for name, code in said_phrases().items() if name in possible}
    codes = await repository.codes(uow, release.id, set(said.values()))
    known = {name: code for name, code in said.items() if code in codes}
    for row in sorted(
        await repository.codes_called(uow, release.id, possible),
        key=lambda code: (not code.billable, code.weight, code.code),
    ):
        if row.chapter in (FACTORS, EXTERNAL_CAUSES):
            continue
        for phrase in possible.intersection(row.phrases).difference(known):
            code = row if row.billable else await unspecified(uow, release, row)
            known[phrase] = code.code
            codes[code.code] = code
    return known, codes


async def unspecified(uow: UnitOfWork, release: Icd10Release, heading: Icd10Code) -> Icd10Code:
    """The code below a heading that says no more than the heading, where there is one."""
    below = await repository.codes_beginning(uow, release.id, heading.bare, limit=MOST_BELOW)
    plain = [code for code in below if code.billable and "unspecified" in code.description.lower()]
    return min(plain, key=lambda code: (code.weight, code.code), default=heading)


async def settle(
    uow: UnitOfWork, note: notes.NoteOut, release: Icd10Release | None, found: Sequence[Named]
) -> None:
    """Have exactly these suggestions of a note wait, but for those that were answered."""
    stored = {each.code: each for each in await repository.suggestions_of_note(uow, note.id)}
    wanted = {named.code.code: named for named in found}
    touched = sorted(each.id for code, each in stored.items() if changes(each, wanted.get(code)))
    for suggestion in await repository.locked_suggestions(uow, touched):
        named = wanted.get(suggestion.code)
        if named is None and suggestion.waits:
            uow.db.add(suggestion.move(SuggestionStatus.WITHDRAWN, by=uow.actor.id, at=uow.now))
            await trace(uow, "problem-suggestion.withdraw", suggestion)
        elif named is not None and suggestion.status is SuggestionStatus.WITHDRAWN:
            uow.db.add(suggestion.move(SuggestionStatus.SUGGESTED, by=uow.actor.id, at=uow.now))
            place(suggestion, named)
            await trace(uow, "problem-suggestion.suggest", suggestion)
        elif named is not None and suggestion.waits:
            place(suggestion, named)
    for code, named in wanted.items():
        if code not in stored and release is not None:
            await suggest(uow, note, release, named)


def changes(stored: ProblemSuggestion, named: Named | None) -> bool:
    if named is None:
        return stored.waits
    return stored.status is SuggestionStatus.WITHDRAWN or (
        stored.waits and places(named) != {name: getattr(stored, name) for name in places(named)}
    )


def places(named: Named) -> dict[str, Any]:
    """Where and how the text names it now."""
    return {
        "section": named.section.value,
        "sentence_id": named.sentence.id,
        "quote": named.sentence.text[:LONGEST_QUOTE],
        "found": named.mention.words[:LONGEST_QUOTE],
        "certainty": named.mention.certainty,
    }


def place(suggestion: ProblemSuggestion, named: Named) -> None:
    for name, value in places(named).items():
        setattr(suggestion, name, value)


async def suggest(
    uow: UnitOfWork, note: notes.NoteOut, release: Icd10Release, named: Named
) -> None:
    values = {
        "id": uuid5(NAMESPACE, f"{note.id}:{named.code.code}"),
        "patient_id": note.patient_id,
        "encounter_id": note.encounter_id,
        "note_id": note.id,
        "code": named.code.code,
        "release_id": release.id,
        "description": named.code.description,
        "status": SuggestionStatus.SUGGESTED,
        "created_by": uow.actor.id,
        "created_at": uow.now,
        "updated_at": uow.now,
        **places(named),
    }
    if await repository.add_suggestion_once(uow, values):
        suggestion = ProblemSuggestion(**values)
        uow.db.add(suggestion.moved(None, by=uow.actor.id, at=uow.now))
        await trace(uow, "problem-suggestion.suggest", suggestion)


async def shown(
    uow: UnitOfWork, found: Sequence[ProblemSuggestion], *, searched: bool
) -> SuggestionList:
    return SuggestionList(searched=searched, items=await described(uow, found))


async def described(uow: UnitOfWork, found: Sequence[ProblemSuggestion]) -> list[SuggestionOut]:
    """With what is on the patient's list already."""
    if not found:
        return []
    listed = await repository.listed_with(uow, found[0].patient_id, {each.code for each in found})
    codes = {problem.code for problem in listed}
    releases = await repository.release_names(uow, {each.release_id for each in found})
    return [
        SuggestionOut(
            release=releases[each.release_id],
            listed=each.code in codes,
            **{name: getattr(each, name) for name in PLAIN},
        )
        for each in found
    ]


async def trace(uow: UnitOfWork, action: str, suggestion: ProblemSuggestion) -> None:
    await audit.record(
        uow,
        action,
        patient_id=suggestion.patient_id,
        subject=("problem_suggestion", suggestion.id),
        detail={"certainty": suggestion.certainty},
    )
