"""Appointments left outside when hours change or the clinic closes, and where they could go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import tuple_

from app import audit
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.scheduling import availability
from app.scheduling.appointments.errors import Alternative, Obstacle
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.obstacles import broken_rules
from app.scheduling.appointments.refusing import alternatives_to
from app.scheduling.appointments.repository import visible
from app.scheduling.appointments.today import day_of, midnight
from app.scheduling.appointments.wanted import Wanted

AT_ONCE = 500  # appointments held against the hours with one reading of these
BY_TIME = (Appointment.starts_at, Appointment.id)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """An appointment that does not fit, why, and the nearest times that would."""

    appointment: Appointment
    conflicts: list[Obstacle]
    alternatives: list[Alternative]


@dataclass(frozen=True, slots=True, kw_only=True)
class MisplacedFilter:
    """Days of the clinic's wall, the last not included; no doctors named: all of them."""

    practitioner_ids: Collection[UUID] = ()
    first: date | None = None  # none: from now on
    end: date | None = None


async def list_misplaced(
    uow: UnitOfWork, wanted: MisplacedFilter, *, page: PageRequest
) -> tuple[list[Misplaced], str | None]:
    """Booked appointments still to come that no longer fit, by time, and the next page's cursor.

    What was booked outside the hours on purpose, with a reason, stays where it is.
    """
    found: list[tuple[Appointment, list[Obstacle]]] = []
    last = page.cursor
    while len(found) <= page.limit:
        rows = await booked(uow, wanted, last)
        found += await misfits(uow, rows)
        if len(rows) < AT_ONCE:
            break
        last = Cursor(at=rows[-1].starts_at, id=rows[-1].id)
    kept, next_cursor = page_of(found, page, key=lambda one: Cursor(one[0].starts_at, one[0].id))
    seen = dict.fromkeys(str(appointment.patient_id) for appointment, _ in kept)
    await audit.record(uow, "appointment.list-misplaced", detail={"patients": list(seen)})
    return [
        Misplaced(
            appointment=appointment,
            conflicts=conflicts,
            alternatives=await alternatives_to(uow, as_wanted(appointment)),
        )
        for appointment, conflicts in kept
    ], next_cursor


async def booked(
    uow: UnitOfWork, wanted: MisplacedFilter, last: Cursor | None
) -> Sequence[Appointment]:
    """Some appointments for which nobody has come yet, in order."""
    first = uow.now if wanted.first is None else max(uow.now, midnight(uow, wanted.first))
    statement = visible(uow).where(
        Appointment.status == AppointmentStatus.BOOKED, Appointment.starts_at >= first
    )
    if wanted.end is not None:
        statement = statement.where(Appointment.starts_at < midnight(uow, wanted.end))
    if wanted.practitioner_ids:
        statement = statement.where(Appointment.practitioner_id.in_(wanted.practitioner_ids))
    if last is not None:
        statement = statement.where(tuple_(*BY_TIME) > tuple_(last.at, last.id))
    return (await uow.db.scalars(statement.order_by(*BY_TIME).limit(AT_ONCE))).all()


async def misfits(
    uow: UnitOfWork, appointments: Sequence[Appointment]
) -> list[tuple[Appointment, list[Obstacle]]]:
    """Those that break rules nobody overrode for them."""
    if not appointments:
        return []
    doctors = {appointment.practitioner_id for appointment in appointments}
    first = day_of(uow, appointments[0].starts_at)
    last = day_of(uow, max(appointment.ends_at for appointment in appointments))
    openings = await availability.openings(uow, doctors, first, last + DAY)
    found = []
    for appointment in appointments:
        opening = openings[appointment.practitioner_id]
        conflicts = [
            conflict
            for conflict in broken_rules(uow, as_wanted(appointment), opening)
            if conflict["kind"] not in appointment.overridden
        ]
        if conflicts:
            found.append((appointment, conflicts))
    return found


def as_wanted(appointment: Appointment) -> Wanted:
    """The time it has, as if somebody asked for it now."""
    return Wanted(
        practitioner_id=appointment.practitioner_id,
        visit_type_id=appointment.visit_type_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        patient_id=appointment.patient_id,
        room_id=appointment.room_id,
        ignoring=appointment.id,
    )
