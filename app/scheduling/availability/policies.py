"""Who may plan what."""

from uuid import UUID

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling.availability.errors import MayNotPlanAvailability, NotYourHours

PLANNERS = (Role.RECEPTIONIST, Role.ADMIN)
PLANNERS_AND_DOCTORS = (*PLANNERS, Role.DOCTOR)


def require_planner(uow: UnitOfWork) -> None:
    """Rooms, visit types and closings concern everybody: the desk and administrators only."""
    if not uow.actor.has_any(*PLANNERS):
        raise MayNotPlanAvailability


def require_planner_of(uow: UnitOfWork, practitioner_id: UUID) -> None:
    """The desk and administrators for every doctor, doctors for themselves."""
    if uow.actor.has_any(*PLANNERS):
        return
    if not uow.actor.has_any(Role.DOCTOR):
        raise MayNotPlanAvailability
    if uow.actor.id != practitioner_id:
        raise NotYourHours(practitioner_id=practitioner_id)
