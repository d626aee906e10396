"""What the worker does for the formulary: no site is left without one."""

from app.clinical.formulary import service
from app.infra.uow import Works
from app.kernel.actors import Actor

LOADER = Actor.system("formulary-import")


async def bring_in_starter(works: Works) -> bool:
    """When a worker starts: the release that ships, unless it or a site's own is there."""
    async with works.begin(LOADER) as uow:
        return await service.load_starter(uow) is not None
