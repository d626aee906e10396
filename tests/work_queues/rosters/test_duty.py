"""Who is there, and who is there for whom."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app import identity
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Role
from app.work_queues import rosters
from app.work_queues.rosters import Stand
from app.work_queues.rosters.standing import Leave, stand_for, stretches
from tests.builders.identity import a_user
from tests.builders.work_queues_rosters import NURSES, a_member, a_pool, a_shift, an_absence, at

HOUR = timedelta(hours=1)
START = at("00:00")
LAST_HOUR = 12
SYSTEM = Actor.system("test-setup")


async def duty(works: Works, moment: datetime, pool_id: UUID = NURSES) -> list[Stand]:
    async with works.begin(SYSTEM) as uow:
        return await rosters.on_duty(uow, pool_id, moment)


async def test_a_pool_without_a_roster_has_all_its_members_on_duty(
    works: Works, nurse: Actor, other_nurse: Actor, admin: Actor
) -> None:
    everybody = {Stand(nurse.id, None), Stand(other_nurse.id, None)}
    assert set(await duty(works, at("08:00"))) == everybody
    async with works.begin(nurse) as uow:
        assert set(await rosters.members_of(uow, NURSES)) == {nurse.id, other_nurse.id}
        staff = set(await rosters.everybody_on_staff(uow))
    assert staff == {nurse.id, other_nurse.id, admin.id}
    shift = await a_shift(works, admin, nurse, at("06:00"), at("07:00"))
    assert await duty(works, at("08:00")) == []
    async with works.begin(admin) as uow:
        await rosters.cancel_shift(uow, shift.id)
    assert set(await duty(works, at("08:00"))) == everybody


async def test_the_moment_between_two_shifts_is_the_next_ones(
    works: Works, nurse: Actor, other_nurse: Actor, admin: Actor
) -> None:
    await a_shift(works, admin, nurse, at("06:00"), at("14:00"))
    await a_shift(works, admin, other_nurse, at("14:00"), at("22:00"))
    assert await duty(works, at("13:59")) == [Stand(nurse.id, None)]
    assert await duty(works, at("14:00")) == [Stand(other_nurse.id, None)]
    assert await duty(works, at("22:00")) == []


async def test_a_substitute_of_a_substitute_stands_in(
    works: Works, nurse: Actor, other_nurse: Actor, doctor: Actor, admin: Actor
) -> None:
    await a_shift(works, admin, nurse, at("06:00"), at("14:00"))
    await an_absence(works, nurse, at("00:00"), at("20:00"), substitute=other_nurse)
    assert await duty(works, at("08:00")) == [Stand(other_nurse.id, nurse.id)]
    await an_absence(works, other_nurse, at("07:00"), at("09:00"), substitute=doctor)
    assert await duty(works, at("08:00")) == [Stand(doctor.id, nurse.id)]
    assert await duty(works, at("09:00")) == [Stand(other_nurse.id, nurse.id)]
    await an_absence(works, doctor, at("07:00"), at("09:00"), substitute=nurse)
    assert await duty(works, at("08:00")) == []
    async with works.begin(SYSTEM) as uow:
        assert await rosters.standing_in(uow, nurse.id, at("08:00")) is None
        assert await rosters.standing_in(uow, nurse.id, at("10:00")) == (other_nurse.id, nurse.id)
        assert await rosters.standing_in(uow, nurse.id, at("20:00")) == (nurse.id, None)


async def test_nobody_with_a_locked_account_is_there_but_their_substitute_is(
    works: Works, nurse: Actor, other_nurse: Actor, admin: Actor
) -> None:
    await a_shift(works, admin, nurse, at("06:00"), at("14:00"))
    async with works.begin(admin) as uow:
        await identity.lock_user(uow, "nurse")
    assert await duty(works, at("08:00")) == []
    async with works.begin(admin) as uow:
        await identity.unlock_user(uow, "nurse")
    await an_absence(works, nurse, at("00:00"), at("20:00"), substitute=other_nurse)
    async with works.begin(admin) as uow:
        await identity.lock_user(uow, "nurse")
    assert await duty(works, at("08:00")) == [Stand(other_nurse.id, nurse.id)]


async def test_who_is_on_duty_themselves_is_told_once(
    works: Works, nurse: Actor, other_nurse: Actor, admin: Actor
) -> None:
    await a_shift(works, admin, nurse, at("06:00"), at("14:00"))
    await a_shift(works, admin, other_nurse, at("07:00"), at("14:00"))
    await an_absence(works, nurse, at("00:00"), at("20:00"), substitute=other_nurse)
    assert await duty(works, at("06:30")) == [Stand(other_nurse.id, nurse.id)]
    assert await duty(works, at("08:00")) == [Stand(other_nurse.id, None)]


async def test_who_was_taken_out_of_a_pool_is_not_on_duty_for_it(
    works: Works, doctor: Actor, nurse: Actor, admin: Actor
) -> None:
    pool = await a_pool(works, admin)
    for person in (doctor, nurse):
        await a_member(works, admin, pool.id, person)
        await a_shift(works, admin, person, at("06:00"), at("14:00"), pool_id=pool.id)
    async with works.begin(admin) as uow:
        await rosters.remove_member(uow, pool.id, doctor.id)
    assert await duty(works, at("08:00"), pool.id) == [Stand(nurse.id, None)]


class Span(NamedTuple):
    """Of somebody, by their place among the people, from hour to hour."""

    person: int
    begins: int
    ends: int
    substitute: int | None = None


class World(NamedTuple):
    shifts: list[Span]
    absences: list[Span]


PEOPLE = 5
spans = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, LAST_HOUR - 1), st.integers(1, 6)).map(
    lambda drawn: Span(drawn[0], drawn[1], drawn[1] + drawn[2])
)


def apart(found: list[Span]) -> list[Span]:
    """Without those that the database would refuse."""
    kept: list[Span] = []
    for span in found:
        others = [other for other in kept if other.person == span.person]
        if all(span.ends <= other.begins or other.ends <= span.begins for other in others):
            kept.append(span)
    return kept


@st.composite
def worlds(draw: st.DrawFn) -> World:
    substitutes = st.one_of(st.none(), st.integers(0, PEOPLE - 1))
    absences = [span._replace(substitute=draw(substitutes)) for span in draw(st.lists(spans))]
    sensible = [span for span in absences if span.substitute != span.person]
    return World(apart(draw(st.lists(spans))), apart(sensible))


def naive(world: World, hour: int) -> set[tuple[int, int | None]]:
    """Word for word: follow each of those on duty until somebody is there, or nobody can be."""
    if world.shifts:
        due = {span.person for span in world.shifts if span.begins <= hour < span.ends}
    else:
        due = set(range(PEOPLE))
    found = set()
    for person in due:
        there: int | None = person
        for _ in range(PEOPLE + 1):
            gone = [a for a in world.absences if a.person == there and a.begins <= hour < a.ends]
            if not gone:
                break
            there = gone[0].substitute
        else:
            there = None
        if there is not None:
            found.add((there, None if there == person else person))
    return found


async def write(uow: UnitOfWork, world: World, people: list[UUID]) -> None:
    for model in (rosters.DutyShift, rosters.Absence):
        await uow.db.execute(delete(model))
    told = {"created_by": uow.actor.id, "created_at": uow.now}
    for person, begins, ends, _ in world.shifts:
        time = {"starts_at": START + begins * HOUR, "ends_at": START + ends * HOUR}
        uow.db.add(rosters.DutyShift(pool_id=NURSES, user_id=people[person], **time, **told))
    for person, begins, ends, substitute in world.absences:
        time = {"starts_at": START + begins * HOUR, "ends_at": START + ends * HOUR}
        stands_in = None if substitute is None else people[substitute]
        uow.db.add(rosters.Absence(user_id=people[person], substitute_id=stands_in, **time, **told))
    await uow.db.flush()


async def crowd(works: Works) -> list[UUID]:
    async with works.begin(SYSTEM) as uow:
        known = await rosters.members_of(uow, NURSES)
    if known:
        return known
    people = [await a_user(works, Role.NURSE, username=f"nurse-{n}") for n in range(PEOPLE)]
    return sorted(person.id for person in people)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(worlds())
async def test_who_is_there_is_whoever_a_naive_look_finds(works: Works, world: World) -> None:
    people = await crowd(works)
    async with works.begin(SYSTEM) as uow:
        await write(uow, world, people)
        for hour in range(LAST_HOUR + 1):
            found = await rosters.on_duty(uow, NURSES, START + hour * HOUR)
            expected = naive(world, hour)
            assert {stand.user_id for stand in found} == {people[there] for there, _ in expected}
            assert len({stand.user_id for stand in found}) == len(found)
            own = {people[there] for there, absent in expected if absent is None}
            assert {stand.user_id for stand in found if stand.in_place_of is None} == own
            pairs = {(people[t], None if a is None else people[a]) for t, a in expected}
            assert set(found) <= pairs


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_the_stretches_of_a_shift_say_who_is_there_at_each_hour(world: World) -> None:
    ids = [UUID(int=n + 1) for n in range(PEOPLE)]
    leaves = [
        Leave(
            ids[span.person],
            None if span.substitute is None else ids[span.substitute],
            START + span.begins * HOUR,
            START + span.ends * HOUR,
        )
        for span in world.absences
    ]
    for person in ids:
        found = stretches(person, START, START + LAST_HOUR * HOUR, leaves)
        assert [each.ends_at for each in found[:-1]] == [each.starts_at for each in found[1:]]
        assert (found[0].starts_at, found[-1].ends_at) == (START, START + LAST_HOUR * HOUR)
        assert all(one.stand != other.stand for one, other in pairwise(found))
        for hour in range(LAST_HOUR):
            moment = START + hour * HOUR
            away = {e.user_id: e.substitute_id for e in leaves if e.starts_at <= moment < e.ends_at}
            (here,) = [each for each in found if each.starts_at <= moment < each.ends_at]
            assert here.stand == stand_for(person, away)
