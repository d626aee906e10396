"""Ladders and kinds of work over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.work_queues.ladders import queries, service
from app.work_queues.ladders.schemas import (
    CODE,
    KEY,
    ChangeWorkType,
    LadderList,
    LadderOut,
    SaveLadder,
    WorkTypeList,
    WorkTypeOut,
)

router = api_router("", "ladders")

Responses = dict[int | str, dict[str, Any]]
UNREAD: Responses = {
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        'precondition-missing: send If-Match with the ETag you read, "0" for a new ladder',
    )
}
STALE_LADDER: Responses = UNREAD | {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "ladder-changed: somebody changed it since you read it"
    )
}
STALE_TYPE: Responses = UNREAD | {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "work-type-changed: somebody changed it since you read it"
    )
}
LadderKey = Annotated[str, Path(pattern=KEY, examples=["urgent"])]
TypeCode = Annotated[str, Path(pattern=CODE, examples=["note.unsigned"])]


@router.get("/ladders", dependencies=[allow(*STAFF)])
async def list_ladders(uow: Uow) -> LadderList:
    """Ladders with their steps, by name."""
    return LadderList(items=await queries.list_ladders(uow))


@router.get("/ladders/{key}", dependencies=[allow(*STAFF)])
async def get_ladder(key: LadderKey, uow: Uow, response: Response) -> LadderOut:
    """One ladder, with its ETag."""
    ladder = await queries.find_ladder(uow, key)
    put_etag(response, ladder.version)
    return ladder


@router.put("/ladders/{key}", dependencies=[allow(*STAFF)], responses=STALE_LADDER)
async def save_ladder(
    key: LadderKey, body: SaveLadder, version: IfMatch, uow: Uow, response: Response
) -> LadderOut:
    """Make a ladder (If-Match "0"), or replace one with all its steps.

    Administrators and supervisors only. What climbs already keeps the steps it began with.
    """
    ladder = await service.save_ladder(uow, key, body, version=version)
    put_etag(response, ladder.version)
    return (await queries.described(uow, [ladder]))[0]


@router.get("/work-types", dependencies=[allow(*STAFF)])
async def list_work_types(uow: Uow) -> WorkTypeList:
    """Kinds of tasks and alerts: how severe, whose, by when, and which ladder they climb."""
    return WorkTypeList(items=await queries.list_types(uow))


@router.get("/work-types/{code}", dependencies=[allow(*STAFF)])
async def get_work_type(code: TypeCode, uow: Uow, response: Response) -> WorkTypeOut:
    """One kind of work, with its ETag."""
    work_type = await queries.get_type(uow, code)
    put_etag(response, work_type.version)
    return queries.type_out(work_type)


@router.patch("/work-types/{code}", dependencies=[allow(*STAFF)], responses=STALE_TYPE)
async def change_work_type(
    code: TypeCode, body: ChangeWorkType, version: IfMatch, uow: Uow, response: Response
) -> WorkTypeOut:
    """Change what holds for work that begins from now on; administrators and supervisors only."""
    work_type = await service.change_type(uow, code, body, version=version)
    put_etag(response, work_type.version)
    return queries.type_out(work_type)
