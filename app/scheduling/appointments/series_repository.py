"""Every statement that touches series, and their occurrences together."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update

from app.infra.uow import UnitOfWork
from app.patients import joined_to_patient, visible_patients
from app.scheduling.appointments.errors import BookBusy, SeriesNotFound
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.repository import TAKE_TURNS, deadlocks_told
from app.scheduling.appointments.series_models import AppointmentSeries

ATTEMPTS = 3

T = TypeVar("T")


async def get(uow: UnitOfWork, series_id: UUID, *, lock: bool = False) -> AppointmentSeries:
    """A series of a patient the actor may see; with `lock` nobody else changes it meanwhile."""
    statement = joined_to_patient(select(AppointmentSeries), AppointmentSeries.patient_id)
    statement = statement.where(AppointmentSeries.id == series_id, visible_patients(uow))
    if lock:
        statement = statement.with_for_update(of=AppointmentSeries, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise SeriesNotFound(series_id=series_id)
    return found


async def occurrences(uow: UnitOfWork, series_id: UUID) -> Sequence[Appointment]:
    """All appointments of a series, whatever became of them, in the order of the rule."""
    statement = (
        select(Appointment)
        .where(Appointment.series_id == series_id)
        .order_by(Appointment.occurrence_local, Appointment.id)
    )
    return (await uow.db.scalars(statement)).all()


async def lock_still_to_come(
    uow: UnitOfWork, series_id: UUID, since: datetime | None
) -> list[Appointment]:
    """What is booked and has not begun, of the occurrences from `since` (wall time) on.

    Locked in the order of time, in which everybody locks several; in the order of the rule.
    """
    statement = (
        select(Appointment)
        .where(
            Appointment.series_id == series_id,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > uow.now,
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if since is not None:
        statement = statement.where(Appointment.occurrence_local >= since)
    found = await uow.db.scalars(statement)
    return sorted(found, key=lambda each: (each.occurrence_local, each.id))


async def hand_over(
    uow: UnitOfWork,
    since: datetime,
    *,
    source: UUID,
    target: UUID,
    shift: timedelta,
    besides: Collection[UUID],
) -> None:
    """Let occurrences that stay where they are follow the rule to its new place.

    Cancelled ones, say: they remain exceptions of the rule, of its part from `since` on.
    """
    statement = (
        update(Appointment)
        .where(
            Appointment.series_id == source,
            Appointment.occurrence_local >= since,
            Appointment.id.not_in(besides),
        )
        .values(
            series_id=target,
            occurrence_local=Appointment.occurrence_local + shift,
            version=Appointment.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    await uow.db.execute(statement)


async def take_turns(uow: UnitOfWork, whose: Collection[UUID | None]) -> None:
    """Wait until nobody else moves things about in the time of these doctors, patients, rooms."""
    ids = [each for each in whose if each is not None]
    await uow.db.execute(TAKE_TURNS, {"ids": ids})


async def despite_deadlocks(uow: UnitOfWork, work: Callable[[], Awaitable[T]]) -> T:
    """Do it, and again from the start if Postgres chose us to end a deadlock.

    Whoever writes many appointments meets others who write one; turns are only taken among
    those who ask for them. Raises `BookBusy` when that did not help.
    """
    for _ in range(ATTEMPTS):
        before = uow.paperwork.mark()
        try:
            with deadlocks_told():
                async with uow.db.begin_nested():
                    return await work()
        except BookBusy:
            pass
        uow.paperwork.tear_up(before)
    raise BookBusy
