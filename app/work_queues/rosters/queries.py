"""Looking at pools, duty and absences. Nothing here is about a patient."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app import identity
from app.infra.uow import UnitOfWork
from app.work_queues.rosters import repository
from app.work_queues.rosters.duty import active_of, planned_pools, there_in
from app.work_queues.rosters.errors import Fault, RosterPeriodUnfit
from app.work_queues.rosters.models import Absence, DutyShift, Pool
from app.work_queues.rosters.planning import midnight
from app.work_queues.rosters.schemas import (
    AbsenceOut,
    MemberOut,
    PoolNow,
    PoolOut,
    Roster,
    RosterNow,
    RosterShift,
    StandOut,
    StretchOut,
)
from app.work_queues.rosters.standing import Leave, Stand, Stretch, stretches

MOST_DAYS = 62


async def list_pools(uow: UnitOfWork, *, retired: bool = False) -> Sequence[Pool]:
    """By name."""
    return await repository.pools(uow, retired=retired)


async def read_pool(uow: UnitOfWork, pool_id: UUID) -> Pool:
    """Raises `PoolNotFound`."""
    return await repository.pool(uow, pool_id)


async def list_members(uow: UnitOfWork, pool_id: UUID) -> list[MemberOut]:
    """Everybody of a pool with an active account, by name; raises `PoolNotFound`."""
    await repository.pool(uow, pool_id)
    return [
        MemberOut(user_id=user_id, full_name=full_name, by_name=by_name)
        for user_id, full_name, by_name in await repository.members(uow, pool_id)
    ]


async def roster(uow: UnitOfWork, first: date, end: date, *, pool_id: UUID | None = None) -> Roster:
    """Every shift that touches the days, and who is really there; raises `RosterPeriodUnfit`."""
    if not 1 <= (end - first).days <= MOST_DAYS:
        why = f"Ask for 1 to {MOST_DAYS} days: `to` is the day after the last."
        fault: Fault = {"at": ["query", "to"], "why": why, "rule": "period_length"}
        raise RosterPeriodUnfit(errors=[fault])
    begin, over = midnight(first, uow.zone), midnight(end, uow.zone)
    shifts = await repository.shifts_within(uow, begin, over, pool_id=pool_id)
    if not shifts:
        return Roster(items=[])
    there = await presence(uow, shifts)
    people = {shift.user_id for shift in shifts} | {
        each.stand.user_id for found in there for each in found if each.stand
    }
    names, active = await identity.names_of(uow, people), await active_of(uow, people)
    return Roster(
        items=[
            RosterShift(
                id=shift.id,
                pool_id=shift.pool_id,
                user_id=shift.user_id,
                full_name=names[shift.user_id],
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                there=[stretch_out(each, names, active) for each in found],
            )
            for shift, found in zip(shifts, there, strict=True)
        ]
    )


async def presence(uow: UnitOfWork, shifts: Sequence[DutyShift]) -> list[list[Stretch]]:
    """Who is there during each of these shifts."""
    first = min(shift.starts_at for shift in shifts)
    end = max(shift.ends_at for shift in shifts)
    leaves = [
        Leave(each.user_id, each.substitute_id, each.starts_at, each.ends_at)
        for each in await repository.absences_within(uow, first, end)
    ]
    return [stretches(each.user_id, each.starts_at, each.ends_at, leaves) for each in shifts]


def stretch_out(stretch: Stretch, names: dict[UUID, str], active: set[UUID]) -> StretchOut:
    """Whose account is locked is not there."""
    stand = stretch.stand if stretch.stand and stretch.stand.user_id in active else None
    return StretchOut(
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        user_id=stand and stand.user_id,
        full_name=names[stand.user_id] if stand else None,
        in_place_of=stand and stand.in_place_of,
    )


async def roster_now(uow: UnitOfWork) -> RosterNow:
    """Who is there at this moment, for each pool in use."""
    pools = await repository.pools(uow, retired=False)
    ids = [pool.id for pool in pools]
    there = await there_in(uow, ids, uow.now)
    planned = await planned_pools(uow, ids)
    everybody = {person for found in there.values() for stand in found for person in stand}
    names = await identity.names_of(uow, everybody - {None})  # type: ignore[arg-type]
    return RosterNow(
        at=uow.now,
        items=[
            PoolNow(
                pool=PoolOut.model_validate(pool),
                planned=pool.id in planned,
                people=[stand_out(stand, names) for stand in there[pool.id]],
            )
            for pool in pools
        ],
    )


def stand_out(stand: Stand, names: dict[UUID, str]) -> StandOut:
    absent = stand.in_place_of
    return StandOut(
        user_id=stand.user_id,
        full_name=names[stand.user_id],
        in_place_of=absent,
        in_place_of_name=names[absent] if absent else None,
    )


async def list_absences(
    uow: UnitOfWork, first: date, end: date | None, *, user_id: UUID | None = None
) -> list[AbsenceOut]:
    """Those that touch the days; without an end all to come."""
    begin = midnight(first, uow.zone)
    over = None if end is None else midnight(end, uow.zone)
    return await describe(uow, *await repository.absences_within(uow, begin, over, user_id=user_id))


async def describe(uow: UnitOfWork, *absences: Absence) -> list[AbsenceOut]:
    people = {each.user_id for each in absences}
    people |= {each.substitute_id for each in absences if each.substitute_id}
    names = await identity.names_of(uow, people)
    return [
        AbsenceOut(
            id=each.id,
            user_id=each.user_id,
            full_name=names[each.user_id],
            substitute_id=each.substitute_id,
            substitute_name=names[each.substitute_id] if each.substitute_id else None,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            cancelled_at=each.cancelled_at,
        )
        for each in absences
    ]
