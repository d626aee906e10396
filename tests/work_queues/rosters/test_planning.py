"""Planning duty, repeating weeks, and saying that one is away."""

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import rosters
from tests.builders.work_queues_rosters import NURSES, a_shift, an_absence, at

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 16)  # clocks go forward on the 29th


async def test_two_shifts_of_one_person_for_one_pool_never_overlap(
    works: Works, nurse: Actor, other_nurse: Actor, admin: Actor
) -> None:
    await a_shift(works, admin, nurse, at("06:00"), at("14:00"))
    with pytest.raises(rosters.ShiftsOverlap) as refused:
        await a_shift(works, admin, nurse, at("13:00"), at("15:00"))
    assert refused.value.user_id == nurse.id
    await a_shift(works, admin, nurse, at("14:00"), at("15:00"))
    await a_shift(works, admin, other_nurse, at("13:00"), at("15:00"))


async def test_of_shifts_planned_at_the_same_moment_one_counts(
    works: Works, nurse: Actor, admin: Actor
) -> None:
    tries = (a_shift(works, admin, nurse, at(f"0{n}:00"), at("14:00")) for n in range(6))
    answers = await asyncio.gather(*tries, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, rosters.ShiftsOverlap)]
    assert len(refused) == 5


async def test_a_shift_is_refused_with_every_field_at_fault(
    works: Works, nurse: Actor, doctor: Actor, admin: Actor
) -> None:
    with pytest.raises(rosters.ShiftUnfit) as refused:
        await a_shift(works, admin, doctor, at("14:00"), at("06:00"))
    assert [(fault["at"][1], fault["rule"]) for fault in refused.value.errors] == [
        ("ends_at", "moments_in_order"),
        ("user_id", "belongs_to_pool"),
    ]
    with pytest.raises(rosters.ShiftUnfit) as refused:
        await a_shift(works, admin, nurse, at("06:00", "2026-03-01"), at("14:00", "2026-03-01"))
    assert refused.value.errors[0]["rule"] == "moment_to_come"
    with pytest.raises(rosters.ShiftUnfit) as refused:
        await a_shift(works, admin, nurse, at("06:00"), at("06:01", "2026-03-10"))
    assert refused.value.errors[0]["rule"] == "not_too_long"
    with pytest.raises(rosters.MayNotPlanRosters):
        await a_shift(works, nurse, nurse, at("06:00"), at("14:00"))


async def test_a_supervisor_who_is_no_administrator_plans(
    works: Works, nurse: Actor, other_nurse: Actor, admin: Actor
) -> None:
    async with works.begin(admin) as uow:
        await rosters.add_member(uow, rosters.SUPERVISORS, nurse.id)
    await a_shift(works, nurse, other_nurse, at("06:00"), at("14:00"))


async def test_a_repeated_week_keeps_the_time_of_day_over_a_change_of_the_clocks(
    works: Works, nurse: Actor, admin: Actor
) -> None:
    clinic = Works(**{name: getattr(works, name) for name in works.__slots__} | {"zone": BERLIN})
    await a_shift(clinic, admin, nurse, at("21:00", "2026-03-16"), at("05:00", "2026-03-17"))
    await a_shift(clinic, admin, nurse, at("21:00", "2026-03-21"), at("05:00", "2026-03-22"))
    async with clinic.begin(admin) as uow:
        wish = rosters.RepeatWeek(pool_id=NURSES, first_day=MONDAY, weeks=2)
        await rosters.repeat_week(uow, wish)
        shifts = await uow.db.scalars(
            select(rosters.DutyShift).order_by(rosters.DutyShift.starts_at)
        )
        told = [
            (shift.starts_at.astimezone(BERLIN), shift.ends_at.astimezone(BERLIN))
            for shift in shifts
        ]
    assert [f"{a:%d.%H}-{b:%d.%H}" for a, b in told] == [
        "16.22-17.06", "21.22-22.06", "23.22-24.06", "28.22-29.06", "30.22-31.06", "04.22-05.06",
    ]  # fmt: skip


async def test_a_repeated_week_is_planned_whole_or_not_at_all(
    works: Works, nurse: Actor, admin: Actor
) -> None:
    await a_shift(works, admin, nurse, at("06:00", "2026-03-16"), at("14:00", "2026-03-16"))
    await a_shift(works, admin, nurse, at("08:00", "2026-03-30"), at("09:00", "2026-03-30"))
    wish = rosters.RepeatWeek(pool_id=NURSES, first_day=MONDAY, weeks=3)
    with pytest.raises(rosters.ShiftsOverlap) as refused:
        async with works.begin(admin) as uow:
            await rosters.repeat_week(uow, wish)
    assert refused.value.starts_at == at("06:00", "2026-03-30")
    async with works.begin(admin) as uow:
        found = await rosters.roster(uow, MONDAY, MONDAY + timedelta(days=40))
        assert len(found.items) == 2
        empty = rosters.RepeatWeek(pool_id=NURSES, first_day=date(2026, 5, 4), weeks=1)
        with pytest.raises(rosters.ShiftUnfit):
            await rosters.repeat_week(uow, empty)


async def test_two_absences_of_one_person_never_overlap(
    works: Works, nurse: Actor, other_nurse: Actor
) -> None:
    await an_absence(works, nurse, at("06:00"), at("14:00"))
    with pytest.raises(rosters.AbsencesOverlap):
        await an_absence(works, nurse, at("13:00"), at("15:00"))
    absence = await an_absence(works, nurse, at("14:00"), at("15:00"), substitute=other_nurse)
    async with works.begin(nurse) as uow:
        await rosters.cancel_absence(uow, absence.id)
    await an_absence(works, nurse, at("14:30"), at("15:00"))
    with pytest.raises(rosters.AbsenceCancelled):
        async with works.begin(nurse) as uow:
            await rosters.cancel_absence(uow, absence.id)


async def test_only_supervisors_say_that_others_are_away(
    works: Works, nurse: Actor, other_nurse: Actor, admin: Actor
) -> None:
    with pytest.raises(rosters.NotYourAbsence):
        await an_absence(works, nurse, at("06:00"), at("14:00"), by=other_nurse)
    absence = await an_absence(works, nurse, at("06:00"), at("14:00"), by=admin)
    with pytest.raises(rosters.NotYourAbsence):
        async with works.begin(other_nurse) as uow:
            await rosters.cancel_absence(uow, absence.id)


async def test_a_substitute_is_somebody_else_who_works_here(
    works: Works, nurse: Actor, admin: Actor
) -> None:
    with pytest.raises(rosters.AbsenceUnfit) as refused:
        await an_absence(works, nurse, at("06:00"), at("14:00"), substitute=nurse)
    assert refused.value.errors[0]["rule"] == "somebody_else"
    nobody = Actor.system("nobody")
    with pytest.raises(rosters.AbsenceUnfit) as refused:
        await an_absence(works, nurse, at("14:00"), at("06:00"), substitute=nobody)
    assert [fault["rule"] for fault in refused.value.errors] == ["moments_in_order", "person_known"]


async def test_a_pool_is_renamed_retired_and_taken_into_use_again(
    works: Works, nurse: Actor, admin: Actor
) -> None:
    async with works.begin(admin) as uow:
        pool = await rosters.add_pool(uow, rosters.NewPool(key="triage", name="Triage"))
        await rosters.rename_pool(uow, pool.id, "Triage desk", version=1)
        with pytest.raises(rosters.PoolChanged):
            await rosters.rename_pool(uow, pool.id, "Other", version=1)
        await rosters.add_member(uow, pool.id, nurse.id)
        await rosters.add_member(uow, pool.id, nurse.id)
        await rosters.retire_pool(uow, pool.id)
        assert not await rosters.pool_in_use(uow, pool.id)
        assert await rosters.members_of(uow, pool.id) == [nurse.id]
        await rosters.reinstate_pool(uow, pool.id)
        assert await rosters.pool_in_use(uow, pool.id)
        with pytest.raises(rosters.PoolKeyTaken):
            await rosters.add_pool(uow, rosters.NewPool(key="triage", name="Again"))
        with pytest.raises(rosters.PoolIndispensable):
            await rosters.retire_pool(uow, rosters.SUPERVISORS)
        await rosters.remove_member(uow, pool.id, nurse.id)
        with pytest.raises(rosters.MemberNotFound):
            await rosters.remove_member(uow, pool.id, nurse.id)
    with pytest.raises(rosters.MayNotPlanRosters):
        async with works.begin(nurse) as uow:
            await rosters.retire_pool(uow, NURSES)


async def test_the_pools_of_many_are_those_of_each(
    works: Works, nurse: Actor, doctor: Actor, admin: Actor
) -> None:
    async with works.begin(admin) as uow:
        await rosters.add_member(uow, rosters.SUPERVISORS, nurse.id)
        told = await rosters.pools_of_each(uow, [nurse.id, doctor.id, admin.id])
    for actor in (nurse, doctor, admin):
        async with works.begin(actor) as uow:
            assert told[actor.id] == await rosters.pools_of(uow)
