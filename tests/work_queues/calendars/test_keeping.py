"""Making and changing calendars, and deadlines in them."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import calendars
from app.work_queues.calendars import (
    ALWAYS,
    OFFICE_HOURS,
    CalendarChanged,
    CalendarFixed,
    CalendarNotFound,
    CalendarUnfit,
    Closure,
    ClosureNotFound,
    DueUnit,
    MayNotKeepCalendars,
    OpenSpan,
    SaveCalendar,
)
from app.work_queues.rosters import SUPERVISORS, PoolMember
from tests.builders.work_queues_calendars import a_calendar, a_week

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOLIDAY = Closure(closed_on=date(2026, 3, 3), name="Holiday")


async def test_a_calendar_is_made_and_then_counted_in(works: Works, admin: Actor) -> None:
    calendar = await a_calendar(works, admin, closed=(date(2026, 3, 3),))
    async with works.begin(admin) as uow:
        loaded = await calendars.load_calendar(uow, calendar.id)
        assert loaded.add_minutes(MONDAY, 540) == datetime(2026, 3, 4, 9, tzinfo=UTC)


async def test_a_saved_week_replaces_the_old_one_and_keeps_the_closed_days(
    works: Works, admin: Actor
) -> None:
    await a_calendar(works, admin, closed=(date(2026, 3, 3),))
    async with works.begin(admin) as uow:
        week = a_week(("10:00", "12:00"), range(1, 3), name="Mornings")
        await calendars.save_calendar(uow, "office", week, version=2)
    async with works.begin(admin) as uow:
        saved = await calendars.find_calendar(uow, "office")
    assert (saved.name, saved.version) == ("Mornings", 3)
    assert [(span.weekday, span.opens) for span in saved.spans] == [(1, "10:00"), (2, "10:00")]
    assert [closure.closed_on for closure in saved.closures] == [date(2026, 3, 3)]


async def test_nobody_overwrites_a_calendar_they_have_not_seen(works: Works, admin: Actor) -> None:
    await a_calendar(works, admin)
    for version in (0, 7):
        with pytest.raises(CalendarChanged) as refused:
            async with works.begin(admin) as uow:
                await calendars.save_calendar(uow, "office", a_week(), version=version)
        assert refused.value.current_version == 1


async def test_a_calendar_that_is_not_there_cannot_be_replaced(works: Works, admin: Actor) -> None:
    with pytest.raises(CalendarNotFound):
        async with works.begin(admin) as uow:
            await calendars.save_calendar(uow, "nowhere", a_week(), version=1)


@pytest.mark.parametrize("spans", [[], [OpenSpan(weekday=1, opens="08:00", closes="08:59")]])
async def test_a_calendar_that_is_hardly_ever_open_is_refused(
    works: Works, admin: Actor, spans: list[OpenSpan]
) -> None:
    wanted = SaveCalendar(name="Never", spans=spans)
    with pytest.raises(CalendarUnfit) as refused:
        async with works.begin(admin) as uow:
            await calendars.save_calendar(uow, "never", wanted, version=0)
    assert refused.value.errors[0]["rule"] == "open_hours"


async def test_day_and_night_stays_day_and_night(works: Works, admin: Actor) -> None:
    with pytest.raises(CalendarFixed):
        async with works.begin(admin) as uow:
            await calendars.save_calendar(uow, "always", a_week(), version=1)
    with pytest.raises(CalendarFixed):
        async with works.begin(admin) as uow:
            await calendars.add_closure(uow, "always", HOLIDAY)


async def test_a_day_is_closed_and_opened_again(works: Works, admin: Actor) -> None:
    await a_calendar(works, admin)
    async with works.begin(admin) as uow:
        await calendars.add_closure(uow, "office", HOLIDAY)
        await calendars.remove_closure(uow, "office", HOLIDAY.closed_on)
    with pytest.raises(ClosureNotFound):
        async with works.begin(admin) as uow:
            await calendars.remove_closure(uow, "office", HOLIDAY.closed_on)


async def test_a_day_closed_twice_is_closed_once_under_its_last_name(
    works: Works, admin: Actor
) -> None:
    await a_calendar(works, admin)
    async with works.begin(admin) as uow:
        await calendars.add_closure(uow, "office", HOLIDAY)
        await calendars.add_closure(uow, "office", HOLIDAY.model_copy(update={"name": "Strike"}))
    async with works.begin(admin) as uow:
        saved = await calendars.find_calendar(uow, "office")
    assert [closure.name for closure in saved.closures] == ["Strike"]


async def test_supervisors_keep_calendars_and_others_do_not(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    async with works.begin(admin) as uow:
        uow.db.add(
            PoolMember(pool_id=SUPERVISORS, user_id=nurse.id, added_by=admin.id, added_at=uow.now)
        )
    await a_calendar(works, nurse)
    with pytest.raises(MayNotKeepCalendars):
        await a_calendar(works, doctor, key="mine")


async def test_what_is_done_with_a_calendar_is_traced(works: Works, admin: Actor) -> None:
    await a_calendar(works, admin, closed=(date(2026, 3, 3),))
    async with works.begin(admin) as uow:
        await calendars.remove_closure(uow, "office", date(2026, 3, 3))
    async with works.sessions() as db:
        said = select(audit.AuditEvent.action).where(audit.AuditEvent.actor_id == admin.id)
        actions = list(await db.scalars(said.order_by(audit.AuditEvent.seq)))
    assert actions == ["calendar.save", "calendar.close-day", "calendar.open-day"]


@pytest.mark.parametrize(
    ("amount", "unit", "span"),
    [
        (90, DueUnit.MINUTES, timedelta(minutes=90)),
        (3, DueUnit.DAYS, timedelta(days=3)),
        (540, DueUnit.WORKING_MINUTES, timedelta(days=1)),
        (5, DueUnit.WORKING_DAYS, timedelta(days=7)),
    ],
)
async def test_a_deadline_is_counted_in_its_unit(
    works: Works, admin: Actor, amount: int, unit: DueUnit, span: timedelta
) -> None:
    async with works.begin(admin) as uow:
        assert await calendars.due_at(uow, OFFICE_HOURS, MONDAY, amount, unit) == MONDAY + span


async def test_the_calendars_of_the_migration_are_there(works: Works, admin: Actor) -> None:
    async with works.begin(admin) as uow:
        always = await calendars.load_calendar(uow, ALWAYS)
        found = await calendars.list_calendars(uow)
        with pytest.raises(CalendarNotFound):
            await calendars.load_calendar(uow, uuid4())
    assert always.add_minutes(MONDAY, 100_000) == MONDAY + timedelta(minutes=100_000)
    assert [(each.key, each.id) for each in found] == [
        ("always", ALWAYS),
        ("office-hours", OFFICE_HOURS),
    ]
