"""Notices over HTTP."""

from uuid import UUID

from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import api_router
from app.work_queues.escalations import notice_board
from app.work_queues.escalations.schemas import NoticeOut, NoticePage
from app.work_queues.items import WORKERS

router = api_router("/notices", "notices")


@router.get("", dependencies=[allow(*WORKERS)])
async def list_notices(uow: Uow, page: Paging) -> NoticePage:
    """What you were called to because nobody acted: unseen first, then the latest."""
    return await notice_board.my_notices(uow, page)


@router.post("/{notice_id}/sight", status_code=201, dependencies=[allow(*WORKERS)])
async def see_notice(notice_id: UUID, uow: Uow) -> NoticeOut:
    """You have seen this notice; seeing it again changes nothing."""
    return await notice_board.see_notice(uow, notice_id)
