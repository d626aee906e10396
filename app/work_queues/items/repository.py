"""Every statement that touches single items."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.infra.uow import UnitOfWork
from app.patients import Patient, visible_patients
from app.work_queues.items.errors import ItemNotFound
from app.work_queues.items.lifecycle import CLAIMABLE, AlertStatus, TaskStatus
from app.work_queues.items.models import WorkItem, WorkItemMove
from app.work_queues.items.reach import Reach
from app.work_queues.items.schemas import ItemKind

IN_TURN = (WorkItem.severity_rank, WorkItem.turn_at, WorkItem.created_at, WorkItem.id)


def visible(uow: UnitOfWork, reach: Reach) -> Select[WorkItem]:
    """What is in somebody's reach, about patients they may see."""
    joined = select(WorkItem).outerjoin(Patient, Patient.id == WorkItem.patient_id)
    seen = or_(WorkItem.patient_id.is_(None), visible_patients(uow))
    return joined.where(reach.filter(), seen)


async def get(
    uow: UnitOfWork,
    reach: Reach,
    item_id: UUID,
    *,
    kind: ItemKind | None = None,
    lock: bool = False,
) -> WorkItem:
    """Raises `ItemNotFound`, of another kind too."""
    statement = visible(uow, reach).where(WorkItem.id == item_id)
    if kind is not None:
        statement = statement.where(WorkItem.kind == kind)
    if lock:
        statement = statement.with_for_update(of=WorkItem, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    item = (await uow.db.execute(statement)).scalar_one_or_none()
    if item is None:
        raise ItemNotFound(item_id=item_id)
    return item


async def insert_or_add(uow: UnitOfWork, row: dict[str, Any]) -> tuple[WorkItem, bool]:
    """Store a new item, or add to the open one of the same cause; whether it is new.

    The unique index over open causes decides, whoever comes at the same time.
    """
    new = insert(WorkItem).values(row)
    stored: Any = new.on_conflict_do_update(
        index_elements=[WorkItem.cause_key],
        index_where=WorkItem.closed_at.is_(None),
        set_={
            "occurrences": WorkItem.occurrences + 1,
            "last_occurred_at": new.excluded.last_occurred_at,
            "version": WorkItem.version + 1,
        },
    ).returning(WorkItem, literal_column("xmax = 0").label("is_new"))
    found = await uow.db.execute(stored, execution_options={"populate_existing": True})
    item, is_new = found.one()
    return item, is_new


async def by_cause(uow: UnitOfWork, cause_key: str) -> WorkItem | None:
    """The open item of a cause, locked."""
    statement = (
        select(WorkItem)
        .where(WorkItem.cause_key == cause_key, WorkItem.closed_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


def taking(which: Any) -> Any:
    """Put one item into the actor's hands: the task is then in progress."""
    started = {
        "holder_id": bindparam("holder"),
        "held_since": bindparam("at"),
        "lease_until": bindparam("until"),
        "version": WorkItem.version + 1,
    }
    status: ColumnElement[str] = literal_column(
        "case work_items.kind when 'task' then 'in-progress' else status end"
    )
    return (
        update(WorkItem)
        .where(which, WorkItem.holder_id.is_(None), WorkItem.status.in_(CLAIMABLE))
        .values(**started, status=status)
        .returning(WorkItem)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


TAKE = taking(WorkItem.id == bindparam("item"))


async def held_by(uow: UnitOfWork, holder_id: UUID) -> Sequence[WorkItem]:
    """What somebody holds, locked, in one order for everybody."""
    statement = (
        select(WorkItem)
        .where(WorkItem.holder_id == holder_id, WorkItem.closed_at.is_(None))
        .order_by(WorkItem.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


def sweepable(*conditions: Any, order: Any, limit: int) -> Select[WorkItem]:
    """Items whose time is up, locked; those somebody is busy with are left for the next round."""
    return (
        select(WorkItem)
        .where(*conditions)
        .order_by(order, WorkItem.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )


async def leases_over(uow: UnitOfWork, limit: int) -> Sequence[WorkItem]:
    """An acknowledgement runs out by itself, so that is left to whoever counts those."""
    over = and_(
        WorkItem.holder_id.is_not(None),
        WorkItem.lease_until <= uow.now,
        WorkItem.status.in_([TaskStatus.IN_PROGRESS, AlertStatus.TRIGGERED]),
    )
    statement = sweepable(over, order=WorkItem.lease_until, limit=limit)
    return (await uow.db.scalars(statement)).all()


async def snoozes_over(uow: UnitOfWork, kind: ItemKind, limit: int) -> Sequence[WorkItem]:
    over = and_(
        WorkItem.kind == kind,
        WorkItem.snoozed_until.is_not(None),
        WorkItem.snoozed_until <= uow.now,
    )
    statement = sweepable(over, order=WorkItem.snoozed_until, limit=limit)
    return (await uow.db.scalars(statement)).all()


async def acknowledgements_over(uow: UnitOfWork, limit: int) -> Sequence[WorkItem]:
    over = and_(WorkItem.status == AlertStatus.ACKNOWLEDGED, WorkItem.acknowledged_until <= uow.now)
    statement = sweepable(over, order=WorkItem.acknowledged_until, limit=limit)
    return (await uow.db.scalars(statement)).all()


async def moves(uow: UnitOfWork, item_id: UUID) -> Sequence[WorkItemMove]:
    """Everything that happened, in order."""
    statement = (
        select(WorkItemMove).where(WorkItemMove.item_id == item_id).order_by(WorkItemMove.seq)
    )
    return (await uow.db.scalars(statement)).all()


async def by_ids(uow: UnitOfWork, reach: Reach, item_ids: Collection[UUID]) -> Sequence[WorkItem]:
    """Those of them in reach, in the order of work."""
    statement = visible(uow, reach).where(WorkItem.id.in_(item_ids)).order_by(*IN_TURN)
    return (await uow.db.scalars(statement)).all()
