"""What can be done with rooms and visit types."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app import audit, identity
from app.infra.postgres import UNIQUE_VIOLATION, sqlstate_of
from app.infra.uow import UnitOfWork
from app.kernel.errors import DomainError
from app.scheduling.availability import repository
from app.scheduling.availability.errors import (
    DoctorUnknown,
    Fault,
    RoomNameTaken,
    VisitTypeNameTaken,
)
from app.scheduling.availability.lifecycle import OfferStatus
from app.scheduling.availability.models import Room, VisitType
from app.scheduling.availability.policies import require_planner
from app.scheduling.availability.schemas import ChangeVisitType, NewVisitType


async def add_room(uow: UnitOfWork, name: str) -> Room:
    """A place in which visits can happen; raises `RoomNameTaken`."""
    require_planner(uow)
    room = Room(name=name, created_at=uow.now, updated_at=uow.now)
    async with naming(uow, RoomNameTaken()):
        uow.db.add(room)
    await audit.record(uow, "room.add", subject=("room", room.id))
    return room


async def rename_room(uow: UnitOfWork, room_id: UUID, name: str, *, version: int) -> Room:
    """Give a room another name; raises `RoomNotFound`, `RoomChanged`, `RoomNameTaken`."""
    require_planner(uow)
    room = await repository.room(uow, room_id, lock=True)
    room.require(version)
    async with naming(uow, RoomNameTaken()):
        room.rename(name, at=uow.now)
    await audit.record(
        uow, "room.rename", subject=("room", room.id), detail={"version": room.version}
    )
    return room


async def retire_room(uow: UnitOfWork, room_id: UUID) -> Room:
    """The room takes no new appointments; those booked keep it. Raises `IllegalMove`."""
    return await move_room(uow, room_id, OfferStatus.RETIRED, "room.retire")


async def reinstate_room(uow: UnitOfWork, room_id: UUID) -> Room:
    """A retired room is in use again; raises `IllegalMove`."""
    return await move_room(uow, room_id, OfferStatus.ACTIVE, "room.reinstate")


async def move_room(uow: UnitOfWork, room_id: UUID, target: OfferStatus, action: str) -> Room:
    require_planner(uow)
    room = await repository.room(uow, room_id, lock=True)
    room.move(target, at=uow.now)
    await audit.record(uow, action, subject=("room", room.id), detail={"version": room.version})
    return room


async def add_visit_type(uow: UnitOfWork, new: NewVisitType) -> VisitType:
    """A reason to come; raises `VisitTypeNameTaken`, `DoctorUnknown`."""
    require_planner(uow)
    fields = new.model_dump(exclude={"offered_by"})
    visit_type = VisitType(**fields, created_at=uow.now, updated_at=uow.now)
    async with naming(uow, VisitTypeNameTaken()):
        uow.db.add(visit_type)
    await offer_by(uow, visit_type.id, new.offered_by or ())
    await trace_visit_type(uow, "visit_type.add", visit_type, fields=sorted(fields))
    return visit_type


async def change_visit_type(
    uow: UnitOfWork, visit_type_id: UUID, change: ChangeVisitType, *, version: int
) -> VisitType:
    """Change what was said; appointments already booked keep the time they have.

    Raises `VisitTypeNotFound`, `VisitTypeChanged`, `VisitTypeNameTaken`, `DoctorUnknown`.
    """
    require_planner(uow)
    changes = change.changes
    visit_type = await repository.visit_type(uow, visit_type_id, lock=True)
    visit_type.require(version)
    if not changes:
        await trace_visit_type(uow, "visit_type.change", visit_type, fields=[])
        return visit_type
    doctors = changes.pop("offered_by", None) or ()
    async with naming(uow, VisitTypeNameTaken()):
        visit_type.change(changes, at=uow.now)
    if "offered_by" in change.model_fields_set:
        await offer_by(uow, visit_type_id, doctors)
    await trace_visit_type(
        uow, "visit_type.change", visit_type, fields=sorted(change.model_fields_set)
    )
    return visit_type


async def retire_visit_type(uow: UnitOfWork, visit_type_id: UUID) -> VisitType:
    """Nothing new is booked as this type; what is booked stays. Raises `IllegalMove`."""
    return await move_visit_type(uow, visit_type_id, OfferStatus.RETIRED, "visit_type.retire")


async def reinstate_visit_type(uow: UnitOfWork, visit_type_id: UUID) -> VisitType:
    """A retired visit type is in use again; raises `IllegalMove`."""
    return await move_visit_type(uow, visit_type_id, OfferStatus.ACTIVE, "visit_type.reinstate")


async def move_visit_type(
    uow: UnitOfWork, visit_type_id: UUID, target: OfferStatus, action: str
) -> VisitType:
    require_planner(uow)
    visit_type = await repository.visit_type(uow, visit_type_id, lock=True)
    visit_type.move(target, at=uow.now)
    await trace_visit_type(uow, action, visit_type)
    return visit_type


async def offer_by(uow: UnitOfWork, visit_type_id: UUID, doctors: Collection[UUID]) -> None:
    """From now on these doctors offer it; none named: everybody does.

    Who offered it before may stay on the list even with a locked account.
    """
    before = (await repository.offered_by(uow, [visit_type_id])).get(visit_type_id, frozenset())
    known = {user.id for user in await identity.list_practitioners(uow)} | before
    why = "No doctor with an active account has that id."
    faults: list[Fault] = [
        {"at": ["body", "offered_by", place], "why": why, "rule": "practitioner_known"}
        for place, doctor in enumerate(doctors)
        if doctor not in known
    ]
    if faults:
        raise DoctorUnknown(errors=faults)
    await repository.replace_offers(uow, visit_type_id, frozenset(doctors))


@asynccontextmanager
async def naming(uow: UnitOfWork, taken: DomainError) -> AsyncIterator[None]:
    """Whether a name is free is for the unique index to say, not for a look beforehand."""
    try:
        async with uow.db.begin_nested():
            yield
    except IntegrityError as error:
        if sqlstate_of(error) != UNIQUE_VIOLATION:
            raise
        raise taken from error


async def trace_visit_type(
    uow: UnitOfWork, action: str, visit_type: VisitType, **detail: Any
) -> None:
    await audit.record(
        uow,
        action,
        subject=("visit_type", visit_type.id),
        detail={"version": visit_type.version, **detail},
    )
