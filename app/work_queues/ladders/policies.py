"""Who may say who is told when nobody acts."""

from app.infra.uow import UnitOfWork
from app.work_queues.ladders.errors import MayNotKeepLadders
from app.work_queues.rosters import plans


async def require_keeper(uow: UnitOfWork) -> None:
    """Administrators and supervisors."""
    if not await plans(uow):
        raise MayNotKeepLadders
