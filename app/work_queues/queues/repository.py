"""The statements behind the queues: rows with all they show, counts, views."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    column,
    delete,
    func,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.orm import aliased

from app.identity import User
from app.infra.uow import UnitOfWork
from app.patients import Patient
from app.work_queues.items import Reach, WorkItem, visible
from app.work_queues.queues.finding import RANK, STATES, listed_ranks, pools_in
from app.work_queues.queues.models import QueueView
from app.work_queues.queues.schemas import COUNTED_UP_TO, QueueFilter, QueueState
from app.work_queues.rosters import Pool

Item = aliased(WorkItem, name="item")
Holder, Assignee = aliased(User, name="holder"), aliased(User, name="assignee")
Written, Counting = aliased(Patient, name="written"), aliased(Patient, name="counting")
COMMENTS = table("work_item_comments", column("item_id"))
CHECKLIST = table("task_checklist_items", column("item_id"), column("done_at"))
PLAIN = (
    "id kind type status severity title pool_id assignee_id holder_id held_since lease_until"
    " subject_type subject_id due_at snoozed_until acknowledged_until occurrences last_occurred_at"
    " escalation_level version created_at closed_at"
).split()


def of_item(counted: Any, source: Any) -> Any:
    return select(counted).select_from(source).where(source.c.item_id == Item.id).scalar_subquery()


def shown(uow: UnitOfWork, places: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Everything the rows at these places show, in one statement."""
    place = places.subquery("place")
    name: ColumnElement[str] = Counting.given_name + " " + Counting.family_name
    blocked: ColumnElement[bool] = literal_column(
        "(item.status = 'on-hold' and item.snoozed_until is null)"
    )
    return (
        select(
            *(getattr(Item, each) for each in PLAIN),
            Pool.name.label("pool_name"),
            Holder.full_name.label("holder_name"),
            Assignee.full_name.label("assignee_name"),
            Counting.id.label("patient_id"),
            name.label("patient_name"),
            Counting.mrn.label("patient_mrn"),
            blocked.label("blocked"),
            Item.called.contains([uow.actor.id]).label("called"),
            of_item(func.count(), COMMENTS).label("comments"),
            of_item(func.count(CHECKLIST.c.done_at), CHECKLIST).label("checklist_done"),
            of_item(func.count(), CHECKLIST).label("checklist_total"),
            place.c.rank.label("place_rank"),
            place.c.at.label("place_at"),
        )
        .select_from(place)
        .join(Item, Item.id == place.c.id)
        .join(Pool, Pool.id == Item.pool_id)
        .outerjoin(Holder, Holder.id == Item.holder_id)
        .outerjoin(Assignee, Assignee.id == Item.assignee_id)
        .outerjoin(Written, Written.id == Item.patient_id)
        .outerjoin(Counting, Counting.id == func.coalesce(Written.merged_into, Written.id))
    )


async def page(
    uow: UnitOfWork, places: Select[*tuple[Any, ...]], *, closed: bool
) -> Sequence[RowMapping]:
    statement = shown(uow, places)
    order: list[Any] = [column("place_rank"), column("place_at"), Item.created_at, Item.id]
    if closed:
        order = [column("place_at").desc(), Item.id.desc()]
    return (await uow.db.execute(statement.order_by(*order))).mappings().all()


async def rows_of(
    uow: UnitOfWork, reach: Reach, item_ids: Collection[UUID]
) -> Sequence[RowMapping]:
    """Those of them in reach."""
    found = visible(uow, reach).where(WorkItem.id.in_(item_ids))
    places = found.with_only_columns(
        WorkItem.id, WorkItem.severity_rank.label("rank"), WorkItem.turn_at.label("at")
    )
    return (await uow.db.execute(shown(uow, places))).mappings().all()


async def pool_by_name(uow: UnitOfWork, name: str) -> UUID | None:
    """By id or key."""
    try:
        which = Pool.id == UUID(name)
    except ValueError:
        which = Pool.key == name
    return await uow.db.scalar(select(Pool.id).where(which))


async def known_pools(uow: UnitOfWork, pool_ids: Collection[UUID]) -> set[UUID]:
    return set(await uow.db.scalars(select(Pool.id).where(Pool.id.in_(pool_ids))))


def up_to(*conditions: Any, sources: Any = None) -> Any:
    """How many there are, but no more steps than anybody would read."""
    some: Any = select(literal_column("1").label("one")).select_from(WorkItem).where(*conditions)
    outside = [Pool] if sources is None else [Pool, sources]
    each = some.limit(COUNTED_UP_TO).correlate(*outside).lateral("some")
    if sources is not None:
        each = select(each).select_from(sources.join(each, true()))
        each = each.limit(COUNTED_UP_TO).correlate(Pool).lateral("of_all")
    return select(func.count()).select_from(each).scalar_subquery()


async def count_pools(uow: UnitOfWork, reach: Reach) -> Sequence[RowMapping]:
    """For each pool somebody sees: waiting, held, overdue, critical."""
    listed = pools_in(reach, QueueFilter())
    here = WorkItem.pool_id == Pool.id
    ranks = listed_ranks([*RANK.values()])
    of_rank = [here, WorkItem.severity_rank == ranks.c.rank, in_state(None)]
    statement = (
        select(
            Pool.id.label("pool_id"),
            Pool.key,
            Pool.name,
            up_to(here, in_state(QueueState.WAITING)).label("waiting"),
            up_to(here, in_state(QueueState.HELD)).label("held"),
            up_to(*of_rank, WorkItem.turn_at <= uow.now, sources=ranks).label("overdue"),
            up_to(here, WorkItem.severity_rank == 0, in_state(None)).label("critical"),
        )
        .select_from(Pool)
        .join(listed, listed.c.id == Pool.id)
        .order_by(Pool.name, Pool.id)
    )
    return (await uow.db.execute(statement)).mappings().all()


def in_state(state: QueueState | None) -> Any:
    return literal_column(f"({STATES[state]})")


async def count_mine(uow: UnitOfWork) -> RowMapping:
    """What somebody holds and what waits for them by name; people hold a handful."""
    me = uow.actor.id
    mine = (
        select(WorkItem.id, WorkItem.holder_id, WorkItem.due_at, WorkItem.severity_rank)
        .where(in_state(None))
        .limit(COUNTED_UP_TO)
    )
    held = mine.where(WorkItem.holder_id == me)
    given = mine.where(WorkItem.assignee_id == me)
    each = held.union(given).subquery("mine")
    count = func.count()
    statement = select(
        count.filter(each.c.holder_id == me).label("held"),
        count.filter(each.c.holder_id.is_(None)).label("waiting"),
        count.filter(each.c.due_at <= uow.now).label("overdue"),
        count.filter(each.c.severity_rank == 0).label("critical"),
    )
    return (await uow.db.execute(statement)).mappings().one()


async def views_of(uow: UnitOfWork) -> Sequence[QueueView]:
    statement = (
        select(QueueView)
        .where(QueueView.user_id == uow.actor.id)
        .order_by(QueueView.name, QueueView.id)
    )
    return (await uow.db.scalars(statement)).all()


async def one_at_a_time(uow: UnitOfWork) -> None:
    """Somebody's views are saved one after the other."""
    await uow.db.execute(select(User.id).where(User.id == uow.actor.id).with_for_update())


async def delete_view(uow: UnitOfWork, view_id: UUID) -> bool:
    mine = QueueView.user_id == uow.actor.id
    gone = delete(QueueView).where(QueueView.id == view_id, mine).returning(QueueView.id)
    return (await uow.db.execute(gone)).first() is not None
