"""Later, please; and the moves of both kinds."""

import asyncio
from datetime import timedelta
from itertools import product

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.work_queues import items
from app.work_queues.items import (
    ALERT,
    TASK,
    AlertStatus,
    Change,
    ItemKind,
    Severity,
    SnoozeUnfit,
    TaskStatus,
    WorkItem,
)
from app.work_queues.items.tasks import end_snoozes
from tests.builders.work_queues_items import (
    Act,
    attempt,
    changes,
    claim,
    done,
    nurses_named,
    seen,
)
from tests.builders.work_queues_queues import waiting
from tests.conftest import FrozenClock


def snooze(item: WorkItem, clock: FrozenClock, **span: float) -> Act:
    until = clock.now() + timedelta(**span)
    return lambda uow: items.snooze(uow, item.id, until, reason="asleep")


async def test_what_is_put_off_comes_back_by_itself(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await waiting(works)
    await done(works, nurse, claim(item))
    off = await done(works, nurse, snooze(item, clock, hours=1))
    assert (off.status, off.holder_id) == ("on-hold", None)
    assert isinstance(await attempt(works, nurse, claim(item)), items.ItemNotWaiting)
    clock.advance(minutes=59)
    assert await end_snoozes(works) == 0
    clock.advance(minutes=1)
    assert sum(await asyncio.gather(*(end_snoozes(works) for _ in range(3)))) == 1
    back = await seen(works, item.id)
    assert (back.status, back.snoozed_until) == ("ready", None)
    assert (await changes(works, item.id))[-2:] == [Change.SNOOZED, Change.WOKEN]


async def test_alerts_are_left_to_those_who_make_them_climb(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await waiting(works, kind=ItemKind.ALERT)
    await done(works, nurse, snooze(item, clock, hours=1))
    clock.advance(hours=2)
    assert await end_snoozes(works) == 0
    assert (await seen(works, item.id)).status == "snoozed"


async def test_brought_back_before_its_time(works: Works, nurse: Actor, clock: FrozenClock) -> None:
    item = await waiting(works)
    wake: Act = lambda uow: items.end_snooze(uow, item.id)  # noqa: E731
    assert isinstance(await attempt(works, nurse, wake), items.ItemNotSnoozed)
    await done(works, nurse, snooze(item, clock, hours=1))
    assert (await done(works, nurse, wake)).status == "ready"


async def test_nothing_is_put_off_into_the_past_or_beyond_its_deadline(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await waiting(works, due_at=clock.now() + timedelta(hours=2))
    for hours in (0, -1, 3):
        assert isinstance(
            await attempt(works, nurse, snooze(item, clock, hours=hours)), SnoozeUnfit
        )
    clock.advance(hours=3)  # its deadline is missed: any moment is better than none
    await done(works, nurse, snooze(item, clock, hours=1))


async def test_what_is_critical_or_in_other_hands_is_not_put_off(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    [anna] = await nurses_named(works, "anna")
    grave, held = await waiting(works, severity=Severity.CRITICAL), await waiting(works)
    await done(works, anna, claim(held))
    grave_refused = await attempt(works, nurse, snooze(grave, clock, hours=1))
    assert isinstance(grave_refused, items.CannotWait)
    assert isinstance(await attempt(works, nurse, snooze(held, clock, hours=1)), items.ItemHeld)


TASK_PAIRS = list(product(TaskStatus, repeat=2))
ALERT_PAIRS = list(product(AlertStatus, repeat=2))


def an_item_in(status: str, clock: FrozenClock) -> WorkItem:
    return WorkItem(status=status, cycle=1, escalation_level=2, snoozed_until=clock.now())


def require_moved(item: WorkItem, target: str, clock: FrozenClock) -> None:
    assert (item.status, item.snoozed_until) == (target, None)
    assert (item.closed_at == clock.now()) is (target in items.CLOSED)
    again = target == AlertStatus.TRIGGERED
    assert (item.cycle, item.escalation_level) == ((2, 0) if again else (1, 2))


@pytest.mark.parametrize(("one", "other"), TASK_PAIRS)
def test_a_task_moves_as_its_lifecycle_says(
    one: TaskStatus, other: TaskStatus, clock: FrozenClock
) -> None:
    item = an_item_in(one, clock)
    if TASK.allows(one, other):
        item.move_to(other, at=clock.now())
        require_moved(item, other, clock)
    else:
        with pytest.raises(IllegalMove):
            item.move_to(other, at=clock.now())


@pytest.mark.parametrize(("one", "other"), ALERT_PAIRS)
def test_an_alert_moves_as_its_lifecycle_says(
    one: AlertStatus, other: AlertStatus, clock: FrozenClock
) -> None:
    item = an_item_in(one, clock)
    if ALERT.allows(one, other):
        item.move_to(other, at=clock.now())
        require_moved(item, other, clock)
    else:
        with pytest.raises(IllegalMove):
            item.move_to(other, at=clock.now())
