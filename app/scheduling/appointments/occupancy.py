"""Who is taken when: what stands in the way of free time, in one statement."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import InstrumentedAttribute

from app.infra.uow import UnitOfWork
from app.scheduling.appointments.lifecycle import LIVE, AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.repository import overlapping
from app.scheduling.appointments.shares import Share
from app.scheduling.appointments.slots import Taken

DOCTOR, PATIENT, ROOM = "doctor", "patient", "room"


@dataclass(frozen=True, slots=True)
class Occupancy:
    """What is taken of each doctor, of one patient, and of each room."""

    doctors: dict[UUID, list[Taken]] = field(default_factory=lambda: defaultdict(list))
    patient: list[Taken] = field(default_factory=list)
    rooms: dict[UUID, list[Taken]] = field(default_factory=lambda: defaultdict(list))


async def occupancy(
    uow: UnitOfWork,
    starts_at: datetime,
    ends_at: datetime,
    *,
    practitioner_ids: Collection[UUID],
    patient_id: UUID | None = None,
    room_ids: Collection[UUID] = (),
    ignoring: UUID | None = None,
) -> Occupancy:
    """Live appointments between two instants, and holds that are not over yet."""
    there = [
        overlapping(starts_at, ends_at),
        Appointment.status.in_(LIVE),
        or_(
            Appointment.status != AppointmentStatus.PENDING,
            Appointment.expires_at > uow.now,
        ),
    ]
    if ignoring is not None:
        there.append(Appointment.id != ignoring)
    # One part for each index; together in an OR they would lead the planner to none of them.
    parts = [shares_of(DOCTOR, Appointment.practitioner_id, practitioner_ids, there)]
    if patient_id is not None:
        parts.append(shares_of(PATIENT, Appointment.patient_id, [patient_id], there))
    if room_ids:
        parts.append(shares_of(ROOM, Appointment.room_id, room_ids, there))
    found = Occupancy()
    rows: Iterable[Any] = await uow.db.execute(union_all(*parts))
    for what, whose, starts, ends, share in rows:
        taken = Taken(starts, ends, Share(share.lower, share.upper))
        if what == DOCTOR:
            found.doctors[whose].append(taken)
        elif what == ROOM:
            found.rooms[whose].append(taken)
        else:
            found.patient.append(taken)
    return found


SHARES = {
    DOCTOR: Appointment.practitioner_share,
    PATIENT: Appointment.patient_share,
    ROOM: Appointment.room_share,
}


def shares_of(
    what: str,
    owner: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None],
    ids: Collection[UUID],
    there: Collection[ColumnElement[bool]],
) -> Select[str, UUID | None, datetime, datetime, Range[int]]:
    return select(
        literal(what), owner, Appointment.starts_at, Appointment.ends_at, SHARES[what]
    ).where(owner.in_(ids), *there)
