"""Asking before booking: what is free, and what would be in the way."""

from dataclasses import replace
from uuid import UUID

from app import audit, identity, patients
from app.infra.uow import UnitOfWork
from app.scheduling import availability
from app.scheduling.appointments import repository
from app.scheduling.appointments.asking import Place, wanted_at
from app.scheduling.appointments.calendar_schemas import (
    AlternativeOut,
    ConflictsOut,
    SlotList,
    SlotOut,
)
from app.scheduling.appointments.errors import VisitTypeUnknown
from app.scheduling.appointments.obstacles import everything_in_the_way
from app.scheduling.appointments.policies import may_override
from app.scheduling.appointments.refusing import alternatives_to
from app.scheduling.appointments.schemas import ObstacleOut
from app.scheduling.appointments.searching import SlotQuery, search_slots
from app.scheduling.availability import (
    DoctorUnknown,
    OfferStatus,
    RoomUnknown,
    VisitTypeNotFound,
)


async def free_slots_for(uow: UnitOfWork, query: SlotQuery) -> SlotList:
    """Slots as they are shown. Raises `VisitTypeUnknown`, `RoomUnknown`, `PatientNotFound`.

    Where a patient is named, somebody learns when that patient is elsewhere: that leaves a trace.
    """
    await require_in_use(uow, query.visit_type_id, query.room_id)
    if query.patient_id is not None:
        patient = await patients.get_patient(uow, query.patient_id)
        query = replace(query, patient_id=patient.id)
        await audit.record(uow, "slot.list", patient_id=patient.id)
    found = await search_slots(uow, query)
    doctors = await identity.names_of(uow, {slot.practitioner_id for slot in found.slots})
    rooms = {room.id: room.name for room in await availability.list_rooms(uow, retired=True)}
    return SlotList(
        zone=uow.zone.key,
        items=[
            SlotOut(
                **slot._asdict(),
                practitioner_name=doctors[slot.practitioner_id],
                room_name=None if slot.room_id is None else rooms[slot.room_id],
            )
            for slot in found.slots
        ],
        searched_until=found.searched_until,
        hours_unknown=found.hours_unknown,
    )


async def require_in_use(uow: UnitOfWork, visit_type_id: UUID, room_id: UUID | None) -> None:
    try:
        visit_type = await availability.get_visit_type(uow, visit_type_id)
    except VisitTypeNotFound:
        visit_type = None
    if visit_type is None or visit_type.status is not OfferStatus.ACTIVE:
        why = "No visit type in use has that id."
        at = ["query", "visit_type_id"]
        raise VisitTypeUnknown(errors=[{"at": [*at], "why": why, "rule": "visit_type_known"}])
    if room_id is not None and room_id not in {
        room.id for room in await availability.list_rooms(uow)
    }:
        why = "No room in use has that id."
        raise RoomUnknown(errors=[{"at": ["query", "room_id"], "why": why, "rule": "room_known"}])


async def conflicts_with(
    uow: UnitOfWork,
    place: Place,
    *,
    patient_id: UUID | None = None,
    ignoring: UUID | None = None,
) -> ConflictsOut:
    """What a booking there would be told, or the move of the appointment that is `ignoring`.

    Raises `DoctorUnknown`, `VisitTypeUnknown`, `RoomUnknown`, `PatientNotFound`,
    `AppointmentNotFound`.
    """
    moving = None if ignoring is None else await repository.get(uow, ignoring)
    if patient_id is not None:
        patient_id = (await patients.get_patient(uow, patient_id)).id
    try:
        wanted = await wanted_at(uow, place, patient_id=patient_id, moving=moving)
    except (DoctorUnknown, VisitTypeUnknown, RoomUnknown) as unknown:
        for fault in unknown.errors:
            fault["at"][0] = "query"
        raise
    conflicts = await everything_in_the_way(uow, wanted)
    await audit.record(uow, "appointment.find-conflicts", patient_id=patient_id)
    return ConflictsOut(
        conflicts=[ObstacleOut.model_validate(conflict) for conflict in conflicts],
        alternatives=[
            AlternativeOut.model_validate(each)
            for each in (await alternatives_to(uow, wanted) if conflicts else [])
        ],
        overridable=bool(conflicts)
        and may_override(uow.actor, [conflict["kind"] for conflict in conflicts]),
    )
