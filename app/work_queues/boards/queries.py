"""The supervisor's board."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from app import audit
from app.infra.uow import UnitOfWork
from app.work_queues.boards import repository
from app.work_queues.boards.errors import MayNotSeeBoard
from app.work_queues.boards.forecasting import OpenItem, Pace, forecast
from app.work_queues.boards.repository import HOURS, LOOKED_AT
from app.work_queues.boards.schemas import (
    Board,
    Forecast,
    HourOfFlow,
    PoolOnBoard,
    SeverityOnBoard,
)
from app.work_queues.items import Severity, reach_of, require_worker
from app.work_queues.rosters import Pool, there_in

PACE_HOURS = 4
Flows = Mapping[UUID, Counter[tuple[str, Severity, int]]]
Grouped = Mapping[UUID, Sequence[RowMapping]]


async def board(uow: UnitOfWork) -> Board:
    """Every queue now, the flow of the last day and what will breach. Raises `MayNotSeeBoard`."""
    require_worker(uow)
    if not (await reach_of(uow)).everything:
        raise MayNotSeeBoard
    pools = await repository.pools(uow)
    ids = [pool.id for pool in pools]
    totals = by_pool(await repository.totals(uow))
    queue = by_pool(await repository.in_turn(uow))
    flows = flow_by_pool(await repository.flow(uow))
    now_there = await there_in(uow, ids, uow.now)
    then = uow.now - timedelta(hours=PACE_HOURS) / 2
    then_there = await there_in(uow, ids, then)
    await audit.record(uow, "board.read")
    shown = [
        PoolOnBoard(
            pool_id=pool.id,
            key=pool.key,
            name=pool.name,
            on_duty=people_in(now_there, pool),
            severities=[severity_of(uow, row) for row in totals[pool.id]],
            flow=hours(uow, flows[pool.id]),
            forecast=forecast_of(
                uow,
                queue[pool.id],
                pace_of(flows[pool.id], people_in(then_there, pool)),
                people_in(now_there, pool),
            ),
        )
        for pool in pools
    ]
    together = sum(flows.values(), Counter[tuple[str, Severity, int]]())
    return Board(at=uow.now, flow=hours(uow, together), pools=shown)


def by_pool(rows: Sequence[RowMapping]) -> Grouped:
    found: defaultdict[UUID, list[RowMapping]] = defaultdict(list)
    for row in rows:
        found[row["pool_id"]].append(row)
    return found


def flow_by_pool(rows: Sequence[RowMapping]) -> Flows:
    found: defaultdict[UUID, Counter[tuple[str, Severity, int]]] = defaultdict(Counter)
    for row in rows:
        found[row["pool_id"]][row["what"], row["severity"], row["hours_ago"]] += row["items"]
    return found


def people_in(there: Mapping[UUID, Sequence[Any]], pool: Pool) -> int:
    """Each once, though they may stand in for somebody as well."""
    return len({stand.user_id for stand in there.get(pool.id, [])})


def severity_of(uow: UnitOfWork, row: RowMapping) -> SeverityOnBoard:
    oldest = (uow.now - row["oldest_at"]).total_seconds()
    return SeverityOnBoard.model_validate(
        {**row, "oldest_seconds": max(int(oldest), 0)}, extra="ignore"
    )


def hours(uow: UnitOfWork, flow: Counter[tuple[str, Severity, int]]) -> list[HourOfFlow]:
    """All hours of the last day, the earliest first, also those in which nothing happened."""
    sums: Counter[tuple[str, int]] = Counter()
    for (what, _, ago), items in flow.items():
        sums[what, ago] += items
    return [
        HourOfFlow(
            starts_at=uow.now - timedelta(hours=ago + 1),
            arrived=sums["arrived", ago],
            finished=sums["finished", ago],
        )
        for ago in reversed(range(HOURS))
    ]


def pace_of(flow: Counter[tuple[str, Severity, int]], people: int) -> Pace:
    lately = {key: items for key, items in flow.items() if key[2] < PACE_HOURS}
    arrived: Counter[Severity] = Counter()
    finished = 0
    for (what, severity, _), items in lately.items():
        if what == "arrived":
            arrived[severity] += items
        else:
            finished += items
    return Pace(hours=PACE_HOURS, finished=finished, people=people, arrived=arrived)


def forecast_of(uow: UnitOfWork, queue: Sequence[RowMapping], pace: Pace, people: int) -> Forecast:
    open_items = [OpenItem(row["id"], row["severity"], row["due_at"]) for row in queue[:LOOKED_AT]]
    all_of_it = len(queue) <= LOOKED_AT
    return forecast(open_items, now=uow.now, pace=pace, people=people, looked_at_all=all_of_it)
