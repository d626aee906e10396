"""Free slots against a search that tries every share at every step, in zones that change clocks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scheduling.appointments.shares import Share, share_at, shares
from app.scheduling.appointments.slots import Free, Taken, days_of, free_slots
from app.scheduling.availability.opening import (
    DayHours,
    OpeningRules,
    Span,
    WallSpan,
    Week,
    covers,
    open_spans,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EDGES = {
    "Europe/Vienna": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],  # half an hour only
    "Asia/Kathmandu": [date(2026, 3, 2)],
    "UTC": [date(2026, 3, 2)],
}
ROOMS = [UUID(int=1), UUID(int=2)]
BREAK = UUID(int=0)


class Clinic(NamedTuple):
    """A doctor's days and everything that is taken on them."""

    zone: ZoneInfo
    first: date
    end: date
    rules: OpeningRules
    doctor: list[Taken]
    patient: list[Taken]
    rooms: dict[UUID, list[Taken]]


class Asked(NamedTuple):
    step: timedelta
    duration: timedelta
    lanes: int
    parallel: int
    room_id: UUID | None
    minutes_gone: int  # of the first day, when somebody asks

    def now(self, clinic: Clinic) -> datetime:
        midnight = datetime.combine(clinic.first, datetime.min.time(), tzinfo=clinic.zone)
        return midnight.astimezone(UTC) + self.minutes_gone * MINUTE


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> list[DayHours]:
    """Up to five spans, with and without breaks, many of them where clocks change or days do."""
    minutes = st.one_of(
        st.integers(0, 1440), st.sampled_from([0, 60, 120, 150, 180, 720, 1380, 1440])
    )
    cuts = sorted(draw(st.sets(minutes, max_size=6)))
    used = st.sampled_from([BREAK, None, *ROOMS])
    parts = [(opens, closes, draw(used)) for opens, closes in pairwise(cuts)]
    return [DayHours(*part) for part in parts if part[2] is not BREAK]


@st.composite
def wall_spans(draw: st.DrawFn, near: date) -> WallSpan:
    midnight = datetime.combine(near, datetime.min.time())
    starts = midnight + draw(st.integers(-600, 3000)) * MINUTE
    room = draw(st.sampled_from([None, *ROOMS]))
    return WallSpan(starts, starts + draw(st.integers(15, 1500)) * MINUTE, room)


@st.composite
def taken_times(draw: st.DrawFn, near: date) -> Taken:
    """By any visit type, in any lane that an override may have led to."""
    midnight = datetime.combine(near, datetime.min.time(), tzinfo=UTC)
    starts = midnight + draw(st.integers(-60, 200)) * 15 * MINUTE
    parallel = draw(st.sampled_from([1, 1, 2, 3, 8]))
    share = share_at(draw(st.integers(0, 3)), draw(st.integers(0, parallel - 1)), parallel)
    return Taken(starts, starts + draw(st.integers(1, 100)) * 5 * MINUTE, share)


@st.composite
def clinics(draw: st.DrawFn) -> Clinic:
    zone = ZoneInfo(draw(st.sampled_from(sorted(EDGES))))
    first = draw(st.sampled_from(EDGES[zone.key])) - draw(st.integers(0, 1)) * DAY
    weekly = {weekday: draw(hours_of_a_day()) for weekday in range(1, 8)}
    exceptions = st.lists(wall_spans(first), max_size=2)
    taken = st.lists(taken_times(first), max_size=6)
    return Clinic(
        zone=zone,
        first=first,
        end=first + draw(st.integers(1, 2)) * DAY,
        rules=OpeningRules(
            weeks=[Week(valid_from=date(2000, 1, 1), valid_until=None, hours=weekly)],
            closures=draw(exceptions),
            leave=draw(exceptions),
            extra=draw(exceptions),
        ),
        doctor=draw(taken),
        patient=draw(st.lists(taken_times(first), max_size=2)),
        rooms={room: draw(taken) for room in ROOMS},
    )


@st.composite
def wishes(draw: st.DrawFn) -> Asked:
    return Asked(
        step=draw(st.sampled_from([5, 10, 15, 20, 30, 60])) * MINUTE,
        duration=draw(st.sampled_from([5, 20, 30, 45, 60, 90, 480])) * MINUTE,
        lanes=draw(st.integers(1, 3)),
        parallel=draw(st.sampled_from([1, 1, 2, 3, 8])),
        room_id=draw(st.sampled_from([None, None, *ROOMS])),
        minutes_gone=draw(st.integers(0, 1440)),
    )


def refused(new: Taken, stored: Sequence[Taken]) -> bool:
    """What an exclusion constraint does: same time and same share."""
    return any(
        new.starts_at < old.ends_at
        and old.starts_at < new.ends_at
        and new.share.lower < old.share.upper
        and old.share.lower < new.share.upper
        for old in stored
    )


def has_place(
    at: tuple[datetime, datetime], stored: Sequence[Taken], lanes: int, parallel: int = 1
) -> bool:
    return any(not refused(Taken(*at, share), stored) for share in shares(lanes, parallel))


def grid_by_hand(clinic: Clinic, step: timedelta) -> Iterator[tuple[datetime, Span]]:
    """Each day opened by itself: its spans begin the grid anew."""
    day = clinic.first
    while day < clinic.end:
        for span in open_spans(clinic.rules, day, day + DAY, clinic.zone):
            starts_at = span.starts_at
            while starts_at < span.ends_at:
                yield starts_at, span
                starts_at += step
        day += DAY


def tried_by_hand(clinic: Clinic, asked: Asked) -> dict[tuple[datetime, datetime], Span]:
    """Every time on the grid that is open and would be taken by the constraints."""
    opened = open_spans(clinic.rules, clinic.first, clinic.end, clinic.zone)
    found = {}
    for starts_at, span in grid_by_hand(clinic, asked.step):
        at = (starts_at, starts_at + asked.duration)
        if starts_at < asked.now(clinic):
            continue
        if not covers(opened, *at) or not has_place(at, clinic.patient, 1):
            continue
        if not has_place(at, clinic.doctor, asked.lanes, asked.parallel):
            continue
        room = asked.room_id
        if room is None or has_place(at, clinic.rooms[room], 1, asked.parallel):
            found[at] = span
    return found


def offered(clinic: Clinic, asked: Asked) -> list[Free]:
    opened = open_spans(clinic.rules, clinic.first, clinic.end, clinic.zone)
    return list(
        free_slots(
            days_of(opened, clinic.first, clinic.end, clinic.zone),
            step=asked.step,
            duration=asked.duration,
            lanes=asked.lanes,
            parallel=asked.parallel,
            doctor=clinic.doctor,
            patient=clinic.patient,
            rooms=clinic.rooms,
            room_id=asked.room_id,
            not_before=asked.now(clinic),
        )
    )


@settings(max_examples=100, deadline=None)
@given(clinics(), wishes())
def test_what_is_offered_is_exactly_what_the_constraints_would_take(
    clinic: Clinic, asked: Asked
) -> None:
    found = offered(clinic, asked)
    times = [(free.starts_at, free.ends_at) for free in found]
    assert times == sorted(set(times))
    assert times == sorted(tried_by_hand(clinic, asked))


@settings(max_examples=50, deadline=None)
@given(clinics(), wishes())
def test_a_room_is_named_where_the_doctor_sits_in_one_that_has_place(
    clinic: Clinic, asked: Asked
) -> None:
    by_hand = tried_by_hand(clinic, asked)
    opened = open_spans(clinic.rules, clinic.first, clinic.end, clinic.zone)
    for free in offered(clinic, asked):
        at = (free.starts_at, free.ends_at)
        if asked.room_id is not None:
            assert free.room_id == asked.room_id
            continue
        room = by_hand[at].room_id
        stays = [span for span in opened if span.room_id == room]
        if room and covers(stays, *at) and has_place(at, clinic.rooms[room], 1, asked.parallel):
            assert free.room_id == room
        else:
            assert free.room_id is None


def spans_of(zone: ZoneInfo, day: date, *hours: DayHours) -> list[Span]:
    weeks = [Week(valid_from=day, valid_until=day, hours={day.isoweekday(): hours})]
    return open_spans(OpeningRules(weeks=weeks), day, day + DAY, zone)


def starts_on_the_wall(zone: ZoneInfo, found: Iterator[Free]) -> list[str]:
    return [f"{free.starts_at.astimezone(zone):%H:%M %z}" for free in found]


def test_a_night_clinic_loses_an_hour_in_spring_and_gains_one_in_autumn() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    hours = DayHours(60, 240)  # 01:00 to 04:00
    hour = timedelta(hours=1)
    spring = free_slots(spans_of(vienna, date(2026, 3, 29), hours), step=hour, duration=hour)
    assert starts_on_the_wall(vienna, spring) == ["01:00 +0100", "03:00 +0200"]
    autumn = free_slots(spans_of(vienna, date(2026, 10, 25), hours), step=hour, duration=hour)
    assert starts_on_the_wall(vienna, autumn) == [
        "01:00 +0200",
        "02:00 +0200",
        "02:00 +0100",
        "03:00 +0100",
    ]


def test_the_grid_begins_anew_after_each_break() -> None:
    zone = ZoneInfo("Europe/Vienna")
    spans = spans_of(zone, date(2026, 3, 2), DayHours(485, 540), DayHours(550, 600))
    found = free_slots(spans, step=30 * MINUTE, duration=20 * MINUTE)
    assert [text[:5] for text in starts_on_the_wall(zone, found)] == [
        "08:05",
        "08:35",
        "09:10",
        "09:40",
    ]
    assert not list(free_slots(spans, step=30 * MINUTE, duration=60 * MINUTE))


def test_eight_share_a_group_and_a_visit_alone_needs_the_whole_lane() -> None:
    zone = ZoneInfo("UTC")
    spans = spans_of(zone, date(2026, 3, 2), DayHours(540, 600))
    at = (spans[0].starts_at, spans[0].ends_at)
    group = [Taken(*at, share_at(0, part, 8)) for part in range(7)]
    hour = 60 * MINUTE
    assert len(list(free_slots(spans, step=hour, duration=hour, parallel=8, doctor=group))) == 1
    assert not list(free_slots(spans, step=hour, duration=hour, doctor=group))
    group.append(Taken(*at, share_at(0, 7, 8)))
    assert not list(free_slots(spans, step=hour, duration=hour, parallel=8, doctor=group))
    assert len(list(free_slots(spans, step=hour, duration=hour, lanes=2, doctor=group))) == 1


@pytest.mark.parametrize("share", [Share(0, 27_720), Share(0, 3_465), Share(13_860, 27_720)])
def test_a_patient_who_is_anywhere_else_is_not_free(share: Share) -> None:
    spans = spans_of(ZoneInfo("UTC"), date(2026, 3, 2), DayHours(540, 600))
    there = [Taken(spans[0].starts_at, spans[0].starts_at + 5 * MINUTE, share)]
    found = free_slots(spans, step=30 * MINUTE, duration=30 * MINUTE, patient=there)
    assert [free.starts_at for free in found] == [spans[0].starts_at + 30 * MINUTE]
