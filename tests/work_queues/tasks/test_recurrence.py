"""Rules of repetition, and the tasks that come back by them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.recurrence import RuleUnreadable
from app.work_queues import items
from app.work_queues.items import WorkItem
from app.work_queues.tasks.recurrence import TaskRecurrence
from tests.builders.work_queues_alerts import planned
from tests.builders.work_queues_items import attempt, done, nurses_named
from tests.builders.work_queues_tasks import (
    a_task,
    cancel,
    complete,
    detail,
    edit,
    series,
    tick,
)
from tests.conftest import FrozenClock

VIENNA = ZoneInfo("Europe/Vienna")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def rule(text: str) -> TaskRecurrence:
    return TaskRecurrence.parse(text, VIENNA)


@pytest.mark.parametrize(
    ("text", "occurrence", "now", "expected"),
    [
        ("FREQ=DAILY", "2026-03-02T09:00", "2026-03-02T09:30", "2026-03-03T09:00"),
        ("FREQ=DAILY", "2026-03-02T09:00", "2026-03-01T09:30", "2026-03-03T09:00"),
        ("FREQ=DAILY", "2026-03-02T09:00", "2026-03-06T09:00", "2026-03-07T09:00"),
        ("FREQ=DAILY;INTERVAL=2", "2026-03-02T09:00", "2026-03-05T09:00", "2026-03-06T09:00"),
        ("FREQ=WEEKLY", "2026-03-02T09:00", "2026-03-02T09:30", "2026-03-09T09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-03-02T09:00", "2026-03-02T10:00", "2026-03-05T09:00"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
            "2026-03-05T09:00",
            "2026-03-05T10:00",
            "2026-03-16T09:00",
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-02-27T09:00", "2026-02-27T10:00", "2026-03-27T09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31T09:00", "2026-02-01T10:00", "2026-03-31T09:00"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2026-02-27T09:00",
            "2026-03-01T10:00",
            "2026-03-31T09:00",
        ),
    ],
)
def test_the_next_one_is_the_first_still_to_come(
    text: str, occurrence: str, now: str, expected: str
) -> None:
    found = rule(text).next_after(at(occurrence), at(now))
    assert found is not None
    assert found[0] == at(expected)


def test_a_count_counts_down_with_those_that_were_missed() -> None:
    first, now = at("2026-03-02T09:00"), at("2026-03-02T10:00")
    found = rule("FREQ=DAILY;COUNT=3").next_after(first, now)
    assert found is not None
    assert str(found[1]) == "FREQ=DAILY;COUNT=2"
    last = rule("FREQ=DAILY;COUNT=3").next_after(first, now + timedelta(days=1))
    assert last is not None
    assert str(last[1]) == "FREQ=DAILY;COUNT=1"
    assert last[1].next_after(last[0], last[0]) is None
    assert rule("FREQ=DAILY;COUNT=3").next_after(first, now + timedelta(days=2)) is None
    until = rule("FREQ=DAILY;UNTIL=20260303")
    assert until.next_after(at("2026-03-03T09:00"), now) is None


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("", "rrule_part"),
        ("INTERVAL=2", "rrule_frequency"),
        ("FREQ=YEARLY", "rrule_frequency"),
        ("FREQ=DAILY;FREQ=DAILY", "rrule_part"),
        ("FREQ=DAILY;BYMONTH=2", "rrule_part"),
        ("FREQ=DAILY;COUNT=0", "rrule_number"),
        ("FREQ=DAILY;INTERVAL=100", "rrule_number"),
        ("FREQ=DAILY;INTERVAL=1e1", "rrule_number"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260303", "rrule_end"),
        ("FREQ=DAILY;UNTIL=20260230", "rrule_until"),
        ("FREQ=DAILY;UNTIL=soon", "rrule_until"),
        ("FREQ=WEEKLY;BYDAY=XX", "rrule_day"),
        ("FREQ=WEEKLY;BYDAY=2TU", "rrule_monthly"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "rrule_monthly"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "rrule_number"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "rrule_number"),
        ("FREQ=MONTHLY;BYSETPOS=1", "rrule_positions"),
        ("FREQ=MONTHLY;BYDAY=MO,2TU", "rrule_day"),
    ],
)
def test_what_is_no_rule_of_ours_is_refused(text: str, broken: str) -> None:
    with pytest.raises(RuleUnreadable) as refused:
        rule(text)
    assert refused.value.rule == broken


def test_a_rule_that_never_falls_on_a_day_is_refused_at_once() -> None:
    for text in ("FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=2MO", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6"):
        with pytest.raises(RuleUnreadable):
            rule(text).require_first(at("2026-03-02T09:00"))


RULES = st.builds(
    TaskRecurrence,
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    interval=st.integers(1, 5),
    count=st.none() | st.integers(1, 20),
)
MOMENTS = st.datetimes(at("2024-01-01"), at("2028-12-31")).map(
    lambda each: each.replace(second=0, microsecond=0)
)


@given(RULES, MOMENTS, st.integers(-30, 400))
def test_however_late_it_is_closed_the_next_one_lies_ahead(
    some: TaskRecurrence, occurrence: datetime, days: int
) -> None:
    now = occurrence + timedelta(days=days, hours=1)
    found = some.next_after(occurrence, now)
    if found is None:
        assert some.count is not None
        return
    following, rest = found
    assert following > max(occurrence, now)
    assert following.time() == occurrence.time()
    assert rule(str(rest)) == rest
    assert replace(rest, count=None) == replace(some, count=None)
    assert some.count is None or 1 <= (rest.count or 0) < some.count


async def test_closing_makes_the_next_one_with_a_fresh_checklist(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    [anna] = await nurses_named(works, "anna")
    other = await a_task(works)
    item = await a_task(
        works,
        by=anna,
        due_at=clock.now() + timedelta(hours=1),
        rrule="FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3",
        checklist=("Hands", "Dressing"),
        links=(("https://wiki.example/dressing", "How to"),),
        depends_on=(other.id,),
        assignee_id=anna.id,
    )
    await done(works, anna, tick(item, 1))
    await done(works, anna, complete(item, "Done with it."))
    told = await detail(works, item.id)
    assert told.series_id is not None
    closed, following = await series(works, told.series_id)
    assert closed.id == item.id
    assert following.due_at == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
    assert (following.status, following.assignee_id, following.created_by) == (
        "ready",
        anna.id,
        anna.id,
    )
    assert str((await detail(works, following.id)).rrule).endswith("COUNT=2;BYDAY=MO,TH")
    assert await planned(works, following.id) != []
    refused = await attempt(works, anna, complete(following))
    assert refused.positions == [1, 2]
    async with works.begin(anna) as uow:
        links = (await items.remarks_of(uow, following)).links
    assert [each.label for each in links] == ["How to"]
    await done(works, anna, cancel(following))
    last = (await series(works, told.series_id))[-1]
    await done(works, anna, complete(last, "Healed."))
    assert len(await series(works, told.series_id)) == 3


async def test_closed_by_many_at_once_it_comes_back_once(works: Works, nurse: Actor) -> None:
    item = await a_task(works, due_at=at("2026-03-02T10:00+00:00"), rrule="FREQ=DAILY")
    results = await asyncio.gather(
        *(attempt(works, nurse, act(item)) for act in (complete, cancel) * 4)
    )
    assert sum(isinstance(each, WorkItem) for each in results) == 1
    told = await detail(works, item.id)
    assert told.series_id is not None
    assert len(await series(works, told.series_id)) == 2


async def test_closed_days_late_the_missed_ones_are_passed_over(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await a_task(works, due_at=at("2026-03-02T10:00+00:00"), rrule="FREQ=DAILY")
    moved = await done(works, nurse, edit(item, due_at=at("2026-03-02T15:00+00:00")))
    clock.advance(days=3)
    await done(works, nurse, complete(moved))
    told = await detail(works, item.id)
    assert told.series_id is not None
    following = (await series(works, told.series_id))[-1]
    assert following.due_at == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


async def test_it_stays_at_nine_when_the_clocks_change(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    """The last Sunday of March 2026 is the 29th: nine in Vienna is then an hour earlier."""
    there = replace(works, zone=VIENNA)
    clock.at = at("2026-03-28T07:00+00:00")
    item = await a_task(there, due_at=at("2026-03-28T08:00+00:00"), rrule="FREQ=DAILY")
    await done(there, nurse, complete(item))
    told = await detail(there, item.id)
    assert told.series_id is not None
    following = (await series(there, told.series_id))[-1]
    assert following.due_at == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)
