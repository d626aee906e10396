"""Taking back the latest thing that happened to an appointment, on the day it happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.scheduling.appointments import repository
from app.scheduling.appointments.asking import Place, wanted_at
from app.scheduling.appointments.errors import (
    Alternative,
    Obstacle,
    ObstacleKind,
    UndoObstacle,
    UndoRefused,
)
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.lifecycle import LIVE, AppointmentStatus
from app.scheduling.appointments.models import Appointment, AppointmentMove
from app.scheduling.appointments.placing import trace
from app.scheduling.appointments.policies import require_booker
from app.scheduling.appointments.reading import LatestMove
from app.scheduling.appointments.refusing import alternatives_to
from app.scheduling.appointments.regranting import regrant
from app.scheduling.appointments.telling import Had, tell_moved, tell_status
from app.scheduling.appointments.today import day_of

S = AppointmentStatus
OF_AN_ENCOUNTER = {S.WITH_DOCTOR, S.FINISHED}


async def undo(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    """Take back the latest move that was not taken back yet: a step of the day, a reschedule, a
    cancellation, a no-show. What an encounter did is undone there, a booking by cancelling it.

    Raises `UndoRefused` with the reason; for a time that somebody else has by now, with who.
    """
    require_booker(uow)
    appointment = await repository.get(uow, appointment_id, lock=True)
    latest = await repository.latest_move(uow, appointment.id)
    obstacle = why_not(uow, appointment.status, latest)
    if obstacle is not None or latest is None or latest.from_status is None:
        raise refused(appointment, obstacle or UndoObstacle.NOTHING_TO_UNDO)
    before, had = appointment.status, Had.of(appointment)
    if latest.change is None and (latest.from_status not in LIVE or before in LIVE):
        step_back(uow, appointment, latest)
    else:
        await put_back(uow, appointment, latest)
    if appointment.status is not before:
        await tell_status(uow, appointment, before)
    await tell_moved(uow, appointment, had)
    await trace(uow, "appointment.undo", appointment)
    return appointment


def why_not(
    uow: UnitOfWork, status: AppointmentStatus, latest: AppointmentMove | LatestMove | None
) -> UndoObstacle | None:
    """What speaks against an undo, as far as it can be told without trying; None: nothing."""
    if status is S.ENTERED_IN_ERROR:
        return UndoObstacle.IN_ERROR
    if latest is None or latest.from_status in {None, S.PENDING}:
        return UndoObstacle.NOTHING_TO_UNDO
    if latest.from_status != latest.to_status and latest.to_status in OF_AN_ENCOUNTER:
        return UndoObstacle.ENCOUNTER_STARTED
    if day_of(uow, latest.moved_at) != uow.today:
        return UndoObstacle.NOT_TODAY
    return None


def step_back(uow: UnitOfWork, appointment: Appointment, latest: AppointmentMove) -> None:
    """Into a state that takes nobody's time anew."""
    assert latest.from_status is not None
    back = appointment.move(latest.from_status, by=uow.actor.id, at=uow.now, undoes=latest.seq)
    uow.db.add(back)
    uow.wake(CALENDAR)


async def put_back(uow: UnitOfWork, appointment: Appointment, latest: AppointmentMove) -> None:
    """To where it was, if that is still free; the rules it broke there it may break again."""
    assert latest.from_status is not None
    was: dict[str, Any] = latest.change["from"] if latest.change else appointment.place
    place = place_in(was)
    wanted = await wanted_at(uow, place, patient_id=appointment.patient_id, moving=appointment)
    own = frozenset(ObstacleKind(kind) for kind in was["overridden"])
    obstacles = await regrant(
        uow,
        appointment,
        wanted,
        latest.from_status,
        values={"cancelled_by": None, "cancellation_reason": None},
        overriding=own,
        why=was["override_reason"],
        kept=own,
        undoes=latest.seq,
    )
    if obstacles:
        alternatives = await alternatives_to(uow, wanted)
        raise refused(appointment, UndoObstacle.TIME_TAKEN, obstacles, alternatives)


def place_in(was: dict[str, Any]) -> Place:
    """The place that a line of the history tells of."""
    starts_at = datetime.fromisoformat(was["starts_at"])
    length = datetime.fromisoformat(was["ends_at"]) - starts_at
    return Place(
        practitioner_id=UUID(was["practitioner_id"]),
        visit_type_id=UUID(was["visit_type_id"]),
        starts_at=starts_at,
        duration_minutes=int(length.total_seconds()) // 60,
        room_id=None if was["room_id"] is None else UUID(was["room_id"]),
    )


def refused(
    appointment: Appointment,
    reason: UndoObstacle,
    conflicts: list[Obstacle] | None = None,
    alternatives: list[Alternative] | None = None,
) -> UndoRefused:
    return UndoRefused(
        appointment_id=appointment.id,
        reason=reason,
        conflicts=conflicts or [],
        alternatives=alternatives or [],
    )
