"""Rooms and visit types over HTTP."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.scheduling.availability import catalogue, queries
from app.scheduling.availability.models import VisitType
from app.scheduling.availability.policies import PLANNERS
from app.scheduling.availability.schemas import (
    ChangeRoom,
    ChangeVisitType,
    NewRoom,
    NewVisitType,
    RoomList,
    RoomOut,
    VisitTypeList,
    VisitTypeOut,
)

router = api_router("", "availability")

Responses = dict[int | str, dict[str, Any]]
UNREAD: Responses = {
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    )
}
STALE_ROOM: Responses = UNREAD | {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "room-changed: somebody changed this room since you read it"
    )
}
STALE_VISIT_TYPE: Responses = UNREAD | {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "visit-type-changed: somebody changed this visit type since you read it",
    )
}
WithRetired = Annotated[bool, Query(description="Also what is no longer in use.")]


@router.get("/rooms", dependencies=[allow(*STAFF)])
async def list_rooms(uow: Uow, retired: WithRetired = False) -> RoomList:
    """Rooms, by name."""
    rooms = await queries.list_rooms(uow, retired=retired)
    return RoomList(items=[RoomOut.model_validate(room) for room in rooms])


@router.post("/rooms", status_code=201, dependencies=[allow(*PLANNERS)])
async def add_room(body: NewRoom, uow: Uow, response: Response) -> RoomOut:
    """Add a room."""
    room = await catalogue.add_room(uow, body.name)
    put_etag(response, room.version)
    return RoomOut.model_validate(room)


@router.patch("/rooms/{room_id}", dependencies=[allow(*PLANNERS)], responses=STALE_ROOM)
async def rename_room(
    room_id: UUID, body: ChangeRoom, version: IfMatch, uow: Uow, response: Response
) -> RoomOut:
    """Give a room another name."""
    room = await catalogue.rename_room(uow, room_id, body.name, version=version)
    put_etag(response, room.version)
    return RoomOut.model_validate(room)


@router.post("/rooms/{room_id}/retirement", status_code=201, dependencies=[allow(*PLANNERS)])
async def retire_room(room_id: UUID, uow: Uow, response: Response) -> RoomOut:
    """Take a room out of use; appointments in it keep it."""
    room = await catalogue.retire_room(uow, room_id)
    put_etag(response, room.version)
    return RoomOut.model_validate(room)


@router.post("/rooms/{room_id}/reinstatement", status_code=201, dependencies=[allow(*PLANNERS)])
async def reinstate_room(room_id: UUID, uow: Uow, response: Response) -> RoomOut:
    """Take a room into use again."""
    room = await catalogue.reinstate_room(uow, room_id)
    put_etag(response, room.version)
    return RoomOut.model_validate(room)


async def with_doctors(uow: UnitOfWork, found: Sequence[VisitType]) -> list[VisitTypeOut]:
    doctors = await queries.offers_of(uow, [each.id for each in found])
    return [
        VisitTypeOut.model_validate(each).model_copy(
            update={"offered_by": sorted(doctors[each.id]) if each.id in doctors else None}
        )
        for each in found
    ]


async def told(uow: UnitOfWork, visit_type: VisitType, response: Response) -> VisitTypeOut:
    put_etag(response, visit_type.version)
    return (await with_doctors(uow, [visit_type]))[0]


@router.get("/visit-types", dependencies=[allow(*STAFF)])
async def list_visit_types(
    uow: Uow,
    practitioner_id: Annotated[UUID | None, Query(description="Only what they offer.")] = None,
    retired: WithRetired = False,
) -> VisitTypeList:
    """Visit types, by name."""
    found = await queries.list_visit_types(uow, practitioner_id=practitioner_id, retired=retired)
    return VisitTypeList(items=await with_doctors(uow, found))


@router.post("/visit-types", status_code=201, dependencies=[allow(*PLANNERS)])
async def add_visit_type(body: NewVisitType, uow: Uow, response: Response) -> VisitTypeOut:
    """Add a visit type."""
    return await told(uow, await catalogue.add_visit_type(uow, body), response)


@router.patch(
    "/visit-types/{visit_type_id}", dependencies=[allow(*PLANNERS)], responses=STALE_VISIT_TYPE
)
async def change_visit_type(
    visit_type_id: UUID, body: ChangeVisitType, version: IfMatch, uow: Uow, response: Response
) -> VisitTypeOut:
    """Change what is sent; appointments already booked keep the time they have."""
    changed = await catalogue.change_visit_type(uow, visit_type_id, body, version=version)
    return await told(uow, changed, response)


@router.post(
    "/visit-types/{visit_type_id}/retirement", status_code=201, dependencies=[allow(*PLANNERS)]
)
async def retire_visit_type(visit_type_id: UUID, uow: Uow, response: Response) -> VisitTypeOut:
    """Book nothing new as this type; what is booked stays."""
    return await told(uow, await catalogue.retire_visit_type(uow, visit_type_id), response)


@router.post(
    "/visit-types/{visit_type_id}/reinstatement", status_code=201, dependencies=[allow(*PLANNERS)]
)
async def reinstate_visit_type(visit_type_id: UUID, uow: Uow, response: Response) -> VisitTypeOut:
    """Take a visit type into use again."""
    return await told(uow, await catalogue.reinstate_visit_type(uow, visit_type_id), response)
