"""Every statement that touches the events of the feed.

A row is settled when every transaction up to its own has ended: then nothing can appear before it
any more. Readers go no further than that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TEXT

from app.infra.uow import UnitOfWork
from app.work_queues.feed.positions import Position
from app.work_queues.items import QueueEvent

EVENTS = QueueEvent.__table__.c
ORDER = (EVENTS.written_in, EVENTS.seq)


def transaction(number: ColumnElement[Any]) -> ColumnElement[int]:
    """The number of a transaction as the table has it."""
    return number.cast(TEXT).cast(BigInteger)


# Asked once for each statement, in the very look at the table that the statement takes.
OLDEST_RUNNING = select(
    transaction(func.pg_snapshot_xmin(func.pg_current_snapshot()))
).scalar_subquery()
NEXT_TO_COME = select(
    transaction(func.pg_snapshot_xmax(func.pg_current_snapshot()))
).scalar_subquery()


def at(position: Position) -> Any:
    return tuple_(literal(position.written_in, BigInteger), literal(position.seq, BigInteger))


def of_feed() -> Select[Any]:
    return select(*EVENTS, (EVENTS.written_in < OLDEST_RUNNING).label("settled"))


AFTER = (
    of_feed()
    .where(
        tuple_(*ORDER)
        > tuple_(bindparam("written_in", type_=BigInteger), bindparam("seq", type_=BigInteger))
    )
    .order_by(*ORDER)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Settled rows in their order; `held_back`: there are others that are not settled yet."""

    rows: Sequence[Row[Any]]
    held_back: bool


async def position_now(uow: UnitOfWork) -> Position:
    """Everything before this is settled."""
    return Position((await uow.db.execute(select(OLDEST_RUNNING))).scalar_one(), 0)


async def settled_after(uow: UnitOfWork, position: Position, most: int) -> Found:
    asked = {"written_in": position.written_in, "seq": position.seq, "most": most}
    rows = (await uow.db.execute(AFTER, asked)).all()
    settled = [row for row in rows if row.settled]
    return Found(rows=settled, held_back=len(settled) < len(rows))


async def is_known(uow: UnitOfWork, position: Position) -> bool:
    """Whether everything after this is still there, and it is none that nobody was ever told.

    The sweep leaves the last one of those it could forget: whoever was told as much has missed
    nothing that is gone.
    """
    no_later = select(EVENTS.seq).where(tuple_(*ORDER) <= at(position)).order_by(
        EVENTS.written_in.desc(), EVENTS.seq.desc()
    )  # fmt: skip
    nothing_forgotten = or_(
        no_later.limit(1).exists(),
        exists().where(EVENTS.seq == 1),
        ~select(EVENTS.seq).limit(1).exists(),
    )
    told = literal(position.written_in, BigInteger) <= OLDEST_RUNNING
    return bool((await uow.db.execute(select(told & nothing_forgotten))).scalar_one())


async def count_between(uow: UnitOfWork, after: Position, until: Position, most: int) -> int:
    """How many lie after the one and not after the other; no further than `most` and one."""
    between = (
        select(EVENTS.seq)
        .where(tuple_(*ORDER) > at(after), tuple_(*ORDER) <= at(until))
        .limit(most + 1)
        .subquery()
    )
    return (await uow.db.execute(select(func.count()).select_from(between))).scalar_one()


async def forget_before(uow: UnitOfWork, moment: datetime, most: int) -> int:
    """Delete what is older, but the last of it, some at a time; returns how many.

    Together with that goes what a database brought along from a server on which more
    transactions had been: nobody would be told before as many have been here.
    """
    last_old = (
        select(*ORDER)
        .where(EVENTS.occurred_at < moment)
        .order_by(EVENTS.occurred_at.desc())
        .limit(1)
    )
    last = (await uow.db.execute(last_old)).one_or_none()
    old = EVENTS.written_in > NEXT_TO_COME
    if last is not None:
        old = or_(old, tuple_(*ORDER) < at(Position(*last)))
    some = select(EVENTS.seq).where(old).order_by(*ORDER).limit(most)
    gone = delete(QueueEvent).where(QueueEvent.seq.in_(some)).returning(QueueEvent.seq)
    done = await uow.db.scalars(gone.execution_options(synchronize_session=False))
    return len(done.all())
