"""What can be done with a patient's list of problems."""

from datetime import date
from uuid import UUID

from app import audit, patients
from app.clinical import encounters
from app.clinical.problems import policies, reading, repository
from app.clinical.problems.errors import NoReleaseLoaded, ProblemAlreadyListed, ProblemUnfit
from app.clinical.problems.events import ProblemChanged, ProblemMoved, ProblemRecorded
from app.clinical.problems.lifecycle import ClinicalStatus, VerificationStatus
from app.clinical.problems.models import ON_THE_LIST, Problem
from app.clinical.problems.schemas import (
    ChangeProblem,
    Details,
    NewProblem,
    Precision,
    ProblemOut,
    Sureness,
    first_day,
)
from app.infra.uow import UnitOfWork

PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


async def record_problem(uow: UnitOfWork, new: NewProblem) -> ProblemOut:
    """Raises `PatientNotFound`, `EncounterNotFound`, `ProblemUnfit`, `ProblemAlreadyListed`."""
    problem = await add_problem(uow, new)
    await trace(uow, "problem.record", problem)
    return await reading.described(uow, problem)


async def add_problem(uow: UnitOfWork, new: NewProblem) -> Problem:
    """For verbs that record one; their own trace tells of it."""
    policies.require_diagnoser(uow)
    patient = await patients.get_patient(uow, new.patient_id)
    await require_same_patient(uow, new.encounter_id, patient.id)
    clinical = ClinicalStatus(new.clinical_status)
    check_days(uow, new.onset, new.abated_on, clinical)
    await repository.hold_list(uow, patient.id)
    details = await details_of(uow, new)
    if clinical in ON_THE_LIST and not new.allow_duplicate:
        await refuse_duplicate(uow, patient.id, new.code)
    problem = Problem(
        patient_id=patient.id,
        encounter_id=new.encounter_id,
        **details,
        clinical_status=clinical,
        verification_status=VerificationStatus(new.verification_status),
        abated_on=new.abated_on,
        written_as=new.written_as,
        recorded_by=uow.actor.id,
        recorded_at=uow.now,
        updated_at=uow.now,
    )
    uow.db.add(problem)
    await uow.db.flush()
    uow.db.add(problem.begun())
    await uow.publish(
        ProblemRecorded(
            problem_id=problem.id,
            patient_id=problem.patient_id,
            encounter_id=problem.encounter_id,
        )
    )
    return problem


async def change_problem(
    uow: UnitOfWork, problem_id: UUID, told: ChangeProblem, *, version: int
) -> ProblemOut:
    """Change exactly the version that was read. Raises `ProblemStale`, `ProblemAlreadyListed`."""
    policies.require_diagnoser(uow)
    await hold_list_of(uow, problem_id)
    problem = await repository.get(uow, problem_id, lock=True)
    check_days(uow, told.onset, problem.abated_on, problem.clinical_status)
    if problem.counts_now and told.code != problem.code and not told.allow_duplicate:
        await refuse_duplicate(uow, problem.patient_id, told.code)
    details = await details_of(uow, told, before=problem)
    problem.change(details, version=version, at=uow.now)
    await trace(uow, "problem.change", problem)
    await uow.publish(
        ProblemChanged(
            problem_id=problem.id,
            patient_id=problem.patient_id,
            encounter_id=problem.encounter_id,
            version=problem.version,
        )
    )
    return await reading.described(uow, problem)


async def resolve_problem(
    uow: UnitOfWork, problem_id: UUID, *, abated_on: date | None = None, reason: str | None = None
) -> ProblemOut:
    """It is over. Raises `ProblemNotFound`, `IllegalMove`."""
    target, action = ClinicalStatus.RESOLVED, "problem.resolve"
    return await go(uow, problem_id, target, action, reason=reason, abated_on=abated_on)


async def remit_problem(
    uow: UnitOfWork, problem_id: UUID, *, abated_on: date | None = None, reason: str | None = None
) -> ProblemOut:
    """It is in remission: there, but without signs."""
    target, action = ClinicalStatus.REMISSION, "problem.remit"
    return await go(uow, problem_id, target, action, reason=reason, abated_on=abated_on)


async def inactivate_problem(
    uow: UnitOfWork, problem_id: UUID, *, abated_on: date | None = None, reason: str | None = None
) -> ProblemOut:
    """Nobody follows it any more, though nobody says that it is over."""
    target, action = ClinicalStatus.INACTIVE, "problem.inactivate"
    return await go(uow, problem_id, target, action, reason=reason, abated_on=abated_on)


async def reactivate_problem(
    uow: UnitOfWork,
    problem_id: UUID,
    *,
    recurrence: bool = False,
    reason: str | None = None,
    allow_duplicate: bool = False,
) -> ProblemOut:
    """It came back, or had never gone. Raises `ProblemAlreadyListed`, `IllegalMove`."""
    target, action = ClinicalStatus.ACTIVE, "problem.reactivate"
    if recurrence:
        target = ClinicalStatus.RECURRENCE
    return await go(uow, problem_id, target, action, reason=reason, allow_duplicate=allow_duplicate)


async def verify_problem(
    uow: UnitOfWork,
    problem_id: UUID,
    sureness: Sureness,
    *,
    reason: str | None = None,
    allow_duplicate: bool = False,
) -> ProblemOut:
    """It is surer now, or less sure. Raises `ProblemAlreadyListed`, `IllegalMove`."""
    target, action = VerificationStatus(sureness), "problem.verify"
    return await verify(
        uow, problem_id, target, action, reason=reason, allow_duplicate=allow_duplicate
    )


async def refute_problem(uow: UnitOfWork, problem_id: UUID, *, reason: str) -> ProblemOut:
    """The patient does not have it, after all."""
    return await verify(
        uow, problem_id, VerificationStatus.REFUTED, "problem.refute", reason=reason
    )


async def enter_problem_in_error(uow: UnitOfWork, problem_id: UUID, *, reason: str) -> ProblemOut:
    """It should never have been on this list: it stays readable, marked so."""
    target = VerificationStatus.ENTERED_IN_ERROR
    return await verify(uow, problem_id, target, "problem.enter-in-error", reason=reason)


async def go(
    uow: UnitOfWork,
    problem_id: UUID,
    target: ClinicalStatus,
    action: str,
    *,
    reason: str | None,
    abated_on: date | None = None,
    allow_duplicate: bool = False,
) -> ProblemOut:
    policies.require_diagnoser(uow)
    await hold_list_of(uow, problem_id)
    problem = await repository.get(uow, problem_id, lock=True)
    problem.require_changeable()
    counted = problem.counts_now
    check_days(uow, reading.onset_of(problem), abated_on, target)
    uow.db.add(problem.go(target, by=uow.actor.id, at=uow.now, reason=reason, abated_on=abated_on))
    if problem.counts_now and not counted and not allow_duplicate:
        await refuse_duplicate(uow, problem.patient_id, problem.code, beside=problem.id)
    return await moved(uow, problem, action)


async def verify(
    uow: UnitOfWork,
    problem_id: UUID,
    target: VerificationStatus,
    action: str,
    *,
    reason: str | None,
    allow_duplicate: bool = False,
) -> ProblemOut:
    policies.require_diagnoser(uow)
    await hold_list_of(uow, problem_id)
    problem = await repository.get(uow, problem_id, lock=True)
    counted = problem.counts_now
    uow.db.add(problem.verify(target, by=uow.actor.id, at=uow.now, reason=reason))
    if problem.counts_now and not counted and not allow_duplicate:
        await refuse_duplicate(uow, problem.patient_id, problem.code, beside=problem.id)
    return await moved(uow, problem, action)


async def moved(uow: UnitOfWork, problem: Problem, action: str) -> ProblemOut:
    await trace(uow, action, problem)
    await uow.publish(
        ProblemMoved(
            problem_id=problem.id,
            patient_id=problem.patient_id,
            encounter_id=problem.encounter_id,
            clinical_status=problem.clinical_status,
            verification_status=problem.verification_status,
        )
    )
    return await reading.described(uow, problem)


async def details_of(
    uow: UnitOfWork, said: Details, *, before: Problem | None = None
) -> dict[str, object]:
    """The columns; a code brings its own description unless other words were chosen.

    A code that stays is of the release it was chosen from, whatever the one that is loaded holds.
    """
    release_id, description = None, said.description
    if said.code is not None:
        stays = before is not None and before.code == said.code
        release_id = before.release_id if before and stays else await loaded_release(uow)
        known = await repository.codes(uow, release_id, [said.code]) if release_id else {}
        if said.code not in known:
            raise unfit("code", "This code is not in the release that is loaded.", "code_known")
        description = description or known[said.code].description
    return {
        "code": said.code,
        "release_id": release_id,
        "description": description,
        "onset_on": first_day(said.onset) if said.onset else None,
        "onset_precision": PRECISIONS[len(said.onset)] if said.onset else None,
        "severity": said.severity,
        "note": said.note,
    }


async def loaded_release(uow: UnitOfWork) -> UUID:
    """Raises `NoReleaseLoaded`."""
    release = await repository.current_release(uow)
    if release is None:
        raise NoReleaseLoaded
    return release.id


async def refuse_duplicate(
    uow: UnitOfWork, patient_id: UUID, code: str | None, *, beside: UUID | None = None
) -> None:
    listed = await repository.listed_with(uow, patient_id, [code] if code else [])
    others = [problem.id for problem in listed if problem.id != beside]
    if others:
        raise ProblemAlreadyListed(problem_ids=others)


async def hold_list_of(uow: UnitOfWork, problem_id: UUID) -> None:
    """The list is held before the row, in every verb: nobody waits for one another."""
    problem = await repository.get(uow, problem_id)
    patient = await patients.get_patient(uow, problem.patient_id)
    await repository.hold_list(uow, patient.id)


async def require_same_patient(
    uow: UnitOfWork, encounter_id: UUID | None, patient_id: UUID
) -> None:
    if encounter_id is None:
        return
    encounter = await encounters.get_encounter(uow, encounter_id)
    whose = await patients.get_patient(uow, encounter.patient_id)
    if whose.id != patient_id:
        raise unfit("encounter_id", "That encounter is with somebody else.", "encounter_of_patient")


def check_days(
    uow: UnitOfWork, onset: str | None, abated_on: date | None, status: ClinicalStatus
) -> None:
    """It begins before it ends, neither in the future, and what goes on has not ended."""
    begins = first_day(onset) if onset else None
    if begins is not None and begins > uow.today:
        raise unfit("onset", "It cannot begin in the future.", "onset_not_in_future")
    if abated_on is None:
        return
    if status in ON_THE_LIST:
        raise unfit("abated_on", "What is still there has not ended.", "abated_when_over")
    if abated_on > uow.today:
        raise unfit("abated_on", "It cannot have ended in the future.", "abated_not_in_future")
    if begins is not None and abated_on < begins:
        raise unfit("abated_on", "It cannot end before it begins.", "abated_after_onset")


def unfit(field: str, why: str, rule: str) -> ProblemUnfit:
    return ProblemUnfit(errors=[{"at": ["body", field], "why": why, "rule": rule}])


async def trace(uow: UnitOfWork, action: str, problem: Problem) -> None:
    await audit.record(
        uow,
        action,
        patient_id=problem.patient_id,
        subject=("problem", problem.id),
        detail={
            "clinical": problem.clinical_status,
            "verification": problem.verification_status,
            "version": problem.version,
        },
    )
