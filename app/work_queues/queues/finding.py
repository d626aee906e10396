"""Where the rows of a page stand: a few steps along an index for each queue and severity.

Whoever works three pools of twenty thousand items wants the first of each severity of each pool,
merged. So each part is found by itself, at most a page of it, and what there is behind costs
nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Select,
    Uuid,
    and_,
    case,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union,
)

from app.infra.uow import UnitOfWork
from app.patients import Patient, records_of, visible_patients
from app.work_queues.items import Reach, Severity, WorkItem
from app.work_queues.ladders import WorkType
from app.work_queues.queues.places import PageOfQueue, Place
from app.work_queues.queues.schemas import Due, QueueFilter, QueueState
from app.work_queues.rosters import Pool

Part = Select[*tuple[Any, ...]]
RANK = {severity: rank for rank, severity in enumerate(Severity)}
LATELY = timedelta(days=1)
HOUR = timedelta(hours=1)
ALWAYS: ColumnElement[datetime] = literal_column("timestamptz '-infinity'", DateTime(timezone=True))
CALLED: ColumnElement[bool] = literal_column("(work_items.called <> '{}')", Boolean)
# Written out, so that the planner knows the partial indexes by it whatever was prepared before.
STATES: dict[QueueState | None, str] = {
    None: "work_items.closed_at is null",
    QueueState.WAITING: "work_items.holder_id is null"
    " and work_items.status in ('ready', 'triggered') and work_items.closed_at is null",
    QueueState.HELD: "work_items.holder_id is not null and work_items.closed_at is null",
    QueueState.SNOOZED: "work_items.status in ('on-hold', 'snoozed')"
    " and work_items.snoozed_until is not null and work_items.closed_at is null",
    QueueState.BLOCKED: "work_items.status in ('on-hold', 'snoozed')"
    " and work_items.snoozed_until is null and work_items.closed_at is null",
    QueueState.CLOSED: "work_items.closed_at is not null",
}


def places(uow: UnitOfWork, reach: Reach, wanted: QueueFilter, page: PageOfQueue) -> Part:
    """`id`, `rank`, `at` and `created_at` of one row more than a page holds, in order."""
    closed = wanted.state is QueueState.CLOSED
    found = parts(uow, reach, wanted, page)
    every = union(*found).subquery("places")
    order: list[Any] = [every.c.rank, every.c.at, every.c.created_at, every.c.id]
    if closed:
        order = [every.c.at.desc(), every.c.id.desc()]
    return select(every).order_by(*order).limit(page.limit + 1)


def parts(uow: UnitOfWork, reach: Reach, wanted: QueueFilter, page: PageOfQueue) -> list[Part]:
    """The pieces the page is made of; each costs at most a page."""
    if wanted.state is QueueState.CLOSED:
        return [closed_lately(uow, reach, wanted, page)]
    me = reach.actor_id
    ranks = ranks_of(wanted, page)
    fits = fitting(uow, wanted)
    if wanted.patient_id is not None:
        whose = WorkItem.patient_id.in_(records_of(wanted.patient_id))
        everything = [whose, reach.filter(), *fits, *pools_named(wanted), *hands(reach, wanted)]
        return [in_turn(uow, ranks, everything, page)]
    found: list[Part] = []
    if not wanted.mine:
        found.append(in_pools(uow, reach, wanted, page))
    if wanted.mine or not (reach.everything or wanted.pool):
        theirs = [WorkItem.assignee_id == me, WorkItem.holder_id == me]
        if not wanted.mine:
            theirs += [WorkItem.created_by == me, and_(CALLED, WorkItem.called.contains([me]))]
        named = pools_named(wanted)
        found += [in_turn(uow, ranks, [each, *fits, *named], page) for each in theirs]
    return found


def in_pools(uow: UnitOfWork, reach: Reach, wanted: QueueFilter, page: PageOfQueue) -> Part:
    pools = pools_in(reach, wanted)
    scope = [WorkItem.pool_id == pools.c.id, *fitting(uow, wanted)]
    sources: list[FromClause] = [pools]
    if wanted.kind is not None or wanted.type is not None:
        types = types_of(wanted)
        scope.append(WorkItem.type == types.c.code)
        sources.append(types)
    return in_turn(uow, ranks_of(wanted, page), scope, page, sources)


def in_turn(
    uow: UnitOfWork,
    ranks: list[int],
    scope: Sequence[ColumnElement[bool]],
    page: PageOfQueue,
    sources: Sequence[FromClause] = (),
) -> Part:
    """The first of each severity, from each combination of the sources."""
    rank = listed_ranks(ranks)
    first = (
        select(
            WorkItem.id,
            WorkItem.severity_rank.label("rank"),
            WorkItem.turn_at.label("at"),
            WorkItem.created_at,
        )
        .outerjoin(Patient, Patient.id == WorkItem.patient_id)
        .where(WorkItem.severity_rank == rank.c.rank, *scope, seen(uow))
        .order_by(WorkItem.turn_at, WorkItem.created_at, WorkItem.id)
        .limit(page.limit + 1)
    )
    if page.after is not None:
        first = first.where(behind(rank.c.rank, page.after))
    found = first.lateral("found")
    joined: Any = rank
    for each in sources:
        joined = joined.join(each, true())
    return select(found).select_from(joined.join(found, true()))


def listed_ranks(ranks: list[int]) -> Any:
    """One row for each severity."""
    listed = func.unnest(literal(ranks, ARRAY(Integer)))
    return listed.table_valued(column("rank", Integer), name="ranks").render_derived()


def behind(rank: ColumnElement[int], after: Place) -> ColumnElement[bool]:
    """Of the severity where the last page ended only what comes after, of the others all."""
    at = case((rank == after.rank, literal(after.at, DateTime(timezone=True))), else_=ALWAYS)
    last = tuple_(at, literal(after.created_at, DateTime(timezone=True)), literal(after.id))
    return tuple_(WorkItem.turn_at, WorkItem.created_at, WorkItem.id) > last


def closed_lately(uow: UnitOfWork, reach: Reach, wanted: QueueFilter, page: PageOfQueue) -> Part:
    """What was closed within a day, the latest first."""
    pools = pools_in(reach, wanted)
    last = (
        select(
            WorkItem.id,
            WorkItem.severity_rank.label("rank"),
            WorkItem.closed_at.label("at"),
            WorkItem.created_at,
        )
        .outerjoin(Patient, Patient.id == WorkItem.patient_id)
        .where(
            WorkItem.pool_id == pools.c.id,
            WorkItem.closed_at > uow.now - LATELY,
            *fitting(uow, wanted),
            *closed_details(reach, wanted),
            seen(uow),
        )
        .order_by(WorkItem.closed_at.desc(), WorkItem.id.desc())
        .limit(page.limit + 1)
    )
    if page.after is not None:
        before = tuple_(literal(page.after.at, DateTime(timezone=True)), literal(page.after.id))
        last = last.where(tuple_(WorkItem.closed_at, WorkItem.id) < before)
    found = last.lateral("found")
    return select(found).select_from(pools.join(found, true()))


def closed_details(reach: Reach, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.mine:
        conditions.append(WorkItem.assignee_id == reach.actor_id)
    if wanted.patient_id is not None:
        conditions.append(WorkItem.patient_id.in_(records_of(wanted.patient_id)))
    if wanted.severity:
        conditions.append(WorkItem.severity.in_(wanted.severity))
    return conditions


def fitting(uow: UnitOfWork, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """What is asked of every item, wherever it is found."""
    conditions: list[ColumnElement[bool]] = [literal_column(f"({STATES[wanted.state]})")]
    if wanted.kind is not None:
        conditions.append(WorkItem.kind == wanted.kind)
    if wanted.type is not None:
        conditions.append(WorkItem.type == wanted.type)
    if wanted.due is not None:
        conditions.append(WorkItem.turn_at <= until(uow, wanted.due))
    return conditions


def until(uow: UnitOfWork, due: Due) -> datetime:
    """The end of it; of today it is the next midnight on the clinic's wall."""
    if due is Due.OVERDUE:
        return uow.now
    if due is Due.HOUR:
        return uow.now + HOUR
    tomorrow = uow.today + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), uow.zone)


def hands(reach: Reach, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    mine = or_(WorkItem.assignee_id == reach.actor_id, WorkItem.holder_id == reach.actor_id)
    return [mine] if wanted.mine else []


def pools_named(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    return [WorkItem.pool_id.in_(wanted.pool)] if wanted.pool else []


def pools_in(reach: Reach, wanted: QueueFilter) -> Any:
    """The pools asked for, or all whose queues somebody sees."""
    if reach.everything and not wanted.pool:
        return select(Pool.id).subquery("in_pools")
    ids = sorted(wanted.pool or reach.pools, key=str)
    listed = func.unnest(literal(ids, ARRAY(Uuid)))
    return listed.table_valued(column("id", Uuid), name="in_pools").render_derived()


def types_of(wanted: QueueFilter) -> Any:
    statement = select(WorkType.code)
    if wanted.type is not None:
        statement = statement.where(WorkType.code == wanted.type)
    if wanted.kind is not None:
        statement = statement.where(WorkType.kind == wanted.kind.value)
    return statement.subquery("of_types")


def ranks_of(wanted: QueueFilter, page: PageOfQueue) -> list[int]:
    first = page.after.rank if page.after else 0
    ranks = {RANK[each] for each in wanted.severity} or set(RANK.values())
    return sorted(rank for rank in ranks if rank >= first)


def seen(uow: UnitOfWork) -> ColumnElement[bool]:
    """About nobody, or about a patient one may see."""
    return or_(WorkItem.patient_id.is_(None), visible_patients(uow))
