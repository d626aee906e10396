"""Who is taken when: what stands in the way of free time, in one statement."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Uuid, any_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from app.infra.prepared import Look
from app.infra.uow import UnitOfWork
from app.scheduling.appointments.lifecycle import LIVE, AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.repository import LONGEST
from app.scheduling.appointments.shares import Share
from app.scheduling.appointments.slots import Taken

DOCTOR, PATIENT, ROOM = "doctor", "patient", "room"


EACH = Appointment.__table__.c
THERE = (
    EACH.starts_at > bindparam("starts_after"),
    EACH.starts_at < bindparam("ends_at"),
    EACH.ends_at > bindparam("starts_at"),
    EACH.status.in_(LIVE),
    or_(EACH.status != AppointmentStatus.PENDING, EACH.expires_at > bindparam("now")),
    EACH.id.is_distinct_from(bindparam("ignoring")),
)


def shares_of(what: str, whose: str, share: str, ids: str) -> Select[*tuple[Any, ...]]:
    asked = any_(bindparam(ids, type_=ARRAY(Uuid)))
    # Numbers: thousands of ranges made into objects would take longer than finding them.
    numbers = (func.lower(EACH[share], type_=Integer), func.upper(EACH[share], type_=Integer))
    return select(literal(what), EACH[whose], EACH.starts_at, EACH.ends_at, *numbers).where(
        EACH[whose] == asked, *THERE
    )


# One part for each index; together in an OR they would lead the planner to none of them.
OCCUPANCY = Look(
    union_all(
        shares_of(DOCTOR, "practitioner_id", "practitioner_share", "doctors"),
        shares_of(PATIENT, "patient_id", "patient_share", "patients"),
        shares_of(ROOM, "room_id", "room_share", "rooms"),
    ),
    tuple,
)


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
    asked = {
        "starts_at": starts_at,
        "starts_after": starts_at - LONGEST,
        "ends_at": ends_at,
        "now": uow.now,
        "ignoring": ignoring,
        "doctors": list(practitioner_ids),
        "patients": [] if patient_id is None else [patient_id],
        "rooms": list(room_ids),
    }
    found = Occupancy()
    for what, whose, starts, ends, lower, upper in await uow.line.ask(OCCUPANCY, asked):
        taken = Taken(starts, ends, Share(lower, upper))
        if what == DOCTOR:
            found.doctors[whose].append(taken)
        elif what == ROOM:
            found.rooms[whose].append(taken)
        else:
            found.patient.append(taken)
    return found
