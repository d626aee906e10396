"""Rules of repetition: what is read, what is refused, and that they say what RFC 5545 means."""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.kernel.recurrence import Day, RuleUnreadable
from app.scheduling.appointments.series_rules import (
    LONGEST_SPAN,
    MOST_OCCURRENCES,
    RecurrenceRule,
)
from app.scheduling.availability import wall_to_instant

VIENNA = ZoneInfo("Europe/Vienna")
ZONES = ("Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "America/Santiago",
         "Asia/Kolkata", "Africa/Casablanca", "UTC")  # fmt: skip
MONDAY = datetime.fromisoformat("2026-03-02T09:00")
WEEK = timedelta(days=7)


def parse(text: str) -> RecurrenceRule:
    return RecurrenceRule.parse(text, VIENNA)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("FREQ=WEEKLY;COUNT=4", "FREQ=WEEKLY;COUNT=4"),
        ("rrule:freq=weekly;count=4;byday=we,mo", "FREQ=WEEKLY;COUNT=4;BYDAY=MO,WE"),
        ("FREQ=DAILY;INTERVAL=2;UNTIL=20260630", "FREQ=DAILY;INTERVAL=2;UNTIL=20260630T235959"),
        ("FREQ=DAILY;UNTIL=20260630T220000Z", "FREQ=DAILY;UNTIL=20260701T000000"),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=-1FR", "FREQ=MONTHLY;COUNT=3;BYDAY=-1FR"),
        ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1", "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1"),
        (
            "FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU;BYSETPOS=1",
            "FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU;BYSETPOS=1",
        ),
        ("FREQ=WEEKLY;COUNT=4;WKST=SU", "FREQ=WEEKLY;COUNT=4;WKST=SU"),
    ],
)
def test_a_rule_is_read_and_written(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical
    assert parse(canonical) == parse(text)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("", "rrule_part"),
        ("every monday", "rrule_part"),
        ("FREQ=WEEKLY", "rrule_end"),
        ("COUNT=4", "rrule_frequency"),
        ("FREQ=YEARLY;COUNT=4", "rrule_frequency"),
        ("FREQ=HOURLY;COUNT=4", "rrule_frequency"),
        ("FREQ=WEEKLY;COUNT=4;UNTIL=20260630", "rrule_end"),
        ("FREQ=WEEKLY;COUNT=4;COUNT=5", "rrule_part"),
        ("FREQ=WEEKLY;COUNT=0", "rrule_number"),
        ("FREQ=WEEKLY;COUNT=201", "rrule_number"),
        ("FREQ=WEEKLY;COUNT=99999999999999999999", "rrule_number"),
        ("FREQ=WEEKLY;COUNT=4;INTERVAL=0", "rrule_number"),
        ("FREQ=WEEKLY;COUNT=4;BYHOUR=9", "rrule_part"),
        ("FREQ=WEEKLY;COUNT=4;BYDAY=XX", "rrule_day"),
        ("FREQ=WEEKLY;COUNT=4;BYDAY=2MO", "rrule_monthly"),
        ("FREQ=WEEKLY;COUNT=4;BYMONTHDAY=1", "rrule_monthly"),
        ("FREQ=MONTHLY;COUNT=4;BYMONTHDAY=0", "rrule_number"),
        ("FREQ=MONTHLY;COUNT=4;BYSETPOS=1", "rrule_positions"),
        ("FREQ=MONTHLY;COUNT=4;BYDAY=MO,2TU", "rrule_day"),
        ("FREQ=WEEKLY;COUNT=4;WKST=2MO", "rrule_day"),
        ("FREQ=WEEKLY;COUNT=4;WKST=MO,TU", "rrule_day"),
        ("FREQ=WEEKLY;UNTIL=20261301", "rrule_until"),
        ("FREQ=WEEKLY;UNTIL=tomorrow", "rrule_until"),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", "rrule_until"),
        ("FREQ=WEEKLY;COUNT=4;BYDAY=\u0660MO", "rrule_day"),
        ("FREQ=WEEKLY;COUNT=\u0664", "rrule_number"),
    ],
)
def test_what_is_no_rule_of_ours_is_refused_by_name(text: str, broken: str) -> None:
    with pytest.raises(RuleUnreadable) as refused:
        parse(text)
    assert refused.value.rule == broken


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("FREQ=WEEKLY;COUNT=4;BYDAY=TU", "rrule_first"),
        ("FREQ=WEEKLY;UNTIL=20260301", "rrule_first"),
        ("FREQ=DAILY;UNTIL=20270630", "rrule_length"),
        ("FREQ=MONTHLY;INTERVAL=12;COUNT=10", "rrule_span"),
        ("FREQ=WEEKLY;INTERVAL=4;UNTIL=20400101", "rrule_span"),
        ("FREQ=MONTHLY;COUNT=4;BYMONTHDAY=31;BYDAY=2MO", "rrule_first"),
        ("FREQ=DAILY;INTERVAL=7;COUNT=4;BYDAY=TU", "rrule_first"),
        ("FREQ=MONTHLY;COUNT=4;BYDAY=MO;BYSETPOS=31", "rrule_first"),
    ],
)
def test_a_rule_that_does_not_fit_its_first_appointment_is_refused(text: str, broken: str) -> None:
    with pytest.raises(RuleUnreadable) as refused:
        parse(text).expand(MONDAY)
    assert refused.value.rule == broken


def test_a_day_as_an_end_counts_whole() -> None:
    found = parse("FREQ=WEEKLY;UNTIL=20260316").expand(MONDAY)
    assert found == [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]


def test_a_month_without_a_31st_is_passed_over() -> None:
    found = parse("FREQ=MONTHLY;COUNT=3").expand(datetime.fromisoformat("2026-01-31T09:00"))
    assert [each.date() for each in found] == [
        date(2026, 1, 31), date(2026, 3, 31), date(2026, 5, 31)
    ]  # fmt: skip


def test_a_weekly_visit_at_nine_stays_at_nine() -> None:
    found = parse("FREQ=WEEKLY;COUNT=3").expand(datetime.fromisoformat("2026-03-23T09:00"))
    hours = [wall_to_instant(VIENNA, each).hour for each in found]
    assert hours == [8, 7, 7]


def test_a_monthly_rule_does_not_move_to_other_days() -> None:
    rule = parse("FREQ=MONTHLY;COUNT=3;BYDAY=2TU")
    assert rule.shifted(0) == rule
    with pytest.raises(RuleUnreadable) as refused:
        rule.shifted(1)
    assert refused.value.rule == "rrule_day_fixed"


# --- properties -----------------------------------------------------------------------------

FIRST_DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1, max_size=4)


@st.composite
def rules(draw: st.DrawFn) -> tuple[RecurrenceRule, datetime]:
    """A rule, and a wall time on which it may begin."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]))
    day, at = draw(FIRST_DAYS), draw(CLOCKS)
    days: tuple[Day, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    if draw(st.booleans()):
        if frequency == "MONTHLY":
            nths = st.just(0) if draw(st.booleans()) else st.sampled_from([1, 2, 4, 5, -1, -2])
            days = tuple(sorted({Day(d, draw(nths)) for d in draw(WEEKDAYS)}))
            if draw(st.booleans()):
                positions = (draw(st.sampled_from([1, 2, -1])),)
        else:
            days = tuple(sorted(Day(d) for d in draw(WEEKDAYS)))
    elif frequency == "MONTHLY" and draw(st.booleans()):
        month_days = tuple(sorted(draw(st.sets(st.sampled_from([1, 10, 29, 31, -1]), min_size=1))))
    count = draw(st.one_of(st.none(), st.integers(1, 12)))
    until = datetime.combine(day + timedelta(days=draw(st.integers(0, 120))), at)
    rule = RecurrenceRule(
        frequency=frequency,
        interval=draw(st.integers(1, 3)),
        count=count,
        until=None if count else until,
        days=days,
        month_days=month_days,
        positions=positions,
        week_start=draw(st.integers(0, 6)),
    )
    rule.check()
    first = next(oracle(rule, datetime.combine(day, at)), None)
    assume(first is not None)
    assert first is not None
    return rule, first


def oracle(rule: RecurrenceRule, start: datetime) -> Iterator[datetime]:
    """RFC 5545 by looking at every single day, with none of dateutil's code."""
    given_out = 0
    day = start.date()
    while day <= (start + LONGEST_SPAN).date():
        local = datetime.combine(day, start.time())
        if rule.until is not None and local > rule.until:
            return
        if matches(rule, start.date(), day):
            yield local
            given_out += 1
            if given_out == rule.count:
                return
        day += timedelta(days=1)


def matches(rule: RecurrenceRule, start: date, day: date) -> bool:
    if rule.frequency == "DAILY":
        right = {each.weekday for each in rule.days} or set(range(7))
        return (day - start).days % rule.interval == 0 and day.weekday() in right
    if rule.frequency == "WEEKLY":
        weeks = (week_of(rule, day) - week_of(rule, start)).days // 7
        right = {each.weekday for each in rule.days} or {start.weekday()}
        return weeks % rule.interval == 0 and day.weekday() in right
    months = (day.year - start.year) * 12 + day.month - start.month
    return months % rule.interval == 0 and day in days_of_month(rule, start, day)


def week_of(rule: RecurrenceRule, day: date) -> date:
    return day - timedelta(days=(day.weekday() - rule.week_start) % 7)


def days_of_month(rule: RecurrenceRule, start: date, day: date) -> list[date]:
    length = monthrange(day.year, day.month)[1]
    month = [day.replace(day=number) for number in range(1, length + 1)]
    if rule.days:
        right = [each for each in month if any(is_the(each, length, one) for one in rule.days)]
    elif rule.month_days:
        right = [
            d for d in month if d.day in rule.month_days or d.day - length - 1 in rule.month_days
        ]
    else:
        right = [each for each in month if each.day == start.day]
    if not rule.positions:
        return right
    at = [place - 1 if place > 0 else len(right) + place for place in rule.positions]
    return [right[each] for each in at if 0 <= each < len(right)]


def is_the(day: date, length: int, wanted: Day) -> bool:
    forwards, backwards = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
    return day.weekday() == wanted.weekday and wanted.nth in {0, forwards, backwards}


def expanded(rule: RecurrenceRule, first: datetime) -> list[datetime]:
    try:
        return rule.expand(first)
    except RuleUnreadable as refused:
        assume(refused.rule not in {"rrule_length", "rrule_span"})
        raise


@settings(deadline=None, max_examples=150)
@given(rules())
def test_an_expansion_is_what_dateutil_and_the_calendar_say(
    generated: tuple[RecurrenceRule, datetime],
) -> None:
    rule, first = generated
    found = expanded(rule, first)
    assert found == list(rrulestr(str(rule), dtstart=first))
    assert found == list(oracle(rule, first))
    assert 1 <= len(found) <= MOST_OCCURRENCES


@settings(deadline=None, max_examples=150)
@given(rules(), st.sampled_from(ZONES))
def test_every_occurrence_is_at_the_same_time_on_the_wall(
    generated: tuple[RecurrenceRule, datetime], name: str
) -> None:
    rule, first = generated
    zone = ZoneInfo(name)
    found = expanded(rule, first)
    instants = [wall_to_instant(zone, local) for local in found]
    assert instants == sorted(set(instants))
    for local, instant in zip(found, instants, strict=True):
        shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        skipped = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
        exists = skipped.replace(tzinfo=None, fold=0) == local
        assert shown == local if exists else shown > local


@settings(deadline=None, max_examples=150)
@given(rules(), st.data(), st.integers(-10, 10), CLOCKS)
def test_a_series_split_and_moved_is_the_rest_of_it_that_much_later(
    generated: tuple[RecurrenceRule, datetime], data: st.DataObject, days: int, at: time
) -> None:
    rule, first = generated
    found = expanded(rule, first)
    place = data.draw(st.integers(0, len(found) - 1))
    pivot, rest = found[place], found[place:]
    shift = datetime.combine(pivot.date() + timedelta(days=days), at) - pivot
    moved = (pivot + shift).date() - pivot.date()
    assume(rule.frequency != "MONTHLY" or moved.days == 0)
    split = rule.lasting(len(rest)).shifted(moved.days)
    assert split.expand(pivot + shift) == [each + shift for each in rest]
    if place:
        assert rule.lasting(place).expand(first) == found[:place]


@settings(deadline=None, max_examples=100)
@given(rules())
def test_a_rule_survives_being_written_and_read(generated: tuple[RecurrenceRule, datetime]) -> None:
    rule, _ = generated
    assert parse(str(rule)) == rule


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.from_regex(r"FREQ=(DAILY|WEEKLY|MONTHLY)(;[A-Z]{3,8}=\w{0,9})*"))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    with suppress(RuleUnreadable):
        parse(text).expand(MONDAY)
