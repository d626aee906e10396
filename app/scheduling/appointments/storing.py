"""Storing a new appointment: one statement, built once, that reads nothing."""

from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, cast, null, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.infra.prepared import Prepared
from app.infra.uow import UnitOfWork
from app.scheduling.appointments.models import Appointment, AppointmentMove
from app.scheduling.appointments.repository import deadlocks_told

# What is said about a new appointment; nothing else is known of it yet.
SAID = (
    "id",
    "status",
    "kind",
    "practitioner_id",
    "patient_id",
    "patient_name",
    "visit_type_id",
    "room_id",
    "starts_at",
    "ends_at",
    "practitioner_share",
    "patient_share",
    "room_share",
    "overridden",
    "override_reason",
    "reason",
    "expires_at",
    "series_id",
    "occurrence_local",
    "arrived_at",
    "created_by",
    "booked_by",
    "booked_at",
    "version",
    "created_at",
)


COLUMNS = Appointment.__table__.c
ADDED = ("during", "updated_at")  # by the database
UNSET = dict.fromkeys({column.key for column in COLUMNS} - {*SAID, *ADDED})


def placing() -> Select[datetime]:
    """The appointment with the first line of its history; no row where its time is taken."""
    said: dict[str, Any] = {name: bindparam(f"new_{name}") for name in SAID}
    new = insert(Appointment).values(said).on_conflict_do_nothing()
    returned = ("id", "status", "created_by", "created_at", "updated_at")
    placed = new.returning(*(COLUMNS[name] for name in returned)).cte("placed")
    history = insert(AppointmentMove).from_select(
        ["appointment_id", "from_status", "to_status", "change", "moved_by", "moved_at"],
        select(
            placed.c.id,
            null(),
            placed.c.status,
            cast(null(), JSONB),
            placed.c.created_by,
            placed.c.created_at,
        ),
    )
    return select(placed.c.updated_at).add_cte(history.cte("history"))


PLACING = Prepared(placing(), itemgetter(0))


async def insert_unless_taken(uow: UnitOfWork, row: dict[str, Any]) -> Appointment | None:
    """Store a new appointment with the first line of its history; None: the time is taken.

    The exclusion constraints decide.
    """
    told = {f"new_{name}": row[name] for name in SAID}
    with deadlocks_told():
        stored_at = await uow.line.ask_one(PLACING, told)
    if stored_at is None:
        return None
    appointment = Appointment(**UNSET, **row, updated_at=stored_at)
    uow.line.adopt(appointment)
    return appointment
