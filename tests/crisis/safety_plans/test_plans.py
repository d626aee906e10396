"""A safety plan is typed, published, superseded, withdrawn; nothing typed is lost."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app import patients
from app.crisis import safety_plans
from app.crisis.safety_plans import tasks
from app.crisis.safety_plans.models import SafetyPlanMove
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues.items import WorkItem
from tests.builders.notes import Crash, crash_after
from tests.builders.patients import a_patient
from tests.builders.safety_plans import a_begun_plan, a_published_plan, content, published, typed
from tests.conftest import FrozenClock


async def reviews(works: Works) -> list[tuple[str, datetime | None]]:
    async with works.sessions() as db:
        rows = await db.scalars(
            select(WorkItem)
            .where(WorkItem.type == "safety-plan.review")
            .order_by(WorkItem.created_at, WorkItem.due_at)
        )
        return [(row.status, row.due_at) for row in rows]


async def read(works: Works, by: Actor, plan_id: Any) -> safety_plans.SafetyPlanOut:
    async with works.begin(by) as uow:
        return await safety_plans.read_plan(uow, plan_id)


async def test_a_plan_begins_with_the_services_in_effect(works: Works, nurse: Actor) -> None:
    plan = await a_begun_plan(works, nurse)
    assert [one.phone for one in plan.content.professionals] == ["988", "741741", "911"]
    assert (plan.version, plan.current, plan.versions_published) == (1, None, 0)


async def test_a_service_whose_time_is_over_is_not_offered(works: Works, nurse: Actor) -> None:
    async with works.sessions.begin() as db:
        await db.execute(
            text("update crisis_services set effective_to = '2025-12-31' where phone = '988'")
        )
    plan = await a_begun_plan(works, nurse)
    assert [one.phone for one in plan.content.professionals] == ["741741", "911"]


async def test_beginning_again_goes_on(works: Works, doctor: Actor) -> None:
    plan = await typed(works, doctor, await a_begun_plan(works, doctor))
    again = await a_begun_plan(works, doctor, plan.patient_id)
    assert (again.id, again.version, again.content) == (plan.id, 2, plan.content)


async def test_two_who_begin_at_once_begin_one_plan(works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    found = await asyncio.gather(*(a_begun_plan(works, doctor, patient.id) for _ in range(6)))
    assert len({plan.id for plan in found}) == 1


async def test_of_eight_who_save_at_once_one_succeeds(works: Works, doctor: Actor) -> None:
    plan = await a_begun_plan(works, doctor)
    found = await asyncio.gather(
        *(typed(works, doctor, plan, alone=f"way {n}") for n in range(8)), return_exceptions=True
    )
    refused = [one for one in found if isinstance(one, safety_plans.SafetyPlanChanged)]
    [saved] = [one for one in found if isinstance(one, safety_plans.SafetyPlanOut)]
    assert len(refused) == 7
    assert {(one.expected_version, one.current_version) for one in refused} == {(1, 2)}
    assert await read(works, doctor, plan.id) == saved


async def test_a_save_whose_answer_was_lost_may_be_sent_again(works: Works, doctor: Actor) -> None:
    plan = await a_begun_plan(works, doctor)
    first = await typed(works, doctor, plan)
    assert (await typed(works, doctor, plan)).version == first.version == 2


async def test_a_save_that_crashed_before_the_commit_is_found_by_the_next(
    works: Works, doctor: Actor
) -> None:
    plan = await a_begun_plan(works, doctor)
    with pytest.raises(Crash):
        await crash_after(
            works,
            doctor,
            lambda uow: safety_plans.save_working_copy(uow, plan.id, content(), version=1),
        )
    assert (await typed(works, doctor, plan)).version == 2


@pytest.mark.parametrize("step", ["warning_signs", "alone"])
async def test_the_first_two_steps_are_required(works: Works, doctor: Actor, step: str) -> None:
    plan = await typed(works, doctor, await a_begun_plan(works, doctor), **{step: "  \n "})
    with pytest.raises(safety_plans.SafetyPlanIncomplete) as refused:
        await published(works, doctor, plan)
    assert [fault["at"] for fault in refused.value.errors] == [["body", step]]


async def test_only_what_was_seen_is_published(works: Works, doctor: Actor) -> None:
    seen = await typed(works, doctor, await a_begun_plan(works, doctor))
    await typed(works, doctor, seen, alone="Something else")
    with pytest.raises(safety_plans.SafetyPlanChanged):
        await published(works, doctor, seen)


async def test_of_four_who_publish_at_once_every_one_gets_a_number(
    works: Works, doctor: Actor
) -> None:
    plan = await typed(works, doctor, await a_begun_plan(works, doctor))
    rows = await asyncio.gather(*(published(works, doctor, plan) for _ in range(4)))
    assert sorted(row.number for row in rows) == [1, 2, 3, 4]
    async with works.begin(doctor) as uow:
        page = await safety_plans.list_versions(uow, plan.id)
    assert [one.status for one in page.items] == ["current", *["superseded"] * 3]


async def test_a_newer_version_leaves_the_older_one_readable(works: Works, doctor: Actor) -> None:
    first = await a_published_plan(works, doctor)
    plan = await read(works, doctor, first.plan_id)
    await published(works, doctor, await typed(works, doctor, plan, alone="Ring the bell"))
    async with works.begin(doctor) as uow:
        old = await safety_plans.read_version(uow, first.plan_id, 1)
        new = await safety_plans.read_version(uow, first.plan_id, 2)
        current = await safety_plans.current_version(uow, first.patient_id)
    assert (old.content.alone, old.status) == ("Walk to the river", "superseded")
    assert (new.content.alone, new.status) == ("Ring the bell", "current")
    assert current is not None
    assert current.number == 2


async def test_a_review_is_due_on_the_agreed_day_until_a_newer_version(
    works: Works, doctor: Actor
) -> None:
    first = await a_published_plan(works, doctor)
    assert first.review_on == date(2026, 4, 1)
    plan = await read(works, doctor, first.plan_id)
    await published(works, doctor, plan, review_in_days=90)
    assert await reviews(works) == [
        ("completed", datetime(2026, 4, 1, 9, tzinfo=UTC)),
        ("ready", datetime(2026, 5, 31, 9, tzinfo=UTC)),
    ]


async def test_a_withdrawn_plan_says_why_and_waits_for_nobody(works: Works, doctor: Actor) -> None:
    first = await a_published_plan(works, doctor)
    async with works.begin(doctor) as uow:
        gone = await safety_plans.withdraw_plan(uow, first.plan_id, 1, reason="Numbers changed.")
    assert (gone.status, gone.reason) == ("withdrawn", "Numbers changed.")
    assert [status for status, _ in await reviews(works)] == ["completed"]
    async with works.begin(doctor) as uow:
        assert await safety_plans.current_version(uow, first.patient_id) is None
        with pytest.raises(safety_plans.SafetyPlanNotInUse):
            await safety_plans.withdraw_plan(uow, first.plan_id, 1, reason="Again.")
    async with works.sessions() as db:
        moves = (await db.scalars(select(SafetyPlanMove).order_by(SafetyPlanMove.seq))).all()
    assert [(one.from_status, one.to_status) for one in moves] == [
        (None, "current"),
        ("current", "withdrawn"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "update safety_plan_versions set review_on = '2030-01-01'",
        "update safety_plan_versions set content_sha256 = 'x', status = 'withdrawn'",
        "delete from safety_plan_versions",
        "update safety_plan_moves set reason = 'x'",
        "delete from safety_plan_moves",
    ],
)
async def test_the_database_refuses_to_change_what_was_published(
    works: Works, doctor: Actor, change: str
) -> None:
    await a_published_plan(works, doctor)
    with pytest.raises(Exception, match=r"cannot change|append-only"):
        async with works.sessions.begin() as db:
            await db.execute(text(change))


async def test_a_text_that_was_tampered_with_is_not_shown(works: Works, doctor: Actor) -> None:
    first = await a_published_plan(works, doctor)
    texts = works.stores.documents["safety_plan_versions"]
    await texts.update_one({}, {"$set": {"content.alone": "Something nobody said"}})
    async with works.begin(doctor) as uow:
        with pytest.raises(safety_plans.SafetyPlanDamaged):
            await safety_plans.read_version(uow, first.plan_id, 1)


async def test_a_crash_between_both_stores_leaves_nothing_behind(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    kept = await a_published_plan(works, doctor)
    lost = await typed(works, doctor, await a_begun_plan(works, doctor))
    with pytest.raises(Crash):
        await crash_after(
            works, doctor, lambda uow: safety_plans.publish_plan(uow, lost.id, version=2)
        )
    documents = works.stores.documents["safety_plan_versions"]
    assert await documents.count_documents({}) == 2
    assert await tasks.remove_orphans(works) == 0
    clock.advance(hours=25)
    assert await tasks.remove_orphans(works) == 1
    assert [one["plan_id"] async for one in documents.find()] == [kept.plan_id]
    doctor = replace(doctor, authenticated_at=clock.now())
    assert (await published(works, doctor, lost)).number == 1


async def test_records_of_one_person_have_their_plans_together(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    first = await a_published_plan(works, doctor)
    other = await a_patient(works, doctor, given_name="Maria")
    await a_begun_plan(works, doctor, other.id)
    async with works.begin(doctor) as uow:
        await patients.merge_patients(uow, first.patient_id, other.id, "one person")
        found = await safety_plans.plans_of(uow, other.id)
    assert [plan.patient_id for plan in found] == [first.patient_id, other.id]


async def test_nobody_else_writes_or_reads_them(
    works: Works, doctor: Actor, receptionist: Actor, admin: Actor
) -> None:
    first = await a_published_plan(works, doctor)
    for actor in (receptionist, admin):
        async with works.begin(actor) as uow:
            with pytest.raises(safety_plans.SafetyPlansNotForYourRole):
                await safety_plans.read_version(uow, first.plan_id, 1)
            with pytest.raises(safety_plans.SafetyPlansNotForYourRole):
                await safety_plans.begin_plan(uow, first.patient_id)


def test_a_review_is_never_later_than_ninety_days() -> None:
    assert timedelta(days=safety_plans.LATEST_REVIEW) == timedelta(days=90)
