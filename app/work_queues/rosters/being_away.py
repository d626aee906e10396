"""Being out of office, and who stands in meanwhile."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app import audit
from app.infra.postgres import EXCLUSION_VIOLATION, sqlstate_of
from app.infra.uow import UnitOfWork
from app.work_queues.rosters import repository
from app.work_queues.rosters.belonging import can_receive
from app.work_queues.rosters.errors import AbsencesOverlap, AbsenceUnfit, Fault
from app.work_queues.rosters.models import Absence
from app.work_queues.rosters.policies import require_own_or_planner
from app.work_queues.rosters.schemas import NewAbsence


async def note_absence(uow: UnitOfWork, new: NewAbsence) -> Absence:
    """Somebody is away: oneself, or for supervisors anybody.

    Raises `NotYourAbsence`, `AbsenceUnfit`, `AbsencesOverlap`.
    """
    user_id = new.user_id or uow.actor.id
    await require_own_or_planner(uow, user_id)
    await require_sense(uow, user_id, new)
    absence = Absence(
        user_id=user_id,
        substitute_id=new.substitute_id,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        created_by=uow.actor.id,
        created_at=uow.now,
    )
    try:
        async with uow.db.begin_nested():
            uow.db.add(absence)
    except IntegrityError as error:
        if sqlstate_of(error) != EXCLUSION_VIOLATION:
            raise
        raise AbsencesOverlap(
            user_id=user_id, starts_at=new.starts_at, ends_at=new.ends_at
        ) from error
    await audit.record(uow, "absence.note", subject=("absence", absence.id))
    return absence


async def require_sense(uow: UnitOfWork, user_id: UUID, new: NewAbsence) -> None:
    """Raise `AbsenceUnfit`, naming every field at fault."""
    faults = []
    if new.ends_at <= new.starts_at:
        faults.append(fault("ends_at", "It ends before it begins.", "moments_in_order"))
    elif new.ends_at <= uow.now:
        faults.append(fault("ends_at", "That time is over.", "moment_to_come"))
    unknown = "Nobody of the staff with an active account has that id."
    if user_id != uow.actor.id and not await can_receive(uow, user_id):
        faults.append(fault("user_id", unknown, "person_known"))
    if new.substitute_id == user_id:
        faults.append(fault("substitute_id", "Nobody stands in for themselves.", "somebody_else"))
    elif new.substitute_id is not None and not await can_receive(uow, new.substitute_id):
        faults.append(fault("substitute_id", unknown, "person_known"))
    if faults:
        raise AbsenceUnfit(errors=faults)


async def cancel_absence(uow: UnitOfWork, absence_id: UUID) -> Absence:
    """They are there after all, or back early.

    Raises `AbsenceNotFound`, `NotYourAbsence`, `AbsenceCancelled`.
    """
    absence = await repository.absence(uow, absence_id)
    await require_own_or_planner(uow, absence.user_id)
    absence.cancel(by=uow.actor.id, at=uow.now)
    await audit.record(uow, "absence.cancel", subject=("absence", absence.id))
    return absence


def fault(field: str, why: str, rule: str) -> Fault:
    return Fault(at=["body", field], why=why, rule=rule)
