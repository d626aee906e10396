"""Who keeps the templates."""

from app.infra.uow import UnitOfWork
from app.work_queues.rosters import plans
from app.work_queues.tasks.errors import MayNotKeepTemplates


async def require_keeper(uow: UnitOfWork) -> None:
    """Administrators and supervisors."""
    if not await plans(uow):
        raise MayNotKeepTemplates
