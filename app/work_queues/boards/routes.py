"""The supervisor's board over HTTP."""

from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import api_router
from app.work_queues import items
from app.work_queues.boards import queries
from app.work_queues.boards.schemas import Board

router = api_router("/boards", "boards")


@router.get("/queues", dependencies=[allow(*items.WORKERS)])
async def read_queue_board(uow: Uow) -> Board:
    """Every queue in numbers, and what will breach within the hour; for supervisors."""
    return await queries.board(uow)
