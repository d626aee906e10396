"""A day counted now: who has come, who waits longest."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.infra.uow import UnitOfWork
from app.scheduling.appointments.calendar import standing_in
from app.scheduling.appointments.calendar_schemas import CountsOut
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.presenting import WAITING
from app.scheduling.appointments.today import midnight

S = AppointmentStatus
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


async def counts_of_day(
    uow: UnitOfWork, day: date, *, practitioner_ids: Collection[UUID] = ()
) -> CountsOut:
    """A day of these doctors, or of everybody, counted now from the appointments themselves."""
    status, waiting = Appointment.status, Appointment.status.in_(WAITING)
    since, until = midnight(uow, day), midnight(uow, day + DAY)

    def number_of(*which: AppointmentStatus) -> ColumnElement[int]:
        return func.count().filter(status.in_(which))

    statement = (
        select(
            number_of(S.BOOKED).label("booked"),
            func.count().filter(status == S.BOOKED, Appointment.starts_at < uow.now).label("late"),
            number_of(S.ARRIVED).label("arrived"),
            number_of(S.IN_ROOM).label("in_room"),
            number_of(S.WITH_DOCTOR).label("with_doctor"),
            number_of(S.FINISHED, S.CHECKED_OUT).label("finished"),
            number_of(S.NOSHOW).label("noshow"),
            number_of(S.CANCELLED).label("cancelled"),
            func.min(Appointment.arrived_at).filter(waiting).label("waiting_since"),
            func.array_agg(aggregate_order_by(Appointment.id, Appointment.arrived_at))
            .filter(waiting)
            .label("waiting"),
        )
        .where(Appointment.starts_at >= since, Appointment.starts_at < until)
        .where(*standing_in(uow, cancelled=True))
    )
    if practitioner_ids:
        statement = statement.where(Appointment.practitioner_id.in_(practitioner_ids))
    counted = (await uow.db.execute(statement)).one()._asdict()
    since_then: datetime | None = counted.pop("waiting_since")
    ids: list[UUID] = counted.pop("waiting") or [None]
    return CountsOut(
        date=day,
        **counted,
        longest_wait_minutes=waited(uow, since_then),
        longest_waiting_id=ids[0],
    )


def waited(uow: UnitOfWork, since: datetime | None) -> int | None:
    return None if since is None else max(0, (uow.now - since) // MINUTE)
