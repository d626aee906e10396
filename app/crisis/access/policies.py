"""Who may restrict records, break the glass, and look at who did."""

from app import identity
from app.crisis.access.errors import (
    GlassNeedsPassword,
    MayNotBreakGlass,
    MayNotRestrict,
    MayNotReviewAccess,
)
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.patients import PRIVACY
from app.work_queues import rosters

CLINICIANS = (Role.DOCTOR, Role.NURSE)


async def keeps_privacy(uow: UnitOfWork) -> bool:
    return PRIVACY in await rosters.pools_of(uow)


async def require_keeper(uow: UnitOfWork) -> None:
    if not (uow.actor.has_any(Role.ADMIN) or await keeps_privacy(uow)):
        raise MayNotRestrict


async def require_privacy(uow: UnitOfWork) -> None:
    if not await keeps_privacy(uow):
        raise MayNotReviewAccess


def require_clinician(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*CLINICIANS):
        raise MayNotBreakGlass


async def require_reauthenticated(uow: UnitOfWork, password: str | None) -> None:
    """The glass is broken by a person who has just proved who they are."""
    if password is not None:
        await identity.verify_password(uow, password)
    elif not identity.is_fresh(uow):
        raise GlassNeedsPassword
