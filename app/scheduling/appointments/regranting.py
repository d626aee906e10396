"""Giving time to an appointment that is in the book already: it was held, moved, or called off."""

from collections.abc import Set as AbstractSet
from typing import Any

from app.infra.uow import UnitOfWork
from app.scheduling.appointments import repository
from app.scheduling.appointments.errors import Obstacle, ObstacleKind
from app.scheduling.appointments.granting import NOTHING, Fit, grant
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.lifecycle import APPOINTMENT, AppointmentStatus
from app.scheduling.appointments.models import Appointment, AppointmentMove
from app.scheduling.appointments.placing import shares_of
from app.scheduling.appointments.wanted import Wanted

# What is looked up anew each time; the other kinds are rules, overridden once and for all.
LOOKED_UP = frozenset({ObstacleKind.PRACTITIONER, ObstacleKind.PATIENT})


async def regrant(
    uow: UnitOfWork,
    appointment: Appointment,
    wanted: Wanted,
    target: AppointmentStatus,
    *,
    values: dict[str, Any] | None = None,
    overriding: AbstractSet[ObstacleKind] = NOTHING,
    why: str | None = None,
    kept: AbstractSet[ObstacleKind] | None = None,
    undoes: int | None = None,
) -> list[Obstacle]:
    """Move a locked appointment into that state at that time, or tell everything in the way.

    `overriding` names what may be in the way, `why` is the reason somebody gave. `kept` are the
    rules it was granted against before, which are then not asked again; None: they are.
    """
    before, had = appointment.status, appointment.place
    if before is not target:
        APPOINTMENT.check(before, target)
    row = {
        **(values or {}),
        "status": target,
        **appointment.stamps(target, uow.now),
        "practitioner_id": wanted.practitioner_id,
        "visit_type_id": wanted.visit_type_id,
        "room_id": wanted.room_id,
        "starts_at": wanted.starts_at,
        "ends_at": wanted.ends_at,
        "version": appointment.version + 1,
    }
    whose = {appointment.practitioner_id, wanted.practitioner_id}
    whose |= {each for each in (wanted.patient_id, wanted.room_id) if each is not None}
    rules = (kept or NOTHING) - LOOKED_UP

    async def write(fit: Fit) -> Appointment | None:
        overridden = sorted(fit.overridden | rules)
        told = {"overridden": overridden, "override_reason": why if overridden else None}
        new = row | shares_of(fit) | told
        done = await repository.update_unless_taken(uow, appointment, whose, new)
        return appointment if done else None

    granted = await grant(uow, wanted, write, overriding=overriding, rules_known=kept is not None)
    if not isinstance(granted, Appointment):
        return granted
    moved = appointment.place != had
    uow.db.add(
        AppointmentMove(
            appointment_id=appointment.id,
            from_status=before,
            to_status=target,
            change={"from": had, "to": appointment.place} if moved else None,
            undoes=undoes,
            moved_by=uow.actor.id,
            moved_at=uow.now,
        )
    )
    uow.wake(CALENDAR)
    return []


def overridden_kinds(appointment: Appointment) -> frozenset[ObstacleKind]:
    return frozenset(ObstacleKind(kind) for kind in appointment.overridden)
