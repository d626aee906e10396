"""Who may decide about reminders."""

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling.reminders.errors import MayNotKeepReminderPreferences

PREFERENCE_KEEPERS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST)


def require_preference_keeper(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*PREFERENCE_KEEPERS):
        raise MayNotKeepReminderPreferences
