"""A clinic for tests: one visit type, one room, and a doctor who works Monday to Friday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import availability

SINCE = date(2020, 1, 1)
OFFICE_HOURS = (("08:00", "12:00"), ("13:00", "17:00"))
WORKING_DAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """What `a_clinic` made."""

    visit_type: availability.VisitType  # 30 minutes, offered by everybody
    room: availability.Room
    doctor: Actor


def a_week(
    hours: Sequence[tuple[str, str]] = OFFICE_HOURS,
    weekdays: Sequence[int] = WORKING_DAYS,
    room_id: UUID | None = None,
) -> list[availability.WeekdaySpan]:
    """The same hours on each of these ISO weekdays."""
    return [
        availability.WeekdaySpan(weekday=weekday, opens=opens, closes=closes, room_id=room_id)
        for weekday in weekdays
        for opens, closes in hours
    ]


async def a_visit_type(
    works: Works, by: Actor, name: str = "Consultation", duration_minutes: int = 30, **more: Any
) -> availability.VisitType:
    new = availability.NewVisitType(name=name, duration_minutes=duration_minutes, **more)
    async with works.begin(by) as uow:
        return await availability.add_visit_type(uow, new)


async def a_room(works: Works, by: Actor, name: str = "Room 1") -> availability.Room:
    async with works.begin(by) as uow:
        return await availability.add_room(uow, name)


async def working_hours(
    works: Works,
    by: Actor,
    doctor: Actor,
    spans: Sequence[availability.WeekdaySpan] | None = None,
    *,
    valid_from: date = SINCE,
    valid_until: date | None = None,
) -> availability.WeeklyHours:
    """Monday to Friday 08:00-12:00 and 13:00-17:00 unless said otherwise."""
    async with works.begin(by) as uow:
        week, _ = await availability.set_weekly_hours(
            uow, doctor.id, valid_from, valid_until, a_week() if spans is None else spans
        )
        return week


async def an_exception(
    works: Works, by: Actor, **fields: Any
) -> availability.AvailabilityException:
    """Fields of `NewException`: kind, starts_local, ends_local, practitioner_id, room_id."""
    new = availability.NewException.model_validate(fields)
    async with works.begin(by) as uow:
        return await availability.add_exception(uow, new)


async def a_clinic(works: Works, by: Actor, doctor: Actor, *more: Actor) -> Clinic:
    """A consultation of 30 minutes, "Room 1", and office hours since 2020 for each doctor.

    `by` is a receptionist or an administrator.
    """
    visit_type = await a_visit_type(works, by)
    room = await a_room(works, by)
    for each in (doctor, *more):
        await working_hours(works, by, each)
    return Clinic(visit_type=visit_type, room=room, doctor=doctor)
