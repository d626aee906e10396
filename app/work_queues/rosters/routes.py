"""Pools, rosters and absences over HTTP."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.work_queues.rosters import being_away, planning, pools, queries
from app.work_queues.rosters.schemas import (
    AbsenceList,
    AbsenceOut,
    ChangePool,
    Day,
    MemberList,
    NewAbsence,
    NewPool,
    NewShift,
    PoolList,
    PoolOut,
    RepeatWeek,
    Roster,
    RosterNow,
    ShiftList,
    ShiftOut,
)

router = api_router("", "rosters")

Responses = dict[int | str, dict[str, Any]]
STALE: Responses = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "pool-changed: somebody changed this pool since you read it"
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}
SHIFT_TAKEN: Responses = {
    409: described(
        HTTPStatus.CONFLICT, "shifts-overlap: they are on duty for this pool at that time already"
    )
}
ABSENCE_TAKEN: Responses = {
    409: described(
        HTTPStatus.CONFLICT, "absences-overlap: another absence of theirs lies in that time"
    )
}
FromDay = Annotated[Day, Query(alias="from", description="The first day, of the clinic's wall.")]
ToDay = Annotated[Day, Query(alias="to", description="The day after the last.")]


@router.get("/pools", dependencies=[allow(*STAFF)])
async def list_pools(
    uow: Uow, retired: Annotated[bool, Query(description="Also those out of use.")] = False
) -> PoolList:
    """Groups of people who share a queue, by name."""
    found = await queries.list_pools(uow, retired=retired)
    return PoolList(items=[PoolOut.model_validate(pool) for pool in found])


@router.post("/pools", status_code=201, dependencies=[allow(*STAFF)])
async def add_pool(body: NewPool, uow: Uow, response: Response) -> PoolOut:
    """Make a pool; for supervisors."""
    pool = await pools.add_pool(uow, body)
    response.headers["Location"] = f"/api/v1/pools/{pool.id}"
    put_etag(response, pool.version)
    return PoolOut.model_validate(pool)


@router.get("/pools/{pool_id}", dependencies=[allow(*STAFF)])
async def get_pool(pool_id: UUID, uow: Uow, response: Response) -> PoolOut:
    """One pool; the ETag is the version to send when renaming it."""
    pool = await queries.read_pool(uow, pool_id)
    put_etag(response, pool.version)
    return PoolOut.model_validate(pool)


@router.patch("/pools/{pool_id}", dependencies=[allow(*STAFF)], responses=STALE)
async def rename_pool(
    pool_id: UUID, body: ChangePool, version: IfMatch, uow: Uow, response: Response
) -> PoolOut:
    """Give a pool another name; for supervisors."""
    pool = await pools.rename_pool(uow, pool_id, body.name, version=version)
    put_etag(response, pool.version)
    return PoolOut.model_validate(pool)


@router.post("/pools/{pool_id}/retirement", status_code=201, dependencies=[allow(*STAFF)])
async def retire_pool(pool_id: UUID, uow: Uow, response: Response) -> PoolOut:
    """Take a pool out of use; its queue can still be read. For supervisors."""
    pool = await pools.retire_pool(uow, pool_id)
    put_etag(response, pool.version)
    return PoolOut.model_validate(pool)


@router.post("/pools/{pool_id}/reinstatement", status_code=201, dependencies=[allow(*STAFF)])
async def reinstate_pool(pool_id: UUID, uow: Uow, response: Response) -> PoolOut:
    """Take a retired pool into use again; for supervisors."""
    pool = await pools.reinstate_pool(uow, pool_id)
    put_etag(response, pool.version)
    return PoolOut.model_validate(pool)


@router.get("/pools/{pool_id}/members", dependencies=[allow(*STAFF)])
async def list_pool_members(pool_id: UUID, uow: Uow) -> MemberList:
    """Everybody of a pool, by role or by name."""
    return MemberList(items=await queries.list_members(uow, pool_id))


@router.put("/pools/{pool_id}/members/{user_id}", status_code=204, dependencies=[allow(*STAFF)])
async def add_pool_member(pool_id: UUID, user_id: UUID, uow: Uow) -> None:
    """Add somebody to a pool by name; for supervisors."""
    await pools.add_member(uow, pool_id, user_id)


@router.delete("/pools/{pool_id}/members/{user_id}", status_code=204, dependencies=[allow(*STAFF)])
async def remove_pool_member(pool_id: UUID, user_id: UUID, uow: Uow) -> None:
    """Take somebody out of a pool, and off its roster; for supervisors."""
    await pools.remove_member(uow, pool_id, user_id)


@router.get("/rosters", dependencies=[allow(*STAFF)])
async def get_roster(
    uow: Uow,
    first: FromDay,
    end: ToDay,
    pool: Annotated[UUID | None, Query(description="Left out: every pool.")] = None,
) -> Roster:
    """Who is on duty when, and who stands in; at most 62 days."""
    return await queries.roster(uow, first, end, pool_id=pool)


@router.get("/rosters/now", dependencies=[allow(*STAFF)])
async def get_roster_now(uow: Uow) -> RosterNow:
    """Who is there for each pool at this moment."""
    return await queries.roster_now(uow)


@router.post(
    "/rosters/shifts", status_code=201, dependencies=[allow(*STAFF)], responses=SHIFT_TAKEN
)
async def plan_shift(body: NewShift, uow: Uow) -> ShiftOut:
    """Put somebody on duty for a pool; for supervisors."""
    return ShiftOut.model_validate(await planning.plan_shift(uow, body))


@router.post(
    "/rosters/shifts/{shift_id}/cancellation", status_code=201, dependencies=[allow(*STAFF)]
)
async def cancel_shift(shift_id: UUID, uow: Uow) -> ShiftOut:
    """Take a shift off the roster; for supervisors."""
    return ShiftOut.model_validate(await planning.cancel_shift(uow, shift_id))


@router.post(
    "/rosters/repetitions", status_code=201, dependencies=[allow(*STAFF)], responses=SHIFT_TAKEN
)
async def repeat_week(body: RepeatWeek, uow: Uow) -> ShiftList:
    """Plan the shifts of a week again in the weeks after it, all or none; for supervisors."""
    planned = await planning.repeat_week(uow, body)
    return ShiftList(items=[ShiftOut.model_validate(shift) for shift in planned])


@router.get("/absences", dependencies=[allow(*STAFF)])
async def list_absences(
    uow: Uow,
    user_id: Annotated[UUID | None, Query(description="Left out: everybody's.")] = None,
    first: Annotated[
        Day | None, Query(alias="from", description="The first day; left out: today.")
    ] = None,
    end: Annotated[
        Day | None, Query(alias="to", description="The day after the last; left out: no end.")
    ] = None,
) -> AbsenceList:
    """Who is out of office, and who stands in for them."""
    since: date = first or uow.today
    return AbsenceList(items=await queries.list_absences(uow, since, end, user_id=user_id))


@router.post("/absences", status_code=201, dependencies=[allow(*STAFF)], responses=ABSENCE_TAKEN)
async def note_absence(body: NewAbsence, uow: Uow) -> AbsenceOut:
    """Say that you are away; supervisors for anybody."""
    absence = await being_away.note_absence(uow, body)
    return (await queries.describe(uow, absence))[0]


@router.post("/absences/{absence_id}/cancellation", status_code=201, dependencies=[allow(*STAFF)])
async def cancel_absence(absence_id: UUID, uow: Uow) -> AbsenceOut:
    """Take an absence back; supervisors for anybody."""
    absence = await being_away.cancel_absence(uow, absence_id)
    return (await queries.describe(uow, absence))[0]
