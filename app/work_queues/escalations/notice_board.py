"""What somebody was told, and that they have seen it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, tuple_, update

from app import audit
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.work_queues.escalations.errors import NoticeNotFound
from app.work_queues.escalations.models import Escalation, Notice
from app.work_queues.escalations.schemas import NoticeOut, NoticePage
from app.work_queues.items import WorkItem, require_worker

# What nobody has seen comes before what was seen, as if it were told in another age.
AN_AGE = timedelta(days=365_000)
TURN = case((Notice.seen_at.is_(None), Notice.told_at + AN_AGE), else_=Notice.told_at)


async def my_notices(uow: UnitOfWork, page: PageRequest) -> NoticePage:
    """The actor's own, unseen ones first, each part from the latest on."""
    require_worker(uow)
    statement = mine(uow).order_by(TURN.desc(), Notice.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        place = tuple_(TURN, Notice.id)
        statement = statement.where(place < tuple_(page.cursor.at, page.cursor.id))
    rows = (await uow.db.execute(statement)).all()
    found, next_cursor = page_of(rows, page, key=lambda row: Cursor(at=row.turn, id=row.id))
    return NoticePage(
        items=[NoticeOut.model_validate(row) for row in found],
        next_cursor=next_cursor,
        unseen=await count_unseen(uow),
    )


async def count_unseen(uow: UnitOfWork) -> int:
    unseen = select(func.count()).where(Notice.user_id == uow.actor.id, Notice.seen_at.is_(None))
    return (await uow.db.execute(unseen)).scalar_one()


async def see_notice(uow: UnitOfWork, notice_id: UUID) -> NoticeOut:
    """The actor has seen a notice of theirs; the first time counts. Raises `NoticeNotFound`."""
    require_worker(uow)
    own = (Notice.id == notice_id, Notice.user_id == uow.actor.id)
    seen = (
        update(Notice)
        .where(*own)
        .values(seen_at=func.coalesce(Notice.seen_at, uow.now))
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    if (await uow.db.execute(seen)).first() is None:
        raise NoticeNotFound(notice_id=notice_id)
    await audit.record(uow, "notice.see", subject=("notice", notice_id))
    row = (await uow.db.execute(mine(uow).where(*own))).one()
    return NoticeOut.model_validate(row)


def mine(uow: UnitOfWork) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Notice.id,
            Notice.item_id,
            WorkItem.kind,
            WorkItem.type,
            WorkItem.severity,
            WorkItem.status,
            WorkItem.due_at,
            Escalation.cycle,
            Escalation.position,
            Notice.in_place_of,
            Notice.channel,
            Notice.told_at,
            Notice.seen_at,
            TURN.label("turn"),
        )
        .join(WorkItem, WorkItem.id == Notice.item_id)
        .join(Escalation, Escalation.id == Notice.escalation_id)
        .where(Notice.user_id == uow.actor.id)
    )
