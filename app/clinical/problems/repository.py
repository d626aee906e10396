"""Every statement that touches codes, problems and suggestions."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, insert
from sqlalchemy.orm import undefer

from app.clinical.problems.errors import ProblemNotFound, SuggestionNotFound
from app.clinical.problems.lifecycle import ClinicalStatus
from app.clinical.problems.models import (
    NOT_SO,
    ON_THE_LIST,
    Icd10Code,
    Icd10Release,
    Problem,
    ProblemMove,
    ProblemSuggestion,
)
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import joined_to_patient, records_of, visible_patients

# Nobody else lists a problem of this person meanwhile: a duplicate is told to whoever comes second.
ONE_LIST_AT_A_TIME = text(
    "select pg_advisory_xact_lock(hashtextextended('problems:' || :whose, 0))"
)


async def current_release(uow: UnitOfWork) -> Icd10Release | None:
    statement = select(Icd10Release).where(Icd10Release.superseded_at.is_(None))
    return (await uow.db.scalars(statement)).one_or_none()


async def release_by_fingerprint(uow: UnitOfWork, sha256: str) -> Icd10Release | None:
    statement = select(Icd10Release).where(Icd10Release.sha256 == sha256)
    return (await uow.db.scalars(statement)).one_or_none()


async def release_names(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    statement = select(Icd10Release.id, Icd10Release.name).where(Icd10Release.id.in_(ids))
    return {row[0]: row[1] for row in await uow.db.execute(statement)}


async def names_of_codes(uow: UnitOfWork, release_id: UUID) -> dict[str, str]:
    statement = select(Icd10Code.code, Icd10Code.description).where(
        Icd10Code.release_id == release_id
    )
    return {row[0]: row[1] for row in await uow.db.execute(statement)}


async def codes(uow: UnitOfWork, release_id: UUID, wanted: Collection[str]) -> dict[str, Icd10Code]:
    if not wanted:
        return {}
    statement = select(Icd10Code).where(
        Icd10Code.release_id == release_id, Icd10Code.code.in_(wanted)
    )
    return {row.code: row for row in await uow.db.scalars(statement)}


async def codes_beginning(
    uow: UnitOfWork, release_id: UUID, bare: str, *, limit: int
) -> Sequence[Icd10Code]:
    """In the order of the classification."""
    statement = (
        select(Icd10Code)
        .where(Icd10Code.release_id == release_id, Icd10Code.bare.like(f"{bare}%"))
        .order_by(Icd10Code.bare)
        .limit(limit)
    )
    return (await uow.db.scalars(statement)).all()


async def codes_with_words(
    uow: UnitOfWork, release_id: UUID, query: str, *, limit: int
) -> Sequence[Icd10Code]:
    """With all of these beginnings of words, the most general first."""
    statement = (
        select(Icd10Code)
        .where(
            Icd10Code.release_id == release_id,
            Icd10Code.terms.op("@@")(cast(query, TSQUERY)),
        )
        .order_by(Icd10Code.weight, Icd10Code.code)
        .limit(limit)
    )
    return (await uow.db.scalars(statement)).all()


async def codes_called(
    uow: UnitOfWork, release_id: UUID, phrases: Collection[str]
) -> Sequence[Icd10Code]:
    """Those with one of these whole names, the most general first."""
    if not phrases:
        return []
    statement = (
        select(Icd10Code)
        .options(undefer(Icd10Code.phrases))
        .where(
            Icd10Code.release_id == release_id,
            Icd10Code.phrases.op("&&")(cast(list(phrases), ARRAY(Text))),
        )
        .order_by(Icd10Code.weight, Icd10Code.code)
    )
    return (await uow.db.scalars(statement)).all()


def visible(uow: UnitOfWork) -> Select[Problem]:
    joined = joined_to_patient(select(Problem), Problem.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, problem_id: UUID, *, lock: bool = False) -> Problem:
    statement = visible(uow).where(Problem.id == problem_id)
    if lock:
        statement = statement.with_for_update(of=Problem, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    problem = (await uow.db.execute(statement)).scalar_one_or_none()
    if problem is None:
        raise ProblemNotFound(problem_id=problem_id)
    return problem


async def page(
    uow: UnitOfWork,
    patient_id: UUID,
    request: PageRequest,
    *,
    status: ClinicalStatus | None = None,
) -> Sequence[Problem]:
    """One row more than the page holds, of all records of this person, newest first."""
    statement = visible(uow).where(Problem.patient_id.in_(records_of(patient_id)))
    if status is not None:
        statement = statement.where(Problem.clinical_status == status)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Problem.recorded_at, Problem.id) < tuple_(*last))
    newest_first = (Problem.recorded_at.desc(), Problem.id.desc())
    return (await uow.db.scalars(statement.order_by(*newest_first).limit(request.limit + 1))).all()


async def all_of(uow: UnitOfWork, patient_id: UUID) -> Sequence[Problem]:
    statement = visible(uow).where(Problem.patient_id.in_(records_of(patient_id)))
    ordered = statement.order_by(Problem.recorded_at.desc(), Problem.id.desc())
    return (await uow.db.scalars(ordered)).all()


async def hold_list(uow: UnitOfWork, patient_id: UUID) -> None:
    await uow.db.execute(ONE_LIST_AT_A_TIME, {"whose": str(patient_id)})


async def listed_with(
    uow: UnitOfWork, patient_id: UUID, wanted: Collection[str]
) -> Sequence[Problem]:
    """Problems somebody has now, with one of these codes; of all records of this person."""
    if not wanted:
        return []
    statement = (
        select(Problem)
        .where(Problem.patient_id.in_(records_of(patient_id)), Problem.code.in_(wanted))
        .where(Problem.clinical_status.in_(ON_THE_LIST))
        .where(Problem.verification_status.not_in(NOT_SO))
        .order_by(Problem.recorded_at, Problem.id)
    )
    return (await uow.db.scalars(statement)).all()


async def moves(uow: UnitOfWork, problem_id: UUID) -> Sequence[ProblemMove]:
    statement = select(ProblemMove).where(ProblemMove.problem_id == problem_id)
    return (await uow.db.scalars(statement.order_by(ProblemMove.seq))).all()


async def suggestion(
    uow: UnitOfWork, suggestion_id: UUID, *, lock: bool = False
) -> ProblemSuggestion:
    joined = joined_to_patient(select(ProblemSuggestion), ProblemSuggestion.patient_id)
    statement = joined.where(visible_patients(uow), ProblemSuggestion.id == suggestion_id)
    if lock:
        statement = statement.with_for_update(of=ProblemSuggestion)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise SuggestionNotFound(suggestion_id=suggestion_id)
    return found


async def suggestions_of_note(uow: UnitOfWork, note_id: UUID) -> Sequence[ProblemSuggestion]:
    """All of a note, whatever became of them, as they are now."""
    statement = select(ProblemSuggestion).where(ProblemSuggestion.note_id == note_id)
    statement = statement.execution_options(populate_existing=True)
    ordered = statement.order_by(ProblemSuggestion.created_at, ProblemSuggestion.code)
    return (await uow.db.scalars(ordered)).all()


async def locked_suggestions(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[ProblemSuggestion]:
    """In one order, so that nobody waits for one another."""
    statement = select(ProblemSuggestion).where(ProblemSuggestion.id.in_(ids))
    statement = statement.order_by(ProblemSuggestion.id).with_for_update()
    statement = statement.execution_options(populate_existing=True)
    return (await uow.db.scalars(statement)).all()


async def add_suggestion_once(uow: UnitOfWork, values: dict[str, Any]) -> bool:
    """Insert a suggestion unless it is there already; False when it was."""
    statement = insert(ProblemSuggestion).values(**values).on_conflict_do_nothing()
    returned = await uow.db.execute(statement.returning(ProblemSuggestion.id))
    return returned.scalar_one_or_none() is not None


async def hold_note(uow: UnitOfWork, note_id: UUID) -> None:
    """Two who look through one note at once do so one after the other."""
    key = f"problem_suggestions:{note_id}"
    await uow.db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
