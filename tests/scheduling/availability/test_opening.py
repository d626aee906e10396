"""Open time against a clock that is read minute by minute, in zones that change theirs."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scheduling.availability.opening import (
    DayHours,
    OpeningRules,
    Span,
    WallSpan,
    Week,
    by_day,
    closed_days,
    covers,
    open_spans,
    wall_to_instant,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EDGES = {
    "Europe/Vienna": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],  # half an hour only
    "Pacific/Apia": [date(2011, 12, 30), date(2021, 4, 4), date(2020, 9, 27)],  # a day was skipped
    "Asia/Kathmandu": [date(2026, 3, 2)],
    "UTC": [date(2026, 3, 2)],
}
ROOMS = [None, UUID(int=1), UUID(int=2)]

zones = st.sampled_from(sorted(EDGES)).map(ZoneInfo)
rooms = st.sampled_from(ROOMS)


@st.composite
def days_near_edges(draw: st.DrawFn) -> tuple[ZoneInfo, date, date]:
    zone = draw(zones)
    day = draw(st.sampled_from(EDGES[zone.key])) + draw(st.integers(-1, 1)) * DAY
    return zone, day, day + draw(st.integers(1, 3)) * DAY


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> list[DayHours]:
    """Up to three spans, often within the hours in which clocks change."""
    minutes = st.one_of(st.integers(0, 1440), st.sampled_from([0, 90, 120, 150, 180, 1440]))
    cuts = sorted(draw(st.sets(minutes, max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [DayHours(opens, closes, draw(rooms)) for opens, closes in pairs]


@st.composite
def wall_spans(draw: st.DrawFn, near: date, roomed: bool = False) -> WallSpan:
    midnight = datetime.combine(near, datetime.min.time())
    starts = midnight + draw(st.integers(-1500, 4500)) * MINUTE
    ends = starts + draw(st.integers(1, 2000)) * MINUTE
    return WallSpan(starts, ends, draw(rooms) if roomed else None)


@st.composite
def cases(draw: st.DrawFn) -> tuple[ZoneInfo, date, date, OpeningRules]:
    zone, first, end = draw(days_near_edges())
    change = first + draw(st.integers(0, 2)) * DAY
    weeks = [
        Week(valid_from=date(2000, 1, 1), valid_until=change - DAY, hours=draw(a_week())),
        Week(valid_from=change, valid_until=None, hours=draw(a_week())),
    ]
    rules = OpeningRules(
        weeks=weeks,
        closures=draw(st.lists(wall_spans(first), max_size=2)),
        leave=draw(st.lists(wall_spans(first), max_size=2)),
        extra=draw(st.lists(wall_spans(first, roomed=True), max_size=2)),
    )
    return zone, first, end, rules


def a_week() -> st.SearchStrategy[dict[int, list[DayHours]]]:
    return st.fixed_dictionaries({weekday: hours_of_a_day() for weekday in range(1, 8)})


@lru_cache
def shown_times(zone: ZoneInfo, first: date, end: date) -> dict[datetime, datetime]:
    """Every minute (UTC) with what a wall clock shows that waits instead of going back."""
    start = datetime.combine(first, datetime.min.time(), tzinfo=UTC) - 2 * DAY
    shown: dict[datetime, datetime] = {}
    latest = datetime.min  # noqa: DTZ901 wall time
    for n in range(((end - first).days + 4) * 1440):
        at = start + n * MINUTE
        latest = max(latest, at.astimezone(zone).replace(tzinfo=None, fold=0))
        if first <= latest.date() < end:
            shown[at] = latest
    return shown


def during(span: WallSpan, wall: datetime) -> bool:
    return span.starts <= wall < span.ends


def room_at(rules: OpeningRules, wall: datetime) -> tuple[UUID | None] | None:
    """The room in which the doctor can be seen then, as a tuple; None: cannot be seen."""
    for extra in reversed(rules.extra):
        if during(extra, wall):
            return (extra.room_id,)
    if any(during(span, wall) for span in (*rules.closures, *rules.leave)):
        return None
    minute = wall.hour * 60 + wall.minute
    for week in rules.weeks:
        if week.valid_from <= wall.date() <= (week.valid_until or date.max):
            for hours in week.hours[wall.isoweekday()]:
                if hours.opens_minute <= minute < hours.closes_minute:
                    return (hours.room_id,)
    return None


def minutes_of(spans: list[Span]) -> dict[datetime, UUID | None]:
    found: dict[datetime, UUID | None] = {}
    for span in spans:
        at = span.starts_at
        while at < span.ends_at:
            assert at not in found, "open twice"
            found[at] = span.room_id
            at += MINUTE
    return found


@settings(max_examples=60, deadline=None)
@given(cases())
def test_open_spans_are_the_minutes_a_wall_clock_says(
    case: tuple[ZoneInfo, date, date, OpeningRules],
) -> None:
    zone, first, end, rules = case
    spans = open_spans(rules, first, end, zone)
    expected = {
        at: room[0]
        for at, wall in shown_times(zone, first, end).items()
        if (room := room_at(rules, wall))
    }
    assert minutes_of(spans) == expected
    for one, other in pairwise(spans):
        assert one.ends_at < other.starts_at or (
            one.ends_at == other.starts_at and one.room_id != other.room_id
        )


@settings(max_examples=60, deadline=None)
@given(days_near_edges(), st.lists(st.integers(0, 3 * 1440), min_size=3, max_size=8, unique=True))
def test_adjoining_wall_spans_tile(days: tuple[ZoneInfo, date, date], minutes: list[int]) -> None:
    zone, first, _ = days
    midnight = datetime.combine(first, datetime.min.time())
    instants = [wall_to_instant(zone, midnight + n * MINUTE) for n in sorted(minutes)]
    assert instants == sorted(instants)
    cut = OpeningRules(extra=[walled(midnight, *pair) for pair in pairwise(sorted(minutes))])
    whole = OpeningRules(extra=[walled(midnight, min(minutes), max(minutes))])
    window = (first - DAY, first + 5 * DAY, zone)
    assert open_spans(cut, *window) == open_spans(whole, *window)


def walled(midnight: datetime, starts: int, ends: int) -> WallSpan:
    return WallSpan(midnight + starts * MINUTE, midnight + ends * MINUTE)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_days_hold_every_minute_of_theirs(
    case: tuple[ZoneInfo, date, date, OpeningRules],
) -> None:
    zone, first, end, rules = case
    spans = open_spans(rules, first, end, zone)
    days = by_day(spans, first, end, zone)
    shown = shown_times(zone, first, end)
    assert list(days) == [first + n * DAY for n in range((end - first).days)]
    assert minutes_of([span for day in days.values() for span in day]) == minutes_of(spans)
    for day, theirs in days.items():
        assert {shown[at].date() for at in minutes_of(theirs)} <= {day}


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(0, 4000), st.integers(1, 900))
def test_covered_is_what_has_no_gap(
    case: tuple[ZoneInfo, date, date, OpeningRules], begin: int, length: int
) -> None:
    zone, first, end, rules = case
    spans = open_spans(rules, first, end, zone)
    starts_at = datetime.combine(first, datetime.min.time(), tzinfo=UTC) + begin * MINUTE
    wanted = {starts_at + n * MINUTE for n in range(length)}
    covered = wanted <= set(minutes_of(spans))
    assert covers(spans, starts_at, starts_at + length * MINUTE) == covered


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_closed_day_is_one_on_which_closures_leave_nothing(
    case: tuple[ZoneInfo, date, date, OpeningRules],
) -> None:
    _, first, end, rules = case
    closed = closed_days(rules, first, end)
    for n in range((end - first).days):
        midnight = datetime.combine(first + n * DAY, datetime.min.time())
        walls = [midnight + minute * MINUTE for minute in range(1440)]
        hours_only = OpeningRules(weeks=rules.weeks)
        worked = [wall for wall in walls if room_at(hours_only, wall)] or walls
        left = [w for w in worked if not any(during(span, w) for span in rules.closures)]
        assert (midnight.date() in closed) == (not left)


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        # The clock jumps from 02:00 to 03:00 at 01:00 UTC: 02:30 is never shown.
        ("Europe/Vienna", "2026-03-29T02:00", "2026-03-29T01:00"),
        ("Europe/Vienna", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Europe/Vienna", "2026-03-29T03:00", "2026-03-29T01:00"),
        # Back from 03:00 to 02:00 at 01:00 UTC: 02:30 is shown twice, 03:00 only then.
        ("Europe/Vienna", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Europe/Vienna", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        # The whole of Friday 30-Dec-2011 was skipped.
        ("Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-30T17:45", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00"),
        ("Asia/Kathmandu", "2026-03-02T08:00", "2026-03-02T02:15"),
        ("UTC", "2026-03-02T08:00", "2026-03-02T08:00"),
    ],
)
def test_wall_time_becomes_the_first_instant_at_which_it_is_reached(
    zone: str, local: str, instant: str
) -> None:
    found = wall_to_instant(ZoneInfo(zone), datetime.fromisoformat(local))
    assert found.isoformat() == f"{instant}:00+00:00"


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    night = {weekday: [DayHours(0, 360)] for weekday in range(1, 8)}
    rules = OpeningRules(weeks=[Week(valid_from=date(2020, 1, 1), valid_until=None, hours=night)])
    lengths = []
    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)):
        (span,) = open_spans(rules, day, day + DAY, ZoneInfo("Europe/Vienna"))
        lengths.append((span.ends_at - span.starts_at) / MINUTE)
    assert lengths == [360, 300, 420]


def test_open_round_the_clock_is_one_span() -> None:
    always = {weekday: [DayHours(0, 1440)] for weekday in range(1, 8)}
    rules = OpeningRules(weeks=[Week(valid_from=date(2020, 1, 1), valid_until=None, hours=always)])
    first, end = date(2026, 3, 28), date(2026, 3, 31)
    (span,) = open_spans(rules, first, end, ZoneInfo("Europe/Vienna"))
    assert span.ends_at - span.starts_at == 3 * DAY - 60 * MINUTE
    days = by_day([span], first, end, ZoneInfo("Europe/Vienna"))
    assert [len(spans) for spans in days.values()] == [1, 1, 1]
    assert covers([span], span.starts_at, span.ends_at)
    assert not covers([span], span.starts_at, span.ends_at + MINUTE)


def test_an_extra_session_counts_whatever_the_day_is_otherwise() -> None:
    noon = datetime(2026, 12, 25, 12)  # noqa: DTZ001 wall time
    holiday = WallSpan(datetime(2026, 12, 25), datetime(2026, 12, 27))  # noqa: DTZ001
    session = WallSpan(noon, noon + 60 * MINUTE, UUID(int=1))
    rules = OpeningRules(closures=[holiday], leave=[holiday], extra=[session])
    first, end = date(2026, 12, 24), date(2026, 12, 28)
    (span,) = open_spans(rules, first, end, ZoneInfo("UTC"))
    assert (span.starts_at, span.room_id) == (noon.replace(tzinfo=UTC), UUID(int=1))
    assert closed_days(rules, first, end) == {date(2026, 12, 25), date(2026, 12, 26)}
