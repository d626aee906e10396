"""Storing a new appointment: one statement, built once, that reads nothing."""

from typing import Any

from sqlalchemy import Select, bindparam, cast, null, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import aliased

from app.infra.uow import UnitOfWork
from app.scheduling.appointments.models import Appointment, AppointmentMove
from app.scheduling.appointments.repository import deadlocks_told

# What is said about a new appointment; the rest is left to the columns' defaults.
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


def placing() -> Select[Appointment]:
    """The appointment with the first line of its history; no row where its time is taken."""
    said: dict[str, Any] = {name: bindparam(f"new_{name}") for name in SAID}
    new = insert(Appointment).values(said).on_conflict_do_nothing()
    placed = new.returning(*Appointment.__table__.c).cte("placed")
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
    return select(aliased(Appointment, placed)).add_cte(history.cte("history"))


PLACING = placing()


async def insert_unless_taken(uow: UnitOfWork, row: dict[str, Any]) -> Appointment | None:
    """Store a new appointment with the first line of its history; None: the time is taken.

    The exclusion constraints decide.
    """
    told = {f"new_{name}": row[name] for name in SAID}
    with deadlocks_told():
        return (await uow.db.execute(PLACING, told)).scalar_one_or_none()
