"""Storing a new appointment: one statement, built once, that reads nothing."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, cast, null, select
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert

from app.infra.prepared import Deed, Prepared
from app.infra.uow import UnitOfWork
from app.patients import Patient
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


SAYING: dict[str, Any] = {name: bindparam(f"new_{name}", type_=COLUMNS[name].type) for name in SAID}
PEOPLE = Patient.__table__.c


def placing(new: Insert) -> Select[datetime]:
    """The appointment with the first line of its history; no row where its time is taken."""
    returned = ("id", "status", "created_by", "created_at", "updated_at")
    placed = new.on_conflict_do_nothing().returning(*(COLUMNS[name] for name in returned))
    done = placed.cte("done")
    history = insert(AppointmentMove).from_select(
        ["appointment_id", "from_status", "to_status", "change", "moved_by", "moved_at"],
        select(
            done.c.id,
            null(),
            done.c.status,
            cast(null(), JSONB),
            done.c.created_by,
            done.c.created_at,
        ),
    )
    return select(done.c.updated_at).add_cte(history.cte("history"))


def of_patient() -> Insert:
    """For a patient whose record is what was read, and stays so until this is done."""
    unchanged = (
        select(*SAYING.values())
        .where(
            PEOPLE.id == SAYING["patient_id"],
            PEOPLE.version == bindparam("patient_version"),
            PEOPLE.merged_into.is_(None),
        )
        .with_for_update(read=True)
    )
    return insert(Appointment).from_select(SAID, unchanged)


PLACING = Prepared(placing(insert(Appointment).values(SAYING)), itemgetter(0))
PLACING_AT_LAST = Deed(placing(of_patient()), itemgetter(0))


async def insert_unless_taken(uow: UnitOfWork, row: dict[str, Any]) -> Appointment | None:
    """Store a new appointment with the first line of its history; None: the time is taken.

    The exclusion constraints decide.
    """
    with deadlocks_told():
        stored_at = await uow.line.ask_one(PLACING, told_of(row))
    if stored_at is None:
        return None
    appointment = Appointment(**UNSET, **row, updated_at=stored_at)
    uow.line.adopt(appointment)
    return appointment


async def insert_at_last_unless_taken(
    uow: UnitOfWork,
    row: dict[str, Any],
    patient_version: int,
    say: Callable[[Appointment], Awaitable[None]],
) -> Appointment | None:
    """The same as the last thing of this unit of work, in one statement with all that is said.

    None also where the patient's record is not the one that was read any more. Nobody looks after
    what is returned: there is nothing left to change.
    """
    appointment, before = Appointment(**UNSET, **row), uow.paperwork.mark()
    await say(appointment)
    told = {**told_of(row), "patient_version": patient_version}
    with deadlocks_told():
        stored_at = await uow.conclude(PLACING_AT_LAST, told)
    if stored_at is None:
        uow.paperwork.tear_up(before)
        return None
    appointment.updated_at = stored_at
    return appointment


def told_of(row: dict[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": row[name] for name in SAID}
