"""Who may say when minutes count."""

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.work_queues.calendars import repository
from app.work_queues.calendars.errors import MayNotKeepCalendars


async def require_keeper(uow: UnitOfWork) -> None:
    """Administrators, and whoever was named a supervisor."""
    if not (uow.actor.has_any(Role.ADMIN) or await repository.supervises(uow)):
        raise MayNotKeepCalendars
