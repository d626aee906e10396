"""A new week replaces what it overlaps, one at a time, and the database has the last word."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import availability
from app.scheduling.availability.planning import store
from tests.builders.availability import a_room, a_week, working_hours

DAY = timedelta(days=1)
FIRST = date(2026, 3, 2)
Period = tuple[date, date | None]

days = st.integers(0, 20).map(lambda n: FIRST + n * DAY)
periods = st.tuples(days, st.one_of(st.none(), days)).filter(
    lambda period: period[1] is None or period[0] <= period[1]
)


def opening_at(hour: int) -> list[availability.WeekdaySpan]:
    """A week that can be told from others by when it opens."""
    return a_week([(f"{hour:02}:00", "20:00")], weekdays=range(1, 8))


async def weeks_of(works: Works, doctor: Actor) -> list[tuple[Period, int]]:
    """Every week: from when to when, and at which hour its days open."""
    async with works.begin(doctor) as uow:
        found = await availability.list_weekly_hours(uow, doctor.id)
    assert all(len(spans) == 7 for _, spans in found)
    return [
        ((week.valid_from, week.valid_until), spans[0].opens_minute // 60) for week, spans in found
    ]


def hour_on(weeks: list[tuple[Period, int]], day: date) -> list[int]:
    return [hour for (first, last), hour in weeks if first <= day and (last is None or day <= last)]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(periods, min_size=1, max_size=5))
async def test_on_every_day_the_week_set_last_counts(
    works: Works, doctor: Actor, wanted: list[Period]
) -> None:
    async with works.begin(doctor) as uow:
        whose = availability.WeeklyHours.practitioner_id == doctor.id
        await uow.db.execute(delete(availability.WeeklyHours).where(whose))
    for hour, (first, last) in enumerate(wanted):
        await working_hours(
            works, doctor, doctor, opening_at(hour), valid_from=first, valid_until=last
        )
    found = await weeks_of(works, doctor)
    told = list(zip(wanted, range(len(wanted)), strict=True))
    for n in range(-1, 25):
        day = FIRST + n * DAY
        assert hour_on(found, day) == hour_on(told, day)[-1:]


async def test_a_week_in_the_middle_splits_the_one_around_it(
    works: Works, receptionist: Actor, doctor: Actor
) -> None:
    room = await a_room(works, receptionist)
    spans = a_week([("08:00", "20:00")], weekdays=range(1, 8), room_id=room.id)
    await working_hours(works, receptionist, doctor, spans)
    july = (date(2026, 7, 1), date(2026, 7, 31))
    await working_hours(
        works, receptionist, doctor, opening_at(10), valid_from=july[0], valid_until=july[1]
    )
    assert await weeks_of(works, doctor) == [
        ((date(2020, 1, 1), date(2026, 6, 30)), 8),
        (july, 10),
        ((date(2026, 8, 1), None), 8),
    ]
    async with works.begin(doctor) as uow:
        weeks = await availability.list_weekly_hours(uow, doctor.id)
    assert {span.room_id for span in weeks[2][1]} == {room.id}


async def test_hours_set_at_the_same_moment_take_turns(
    works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor
) -> None:
    await asyncio.gather(
        *(
            working_hours(
                works,
                receptionist,
                each,
                opening_at(hour),
                valid_from=FIRST + hour * DAY,
                valid_until=FIRST + (hour + 3) * DAY,
            )
            for hour in range(5)
            for each in (doctor, other_doctor)
        )
    )
    for each in (doctor, other_doctor):
        weeks = await weeks_of(works, each)
        told = [hour_on(weeks, FIRST + n * DAY) for n in range(8)]
        assert [len(hours) for hours in told] == [1] * 8


async def test_of_two_open_transactions_the_database_refuses_one(
    works: Works, doctor: Actor
) -> None:
    """Without the turn-taking of the verb: a week written past it is told as a conflict."""

    def a_week_from(first: date) -> availability.WeeklyHours:
        return availability.WeeklyHours(
            practitioner_id=doctor.id,
            valid_from=first,
            valid_until=None,
            created_by=doctor.id,
            created_at=works.clock.now(),
        )

    async def second() -> None:
        async with works.begin(doctor) as uow:
            await store(uow, a_week_from(FIRST + 7 * DAY), [])

    async with works.begin(doctor) as uow:
        await store(uow, a_week_from(FIRST), [])
        waiting = asyncio.create_task(second())
        await until_somebody_waits(works)
    with pytest.raises(availability.WeeklyHoursOverlap):
        await waiting
    assert len(await works_rows(works)) == 1


async def until_somebody_waits(works: Works) -> None:
    """Until a transaction in this database waits for another one."""
    waiting = text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    while True:
        async with works.asides.engine.connect() as db:
            if (await db.execute(waiting)).scalar_one():
                return


async def works_rows(works: Works) -> list[availability.WeeklyHours]:
    async with works.sessions() as db:
        return list(await db.scalars(select(availability.WeeklyHours)))


async def test_the_tables_refuse_what_no_verb_would_write(works: Works, doctor: Actor) -> None:
    values = {"doctor": doctor.id, "at": works.clock.now()}
    week = (
        "insert into weekly_hours (id, practitioner_id, valid_from, valid_until, created_by,"
        " created_at) values (gen_random_uuid(), :doctor, '2026-03-02', {until}, :doctor, :at)"
    )
    exception = (
        "insert into availability_exceptions (id, practitioner_id, kind, starts_local, ends_local,"
        " created_by, created_at) values (gen_random_uuid(), {whose}, '{kind}', '2026-03-02',"
        " '2026-03-{end}', :doctor, :at)"
    )
    for statement in (
        week.format(until="'2026-03-01'"),
        exception.format(whose="null", kind="leave", end="03"),
        exception.format(whose=":doctor", kind="closed", end="03"),
        exception.format(whose=":doctor", kind="leave", end="02"),
    ):
        with pytest.raises(IntegrityError):
            async with works.sessions.begin() as db:
                await db.execute(text(statement), values)


async def test_two_who_first_say_how_a_doctor_books_cannot_both_win(
    works: Works, receptionist: Actor, doctor: Actor
) -> None:
    async def say(lanes: int) -> int:
        async with works.begin(receptionist) as uow:
            wanted = availability.SetSchedule(lanes=lanes)
            await availability.set_schedule(uow, doctor.id, wanted, version=0)
            return lanes

    answers = await asyncio.gather(*map(say, range(1, 5)), return_exceptions=True)
    won = [answer for answer in answers if isinstance(answer, int)]
    assert len(won) == 1
    assert [type(a) for a in answers if not isinstance(a, int)] == [
        availability.ScheduleChanged
    ] * 3
    async with works.begin(receptionist) as uow:
        assert (await availability.schedule_of(uow, doctor.id)).lanes == won[0]
