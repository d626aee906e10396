"""About a week of appointments around the moment the demo is set up, through the same verbs."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from uuid import UUID

from app import patients
from app.cli.demo_clinic import PATIENTS
from app.cli.demo_clinic.appointments import (
    DAYS_AHEAD,
    DAYS_BACK,
    FILLING,
    NO_SHOW_EVERY,
    REASONS,
    TODAY,
    Planned,
)
from app.cli.demo_clinic.calendar import DOCTORS_ROOM, GROUP_ROOM, SPARE_ROOM
from app.clinical import encounters
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.scheduling import appointments, availability

GRID_MINUTES = 15
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BOOKED_BEFORE = timedelta(days=10)
CLOSING_TIME = time(20)


@dataclass(frozen=True, slots=True)
class At:
    """A clock that stands still, so that yesterday's visits happen yesterday."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what the plan names."""

    works: Works
    people: dict[str, Actor]
    patients: dict[str, UUID]
    visit_types: dict[str, availability.VisitType]
    rooms: dict[str, UUID]
    now: datetime

    def at(self, moment: datetime, username: str) -> AbstractAsyncContextManager[UnitOfWork]:
        """Somebody works at that moment."""
        return replace(self.works, clock=At(moment)).begin(self.people[username])

    @property
    def anchor(self) -> datetime:
        """Now, on the grid."""
        into = timedelta(
            minutes=self.now.minute % GRID_MINUTES,
            seconds=self.now.second,
            microseconds=self.now.microsecond,
        )
        return self.now - into

    @property
    def is_complete(self) -> bool:
        """Whether everything planned is still known by its name."""
        needed = {plan.patient for plan in TODAY} | {facts["family_name"] for facts in PATIENTS}
        types = {plan.visit_type for plan in TODAY}
        rooms = {*DOCTORS_ROOM.values(), GROUP_ROOM, SPARE_ROOM}
        return (
            needed <= set(self.patients)
            and types <= set(self.visit_types)
            and rooms <= set(self.rooms)
        )

    @property
    def today(self) -> date:
        return self.now.astimezone(self.works.zone).date()

    def midnight(self, days: int) -> datetime:
        local = datetime.combine(self.today + days * DAY, time())
        return availability.wall_to_instant(self.works.zone, local)

    def begins(self, plan: Planned) -> datetime:
        return self.anchor + plan.begins * MINUTE

    def ends(self, plan: Planned) -> datetime:
        minutes = self.visit_types[plan.visit_type].duration_minutes
        return self.begins(plan) + minutes * MINUTE


async def the_cast(works: Works, people: dict[str, Actor]) -> Cast:
    async with works.begin(people["reception"]) as uow:
        found, _ = await patients.find_patients(uow, "", patients.NamePage(limit=100))
        return Cast(
            works=works,
            people=people,
            patients={one.family_name: one.id for one in found},
            visit_types={one.name: one for one in await availability.list_visit_types(uow)},
            rooms={one.name: one.id for one in await availability.list_rooms(uow)},
            now=uow.now,
        )


async def seed_appointments(cast: Cast) -> None:
    """Book everything, then let happen what has happened by now."""
    plans = [plan for plan in TODAY if fits_into_today(cast, plan)]
    await open_today(cast, plans)
    async with cast.at(cast.now - BOOKED_BEFORE, "reception") as uow:
        booked = [(plan, await book(uow, cast, plan)) for plan in plans]
        past = await fill_days(uow, cast)
    for plan, appointment_id in booked:
        if appointment_id is not None:
            await live_through(cast, plan, appointment_id)
    for days, found in past.items():
        await close_day(cast, days, found)


def fits_into_today(cast: Cast, plan: Planned) -> bool:
    return cast.midnight(0) <= cast.begins(plan) and cast.ends(plan) <= cast.midnight(1)


async def open_today(cast: Cast, plans: list[Planned]) -> None:
    """Whatever the weekday and the hour, the demo clinic is open around now."""
    async with cast.at(cast.now - BOOKED_BEFORE, "reception") as uow:
        for username in FILLING:
            theirs = [plan for plan in plans if plan.doctor == username]
            if not theirs:
                continue
            doctor_id = cast.people[username].id
            first = min(cast.begins(plan) for plan in theirs)
            last = max(cast.ends(plan) for plan in theirs)
            opening = await availability.openings(uow, [doctor_id], cast.today, cast.today + DAY)
            if availability.covers(opening[doctor_id].spans, first, last):
                continue
            extra = availability.NewException(
                practitioner_id=doctor_id,
                kind=availability.ExceptionKind.EXTRA,
                starts_local=wall(cast, first),
                ends_local=wall(cast, last),
                reason="open house",
            )
            await availability.add_exception(uow, extra)


def wall(cast: Cast, instant: datetime) -> datetime:
    return instant.astimezone(cast.works.zone).replace(tzinfo=None)


async def book(uow: UnitOfWork, cast: Cast, plan: Planned) -> UUID | None:
    """None where something is in the way: the clinic may have been used before."""
    is_group = cast.visit_types[plan.visit_type].parallel > 1
    room = GROUP_ROOM if is_group else DOCTORS_ROOM[plan.doctor]
    override = appointments.Override(reason=plan.override) if plan.override else None
    return await book_unless_taken(
        uow,
        appointments.BookAppointment(
            practitioner_id=cast.people[plan.doctor].id,
            patient_id=cast.patients[plan.patient],
            visit_type_id=cast.visit_types[plan.visit_type].id,
            starts_at=cast.begins(plan),
            room_id=None if override else cast.rooms[room],
            reason=plan.reason,
            override=override,
        ),
    )


async def book_unless_taken(uow: UnitOfWork, new: appointments.BookAppointment) -> UUID | None:
    try:
        return (await appointments.book_appointment(uow, new)).id
    except appointments.SlotTaken:
        return None


async def live_through(cast: Cast, plan: Planned, appointment_id: UUID) -> None:
    """Arrival, room, visit and leaving, each at its time."""
    if plan.so_far == "noshow":
        async with cast.at(cast.begins(plan) + 14 * MINUTE, "reception") as uow:
            await appointments.record_no_show(uow, appointment_id)
    if plan.came is None:
        return
    came = max(cast.anchor + plan.came * MINUTE, cast.midnight(0))
    async with cast.at(came, "reception") as uow:
        await appointments.record_arrival(uow, appointment_id)
    if plan.so_far == "in-room":
        async with cast.at(came + 6 * MINUTE, "nurse") as uow:
            await appointments.record_rooming(
                uow, appointment_id, appointments.RecordRooming(room_id=cast.rooms[SPARE_ROOM])
            )
    if plan.so_far in {"with-doctor", "finished", "checked-out"}:
        await see_doctor(cast, plan, appointment_id)


async def see_doctor(cast: Cast, plan: Planned, appointment_id: UUID) -> None:
    async with cast.at(cast.begins(plan) + 2 * MINUTE, plan.doctor) as uow:
        visit = await encounters.start_encounter(
            uow, encounters.NewEncounter(appointment_id=appointment_id)
        )
    if plan.so_far == "with-doctor":
        return
    async with cast.at(cast.ends(plan), plan.doctor) as uow:
        await encounters.complete_encounter(uow, visit.id)
    if plan.so_far == "checked-out":
        async with cast.at(cast.ends(plan) + 4 * MINUTE, "reception") as uow:
            await appointments.record_departure(uow, appointment_id)


async def fill_days(uow: UnitOfWork, cast: Cast) -> dict[int, list[UUID]]:
    """Days before and after today, as full as most days are; returns those of the past."""
    names = cycle(facts["family_name"] for facts in PATIENTS)
    reasons = cycle(REASONS)
    past: dict[int, list[UUID]] = {}
    for days in range(-DAYS_BACK, DAYS_AHEAD + 1):
        if days == 0:
            continue
        day = cast.today + days * DAY
        doctors = {username: cast.people[username].id for username in FILLING}
        openings = await availability.openings(uow, list(doctors.values()), day, day + DAY)
        for username, doctor_id in doctors.items():
            for begins, visit_type in slots_of(username, openings[doctor_id].spans):
                booked = await book_unless_taken(
                    uow,
                    appointments.BookAppointment(
                        practitioner_id=doctor_id,
                        patient_id=cast.patients[next(names)],
                        visit_type_id=cast.visit_types[visit_type].id,
                        starts_at=begins,
                        room_id=cast.rooms[DOCTORS_ROOM[username]],
                        reason=next(reasons),
                    ),
                )
                if days < 0 and booked is not None:
                    past.setdefault(days, []).append(booked)
    return past


def slots_of(username: str, spans: list[availability.Span]) -> Iterator[tuple[datetime, str]]:
    """The doctor's filling, over and over, from the beginning of each open stretch."""
    filling = cycle(FILLING[username])
    for span in spans:
        begins = span.starts_at
        while True:
            visit_type, minutes = next(filling)
            if begins + minutes * MINUTE > span.ends_at:
                break
            if visit_type:
                yield begins, visit_type
            begins += minutes * MINUTE


async def close_day(cast: Cast, days: int, found: list[UUID]) -> None:
    """In the evening it is all told at once: who came, and who did not."""
    local = datetime.combine(cast.today + days * DAY, CLOSING_TIME)
    evening = availability.wall_to_instant(cast.works.zone, local)
    async with cast.at(evening, "reception") as uow:
        for number, appointment_id in enumerate(found, start=1):
            if number % NO_SHOW_EVERY == 0:
                await appointments.record_no_show(uow, appointment_id)
                continue
            await appointments.record_arrival(uow, appointment_id)
            await appointments.record_departure(uow, appointment_id)
