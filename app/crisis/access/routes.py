"""Access to restricted patients over HTTP."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request

from app.crisis.access import queries, service
from app.crisis.access.policies import CLINICIANS
from app.crisis.access.schemas import (
    BreakGlass,
    GrantOut,
    GrantPage,
    LiftRestriction,
    NameException,
    RestrictionOut,
    RestrictionPage,
    RestrictPatient,
    ReviewGrant,
)
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.problems import described
from app.infra.http.routing import api_router

router = api_router("/access", "access")

OPEN: dict[int | str, dict[str, Any]] = {
    409: described(
        HTTPStatus.CONFLICT, "nothing-hidden: this record is open to you; there is no glass"
    )
}


@router.post("/break-glass", status_code=201, dependencies=[allow(*CLINICIANS)], responses=OPEN)
async def break_glass(body: BreakGlass, uow: Uow, request: Request) -> GrantOut:
    """See a restricted patient for a while; privacy is told at once and reviews it.

    While it lasts, asking again answers with the same grant.
    """
    lasts = timedelta(minutes=request.state.settings.break_glass_minutes)
    return await service.break_glass(uow, body.patient_id, body.reason, body.password, lasts=lasts)


@router.get("/grants", dependencies=[allow(*STAFF)])
async def list_grants(
    uow: Uow,
    page: Paging,
    unreviewed: Annotated[bool, Query(description="Only what privacy has not reviewed.")] = False,
) -> GrantPage:
    """Who broke the glass, the latest first; for privacy."""
    return await queries.list_grants(uow, page, unreviewed=unreviewed)


@router.post("/grants/{grant_id}/end", status_code=201, dependencies=[allow(*STAFF)])
async def end_grant(grant_id: UUID, uow: Uow) -> GrantOut:
    """End it before its time: whoever broke the glass, or privacy."""
    return await service.end_grant(uow, grant_id)


@router.post("/grants/{grant_id}/review", status_code=201, dependencies=[allow(*STAFF)])
async def review_grant(grant_id: UUID, body: ReviewGrant, uow: Uow) -> GrantOut:
    """Say what to think of it, once; for privacy."""
    return await service.review_grant(uow, grant_id, body.verdict, body.remark)


@router.get("/restrictions", dependencies=[allow(*STAFF)])
async def list_restrictions(uow: Uow, page: Paging) -> RestrictionPage:
    """Open and lifted restrictions, the latest first; for privacy and administrators."""
    return await queries.list_restrictions(uow, page)


@router.post("/restrictions", status_code=201, dependencies=[allow(*STAFF)])
async def restrict_patient(body: RestrictPatient, uow: Uow) -> RestrictionOut:
    """Let a patient be seen by few; for privacy and administrators."""
    return await service.restrict(uow, body.patient_id, body.reason, body.exceptions)


@router.post(
    "/restrictions/{restriction_id}/lifting", status_code=201, dependencies=[allow(*STAFF)]
)
async def lift_restriction(restriction_id: UUID, body: LiftRestriction, uow: Uow) -> RestrictionOut:
    """Let the patient be seen as all others are."""
    return await service.lift(uow, restriction_id, body.reason)


@router.post(
    "/restrictions/{restriction_id}/exceptions", status_code=201, dependencies=[allow(*STAFF)]
)
async def name_exception(restriction_id: UUID, body: NameException, uow: Uow) -> RestrictionOut:
    """Name somebody who sees the patient all the same."""
    return await service.name_exception(uow, restriction_id, body.user_id)


@router.delete("/restrictions/{restriction_id}/exceptions/{user_id}", dependencies=[allow(*STAFF)])
async def unname_exception(restriction_id: UUID, user_id: UUID, uow: Uow) -> RestrictionOut:
    """Name them no more."""
    return await service.unname_exception(uow, restriction_id, user_id)
