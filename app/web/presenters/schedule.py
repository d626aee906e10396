"""Planning: a doctor's week and the days unlike the others."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.identity import User
from app.scheduling.availability import (
    AvailabilityException,
    ExceptionKind,
    PractitionerSchedule,
    Room,
    WeeklyHours,
    WeeklyHourSpan,
    clock_of_minute,
)
from app.web.presenters.choices import PickedChoice
from app.web.presenters.formats import State, counted, day
from app.web.presenters.wall_time import WEEKDAYS, duration, short_day

Week = tuple[WeeklyHours, Sequence[WeeklyHourSpan]]

ONE_DAY = timedelta(days=1)
MOST_LANES = 6
SLOT_MINUTES = (5, 10, 15, 20, 30, 60)
KINDS = {
    ExceptionKind.CLOSED: State("bad", "clinic closed"),
    ExceptionKind.LEAVE: State("warn", "away"),
    ExceptionKind.EXTRA: State("ok", "extra session"),
}
SAVED = {
    "hours": "The working hours are saved.",
    "booking": "The way of booking is saved.",
    "exception": "The exception is noted.",
    "withdrawn": "The exception is taken back.",
    "visit-type": "The visit types are saved.",
    "room": "The rooms are saved.",
}


@dataclass(frozen=True, slots=True)
class SpanFields:
    """One stretch of work in the editor, times as 08:00."""

    opens: str
    closes: str
    room_id: str


@dataclass(frozen=True, slots=True)
class WeekdayFields:
    number: int
    name: str
    spans: tuple[SpanFields, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A week for as long as it is valid; `picture`: [[weekday, opens, closes], …] in minutes."""

    id: UUID
    title: str
    hours: str
    picture: str
    state: State | None
    edited: bool


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    id: UUID
    title: str
    reason: str
    state: State
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class HoursPage:
    doctor: PickedChoice
    own: bool
    doctors: tuple[PickedChoice, ...]
    saved: str
    days: tuple[WeekdayFields, ...]
    valid_from: str
    valid_until: str
    periods: tuple[Period, ...]
    rooms: tuple[PickedChoice, ...]
    exceptions: tuple[ExceptionRow, ...]
    lanes: tuple[PickedChoice, ...]
    slots: tuple[PickedChoice, ...]
    version: int
    may_plan_clinic: bool


def week_to_edit(weeks: Sequence[Week], today: date, wanted: UUID | None) -> Week | None:
    """The week somebody asked for, else the one valid today, else the next one to come."""
    for week in weeks:
        if week[0].id == wanted:
            return week
    lasting = [week for week in weeks if not is_over(week[0], today)]
    return lasting[0] if lasting else None


def is_over(week: WeeklyHours, today: date) -> bool:
    return week.valid_until is not None and week.valid_until < today


def weekday_fields(spans: Sequence[WeeklyHourSpan]) -> tuple[WeekdayFields, ...]:
    return tuple(
        WeekdayFields(
            number=number,
            name=name,
            spans=tuple(
                SpanFields(
                    clock_of_minute(span.opens_minute),
                    clock_of_minute(span.closes_minute),
                    str(span.room_id or ""),
                )
                for span in sorted(spans, key=lambda each: each.opens_minute)
                if span.weekday == number
            ),
        )
        for number, name in enumerate(WEEKDAYS, start=1)
    )


def period(week: Week, today: date, *, edited: bool) -> Period:
    hours, spans = week
    minutes = sum(span.closes_minute - span.opens_minute for span in spans)
    picture = [[span.weekday, span.opens_minute, span.closes_minute] for span in spans]
    return Period(
        id=hours.id,
        title=validity(hours),
        hours=f"{duration(minutes)} a week" if minutes else "no working days",
        picture=json.dumps(picture),
        state=State("ok", "now") if hours.valid_from <= today else State("", "to come"),
        edited=edited,
    )


def validity(week: WeeklyHours) -> str:
    if week.valid_until is None:
        return f"From {day(week.valid_from)} until further notice"
    return f"{day(week.valid_from)} to {day(week.valid_until)}"


def exception_row(found: AvailabilityException, *, may_withdraw: bool) -> ExceptionRow:
    return ExceptionRow(
        id=found.id,
        title=stretch(found.starts_local, found.ends_local),
        reason=found.reason or "",
        state=KINDS[found.kind],
        may_withdraw=may_withdraw,
    )


def stretch(starts: datetime, ends: datetime) -> str:
    """Whole days as days, the last one included; anything else to the minute."""
    if starts.time() == ends.time() == time():
        last = (ends - ONE_DAY).date()
        first = f"{short_day(starts.date())}-{starts.year}"
        return first if last == starts.date() else f"{first} to {short_day(last)}-{last.year}"
    begin = f"{short_day(starts.date())}-{starts.year} {starts:%H:%M}"
    if starts.date() == ends.date():
        return f"{begin} to {ends:%H:%M}"
    return f"{begin} to {short_day(ends.date())}-{ends.year} {ends:%H:%M}"


def hours_page(
    doctor: User,
    *,
    own: bool,
    doctors: Sequence[User],
    weeks: Sequence[Week],
    wanted: UUID | None,
    rooms: Sequence[Room],
    exceptions: Sequence[AvailabilityException],
    schedule: PractitionerSchedule,
    today: date,
    saved: str | None,
    may_plan_clinic: bool,
) -> HoursPage:
    edited = week_to_edit(weeks, today, wanted)
    begins = max(edited[0].valid_from, today) if edited else today
    ends = edited[0].valid_until if edited else None
    return HoursPage(
        doctor=PickedChoice(str(doctor.id), doctor.full_name, True),
        own=own,
        doctors=tuple(picked(doctors, {doctor.id})),
        saved=SAVED.get(saved or "", ""),
        days=weekday_fields(edited[1] if edited else ()),
        valid_from=begins.isoformat(),
        valid_until=ends.isoformat() if ends else "",
        periods=tuple(
            period(week, today, edited=week is edited)
            for week in weeks
            if not is_over(week[0], today)
        ),
        rooms=tuple(PickedChoice(str(room.id), room.name, False) for room in rooms),
        exceptions=tuple(
            exception_row(each, may_withdraw=may_plan_clinic or each.practitioner_id is not None)
            for each in exceptions
        ),
        lanes=numbers(range(1, MOST_LANES + 1), schedule.lanes, "patient"),
        slots=numbers(SLOT_MINUTES, schedule.slot_minutes, "minute"),
        version=schedule.version,
        may_plan_clinic=may_plan_clinic,
    )


def picked(doctors: Sequence[User], chosen: set[UUID] | frozenset[UUID]) -> list[PickedChoice]:
    return [PickedChoice(str(one.id), one.full_name, one.id in chosen) for one in doctors]


def numbers(values: Sequence[int], chosen: int, unit: str) -> tuple[PickedChoice, ...]:
    return tuple(
        PickedChoice(str(value), counted(value, unit), value == chosen) for value in values
    )
