"""A projection: each doctor's days in numbers, made from appointments and from nothing else."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.infra.uow import Subscriptions, UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.events import Fact
from app.scheduling.appointments.events import (
    AppointmentBooked,
    AppointmentMoved,
    AppointmentStatusChanged,
)
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.today import day_of, midnight

REBUILDER = Actor.system("appointment-days-rebuilder")
SUBSCRIBER = "appointments.days"
DAYS_AT_ONCE = 31
DAY = timedelta(days=1)

# Whoever rebuilds is alone; whoever refreshes shares that, and has one doctor's day to themselves.
REBUILD_ALONE = text("select pg_advisory_xact_lock(hashtextextended('appointment_days', 0))")
REFRESH_ALONE = text(
    "select pg_advisory_xact_lock_shared(hashtextextended('appointment_days', 0)),"
    " pg_advisory_xact_lock(hashtextextended(:whose, 0))"
)
CLEAR_DAY = text("delete from appointment_days where practitioner_id = :practitioner_id"
                 " and day = :day")  # fmt: skip
CLEAR_DAYS = text("delete from appointment_days where day >= :first and day < :until")
CLEAR_REST = text("delete from appointment_days where day < :first or day >= :until")
COUNT = """
insert into appointment_days (practitioner_id, day, booked, arrived, in_room, with_doctor,
    finished, noshow, cancelled, booked_minutes, refreshed_at)
select practitioner_id, day,
    count(*) filter (where status = 'booked'),
    count(*) filter (where status = 'arrived'),
    count(*) filter (where status = 'in-room'),
    count(*) filter (where status = 'with-doctor'),
    count(*) filter (where status in ('finished', 'checked-out')),
    count(*) filter (where status = 'noshow'),
    count(*) filter (where status = 'cancelled'),
    coalesce(sum(extract(epoch from ends_at - starts_at) / 60) filter (
        where status not in ('noshow', 'cancelled')), 0),
    :now
from unnest(:days, :starts, :ends) as days (day, day_starts_at, day_ends_at)
join appointments on starts_at >= day_starts_at and starts_at < day_ends_at
where status not in ('pending', 'entered-in-error')
    and (status <> 'cancelled' or booked_at is not null){narrowed}
group by practitioner_id, day
"""
TYPES = (
    bindparam("days", type_=ARRAY(Date)),
    bindparam("starts", type_=ARRAY(DateTime(timezone=True))),
    bindparam("ends", type_=ARRAY(DateTime(timezone=True))),
    bindparam("now", type_=DateTime(timezone=True)),
)
COUNT_ALL = text(COUNT.format(narrowed="")).bindparams(*TYPES)
COUNT_ONE = text(COUNT.format(narrowed=" and practitioner_id = :practitioner_id")).bindparams(
    *TYPES, bindparam("practitioner_id", type_=Uuid)
)
WAITING_SINCE = text(
    "select min(outbox.occurred_at) from outbox_deliveries join outbox using (seq)"
    " where done_at is null and subscriber = :subscriber"
).bindparams(subscriber=SUBSCRIBER)


class AppointmentDay(Model):
    """A doctor's day, by the clinic's wall; an appointment counts on the day it begins.

    `booked` are those nobody has come for yet. `booked_minutes` is the time of all that were
    not called off or missed. Holds are not counted.
    """

    __tablename__ = "appointment_days"

    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    booked: Mapped[int] = mapped_column(default=0)
    arrived: Mapped[int] = mapped_column(default=0)
    in_room: Mapped[int] = mapped_column(default=0)
    with_doctor: Mapped[int] = mapped_column(default=0)
    finished: Mapped[int] = mapped_column(default=0)
    noshow: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    booked_minutes: Mapped[int] = mapped_column(default=0)
    refreshed_at: Mapped[datetime]


async def refresh_days(uow: UnitOfWork, touched: Collection[tuple[UUID, date]]) -> None:
    """Count these days of these doctors anew, whatever is known about them so far.

    Two who refresh the same day take turns, and the later one counts what the earlier one's
    appointments have become: any order and any repetition of facts ends in the same numbers.
    """
    for practitioner_id, day in sorted(set(touched), key=str):
        whose = f"appointment_days:{practitioner_id}:{day}"
        await uow.db.execute(REFRESH_ALONE, {"whose": whose})
        named = {"practitioner_id": practitioner_id, "day": day}
        await uow.db.execute(CLEAR_DAY, named)
        counted = {"practitioner_id": practitioner_id, **spans_of(uow, [day])}
        await uow.db.execute(COUNT_ONE, counted)


def spans_of(uow: UnitOfWork, days: Sequence[date]) -> dict[str, object]:
    """The instants between which the days lie; the clinic's zone is known here only."""
    return {
        "days": list(days),
        "starts": [midnight(uow, day) for day in days],
        "ends": [midnight(uow, day + DAY) for day in days],
        "now": uow.now,
    }


async def rebuild_days(works: Works) -> int:
    """Make the whole projection anew, a month's worth of days at a time; returns how many days.

    Bookings go on meanwhile, their facts wait for a moment.
    """
    async with works.begin(REBUILDER) as uow:
        begins = select(func.min(Appointment.starts_at), func.max(Appointment.starts_at))
        first_at, last_at = (await uow.db.execute(begins)).one()
        first = day_of(uow, first_at) if first_at else uow.today
        until = day_of(uow, last_at) + DAY if last_at else first
        await uow.db.execute(REBUILD_ALONE)
        await uow.db.execute(CLEAR_REST, {"first": first, "until": until})
    for start in range(0, (until - first).days, DAYS_AT_ONCE):
        days = [
            first + n * DAY for n in range(start, min(start + DAYS_AT_ONCE, (until - first).days))
        ]
        async with works.begin(REBUILDER) as uow:
            await uow.db.execute(REBUILD_ALONE)
            await uow.db.execute(CLEAR_DAYS, {"first": days[0], "until": days[-1] + DAY})
            await uow.db.execute(COUNT_ALL, spans_of(uow, days))
    return (until - first).days


async def behind_since(uow: UnitOfWork) -> datetime | None:
    """When the oldest fact was told that the projection has not heard yet; None: it is true."""
    found: datetime | None = await uow.db.scalar(WAITING_SINCE)
    return found


async def on_appointment_fact(uow: UnitOfWork, fact: Fact) -> None:
    event = fact.event
    assert isinstance(event, AppointmentBooked | AppointmentMoved | AppointmentStatusChanged)
    touched = {(event.practitioner_id, day_of(uow, event.starts_at))}
    if isinstance(event, AppointmentMoved):
        touched.add((event.from_practitioner_id, day_of(uow, event.from_starts_at)))
    await refresh_days(uow, touched)


def subscribe(subs: Subscriptions) -> None:
    """Listen to all that changes a day's numbers."""
    for event in (AppointmentBooked, AppointmentMoved, AppointmentStatusChanged):
        subs.on(event, on_appointment_fact, name=SUBSCRIBER)
