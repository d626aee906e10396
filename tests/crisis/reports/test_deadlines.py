"""Every rule there is, held against a table written by hand and days counted another way."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.crisis.reports import Leg, Limit, LimitUnit, Mark, ReportRule, due_at
from app.crisis.reports.deadlines import marks
from app.crisis.reports.rules import effective
from app.infra.uow import Works
from app.work_queues.calendars import Calendar, Hours

Amount = tuple[str, int] | str | None
# Written from the sources, not from the migration: by telephone, in writing.
RULES: dict[tuple[str, int], tuple[Amount, Amount]] = {
    ("us-ca-child-abuse", 1): ("at once", ("hours", 36)),
    ("us-ca-elder-abuse", 1): ("at once", ("working days", 2)),
    ("us-ca-facility-physical", 1): (("hours", 2), ("hours", 24)),
    ("us-ca-facility-dementia", 1): (None, ("hours", 24)),
    ("us-ca-assaultive-injury", 1): ("at once", ("working days", 2)),
    ("us-ca-threat-victims", 1): ("at once", None),
    ("us-ca-threat-police", 1): ("at once", None),
    ("us-ca-firearm-prohibition", 1): (None, ("hours", 24)),
    ("us-tx-child-abuse", 1): (("hours", 48), None),
    ("us-tx-child-abuse", 2): (("hours", 24), None),
    ("us-ct-child-abuse", 1): (("hours", 12), None),
    ("us-id-child-abuse", 1): (("hours", 24), None),
    ("us-nv-child-abuse", 1): (("hours", 24), None),
    ("us-vt-child-abuse", 1): (("hours", 24), None),
    ("us-wv-child-abuse", 1): (("hours", 24), None),
    ("us-wa-child-abuse", 1): (("hours", 48), None),
    ("us-ny-child-abuse", 1): ("at once", ("hours", 48)),
}
LOS_ANGELES, NEW_YORK = ZoneInfo("America/Los_Angeles"), ZoneInfo("America/New_York")
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/Los_Angeles",
        "America/New_York",
        "America/Phoenix",
        "Pacific/Honolulu",
        "Europe/Vienna",
        "UTC",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    )
]
WEEK = [Hours(day, 8 * 60, 17 * 60) for day in range(1, 6)]
HOLIDAYS = {
    date(2026, 7, 3), date(2026, 11, 26), date(2026, 11, 27), date(2026, 12, 25),
    date(2027, 1, 1), date(2026, 3, 9), date(2026, 11, 2),
}  # fmt: skip


def office(zone: ZoneInfo, *closed: date) -> Calendar:
    return Calendar.of(zone, WEEK, closed)


def wall(zone: ZoneInfo, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


async def every_rule(works: Works) -> list[ReportRule]:
    async with works.sessions() as db:
        return list(await db.scalars(select(ReportRule)))


def counted(amount: Amount, moment: datetime, zone: ZoneInfo) -> datetime | None:
    """The same by another way: hour by hour, and day by day looked up in a list of days."""
    if amount is None:
        return None
    if isinstance(amount, str):
        return moment
    unit, number = amount
    if unit == "hours":
        at = moment.timestamp()
        for _ in range(number):
            at += 3600
        return datetime.fromtimestamp(at, UTC)
    first = moment.astimezone(zone).date()
    after = [first + timedelta(days=n) for n in range(1, 60)]
    open_days = [day for day in after if day.isoweekday() < 6 and day not in HOLIDAYS]
    last = open_days[number - 1]
    return datetime(last.year, last.month, last.day, 17, tzinfo=zone).astimezone(UTC)


async def test_every_rule_says_what_its_source_says(works: Works) -> None:
    """A rule added to the tables and not to this one fails here."""
    told = {(rule.key, rule.version): rule for rule in await every_rule(works)}
    assert set(told) == set(RULES)
    zones = {LOS_ANGELES: "2026-11-25T22:30", NEW_YORK: "2026-11-25T22:30"}
    for key, rule in told.items():
        for zone, at in zones.items():
            moment, calendar = wall(zone, at), office(zone, *HOLIDAYS)
            for leg, amount in zip(Leg, RULES[key], strict=True):
                limit = rule.limit(leg)
                due = limit and due_at(limit, moment, calendar)
                assert due == counted(amount, moment, zone), (key, leg)


async def test_no_rule_pretends_to_have_been_reviewed_and_doubts_are_said(works: Works) -> None:
    rules = await every_rule(works)
    assert all(rule.reviewed_by is None and rule.source for rule in rules)
    doubted = {rule.key for rule in rules if rule.doubt}
    assert {"us-ca-facility-physical", "us-ny-child-abuse", "us-ca-assaultive-injury"} <= doubted


moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 zoned by the strategy
    max_value=datetime(2027, 3, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
amounts = st.sampled_from(
    sorted({each for both in RULES.values() for each in both if each}, key=str)
)


@given(moment=moments, zone=st.sampled_from(ZONES), amount=amounts)
def test_every_limit_at_any_moment_in_any_zone(
    moment: datetime, zone: ZoneInfo, amount: tuple[str, int] | str
) -> None:
    limit = Limit(LimitUnit.AT_ONCE)
    if not isinstance(amount, str):
        limit = Limit(LimitUnit(amount[0].replace(" ", "-")), amount[1])
    due = due_at(limit, moment, office(zone, *HOLIDAYS))
    assert due == counted(amount, moment, zone)
    assert due.utcoffset() == timedelta()
    assert due >= moment


TWO_DAYS = Limit(LimitUnit.WORKING_DAYS, 2)


@pytest.mark.parametrize(
    ("zone", "moment", "due"),
    [
        # an ordinary Monday, and late in its evening
        (LOS_ANGELES, "2026-06-01T10:00", "2026-06-03T17:00-07:00"),
        (LOS_ANGELES, "2026-06-01T23:59", "2026-06-03T17:00-07:00"),
        # over a weekend, from its middle, and over one with a holiday before it
        (LOS_ANGELES, "2026-06-05T16:00", "2026-06-09T17:00-07:00"),
        (LOS_ANGELES, "2026-06-06T12:00", "2026-06-09T17:00-07:00"),
        (LOS_ANGELES, "2026-07-02T12:00", "2026-07-07T17:00-07:00"),
        # Thanksgiving and the day after
        (LOS_ANGELES, "2026-11-25T22:30", "2026-12-01T17:00-08:00"),
        (NEW_YORK, "2026-11-25T22:30", "2026-12-01T17:00-05:00"),
        # clocks forward and back in between; the Monday after each is a holiday here
        (LOS_ANGELES, "2026-03-06T18:00", "2026-03-11T17:00-07:00"),
        (LOS_ANGELES, "2026-10-30T18:00", "2026-11-04T17:00-08:00"),
        # over the end of the year
        (NEW_YORK, "2026-12-31T12:00", "2027-01-05T17:00-05:00"),
    ],
)
def test_two_working_days_as_people_count_them(zone: ZoneInfo, moment: str, due: str) -> None:
    found = due_at(TWO_DAYS, wall(zone, moment), office(zone, *HOLIDAYS))
    assert found == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-03-07T20:00", "2026-03-09T09:00-07:00"),  # an hour is skipped in between
        ("2026-10-31T20:00", "2026-11-02T07:00-08:00"),  # an hour comes twice
    ],
)
def test_hours_are_hours_that_pass_whatever_the_wall_shows(moment: str, due: str) -> None:
    limit = Limit(LimitUnit.HOURS, 36)
    found = due_at(limit, wall(LOS_ANGELES, moment), office(LOS_ANGELES))
    assert found == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2025, 6, 19), 48), (date(2025, 6, 20), 24), (date(2026, 1, 1), 24)]
)
async def test_the_version_that_held_when_it_became_known_decides(
    works: Works, day: date, hours: int
) -> None:
    texas = [rule for rule in await every_rule(works) if rule.jurisdiction == "US-TX"]
    (held,) = effective(texas, day)
    assert held.oral_amount == hours


@pytest.mark.parametrize(("day", "number"), [(date(2023, 12, 31), 0), (date(2024, 1, 1), 2)])
async def test_what_began_with_a_law_did_not_hold_before(
    works: Works, day: date, number: int
) -> None:
    facility = [rule for rule in await every_rule(works) if "facility" in rule.key]
    assert len(effective(facility, day)) == number


def test_marks_lie_at_half_and_four_fifths_of_the_whole_span() -> None:
    start = datetime(2026, 6, 1, 8, tzinfo=UTC)
    due = start + timedelta(hours=10)
    assert marks(start, due) == {
        Mark.HALF: start + timedelta(hours=5),
        Mark.MOST: start + timedelta(hours=8),
        Mark.BREACH: due,
    }
    assert marks(start, start) == {Mark.BREACH: start}
