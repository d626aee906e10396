"""What is offered on a busy day can be booked, and what is not offered cannot."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments, availability
from app.scheduling.appointments import SlotQuery, SlotTaken
from tests.builders.appointments import a_hold, new_booking
from tests.builders.availability import (
    Clinic,
    a_clinic,
    a_visit_type,
    a_week,
    an_exception,
    working_hours,
)
from tests.builders.patients import a_patient

VIENNA = ZoneInfo("Europe/Vienna")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # Sundays on which clocks change
DAY, STEP = timedelta(days=1), timedelta(minutes=15)
# Minutes after midnight, UTC: where somebody is booked, for how long, with which type.
BUSY = (
    (10, 30, "alone"), (75, 20, "alone"), (75, 60, "group"), (150, 45, "group"),
    (150, 45, "group"), (200, 30, "alone"), (290, 15, "alone"), (300, 90, "group"),
    (415, 30, "alone"), (415, 30, "alone"), (480, 60, "group"), (545, 5, "alone"),
    (600, 60, "alone"), (675, 45, "group"), (690, 60, "alone"), (720, 30, "alone"),
)  # fmt: skip


class NotForGood(Exception):
    """What was tried is rolled back."""


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor) -> Clinic:
    """Open on Sundays, at night as well, two lanes, with a break and an hour of leave."""
    clinic = await a_clinic(works, receptionist, doctor)
    hours = [("00:30", "04:00"), ("05:10", "09:00"), ("09:00", "13:00")]
    await working_hours(works, receptionist, doctor, a_week(hours, weekdays=range(1, 8)))
    async with works.begin(receptionist) as uow:
        wish = availability.SetSchedule(lanes=2, slot_minutes=15)
        await availability.set_schedule(uow, doctor.id, wish, version=0)
    for day in (SPRING, AUTUMN):
        await an_exception(
            works,
            receptionist,
            kind="leave",
            practitioner_id=doctor.id,
            starts_local=datetime(day.year, day.month, day.day, 8),  # noqa: DTZ001 wall time
            ends_local=datetime(day.year, day.month, day.day, 9),  # noqa: DTZ001 wall time
        )
    return clinic


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC)


async def fill(works: Works, by: Actor, clinic: Clinic, group: UUID, day: date) -> UUID:
    """Book all that is busy and can be, hold one more time; returns one of the patients."""
    patient = await a_patient(works, by, given_name="Ada")
    for number, (minute, length, kind) in enumerate(BUSY):
        whom = patient.id if number % 5 == 0 else (await a_patient(works, by)).id
        wish = new_booking(
            clinic,
            whom,
            midnight(day) + timedelta(minutes=minute),
            duration_minutes=length,
            room_id=clinic.room.id if number % 4 == 0 else None,
            override={"reason": "a busy day"},
            **({"visit_type_id": group} if kind == "group" else {}),
        )
        async with works.begin(by) as uow:
            await appointments.book_appointment(uow, wish)
    await a_hold(works, by, clinic, midnight(day) + timedelta(minutes=630))
    return patient.id


async def can_be_booked(works: Works, by: Actor, wish: appointments.BookAppointment) -> bool:
    """Whether the database takes it; it is given back at once."""
    try:
        async with works.begin(by) as uow:
            await appointments.book_appointment(uow, wish)
            raise NotForGood
    except NotForGood:
        return True
    except SlotTaken:
        return False


def grid(spans: list[availability.Span]) -> Iterator[datetime]:
    for span in spans:
        starts_at = span.starts_at
        while starts_at < span.ends_at:
            yield starts_at
            starts_at += STEP


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@pytest.mark.parametrize("wish", ["alone", "group", "room and patient"])
async def test_what_is_offered_is_exactly_what_the_database_takes(
    works: Works, receptionist: Actor, clinic: Clinic, day: date, wish: str
) -> None:
    works = replace(works, zone=VIENNA)
    group = await a_visit_type(works, receptionist, "Group", 60, parallel=3)
    patient_id = await fill(works, receptionist, clinic, group.id, day)
    narrow = wish == "room and patient"
    query = SlotQuery(
        visit_type_id=group.id if wish == "group" else clinic.visit_type.id,
        practitioner_ids=frozenset({clinic.doctor.id}),
        room_id=clinic.room.id if narrow else None,
        patient_id=patient_id if narrow else None,
        day_from=day,
        day_until=day + DAY,
        limit=200,
    )
    async with works.begin(receptionist) as uow:
        offered = {slot.starts_at for slot in await appointments.find_slots(uow, query)}
        opening = await availability.openings(uow, [clinic.doctor.id], day, day + DAY)
    stranger = await a_patient(works, receptionist, given_name="Somebody")
    taken = set()
    for starts_at in grid(opening[clinic.doctor.id].spans):
        booking = new_booking(
            clinic,
            patient_id if narrow else stranger.id,
            starts_at,
            visit_type_id=query.visit_type_id,
            room_id=query.room_id,
        )
        if await can_be_booked(works, receptionist, booking):
            taken.add(starts_at)
    assert 5 < len(offered) < 45
    assert sorted(offered) == sorted(taken)
