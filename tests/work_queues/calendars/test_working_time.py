"""Counting in working time, held against counting minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.work_queues.calendars import Calendar, CalendarExhausted, Hours

MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
VIENNA = ZoneInfo("Europe/Vienna")
ALWAYS = [Hours(weekday, 0, 1440) for weekday in range(1, 8)]
OFFICE = [Hours(weekday, 480, 1020) for weekday in range(1, 6)]

# Both edges of a year in zones that jump by an hour or by half of one, at night or at midnight,
# and one that went back at one minute past, over midnight, into the day before.
EDGES = [
    ("Europe/Vienna", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Vienna", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 4, 5, 3, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 3, 14, 3, 31, tzinfo=UTC)),
]


@st.composite
def weeks(draw: st.DrawFn) -> list[Hours]:
    """Any week with at least one open span; spans of a day may touch, overlap or be one minute."""
    spans = []
    for _ in range(draw(st.integers(1, 8))):
        opens = draw(st.integers(0, 1439))
        closes = draw(st.integers(opens + 1, 1440))
        spans.append(Hours(draw(st.integers(1, 7)), opens, closes))
    return spans


@st.composite
def moments(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar, and a whole minute within three days of a jump of its clock."""
    name, edge = draw(st.sampled_from(EDGES))
    start = edge + draw(st.integers(-4000, 4000)) * MINUTE
    closures = [
        start.date() + each * ONE_DAY
        for each in draw(st.lists(st.integers(-3, 12), max_size=8, unique=True))
    ]
    week = draw(st.one_of(weeks(), st.just(ALWAYS), st.just(OFFICE)))
    return Calendar.of(ZoneInfo(name), week, closures), start


def counts(calendar: Calendar, at: datetime) -> bool:
    """By the definition: what the clock on the wall shows in this minute."""
    wall = at.astimezone(calendar.zone)
    if wall.date() in calendar.closures:
        return False
    minute = wall.hour * 60 + wall.minute
    of_day = calendar.hours[wall.isoweekday() - 1]
    return any(span.opens <= minute < span.closes for span in of_day)


def open_minutes(calendar: Calendar, start: datetime) -> Iterator[datetime]:
    """Every open minute from `start` on, one after the other, for six weeks."""
    for passed in range(42 * 1440):
        at = start + passed * MINUTE
        if counts(calendar, at):
            yield at


def counted_one_by_one(calendar: Calendar, start: datetime, minutes: int) -> datetime | None:
    """The end of the last of so many open minutes."""
    for number, at in enumerate(open_minutes(calendar, start), start=1):
        if minutes == 0:
            return at
        if number == minutes:
            return at + MINUTE
    return None


@settings(max_examples=150, deadline=None)
@given(moments(), st.integers(0, 3000))
def test_minutes_are_added_as_if_counted_one_by_one(
    case: tuple[Calendar, datetime], minutes: int
) -> None:
    calendar, start = case
    expected = counted_one_by_one(calendar, start, minutes)
    if expected is not None:
        assert calendar.add_minutes(start, minutes) == expected


@settings(max_examples=150, deadline=None)
@given(moments(), st.integers(0, 14 * 1440))
def test_minutes_between_two_moments_are_those_counted_one_by_one(
    case: tuple[Calendar, datetime], apart: int
) -> None:
    calendar, start = case
    end = start + apart * MINUTE
    expected = sum(counts(calendar, start + n * MINUTE) for n in range(apart))
    assert calendar.minutes_between(start, end) == expected
    assert calendar.minutes_between(end, start) == -expected


@settings(max_examples=200, deadline=None)
@given(moments())
def test_open_is_what_the_wall_says(case: tuple[Calendar, datetime]) -> None:
    calendar, start = case
    for passed in range(0, 3 * 1440, 7):
        at = start + passed * MINUTE
        assert calendar.is_open(at) == counts(calendar, at)


@settings(max_examples=200, deadline=None)
@given(moments(), st.integers(0, 2000), st.integers(1, 2000))
def test_adding_twice_is_adding_the_sum_and_more_is_never_earlier(
    case: tuple[Calendar, datetime], some: int, more: int
) -> None:
    calendar, start = case
    between = calendar.add_minutes(start, some)
    end = calendar.add_minutes(start, some + more)
    assert start <= between <= end
    assert calendar.add_minutes(between, more) == end
    assert calendar.minutes_between(start, end) == some + more


@settings(max_examples=200, deadline=None)
@given(moments(), st.integers(1, 12))
def test_working_days_are_those_with_open_hours(case: tuple[Calendar, datetime], days: int) -> None:
    calendar, start = case
    end = calendar.add_days(start, days)
    first = start.astimezone(calendar.zone).date()
    # A time that the clock skips at midnight is the moment of the jump; that is on the day still.
    last = end.astimezone(calendar.zone).date()
    working = [
        day for n in range(1, (last - first).days + 1) if calendar.on(day := first + n * ONE_DAY)
    ]
    closes_at_midnight = end.astimezone(calendar.zone).strftime("%H:%M") == "00:00"
    assert len(working) == days or closes_at_midnight
    assert end > start
    assert calendar.add_days(start, days + 1) >= end


def test_a_night_in_spring_is_an_hour_shorter_and_one_in_autumn_an_hour_longer() -> None:
    night = Calendar.of(VIENNA, [Hours(7, 0, 360)], [])
    saturday, sunday = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert night.minutes_between(saturday, sunday) == 5 * 60
    saturday, sunday = (
        datetime(2026, 10, 24, 12, tzinfo=UTC),
        datetime(2026, 10, 25, 12, tzinfo=UTC),
    )
    assert night.minutes_between(saturday, sunday) == 7 * 60


def test_office_hours_open_at_the_same_time_on_the_wall_on_both_sides_of_a_jump() -> None:
    office = Calendar.of(VIENNA, OFFICE, [])
    friday_evening = datetime(2026, 3, 27, 18, tzinfo=UTC)
    assert office.add_minutes(friday_evening, 1) == datetime(2026, 3, 30, 6, 1, tzinfo=UTC)
    friday_evening = datetime(2026, 10, 23, 18, tzinfo=UTC)
    assert office.add_minutes(friday_evening, 1) == datetime(2026, 10, 26, 7, 1, tzinfo=UTC)


def test_the_last_minute_of_a_day_ends_when_it_closes_and_no_minute_begins_when_it_opens() -> None:
    office = Calendar.of(VIENNA, OFFICE, [])
    monday = datetime(2026, 3, 2, 7, tzinfo=UTC)  # eight o'clock
    assert office.add_minutes(monday, 540) == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert office.add_minutes(monday, 541) == datetime(2026, 3, 3, 7, 1, tzinfo=UTC)
    closing = datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert office.add_minutes(closing, 0) == datetime(2026, 3, 3, 7, tzinfo=UTC)


def test_seconds_are_kept_within_open_hours() -> None:
    office = Calendar.of(VIENNA, OFFICE, [])
    start = datetime(2026, 3, 2, 15, 59, 30, tzinfo=UTC)
    assert office.add_minutes(start, 1) == datetime(2026, 3, 3, 7, 0, 30, tzinfo=UTC)


def test_working_days_keep_the_time_on_the_wall() -> None:
    office = Calendar.of(VIENNA, OFFICE, [date(2026, 3, 30)])
    friday = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)  # half past ten in winter
    assert office.add_days(friday, 1) == datetime(2026, 3, 31, 8, 30, tzinfo=UTC)
    assert office.add_days(friday, 2) == datetime(2026, 4, 1, 8, 30, tzinfo=UTC)


def test_a_working_day_from_the_night_or_the_weekend_ends_within_its_open_hours() -> None:
    office = Calendar.of(VIENNA, OFFICE, [])
    monday_night = datetime(2026, 3, 2, 22, tzinfo=UTC)
    assert office.add_days(monday_night, 1) == datetime(2026, 3, 3, 16, tzinfo=UTC)
    sunday_early = datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert office.add_days(sunday_early, 1) == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert office.add_days(sunday_early, 0) == datetime(2026, 3, 2, 7, tzinfo=UTC)


def test_a_closure_of_years_is_waited_out() -> None:
    mondays = Calendar.of(
        VIENNA,
        [Hours(1, 480, 540)],
        [date(2026, 3, 2) + timedelta(weeks=week) for week in range(1000)],
    )
    end = mondays.add_minutes(datetime(2026, 3, 1, tzinfo=UTC), 60)
    assert end.astimezone(VIENNA).date() == date(2026, 3, 2) + timedelta(weeks=1000)
    assert mondays.add_days(datetime(2026, 3, 1, tzinfo=UTC), 1) < end


def test_the_longest_deadline_of_the_emptiest_calendar_that_may_be_stored_is_found() -> None:
    mondays = Calendar.of(
        VIENNA,
        [Hours(1, 480, 540)],
        [date(2026, 3, 2) + timedelta(weeks=week) for week in range(1000)],
    )
    end = mondays.add_minutes(datetime(2026, 3, 1, tzinfo=UTC), 100_000)
    assert end.year == 2077


@pytest.mark.parametrize(
    "start", [datetime(2026, 3, 2, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_a_calendar_that_never_opens_says_so(start: datetime) -> None:
    never = Calendar.of(VIENNA, [], [])
    with pytest.raises(CalendarExhausted):
        never.add_minutes(start, 0)
    with pytest.raises(CalendarExhausted):
        never.add_days(start, 1)
    assert not never.is_open(start - ONE_DAY)
    assert never.minutes_between(start - ONE_DAY, start) == 0


def test_a_calendar_is_a_value() -> None:
    spans = [Hours(1, 600, 700), Hours(1, 480, 600)]
    assert Calendar.of(VIENNA, spans, []) == Calendar.of(VIENNA, [Hours(1, 480, 700)], [])
    assert hash(Calendar.of(VIENNA, spans, [])) == hash(Calendar.of(VIENNA, reversed(spans), []))
