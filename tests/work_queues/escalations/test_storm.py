"""Alerts climb their ladders while two schedulers look for them and are killed again and again.

DRA_ESCALATION_ALERTS says how many alerts there are; the whole storm is 5,000.
"""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import escalations, items
from app.work_queues.calendars import ALWAYS, OFFICE_HOURS
from app.work_queues.items import AlertStatus
from app.work_queues.ladders import Step
from tests.builders.work_queues_escalations import climbing_alert
from tests.builders.work_queues_ladders import (
    DOCTORS,
    RECEPTION,
    SUPERVISORS,
    a_ladder,
    a_pool,
    a_step,
    everybody,
    on_duty,
)
from tests.conftest import FrozenClock
from tests.fixtures.schedulers import AT_ONCE, Schedulers, schedulers_of

pytestmark = pytest.mark.fault

ALERTS = int(os.environ.get("DRA_ESCALATION_ALERTS", "160"))
DEADLY_MOMENTS = max(4, ALERTS // 250)  # at each of them a scheduler is killed at work, or both
MINUTE = timedelta(minutes=1)
VIENNA = ZoneInfo("Europe/Vienna")
# The last hours of a working week; summer time begins before the next one.
FRIDAY = datetime(2026, 3, 27, 14, tzinfo=UTC)
STARTS = [FRIDAY + timedelta(minutes=13 * n) for n in range(8)]
ANSWERED_AFTER = timedelta(minutes=20)

# Each ladder: its calendar, its steps, and how many people each step tells. Nobody is at the
# reception, so that step takes the next one along.
LADDERS: dict[str, tuple[UUID, list[Step], list[int]]] = {
    "storm-always": (
        ALWAYS,
        [a_step(), on_duty(15, DOCTORS), a_pool(30, SUPERVISORS), everybody(60)],
        [1, 1, 1, 3],
    ),
    "storm-office": (OFFICE_HOURS, [a_step(), everybody(100), everybody(240)], [1, 3, 3]),
    "storm-quiet": (
        OFFICE_HOURS,
        [a_step(), on_duty(60, RECEPTION), a_pool(240, SUPERVISORS)],
        [1, 0, 1],
    ),
}


class Fate(NamedTuple):
    """What is to become of one alert."""

    ladder: str
    began_at: datetime
    answered: str | None  # "stopped": its climb was stopped, "left": that was forgotten

    @property
    def answered_at(self) -> datetime:
        return self.began_at + ANSWERED_AFTER

    def steps(self) -> list[tuple[str, datetime | None, int | None]]:
        """Status, the moment, and how many are told; told by counting minutes one by one."""
        calendar_id, steps, told = LADDERS[self.ladder]
        expected: list[tuple[str, datetime | None, int | None]] = []
        along: datetime | None = None
        for step, people in zip(steps, told, strict=True):
            due = along or counted(self.began_at, step.after_minutes, calendar_id)
            if self.answered and due > self.answered_at:
                expected.append(("voided", None, None))
                continue
            expected.append(("fired", due, people))
            along = due if people == 0 else None
        return expected


def counted(start: datetime, minutes: int, calendar_id: UUID) -> datetime:
    """The slow way to a deadline: minute by minute on the wall."""
    at = start
    while True:
        if minutes == 0 and counts(at, calendar_id):
            return at
        if counts(at, calendar_id):
            minutes -= 1
            if minutes == 0:
                return at + MINUTE
        at += MINUTE


def counts(at: datetime, calendar_id: UUID) -> bool:
    wall = at.astimezone(VIENNA)
    return calendar_id == ALWAYS or (wall.isoweekday() < 6 and 8 <= wall.hour < 17)


@pytest.fixture
async def schedulers(urls: StoreUrls, tmp_path: Path) -> AsyncIterator[Schedulers]:
    async with schedulers_of(
        "tests.work_queues.escalations.scheduler", urls, tmp_path / "clock"
    ) as running:
        yield running


async def triggered(works: Works, actor: Actor) -> dict[UUID, Fate]:
    """All alerts of the storm, planned before the first of them is due."""
    ladders = {
        key: (await a_ladder(works, actor, steps, key=key, calendar_id=calendar_id)).id
        for key, (calendar_id, steps, _) in LADDERS.items()
    }
    dice = random.Random(4)
    fates: dict[UUID, Fate] = {}
    while len(fates) < ALERTS:
        async with works.begin(actor) as uow:
            for _ in range(min(100, ALERTS - len(fates))):
                answered = dice.choice([None, None, None, None, "stopped", "left"])
                fate = Fate(dice.choice(list(ladders)), dice.choice(STARTS), answered)
                item = await climbing_alert(uow, ladders[fate.ladder], began_at=fate.began_at)
                fates[item.id] = fate
    return fates


async def answer_for(works: Works, actor: Actor, fates: dict[UUID, Fate], at: datetime) -> None:
    """Acknowledge what is to be by now; of some the climb goes on being planned."""
    due = [(key, fate) for key, fate in fates.items() if fate.answered and fate.answered_at == at]
    async with works.begin(actor) as uow:
        for key, fate in sorted(due, key=str):
            item = await items.find_item(uow, key, lock=True)
            item.move_to(AlertStatus.ACKNOWLEDGED, at=uow.now)
            item.acknowledged_until = at + timedelta(days=30)
            item.take(actor.id, at=uow.now, until=item.acknowledged_until)
            if fate.answered == "stopped":
                await escalations.stop_climb(uow, item)


async def still_due(works: Works, at: datetime) -> int:
    async with works.sessions() as db:
        due = text("select count(*) from escalations where status = 'planned' and due_at <= :at")
        return int((await db.execute(due, {"at": at})).scalar_one())


@pytest.fixture
async def staff(admin: Actor, doctor: Actor, nurse: Actor) -> list[Actor]:
    """One of each, so that it is known how many a step tells."""
    return [admin, doctor, nurse]


async def test_each_step_fires_once_at_its_minute_whoever_dies(
    works: Works, clock: FrozenClock, schedulers: Schedulers, staff: list[Actor]
) -> None:
    admin, _, nurse = staff
    clock.at = FRIDAY - timedelta(hours=1)
    works = replace(works, zone=VIENNA)
    schedulers.clock.set(clock.at)
    fates = await triggered(works, admin)
    await schedulers.start()

    deadly = await moments_to_kill_at(works)
    for at in await moments_of(works, fates):
        clock.at = at
        schedulers.clock.set(at)
        await schedulers.until_done(partial(still_due, works, at), deadly.get(at, 0))
        await answer_for(works, nurse, fates, at)

    assert schedulers.kills >= AT_ONCE, "nobody was killed"
    await everything_happened_once(works, fates)
    assert await told_otherwise(works) == set()


async def moments_to_kill_at(works: Works) -> dict[datetime, int]:
    """Some of the moments at which much is due, and how much is left then."""
    busy = "select due_at, count(*) from escalations group by 1 having count(*) > 3 order by 1"
    async with works.sessions() as db:
        found = [tuple(row) for row in await db.execute(text(busy))]
    dice = random.Random(5)
    chosen = dice.sample(found, min(DEADLY_MOMENTS, len(found)))
    return {at: dice.randrange(1, due) for at, due in chosen}


async def moments_of(works: Works, fates: dict[UUID, Fate]) -> list[datetime]:
    """Every moment at which something is due or answered for."""
    async with works.sessions() as db:
        due = set((await db.execute(text("select distinct due_at from escalations"))).scalars())
    return sorted(due | {fate.answered_at for fate in fates.values() if fate.answered})


async def everything_happened_once(works: Works, fates: dict[UUID, Fate]) -> None:
    """Held against what was counted minute by minute, and against the history of each alert."""
    async with works.sessions() as db:
        steps = await db.execute(
            text(
                "select item_id, status, case when status = 'fired' then settled_at end as at, told"
                " from escalations order by item_id, position"
            )
        )
        became: dict[UUID, list[tuple[str, datetime | None, int | None]]] = {}
        for row in steps:
            became.setdefault(row.item_id, []).append((row.status, row.at, row.told))
        moves = "select item_id from work_item_moves where change = 'escalated'"
        events = "select item_id from queue_events where change = 'escalated'"
        in_history = Counter((await db.execute(text(moves))).scalars())
        on_pages = Counter((await db.execute(text(events))).scalars())
    known = {fate: fate.steps() for fate in set(fates.values())}
    assert became == {key: known[fate] for key, fate in fates.items()}
    fired = Counter({key: count_fired(known[fate]) for key, fate in fates.items()})
    assert in_history == fired
    assert on_pages == fired


def count_fired(steps: list[tuple[str, datetime | None, int | None]]) -> int:
    return sum(status == "fired" for status, _, _ in steps)


async def told_otherwise(works: Works) -> set[UUID]:
    """Steps of which somebody was told twice, or not all were told."""
    async with works.sessions() as db:
        wrong = text(
            "select e.id from escalations e left join notices n on n.escalation_id = e.id"
            " group by e.id having count(n.id) <> coalesce(e.told, 0)"
            " or count(distinct n.user_id) <> count(n.id)"
        )
        return set((await db.execute(wrong)).scalars())
