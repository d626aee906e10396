"""Filling the demo clinic's calendar: who works when, and about a week of appointments."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from uuid import UUID

from app import identity
from app.cli.demo_clinic.appointments import (
    CLOSED_DAY_BOOKING,
    SERIES_DOCTOR,
    SERIES_PATIENT,
    SERIES_RULE,
    SERIES_VISIT_TYPE,
    WISHES,
)
from app.cli.demo_clinic.calendar import DOCTORS_ROOM, ROOMS, VISIT_TYPES, WEEKS
from app.cli.seeding_appointments import Cast, book_unless_taken, seed_appointments, the_cast
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.paging import PageRequest
from app.scheduling import appointments, availability, waiting_list

WEEKS_BACK = timedelta(weeks=8)
WEEK = timedelta(weeks=1)
CLOSED_AFTER = timedelta(days=9)


async def seed_calendar(works: Works, people: dict[str, Actor]) -> None:
    """Rooms, visit types and hours unless they are there; then appointments around today."""
    async with works.begin(people["reception"]) as uow:
        if not await availability.list_visit_types(uow, retired=True):
            rooms = await add_rooms(uow)
            await add_visit_types(uow, people)
            await add_weeks(uow, people, rooms)
    cast = await the_cast(works, people)
    if cast.is_complete and not await is_booked(cast):
        await seed_appointments(cast)
        await close_a_day(cast)
        await seed_series(cast)
        await seed_waiting_list(cast)


async def is_booked(cast: Cast) -> bool:
    """Whether anything at all is planned from today on."""
    wanted = appointments.AppointmentFilter(starts_from=cast.midnight(0))
    async with cast.at(cast.now, "reception") as uow:
        found, _ = await appointments.list_appointments(uow, wanted, page=PageRequest(limit=1))
    return bool(found)


async def add_rooms(uow: UnitOfWork) -> dict[str, UUID]:
    return {name: (await availability.add_room(uow, name)).id for name in ROOMS}


async def add_visit_types(uow: UnitOfWork, people: dict[str, Actor]) -> None:
    for facts, username in VISIT_TYPES:
        offered_by = [people[username].id] if username else None
        await availability.add_visit_type(
            uow, availability.NewVisitType(**facts, offered_by=offered_by)
        )


async def add_weeks(uow: UnitOfWork, people: dict[str, Actor], rooms: dict[str, UUID]) -> None:
    for username, hours in WEEKS.items():
        spans = [
            availability.WeekdaySpan(
                weekday=weekday, opens=opens, closes=closes, room_id=rooms[room]
            )
            for weekdays, opens, closes, room in hours
            for weekday in weekdays
        ]
        valid_from = uow.today - WEEKS_BACK
        await availability.set_weekly_hours(uow, people[username].id, valid_from, None, spans)


async def people_of(uow: UnitOfWork) -> dict[str, Actor]:
    """Everybody with an account, by user name, as if they had just signed in."""
    return {user.username: user.as_actor(uow.now) for user in await identity.list_users(uow)}


async def close_a_day(cast: Cast) -> None:
    """The clinic closes on a day on which somebody is booked already, who has to be moved."""
    doctor_id = cast.people["doctor"].id
    first = cast.today + CLOSED_AFTER
    async with cast.at(cast.now, "reception") as uow:
        opening = (await availability.openings(uow, [doctor_id], first, first + WEEK))[doctor_id]
        if not opening.spans:
            return
        starts_at = opening.spans[0].starts_at
        visit_type, patient = CLOSED_DAY_BOOKING
        await book_unless_taken(
            uow,
            appointments.BookAppointment(
                practitioner_id=doctor_id,
                patient_id=cast.patients[patient],
                visit_type_id=cast.visit_types[visit_type].id,
                starts_at=starts_at,
            ),
        )
        day = datetime.combine(starts_at.astimezone(uow.zone).date(), time())
        await availability.add_exception(
            uow,
            availability.NewException(
                kind=availability.ExceptionKind.CLOSED,
                starts_local=day,
                ends_local=day + timedelta(days=1),
                reason="works on the heating",
            ),
        )


async def seed_series(cast: Cast) -> None:
    """Somebody comes every week, from the first time that is free in a week's time."""
    doctor_id = cast.people[SERIES_DOCTOR].id
    patient_id = cast.patients[SERIES_PATIENT]
    visit_type_id = cast.visit_types[SERIES_VISIT_TYPE].id
    async with cast.at(cast.now, "reception") as uow:
        free = await appointments.find_slots(
            uow,
            appointments.SlotQuery(
                visit_type_id=visit_type_id,
                practitioner_ids=frozenset({doctor_id}),
                patient_id=patient_id,
                day_from=cast.today + WEEK,
                limit=1,
            ),
        )
        if not free:
            return
        first = appointments.BookAppointment(
            practitioner_id=doctor_id,
            patient_id=patient_id,
            visit_type_id=visit_type_id,
            starts_at=free[0].starts_at,
            room_id=cast.rooms[DOCTORS_ROOM[SERIES_DOCTOR]],
        )
        await appointments.book_series(
            uow,
            appointments.NewSeries(
                first=first, rrule=SERIES_RULE, on_conflict=appointments.OnConflict.SKIP
            ),
        )


async def seed_waiting_list(cast: Cast) -> None:
    for wish in WISHES:
        async with cast.at(cast.now - timedelta(days=wish.days), "reception") as uow:
            entry = waiting_list.NewEntry(
                patient_id=cast.patients[wish.patient],
                visit_type_id=cast.visit_types[wish.visit_type].id,
                practitioner_id=cast.people[wish.doctor].id if wish.doctor else None,
                specialty=wish.specialty,
                urgency=waiting_list.Urgency(wish.urgency),
                weekdays=list(wish.weekdays),
                until_time=wish.until_time,
                note=wish.note,
            )
            with suppress(waiting_list.AlreadyWaiting):
                await waiting_list.add_entry(uow, entry)
