"""Who would like a time: preferences one by one, and until when they may be asked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.scheduling.rules import SchedulingRules
from app.scheduling.waiting_list.matching import FreeTime, Wish, offer_ends, on_the_wall, suits

VIENNA = ZoneInfo("Europe/Vienna")
WINTER = UUID("0198b1c6-0000-7000-8000-000000000001")
SUMMER = UUID("0198b1c6-0000-7000-8000-000000000002")
# Tuesday, 3-Mar-2026, nine to ten in Vienna.
NINE = datetime(2026, 3, 3, 8, tzinfo=UTC)
HALF_PAST = NINE + timedelta(minutes=30)
TEN = NINE + timedelta(hours=1)
TIME = FreeTime(
    practitioner_id=WINTER, specialty="Cardiology", room_id=None, starts_at=NINE, ends_at=TEN
)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"practitioner_id": WINTER},
        {"specialty": "Cardiology"},
        {"specialty": "cardiology"},
        {"weekdays": [2]},
        {"weekdays": [1, 2, 3]},
        {"from_minute": 540, "until_minute": 570},
        {"from_minute": 0, "until_minute": 1440},
        {"not_before": date(2026, 3, 3), "not_after": date(2026, 3, 3)},
    ],
)
def test_what_suits(wish: dict[str, Any]) -> None:
    assert suits(Wish(**wish), TIME, HALF_PAST, VIENNA)


@pytest.mark.parametrize(
    "wish",
    [
        {"practitioner_id": SUMMER},
        {"specialty": "Dermatology"},
        {"weekdays": [1, 3]},
        {"from_minute": 541},
        {"until_minute": 569},
        {"not_before": date(2026, 3, 4)},
        {"not_after": date(2026, 3, 2)},
    ],
)
def test_what_does_not_suit(wish: dict[str, Any]) -> None:
    assert not suits(Wish(**wish), TIME, HALF_PAST, VIENNA)


def test_a_visit_must_fit_into_the_time() -> None:
    assert suits(Wish(), TIME, TEN, VIENNA)
    assert not suits(Wish(), TIME, TEN + timedelta(minutes=1), VIENNA)


def test_days_and_hours_are_those_on_the_wall_of_the_clinic() -> None:
    """It is still Monday in New York when Tuesday has begun in Greenwich."""
    late = datetime(2026, 3, 3, 1, tzinfo=UTC)
    time = FreeTime(
        practitioner_id=WINTER,
        specialty=None,
        room_id=None,
        starts_at=late,
        ends_at=late + timedelta(hours=1),
    )
    monday_evening = Wish(weekdays=[1], from_minute=20 * 60, until_minute=21 * 60)
    assert suits(monday_evening, time, time.ends_at, ZoneInfo("America/New_York"))
    assert not suits(monday_evening, time, time.ends_at, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("starts_at", "minutes", "expected"),
    [
        (datetime(2026, 3, 28, 8, tzinfo=UTC), 30, (date(2026, 3, 28), 540, 570)),
        # The clock goes from 02:00 to 03:00, and back from 03:00 to 02:00.
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 60, (date(2026, 3, 29), 90, 210)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 60, (date(2026, 10, 25), 150, 150)),
        (datetime(2026, 3, 3, 22, 30, tzinfo=UTC), 60, (date(2026, 3, 3), 1410, 1470)),
        (datetime(2026, 3, 3, 22, 30, tzinfo=UTC), 30, (date(2026, 3, 3), 1410, 1440)),
    ],
)
def test_a_span_as_the_clock_shows_it(
    starts_at: datetime, minutes: int, expected: tuple[date, int, int]
) -> None:
    assert on_the_wall(starts_at, starts_at + timedelta(minutes=minutes), VIENNA) == expected


def test_a_visit_over_midnight_suits_nobody_who_leaves_before() -> None:
    late = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)  # half past eleven at night in Vienna
    time = FreeTime(
        practitioner_id=WINTER,
        specialty=None,
        room_id=None,
        starts_at=late,
        ends_at=late + timedelta(hours=1),
    )
    assert suits(Wish(until_minute=1440), time, late + timedelta(minutes=30), VIENNA)
    assert not suits(Wish(until_minute=1440), time, time.ends_at, VIENNA)
    assert not suits(Wish(until_minute=60), time, time.ends_at, VIENNA)


RULES = SchedulingRules(offer_for=timedelta(hours=2), offer_notice=timedelta(minutes=30))


@pytest.mark.parametrize(
    ("left", "lasts"),
    [
        (timedelta(days=3), timedelta(hours=2)),
        (timedelta(hours=4), timedelta(hours=2)),
        (timedelta(hours=3), timedelta(minutes=90)),
        (timedelta(minutes=30), timedelta(minutes=15)),
        (timedelta(minutes=29), None),
        (timedelta(0), None),
        (timedelta(hours=-1), None),
    ],
)
def test_a_time_is_held_for_half_of_what_is_left_at_most(
    left: timedelta, lasts: timedelta | None
) -> None:
    ends_at = offer_ends(NINE, NINE + left, RULES)
    assert ends_at == (None if lasts is None else NINE + lasts)


def test_without_notice_what_has_begun_is_still_offered_to_nobody() -> None:
    eager = SchedulingRules(offer_notice=timedelta(0))
    assert offer_ends(NINE, NINE, eager) is None
    assert offer_ends(NINE, NINE + timedelta(minutes=2), eager) == NINE + timedelta(minutes=1)
