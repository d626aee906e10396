"""How restrictions and grants are shown, and how each leaves a trace."""

from collections.abc import Sequence
from uuid import UUID

from app import audit, identity
from app.crisis.access import repository
from app.crisis.access.models import BreakGlassReview
from app.crisis.access.schemas import (
    GrantOut,
    GrantState,
    NamedOut,
    RestrictionOut,
    ReviewOut,
)
from app.infra.uow import UnitOfWork
from app.patients import BreakGlassGrant, PatientRestriction


def state_of(uow: UnitOfWork, grant: BreakGlassGrant) -> GrantState:
    if grant.is_running(uow.now):
        return GrantState.RUNNING
    early = grant.ended_at is not None and grant.ended_at < grant.expires_at
    return GrantState.ENDED if early else GrantState.EXPIRED


async def grants_out(
    uow: UnitOfWork, rows: Sequence[tuple[BreakGlassGrant, BreakGlassReview | None]]
) -> list[GrantOut]:
    names = await identity.names_of(uow, {grant.user_id for grant, _ in rows})
    return [
        GrantOut(
            id=grant.id,
            patient_id=grant.patient_id,
            user_id=grant.user_id,
            user_name=names.get(grant.user_id),
            reason=grant.reason,
            state=state_of(uow, grant),
            granted_at=grant.granted_at,
            expires_at=grant.expires_at,
            ended_at=grant.ended_at,
            review=ReviewOut.model_validate(review) if review else None,
        )
        for grant, review in rows
    ]


async def restrictions_out(
    uow: UnitOfWork, rows: Sequence[PatientRestriction]
) -> list[RestrictionOut]:
    named = await repository.named_in(uow, [row.id for row in rows])
    names = await identity.names_of(uow, {each for people in named.values() for each in people})
    return [
        RestrictionOut(
            id=row.id,
            patient_id=row.patient_id,
            reason=row.reason,
            restricted_by=row.restricted_by,
            restricted_at=row.restricted_at,
            lifted_by=row.lifted_by,
            lifted_at=row.lifted_at,
            lift_reason=row.lift_reason,
            exceptions=[NamedOut(user_id=one, user_name=names.get(one)) for one in named[row.id]],
        )
        for row in rows
    ]


async def record_restriction(
    uow: UnitOfWork, verb: str, row: PatientRestriction, **detail: str | int
) -> None:
    await audit.record(
        uow,
        f"restriction.{verb}",
        patient_id=row.patient_id,
        subject=("patient_restriction", row.id),
        detail=dict(detail),
    )


async def record_grant(
    uow: UnitOfWork, verb: str, grant: BreakGlassGrant, **detail: str | UUID
) -> None:
    await audit.record(
        uow,
        f"break-glass.{verb}",
        patient_id=grant.patient_id,
        subject=("break_glass_grant", grant.id),
        detail={name: str(value) for name, value in detail.items()},
    )
