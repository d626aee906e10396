"""Every statement of the verbs about restricted patients."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.crisis.access.errors import GrantNotFound, RestrictionNotFound
from app.crisis.access.models import BreakGlassReview
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import BreakGlassGrant, Patient, PatientRestriction, RestrictionException

Exception_ = RestrictionException
Row = TypeVarTuple("Row")


async def restriction(uow: UnitOfWork, restriction_id: UUID) -> PatientRestriction:
    """Locked; raises `RestrictionNotFound`."""
    statement = (
        select(PatientRestriction)
        .where(PatientRestriction.id == restriction_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise RestrictionNotFound(restriction_id=restriction_id)
    return found


async def name_person(uow: UnitOfWork, restriction_id: UUID, user_id: UUID) -> None:
    row = {
        "restriction_id": restriction_id,
        "user_id": user_id,
        "named_by": uow.actor.id,
        "named_at": uow.now,
    }
    await uow.db.execute(insert(Exception_).values(row).on_conflict_do_nothing())


async def unname_person(uow: UnitOfWork, restriction_id: UUID, user_id: UUID) -> None:
    theirs = (Exception_.restriction_id == restriction_id, Exception_.user_id == user_id)
    await uow.db.execute(
        delete(Exception_).where(*theirs).execution_options(synchronize_session=False)
    )


async def named_in(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Who is named, by restriction."""
    statement = (
        select(Exception_.restriction_id, Exception_.user_id)
        .where(Exception_.restriction_id.in_(ids))
        .order_by(Exception_.named_at, Exception_.user_id)
    )
    found: dict[UUID, list[UUID]] = {each: [] for each in ids}
    for restriction_id, user_id in await uow.db.execute(statement):
        found[restriction_id].append(user_id)
    return found


def newest_first(
    statement: Select[*Row], model: Any, moment: Any, request: PageRequest
) -> Select[*Row]:
    """One row more than the page holds."""
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(moment, model.id) < tuple_(*last))
    return statement.order_by(moment.desc(), model.id.desc()).limit(request.limit + 1)


async def restrictions(uow: UnitOfWork, request: PageRequest) -> Sequence[PatientRestriction]:
    moment = PatientRestriction.restricted_at
    statement = newest_first(select(PatientRestriction), PatientRestriction, moment, request)
    return (await uow.db.scalars(statement)).all()


async def grants(
    uow: UnitOfWork, request: PageRequest, *, unreviewed: bool
) -> Sequence[tuple[BreakGlassGrant, BreakGlassReview | None]]:
    statement = select(BreakGlassGrant, BreakGlassReview).outerjoin(
        BreakGlassReview, BreakGlassReview.grant_id == BreakGlassGrant.id
    )
    if unreviewed:
        statement = statement.where(BreakGlassReview.grant_id.is_(None))
    moment = BreakGlassGrant.granted_at
    rows = await uow.db.execute(newest_first(statement, BreakGlassGrant, moment, request))
    return [(row[0], row[1]) for row in rows]


async def grant(uow: UnitOfWork, grant_id: UUID) -> BreakGlassGrant:
    """Locked; raises `GrantNotFound`."""
    statement = (
        select(BreakGlassGrant)
        .where(BreakGlassGrant.id == grant_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise GrantNotFound(grant_id=grant_id)
    return found


async def open_grant(uow: UnitOfWork, patient_id: UUID) -> BreakGlassGrant | None:
    """The actor's own that nobody has ended, be its time over or not; locked."""
    statement = (
        select(BreakGlassGrant)
        .where(
            BreakGlassGrant.user_id == uow.actor.id,
            BreakGlassGrant.patient_id == patient_id,
            BreakGlassGrant.ended_at.is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def add_grant(uow: UnitOfWork, **columns: Any) -> BreakGlassGrant | None:
    """None: the actor has an open one of this patient already; the unique index decides."""
    statement = insert(BreakGlassGrant).values(columns).on_conflict_do_nothing()
    added = statement.returning(BreakGlassGrant)
    return (await uow.db.execute(added)).scalar_one_or_none()


async def running_grants(uow: UnitOfWork) -> Sequence[tuple[BreakGlassGrant, Patient]]:
    """The actor's own, the one that ends first first, with the patients."""
    statement = (
        select(BreakGlassGrant, Patient)
        .join(Patient, Patient.id == BreakGlassGrant.patient_id)
        .where(
            BreakGlassGrant.user_id == uow.actor.id,
            BreakGlassGrant.ended_at.is_(None),
            BreakGlassGrant.expires_at > uow.now,
        )
        .order_by(BreakGlassGrant.expires_at, BreakGlassGrant.id)
    )
    return [(row[0], row[1]) for row in await uow.db.execute(statement)]


async def expired_grants(uow: UnitOfWork, limit: int) -> Sequence[BreakGlassGrant]:
    """Whose end nobody has written down yet; those somebody is busy with are left."""
    statement = (
        select(BreakGlassGrant)
        .where(BreakGlassGrant.ended_at.is_(None), BreakGlassGrant.expires_at <= uow.now)
        .order_by(BreakGlassGrant.expires_at, BreakGlassGrant.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def review_of(uow: UnitOfWork, grant_id: UUID) -> BreakGlassReview | None:
    return await uow.db.get(BreakGlassReview, grant_id)
