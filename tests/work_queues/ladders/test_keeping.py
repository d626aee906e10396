"""Making and changing ladders, and what holds for kinds of work."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import ladders
from app.work_queues.calendars import ALWAYS, OFFICE_HOURS
from app.work_queues.ladders import (
    ChangeWorkType,
    Channel,
    Due,
    DueUnit,
    LadderChanged,
    LadderNotFound,
    LadderUnfit,
    MayNotKeepLadders,
    SaveLadder,
    Step,
    Target,
    WorkTypeChanged,
    WorkTypeUnfit,
    WorkTypeUnknown,
)
from app.work_queues.rosters import PoolMember
from tests.builders.work_queues_ladders import (
    DOCTORS,
    SUPERVISORS,
    URGENT,
    a_ladder,
    a_pool,
    a_step,
    everybody,
    on_duty,
)

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
POOLED = {Target.ON_DUTY, Target.POOL}


async def test_a_ladder_keeps_its_steps_in_order(works: Works, admin: Actor, doctor: Actor) -> None:
    steps = [
        a_step(),
        a_step(5, Target.PERSON, user_id=doctor.id, channel=Channel.EMAIL),
        on_duty(5, DOCTORS),
        a_pool(20, SUPERVISORS),
        everybody(60),
    ]
    ladder = await a_ladder(works, admin, steps)
    async with works.begin(admin) as uow:
        kept = await ladders.steps_of(uow, ladder.id)
        assert (await ladders.find_ladder(uow, "short")).steps == steps
    assert [(step.position, step.after_minutes) for step in kept] == [
        (1, 0),
        (2, 5),
        (3, 5),
        (4, 20),
        (5, 60),
    ]


async def test_a_saved_ladder_replaces_all_its_steps(works: Works, admin: Actor) -> None:
    await a_ladder(works, admin, [a_step(), everybody(10), everybody(20)])
    await a_ladder(works, admin, [everybody(7)], calendar_id=OFFICE_HOURS, version=1)
    async with works.begin(admin) as uow:
        saved = await ladders.find_ladder(uow, "short")
        calendar = await ladders.calendar_of(uow, saved.id)
    assert [step.after_minutes for step in saved.steps] == [7]
    assert saved.version == 2
    assert not calendar.is_open(MONDAY - timedelta(hours=9))


async def test_nobody_overwrites_a_ladder_they_have_not_seen(works: Works, admin: Actor) -> None:
    await a_ladder(works, admin)
    for version in (0, 2):
        with pytest.raises(LadderChanged):
            await a_ladder(works, admin, version=version)
    with pytest.raises(LadderNotFound):
        await a_ladder(works, admin, key="other", version=1)


async def test_a_ladder_that_reaches_nobody_is_refused_by_field(works: Works, admin: Actor) -> None:
    steps = [a_step(0, Target.PERSON, user_id=uuid4()), on_duty(5, uuid4())]
    with pytest.raises(LadderUnfit) as refused:
        await a_ladder(works, admin, steps, calendar_id=uuid4())
    assert [fault["at"] for fault in refused.value.errors] == [
        ["body", "calendar_id"],
        ["body", "steps", 0, "user_id"],
        ["body", "steps", 1, "pool_id"],
    ]


async def test_supervisors_keep_ladders_and_others_do_not(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    async with works.begin(admin) as uow:
        uow.db.add(
            PoolMember(pool_id=SUPERVISORS, user_id=nurse.id, added_by=admin.id, added_at=uow.now)
        )
    await a_ladder(works, nurse)
    with pytest.raises(MayNotKeepLadders):
        await a_ladder(works, doctor, key="mine")
    with pytest.raises(MayNotKeepLadders):
        await changed(works, doctor, "alert", severity="low")


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=20))
def test_a_ladder_is_well_formed_exactly_when_its_steps_never_come_earlier(
    delays: list[int],
) -> None:
    steps = [everybody(delay) for delay in delays]
    if delays == sorted(delays):
        assert SaveLadder(name="Any", calendar_id=ALWAYS, steps=steps).steps == steps
    else:
        with pytest.raises(ValidationError, match="No step comes before"):
            SaveLadder(name="Any", calendar_id=ALWAYS, steps=steps)


@given(st.sampled_from(Target), st.booleans(), st.booleans())
def test_a_step_names_a_person_or_a_pool_exactly_when_its_target_needs_one(
    target: Target, person: bool, pool: bool
) -> None:
    said: dict[str, Any] = {
        "after_minutes": 0,
        "target": target,
        "user_id": uuid4() if person else None,
        "pool_id": uuid4() if pool else None,
    }
    if person == (target is Target.PERSON) and pool == (target in POOLED):
        assert Step(**said).target is target
    else:
        with pytest.raises(ValidationError):
            Step(**said)


async def changed(
    works: Works, actor: Actor, code: str, *, version: int = 1, **said: Any
) -> ladders.WorkType:
    async with works.begin(actor) as uow:
        return await ladders.change_type(uow, code, ChangeWorkType(**said), version=version)


async def test_what_holds_for_a_kind_of_work_is_changed(works: Works, admin: Actor) -> None:
    ladder = await a_ladder(works, admin)
    await changed(
        works,
        admin,
        "note.draft",
        severity="high",
        ladder_id=ladder.id,
        pool_id=SUPERVISORS,
        calendar_id=OFFICE_HOURS,
        due=Due(amount=2, unit=DueUnit.WORKING_DAYS),
    )
    async with works.begin(admin) as uow:
        kept = await ladders.get_type(uow, "note.draft")
        due = await ladders.due_for(uow, kept, MONDAY)
    assert (kept.severity, kept.ladder_id, kept.version) == ("high", ladder.id, 2)
    assert due == MONDAY + timedelta(days=2)


async def test_a_kind_of_work_may_have_no_deadline_and_no_ladder(
    works: Works, admin: Actor
) -> None:
    kept = await changed(works, admin, "alert", due=None, ladder_id=None)
    assert (kept.due_amount, kept.due_unit, kept.ladder_id) == (None, None, None)
    assert kept.severity == "high"
    async with works.begin(admin) as uow:
        assert await ladders.due_for(uow, kept, MONDAY) is None


@pytest.mark.parametrize(
    ("code", "said", "field"),
    [
        ("alert", {"pool_id": UUID(int=7)}, "pool_id"),
        ("alert", {"calendar_id": UUID(int=7)}, "calendar_id"),
        ("alert", {"ladder_id": UUID(int=7)}, "ladder_id"),
        ("task", {"acknowledged_minutes": 5}, "acknowledged_minutes"),
    ],
)
async def test_what_cannot_hold_for_a_kind_of_work_is_refused_by_field(
    works: Works, admin: Actor, code: str, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(WorkTypeUnfit) as refused:
        await changed(works, admin, code, **said)
    assert [fault["at"] for fault in refused.value.errors] == [["body", field]]


async def test_nobody_overwrites_a_kind_of_work_they_have_not_seen(
    works: Works, admin: Actor
) -> None:
    await changed(works, admin, "alert", severity="low")
    with pytest.raises(WorkTypeChanged):
        await changed(works, admin, "alert", severity="high")
    with pytest.raises(WorkTypeUnknown):
        await changed(works, admin, "nothing", severity="high")


async def test_what_is_done_with_ladders_is_traced(works: Works, admin: Actor) -> None:
    await a_ladder(works, admin)
    await changed(works, admin, "alert", ladder_id=URGENT)
    async with works.sessions() as db:
        said = select(audit.AuditEvent.action).where(audit.AuditEvent.actor_id == admin.id)
        actions = list(await db.scalars(said.order_by(audit.AuditEvent.seq)))
    assert actions == ["ladder.save", "work_type.change"]
