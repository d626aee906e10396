"""Whose calendar somebody may give an address to."""

from uuid import UUID

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling.calendar_feeds.errors import MayNotKeepFeeds

KEEPERS = (Role.DOCTOR, Role.ADMIN)


def require_keeper(uow: UnitOfWork, practitioner_id: UUID) -> None:
    if uow.actor.has_any(Role.ADMIN):
        return
    if not uow.actor.has_any(Role.DOCTOR) or practitioner_id != uow.actor.id:
        raise MayNotKeepFeeds
