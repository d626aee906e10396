"""Work that nobody asks for: offers that were not answered in time are closed."""

import structlog

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling.waiting_list import repository
from app.scheduling.waiting_list.answering import close_unanswered

SWEEPER = Actor.system("waiting-list-sweeper")
OFFERS_AT_ONCE = 100

log = structlog.get_logger(__name__)


async def expire_offers(works: Works) -> int:
    """Close offers whose time is up, or whose hold is gone; returns how many."""
    async with works.begin(SWEEPER) as uow:
        due = await repository.unanswered(uow, OFFERS_AT_ONCE)
    closed = 0
    for offer_id in due:
        try:
            async with works.begin(SWEEPER) as uow:
                closed += await close_unanswered(uow, offer_id)
        except Exception as error:  # noqa: BLE001 - one that resists must not keep the rest waiting
            log.warning("offer_left_open", error=type(error).__name__)
    return closed
