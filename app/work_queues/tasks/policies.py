"""Who keeps the templates."""

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.work_queues.rosters import SUPERVISORS, pools_of
from app.work_queues.tasks.errors import MayNotKeepTemplates


async def require_keeper(uow: UnitOfWork) -> None:
    """Administrators, and whoever was named a supervisor."""
    if not (uow.actor.has_any(Role.ADMIN) or SUPERVISORS in await pools_of(uow)):
        raise MayNotKeepTemplates
