"""The calendar: everything between two days, as the pages that draw it want it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, case, func, literal_column, not_, or_, select

from app import audit
from app.identity import User
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.patients import Patient, hidden_of_many
from app.scheduling import availability
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.presenting import ASKERS, RESTRICTED
from app.scheduling.appointments.repository import on_the_book, overlapping
from app.scheduling.appointments.today import midnight

S = AppointmentStatus
NAMED_IN_TRAIL = 1000  # patients; of a list any longer the trail says which list it was

# An appointment as a member of a JSON array, written by the database: thirty thousand of them are
# as quick as three thousand objects. What is null is left out; the session's zone is UTC.
WHOM = """',"patient_id":"' || appointments.patient_id || '"',
',"patient_name":' || to_json(appointments.patient_name),
',"reason":' || to_json(appointments.reason),
',"series_id":"' || appointments.series_id || '"',
case when appointments.overridden <> '{}' then
    ',"override_reason":' || to_json(appointments.override_reason) end,
case when appointments.status = 'cancelled' then
    ',"cancellation_reason":' || to_json(appointments.cancellation_reason) end"""
# Whom somebody may not see: the time is taken, and that is all. Clinicians may go and ask.
NOBODY = f"""',"patient_name":"{RESTRICTED}"'"""
SOMEBODY = f"""{NOBODY}, ',"patient_id":"' || appointments.patient_id || '"'"""
CARD = """concat(
'{"id":"', appointments.id,
'","practitioner_id":"', appointments.practitioner_id,
'","visit_type_id":"', appointments.visit_type_id,
'","status":"', appointments.status,
'","kind":"', appointments.kind,
'","starts_at":"', to_char(appointments.starts_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
'","ends_at":"', to_char(appointments.ends_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
'","version":', appointments.version,
{whom},
',"room_id":"' || appointments.room_id || '"',
',"arrived_at":' || to_json(appointments.arrived_at),
',"roomed_at":' || to_json(appointments.roomed_at),
',"seen_at":' || to_json(appointments.seen_at),
case when appointments.status = 'pending' then concat(
    ',"expires_at":' || to_json(appointments.expires_at),
    ',"held_by_name":' || (select to_json(full_name) from users where id = appointments.created_by)
) end,
case when appointments.overridden <> '{}' then
    ',"overridden":' || to_json(appointments.overridden) end,
case when appointments.status = 'cancelled' then
    ',"cancelled_by":' || to_json(appointments.cancelled_by) end,
'}')"""
SEEN, TAKEN, ASKABLE = (
    literal_column(CARD.replace("{whom}", whom), Text) for whom in (WHOM, NOBODY, SOMEBODY)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarQuery:
    """Days of the clinic's wall, the last not included; no doctors named: all of them."""

    first: date
    end: date
    practitioner_ids: Collection[UUID] = ()
    cancelled: bool = False


async def calendar_json(uow: UnitOfWork, query: CalendarQuery) -> str:
    """A `CalendarOut` as text: everything that touches these days, by time."""
    rows = shown_in(uow, query)
    # Appointments follow their patient when records are merged: no need to look at these.
    hidden = hidden_of_many(uow, "appointments.patient_id")
    left = ASKABLE if uow.actor.has_any(*ASKERS) else TAKEN
    written = rows.add_columns(case((hidden, left), else_=SEEN).label("card"))
    cards = written.order_by(Appointment.starts_at, Appointment.id).subquery()
    patients = rows.add_columns(Appointment.patient_id).distinct().limit(NAMED_IN_TRAIL + 1)
    known = patients.where(Appointment.patient_id.is_not(None), not_(hidden))
    whom = known.subquery()
    text, seen = (
        await uow.db.execute(
            select(
                select(func.string_agg(cards.c.card, ",")).scalar_subquery(),
                select(func.array_agg(whom.c.patient_id)).scalar_subquery(),
            )
        )
    ).one()
    await note_calendar(uow, query, seen or [])
    names = json.dumps(await names_in_use(uow))
    return f'{names[:-1]},"items":[{text or ""}]}}'


def shown_in(uow: UnitOfWork, query: CalendarQuery) -> Select[*tuple[Any, ...]]:
    """What a calendar shows, without a column yet: no holds that are over, nothing in error."""
    statement = (
        select()
        .select_from(Appointment)
        .outerjoin(Patient, Patient.id == Appointment.patient_id)
        .where(on_the_book(uow), overlapping(midnight(uow, query.first), midnight(uow, query.end)))
        .where(*standing_in(uow, cancelled=query.cancelled))
    )
    if query.practitioner_ids:
        statement = statement.where(Appointment.practitioner_id.in_(query.practitioner_ids))
    return statement


def standing_in(uow: UnitOfWork, *, cancelled: bool) -> list[ColumnElement[bool]]:
    status = Appointment.status
    unseen = [S.ENTERED_IN_ERROR] if cancelled else [S.ENTERED_IN_ERROR, S.CANCELLED]
    return [
        status.not_in(unseen),
        or_(status != S.PENDING, Appointment.expires_at > uow.now),
        or_(status != S.CANCELLED, Appointment.booked_at.is_not(None)),
    ]


async def note_calendar(uow: UnitOfWork, query: CalendarQuery, seen: Sequence[UUID]) -> None:
    """Who saw a calendar saw every patient in it."""
    detail: dict[str, Any] = {
        "from": str(query.first),
        "to": str(query.end),
        "practitioners": [str(each) for each in query.practitioner_ids],
    }
    if len(seen) <= NAMED_IN_TRAIL:
        detail["patients"] = [str(each) for each in seen]
    else:
        detail["more_patients_than"] = NAMED_IN_TRAIL
    await audit.record(uow, "calendar.read", detail=detail)


async def names_in_use(uow: UnitOfWork) -> dict[str, Any]:
    """Names of doctors, visit types and rooms, of those no longer in use as well."""
    doctors = await uow.db.execute(
        select(User.id, User.full_name).where(User.role == Role.DOCTOR).order_by(User.full_name)
    )
    types = await availability.list_visit_types(uow, retired=True)
    rooms = await availability.list_rooms(uow, retired=True)
    return {
        "zone": uow.zone.key,
        "practitioners": [{"id": str(id_), "name": name} for id_, name in doctors],
        "visit_types": [
            {"id": str(each.id), "name": each.name, "color": each.color} for each in types
        ],
        "rooms": [{"id": str(each.id), "name": each.name} for each in rooms],
    }
