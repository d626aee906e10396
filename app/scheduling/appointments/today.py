"""What belongs to today, on the clinic's wall."""

from datetime import date, datetime, time, timedelta

from app.infra.uow import UnitOfWork
from app.scheduling.appointments.errors import NotToday
from app.scheduling.appointments.models import Appointment
from app.scheduling.availability import wall_to_instant

INSTANT = timedelta(microseconds=1)


def day_of(uow: UnitOfWork, moment: datetime) -> date:
    return moment.astimezone(uow.zone).date()


def midnight(uow: UnitOfWork, day: date) -> datetime:
    """The instant at which that day begins."""
    return wall_to_instant(uow.zone, datetime.combine(day, time()))


def is_today(uow: UnitOfWork, appointment: Appointment) -> bool:
    """Whether some of it lies in today: one over midnight is both days'."""
    first = day_of(uow, appointment.starts_at)
    return first <= uow.today <= day_of(uow, appointment.ends_at - INSTANT)


def require_today(uow: UnitOfWork, appointment: Appointment) -> None:
    """Raise `NotToday` where it is yesterday's or tomorrow's."""
    if not is_today(uow, appointment):
        raise NotToday(appointment_id=appointment.id)
