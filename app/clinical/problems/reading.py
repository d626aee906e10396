"""How problems are put together from their rows."""

from collections.abc import Sequence

from app import identity
from app.clinical.problems import repository
from app.clinical.problems.models import Problem
from app.clinical.problems.schemas import DAY_OF_MONTH, Person, ProblemOut
from app.infra.uow import UnitOfWork

PLAIN = (
    "id",
    "patient_id",
    "encounter_id",
    "code",
    "description",
    "clinical_status",
    "verification_status",
    "abated_on",
    "severity",
    "note",
    "written_as",
    "version",
    "recorded_at",
)


async def describe(uow: UnitOfWork, found: Sequence[Problem]) -> list[ProblemOut]:
    """With the names of those who recorded them and of their releases."""
    names = await identity.names_of(uow, {problem.recorded_by for problem in found})
    releases = await repository.release_names(
        uow, {problem.release_id for problem in found if problem.release_id}
    )
    return [
        ProblemOut(
            recorded_by=Person(id=problem.recorded_by, name=names.get(problem.recorded_by, "")),
            release=releases[problem.release_id] if problem.release_id else None,
            onset=onset_of(problem),
            **{name: getattr(problem, name) for name in PLAIN},
        )
        for problem in found
    ]


async def described(uow: UnitOfWork, problem: Problem) -> ProblemOut:
    return (await describe(uow, [problem]))[0]


def onset_of(problem: Problem) -> str | None:
    """As much of the day as is known."""
    if problem.onset_on is None or problem.onset_precision is None:
        return None
    return problem.onset_on.isoformat()[: DAY_OF_MONTH[problem.onset_precision]]
