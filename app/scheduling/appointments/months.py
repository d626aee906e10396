"""A month in numbers, from the projection: every doctor, every day."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app import identity
from app.infra.uow import UnitOfWork
from app.scheduling import availability
from app.scheduling.appointments.calendar_schemas import DayCell, MonthOfDoctor, MonthOut
from app.scheduling.appointments.days import AppointmentDay, behind_since

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class Counted(NamedTuple):
    """A doctor's day as the projection has it."""

    practitioner_id: UUID
    day: date
    booked: int
    finished: int
    noshow: int
    cancelled: int
    booked_minutes: int
    refreshed_at: datetime


# Plain columns: a thousand objects that know their table would take longer than all the rest.
COUNTED = select(
    AppointmentDay.practitioner_id,
    AppointmentDay.day,
    AppointmentDay.booked
    + AppointmentDay.arrived
    + AppointmentDay.in_room
    + AppointmentDay.with_doctor,
    AppointmentDay.finished,
    AppointmentDay.noshow,
    AppointmentDay.cancelled,
    AppointmentDay.booked_minutes,
    AppointmentDay.refreshed_at,
)


async def month_in_numbers(uow: UnitOfWork, first: date) -> MonthOut:
    """The month that begins on that day, from the projection: every doctor, every day."""
    end = (first + 31 * DAY).replace(day=1)
    days = [first + n * DAY for n in range((end - first).days)]
    within = COUNTED.where(AppointmentDay.day >= first, AppointmentDay.day < end)
    rows = [Counted(*row) for row in await uow.db.execute(within)]
    counted = {(row.practitioner_id, row.day): row for row in rows}
    names = {user.id: user.full_name for user in await identity.list_practitioners(uow)}
    gone = {row.practitioner_id for row in rows} - set(names)
    names |= await identity.names_of(uow, gone) if gone else {}
    minutes = await open_minutes(uow, names, first, end)
    return MonthOut(
        zone=uow.zone.key,
        month=f"{first:%Y-%m}",
        days=days,
        practitioners=[
            MonthOfDoctor(
                id=who,
                name=name,
                cells=[cell_of(day, counted.get((who, day)), minutes[who]) for day in days],
            )
            for who, name in names.items()
        ],
        refreshed_at=min((row.refreshed_at for row in rows), default=None),
        behind_since=await behind_since(uow),
    )


def cell_of(day: date, counted: Counted | None, minutes: dict[date, int] | None) -> DayCell:
    return DayCell(
        date=day,
        booked=counted.booked if counted else 0,
        finished=counted.finished if counted else 0,
        noshow=counted.noshow if counted else 0,
        cancelled=counted.cancelled if counted else 0,
        booked_minutes=counted.booked_minutes if counted else 0,
        open_minutes=None if minutes is None else minutes[day],
    )


async def open_minutes(
    uow: UnitOfWork, practitioner_ids: Collection[UUID], first: date, end: date
) -> dict[UUID, dict[date, int] | None]:
    """How long each doctor can be seen on each day; None: of whom nobody said when they work."""
    openings = await availability.openings(uow, practitioner_ids, first, end)
    return {
        who: {
            day: sum((span.ends_at - span.starts_at) // MINUTE for span in spans)
            for day, spans in availability.by_day(opening.spans, first, end, uow.zone).items()
        }
        if opening.hours_known
        else None
        for who, opening in openings.items()
    }
