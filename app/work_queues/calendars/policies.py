"""Who may say when minutes count."""

from app.infra.uow import UnitOfWork
from app.work_queues.calendars.errors import MayNotKeepCalendars
from app.work_queues.rosters import plans


async def require_keeper(uow: UnitOfWork) -> None:
    """Administrators and supervisors."""
    if not await plans(uow):
        raise MayNotKeepCalendars
