"""Looking at problems."""

from collections.abc import Sequence
from uuid import UUID

from app import audit, identity, patients
from app.clinical.problems import naming, policies, repository
from app.clinical.problems.lifecycle import ClinicalStatus, VerificationStatus
from app.clinical.problems.models import Problem
from app.clinical.problems.reading import describe, described
from app.clinical.problems.schemas import (
    CardLine,
    CardLines,
    MoveOut,
    Person,
    ProblemHistory,
    ProblemOut,
)
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

FIRST_PAGE = PageRequest()


async def read_problem(uow: UnitOfWork, problem_id: UUID) -> ProblemOut:
    """Raises `ProblemNotFound`."""
    policies.require_reader(uow)
    problem = await repository.get(uow, problem_id)
    await audit.record(
        uow, "problem.read", patient_id=problem.patient_id, subject=("problem", problem.id)
    )
    return await described(uow, problem)


async def list_problems(
    uow: UnitOfWork,
    patient_id: UUID,
    page: PageRequest = FIRST_PAGE,
    *,
    status: ClinicalStatus | None = None,
) -> tuple[list[ProblemOut], str | None]:
    """Of all records of this person, the one recorded last first; raises `PatientNotFound`."""
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id)
    rows = await repository.page(uow, patient.id, page, status=status)
    found, next_cursor = page_of(rows, page, key=lambda one: Cursor(at=one.recorded_at, id=one.id))
    await seen(uow, patient.id, found)
    return await describe(uow, found), next_cursor


async def problems_of(uow: UnitOfWork, patient_id: UUID) -> list[ProblemOut]:
    """The whole list, for pages that show all of it; raises `PatientNotFound`."""
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id)
    found = await repository.all_of(uow, patient.id)
    await seen(uow, patient.id, found)
    return await describe(uow, found)


async def active_codes(uow: UnitOfWork, patient_id: UUID) -> frozenset[str]:
    """Codes of what goes on and was not refuted; no trace of its own, for verbs that leave one."""
    return frozenset(
        problem.code
        for problem in await repository.all_of(uow, patient_id)
        if problem.code and problem.counts_now
    )


async def history_of(uow: UnitOfWork, problem_id: UUID) -> ProblemHistory:
    """Every change of either state. Raises `ProblemNotFound`."""
    policies.require_reader(uow)
    problem = await repository.get(uow, problem_id)
    rows = await repository.moves(uow, problem.id)
    names = await identity.names_of(uow, {row.moved_by for row in rows})
    await audit.record(
        uow, "problem.history", patient_id=problem.patient_id, subject=("problem", problem.id)
    )
    return ProblemHistory(
        items=[
            MoveOut(
                from_clinical=row.from_clinical,
                to_clinical=row.to_clinical,
                from_verification=row.from_verification,
                to_verification=row.to_verification,
                reason=row.reason,
                moved_by=Person(id=row.moved_by, name=names.get(row.moved_by, "")),
                moved_at=row.moved_at,
            )
            for row in rows
        ]
    )


async def card_lines(uow: UnitOfWork, patient_id: UUID) -> CardLines:
    """The free-text list of problems, line by line, with what each may mean and what it became."""
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id)
    became = {
        problem.written_as: problem.id
        for problem in await repository.all_of(uow, patient.id)
        if problem.verification_status is not VerificationStatus.ENTERED_IN_ERROR
    }
    lines = list(dict.fromkeys(patient.problems or ()))
    meant = await naming.meant_by(uow, [line for line in lines if line not in became])
    items = [
        CardLine(
            line=line,
            problem_id=became.get(line),
            suggestion=naming.shown(meant[line]) if line in meant else None,
        )
        for line in lines
    ]
    await audit.record(uow, "problem.list-card", patient_id=patient.id)
    return CardLines(recorded=patient.problems is not None, items=items)


async def seen(uow: UnitOfWork, patient_id: UUID, found: Sequence[Problem]) -> None:
    detail = {"problems": [str(problem.id) for problem in found]}
    await audit.record(uow, "problem.list", patient_id=patient_id, detail=detail)
