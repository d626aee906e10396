"""Every statement that touches climbs and notices.

Whoever touches the steps of an item has locked the item before: they are never locked the other
way round.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.identity import User, UserStatus
from app.infra.uow import UnitOfWork
from app.work_queues.escalations.letters import Letter
from app.work_queues.escalations.models import Escalation, EscalationStatus, Notice
from app.work_queues.items import WorkItem


async def plan(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Store the steps of a climb; what is there and has not fired yet is planned anew."""
    new = insert(Escalation).values(rows)
    again = ("status", "due_at", "target", "user_id", "pool_id", "channel", "settled_at")
    statement = new.on_conflict_do_update(
        constraint="uq_escalations_step",
        set_={name: new.excluded[name] for name in again},
        where=Escalation.status != EscalationStatus.FIRED,
    )
    await uow.db.execute(statement, execution_options={"synchronize_session": False})


async def void(uow: UnitOfWork, item_id: UUID, *, below_cycle: int | None = None) -> int:
    """Give up what is planned of an item, or of its earlier climbs only; returns how much."""
    statement = (
        update(Escalation)
        .where(Escalation.item_id == item_id, Escalation.status == EscalationStatus.PLANNED)
        .values(status=EscalationStatus.VOIDED, settled_at=uow.now)
        .returning(Escalation.id)
        .execution_options(synchronize_session=False)
    )
    if below_cycle is not None:
        statement = statement.where(Escalation.cycle < below_cycle)
    return len((await uow.db.scalars(statement)).all())


async def items_due(uow: UnitOfWork, *, without: Collection[UUID], limit: int) -> Sequence[UUID]:
    """Items of which a step is due, the longest overdue first; those put off wait to be woken."""
    statement = (
        select(Escalation.item_id)
        .join(WorkItem, WorkItem.id == Escalation.item_id)
        .where(WorkItem.snoozed_until.is_(None))
        .where(Escalation.status == EscalationStatus.PLANNED, Escalation.due_at <= uow.now)
        .group_by(Escalation.item_id)
        .order_by(func.min(Escalation.due_at), Escalation.item_id)
        .limit(limit)
    )
    if without:
        statement = statement.where(Escalation.item_id.not_in(without))
    return (await uow.db.scalars(statement)).all()


async def lock_item(uow: UnitOfWork, item_id: UUID) -> WorkItem | None:
    """None while somebody else is busy with it."""
    statement = (
        select(WorkItem)
        .where(WorkItem.id == item_id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def planned(uow: UnitOfWork, item_id: UUID) -> Sequence[Escalation]:
    """What is planned of a locked item, from the lowest step up."""
    statement = (
        select(Escalation)
        .where(Escalation.item_id == item_id, Escalation.status == EscalationStatus.PLANNED)
        .order_by(Escalation.cycle, Escalation.position)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def write_notices(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    await uow.db.execute(insert(Notice).values(rows))


async def letter_to_send(uow: UnitOfWork, notice_id: UUID) -> Letter | None:
    """None when it was sent or seen, is of no use any more, or has nowhere to go."""
    statement = (
        select(User.email, WorkItem.kind, WorkItem.severity)
        .select_from(Notice)
        .join(User, User.id == Notice.user_id)
        .join(WorkItem, WorkItem.id == Notice.item_id)
        .where(
            Notice.id == notice_id,
            Notice.mailed_at.is_(None),
            Notice.seen_at.is_(None),
            WorkItem.closed_at.is_(None),
            User.status == UserStatus.ACTIVE,
            User.email.is_not(None),
        )
    )
    row = (await uow.db.execute(statement)).one_or_none()
    if row is None:
        return None
    return Letter(notice_id, row.email, row.kind, row.severity, uow.now)


async def note_mailed(uow: UnitOfWork, notice_id: UUID) -> None:
    mailed = update(Notice).where(Notice.id == notice_id).values(mailed_at=uow.now)
    await uow.db.execute(mailed.execution_options(synchronize_session=False))
