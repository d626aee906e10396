"""Who plans, and who may say that somebody is away."""

from uuid import UUID

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.work_queues.rosters.belonging import SUPERVISORS, pools_of
from app.work_queues.rosters.errors import MayNotPlanRosters, NotYourAbsence


async def plans(uow: UnitOfWork) -> bool:
    """Supervisors, administrators among them, and the system's own parts."""
    return uow.actor.has_any(Role.ADMIN, Role.SYSTEM) or SUPERVISORS in await pools_of(uow)


async def require_planner(uow: UnitOfWork) -> None:
    if not await plans(uow):
        raise MayNotPlanRosters


async def require_own_or_planner(uow: UnitOfWork, user_id: UUID) -> None:
    if user_id != uow.actor.id and not await plans(uow):
        raise NotYourAbsence(user_id=user_id)
