"""Who keeps the waiting list."""

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling.waiting_list.errors import MayNotKeepWaitingList

KEEPERS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST)


def require_keeper(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*KEEPERS):
        raise MayNotKeepWaitingList
