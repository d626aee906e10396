"""Who is told when nobody acts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import escalations, items
from app.work_queues.calendars import OFFICE_HOURS
from app.work_queues.escalations import EscalationStatus, NothingToClimb
from app.work_queues.escalations.tasks import CLIMBER, fire_due
from app.work_queues.items import AlertStatus, Change, QueueEvent, WorkItemMove
from app.work_queues.ladders import Channel, Target
from app.work_queues.rosters import Absence, DutyShift
from tests.builders.work_queues_escalations import (
    a_climbing_alert,
    item_of,
    notices_of,
    steps_of,
)
from tests.builders.work_queues_ladders import (
    DOCTORS,
    RECEPTION,
    SUPERVISORS,
    URGENT,
    a_ladder,
    a_pool,
    a_step,
    everybody,
    on_duty,
)
from tests.conftest import FrozenClock

PLANNED, FIRED, VOIDED = (
    EscalationStatus.PLANNED,
    EscalationStatus.FIRED,
    EscalationStatus.VOIDED,
)


async def a_shift(works: Works, actor: Actor, pool_id: UUID, *, begins: timedelta) -> None:
    """Eight hours of duty, some time from now."""
    async with works.begin(actor) as uow:
        uow.db.add(
            DutyShift(
                pool_id=pool_id,
                user_id=actor.id,
                starts_at=uow.now + begins,
                ends_at=uow.now + begins + timedelta(hours=8),
                created_by=actor.id,
                created_at=uow.now,
            )
        )


async def an_absence(works: Works, actor: Actor, substitute: Actor | None) -> None:
    """Today, with somebody who stands in or nobody."""
    async with works.begin(actor) as uow:
        uow.db.add(
            Absence(
                user_id=actor.id,
                substitute_id=substitute.id if substitute else None,
                starts_at=uow.now,
                ends_at=uow.now + timedelta(days=1),
                created_by=actor.id,
                created_at=uow.now,
            )
        )


async def states(works: Works, item_id: UUID) -> list[EscalationStatus]:
    return [step.status for step in await steps_of(works, item_id)]


async def told(works: Works, item_id: UUID) -> list[UUID]:
    return [notice.user_id for notice in await notices_of(works, item_id)]


async def test_each_step_fires_at_its_minute_and_once(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    ladder = await a_ladder(works, admin, [a_step(), on_duty(15, DOCTORS), everybody(60)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    assert await fire_due(works) == 1
    assert await told(works, alert.id) == [nurse.id]
    clock.advance(minutes=15, seconds=-1)
    assert await fire_due(works) == 0
    clock.advance(seconds=1)
    assert await fire_due(works) == 1
    assert await fire_due(works) == 0
    assert await told(works, alert.id) == [nurse.id, doctor.id]
    clock.advance(minutes=45)
    assert await fire_due(works) == 1
    assert await states(works, alert.id) == [FIRED, FIRED, FIRED]
    assert sorted(await told(works, alert.id), key=str) == sorted(
        [nurse.id, doctor.id, nurse.id, doctor.id, admin.id], key=str
    )


async def test_what_was_missed_is_made_up_for(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    ladder = await a_ladder(works, admin, [a_step(), everybody(10), everybody(20)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    clock.advance(hours=5)
    assert await fire_due(works) == 3
    assert await states(works, alert.id) == [FIRED] * 3


async def test_minutes_count_in_the_calendar_of_the_ladder(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    ladder = await a_ladder(works, admin, [a_step(), everybody(60)], calendar_id=OFFICE_HOURS)
    clock.at = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)  # half an hour before the weekend
    alert = await a_climbing_alert(works, nurse, ladder.id)
    first, second = await steps_of(works, alert.id)
    assert first.due_at == clock.at
    assert second.due_at == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)


async def test_a_changed_ladder_changes_nothing_that_is_planned(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    ladder = await a_ladder(works, admin, [everybody(10), everybody(20)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    before = [(step.target, step.due_at) for step in await steps_of(works, alert.id)]
    await a_ladder(works, admin, [a_step(5)], version=1)
    assert [(step.target, step.due_at) for step in await steps_of(works, alert.id)] == before
    clock.advance(minutes=20)
    assert await fire_due(works) == 2


async def test_what_climbs_no_ladder_tells_nobody(works: Works, nurse: Actor) -> None:
    alert = await a_climbing_alert(works, nurse, None)
    assert await steps_of(works, alert.id) == []
    assert await fire_due(works) == 0


async def test_whoever_holds_it_is_told_before_whom_it_is_for(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    ladder = await a_ladder(works, admin, [a_step()])
    given = await a_climbing_alert(works, nurse, ladder.id, assignee_id=doctor.id)
    held = await a_climbing_alert(works, nurse, ladder.id)
    async with works.begin(nurse) as uow:
        await items.claim(uow, held.id)
    await fire_due(works)
    assert await told(works, given.id) == [doctor.id]
    assert await told(works, held.id) == [nurse.id]


async def test_a_substitute_is_told_in_place_of_whoever_is_away(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor, other_doctor: Actor
) -> None:
    await an_absence(works, doctor, other_doctor)
    person = a_step(0, Target.PERSON, user_id=doctor.id)
    ladder = await a_ladder(works, admin, [person])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    await fire_due(works)
    [notice] = await notices_of(works, alert.id)
    assert (notice.user_id, notice.in_place_of) == (other_doctor.id, doctor.id)


async def test_a_quiet_pool_takes_the_next_step_along_at_once(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    await a_shift(works, doctor, DOCTORS, begins=timedelta(hours=2))
    steps = [on_duty(0, DOCTORS), on_duty(15, RECEPTION), a_pool(30, SUPERVISORS), everybody(60)]
    ladder = await a_ladder(works, admin, steps)
    alert = await a_climbing_alert(works, nurse, ladder.id)
    assert await fire_due(works) == 3
    fired = await steps_of(works, alert.id)
    assert [(step.status, step.told) for step in fired] == [
        (FIRED, 0),
        (FIRED, 0),
        (FIRED, 1),
        (PLANNED, None),
    ]
    assert await told(works, alert.id) == [admin.id]


async def test_a_person_who_is_away_without_a_substitute_takes_the_next_step_along(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    await an_absence(works, doctor, None)
    steps = [a_step(0, Target.PERSON, user_id=doctor.id), a_pool(30, SUPERVISORS)]
    ladder = await a_ladder(works, admin, steps)
    alert = await a_climbing_alert(works, nurse, ladder.id)
    assert await fire_due(works) == 2
    assert await told(works, alert.id) == [admin.id]


async def test_a_pool_that_is_told_gets_the_item_into_its_queue(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    ladder = await a_ladder(works, admin, [a_pool(0, DOCTORS)])
    alert = await a_climbing_alert(works, nurse, ladder.id, assignee_id=nurse.id)
    await fire_due(works)
    moved = await item_of(works, alert.id)
    assert (moved.pool_id, moved.assignee_id, moved.escalation_level) == (DOCTORS, None, 1)
    async with works.begin(doctor) as uow:
        taken = await items.claim_next(uow, DOCTORS)
    assert taken is not None
    assert taken.id == alert.id


async def test_a_pool_nobody_uses_any_more_gets_nothing(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    ladder = await a_ladder(works, admin, [a_pool(0, DOCTORS), a_pool(30, SUPERVISORS)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    async with works.begin(admin) as uow:
        retired = "update pools set status = 'retired' where id = :pool"
        await uow.db.execute(text(retired), {"pool": DOCTORS})
    assert await fire_due(works) == 2
    assert (await item_of(works, alert.id)).pool_id == SUPERVISORS


async def test_whoever_is_called_sees_the_item_and_may_take_it(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    ladder = await a_ladder(works, admin, [on_duty(5, DOCTORS)])
    alert = await a_climbing_alert(works, nurse, ladder.id, assignee_id=nurse.id)
    with pytest.raises(items.ItemNotFound):
        async with works.begin(doctor) as uow:
            await items.claim(uow, alert.id)
    clock.advance(minutes=5)
    await fire_due(works)
    async with works.begin(doctor) as uow:
        assert (await items.claim(uow, alert.id)).holder_id == doctor.id


@pytest.mark.parametrize("target", [AlertStatus.ACKNOWLEDGED, AlertStatus.RESOLVED])
async def test_what_was_answered_for_or_closed_meanwhile_is_given_up(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor, target: AlertStatus
) -> None:
    ladder = await a_ladder(works, admin, [everybody(10), everybody(20)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    async with works.begin(nurse) as uow:
        item = await items.find_item(uow, alert.id, lock=True)
        item.move_to(target, at=uow.now)
        if target is AlertStatus.ACKNOWLEDGED:
            item.acknowledged_until = uow.now + timedelta(hours=1)
            item.take(nurse.id, at=uow.now, until=item.acknowledged_until)
    clock.advance(minutes=10)
    assert await fire_due(works) == 0
    assert await states(works, alert.id) == [VOIDED, VOIDED]
    assert await told(works, alert.id) == []


async def test_what_was_put_off_waits_until_it_is_woken(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    ladder = await a_ladder(works, admin, [everybody(10)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    async with works.begin(nurse) as uow:
        await items.snooze(uow, alert.id, uow.now + timedelta(minutes=30))
    clock.advance(minutes=30)
    assert await fire_due(works) == 0
    assert await states(works, alert.id) == [PLANNED]


async def test_a_stopped_climb_goes_no_further(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    alert = await a_climbing_alert(works, nurse, URGENT)
    await fire_due(works)
    async with works.begin(nurse) as uow:
        item = await items.find_item(uow, alert.id, lock=True)
        assert await escalations.stop_climb(uow, item) == 3
    clock.advance(days=1)
    assert await fire_due(works) == 0
    assert await states(works, alert.id) == [FIRED, VOIDED, VOIDED, VOIDED]


async def test_a_new_cycle_climbs_from_the_bottom(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    ladder = await a_ladder(works, admin, [a_step(), everybody(10)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    await fire_due(works)
    clock.advance(minutes=5)
    async with works.begin(nurse) as uow:
        item = await items.find_item(uow, alert.id, lock=True)
        item.cycle += 1
        await escalations.begin_climb(uow, item, ladder_id=ladder.id, began_at=uow.now)
    assert await fire_due(works) == 1
    assert await states(works, alert.id) == [FIRED, VOIDED, FIRED, PLANNED]


async def test_begun_again_in_one_cycle_only_what_has_not_fired_moves(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    ladder = await a_ladder(works, admin, [a_step(), everybody(10), everybody(20)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    began_at = clock.at
    await fire_due(works)
    later = began_at + timedelta(hours=3)
    async with works.begin(nurse) as uow:
        item = await items.find_item(uow, alert.id, lock=True)
        await escalations.stop_climb(uow, item)
        await escalations.begin_climb(uow, item, ladder_id=ladder.id, began_at=later)
    steps = await steps_of(works, alert.id)
    assert [(step.status, step.due_at) for step in steps] == [
        (FIRED, began_at),
        (PLANNED, later + timedelta(minutes=10)),
        (PLANNED, later + timedelta(minutes=20)),
    ]


async def test_by_hand_the_next_step_fires_now(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    await a_shift(works, doctor, DOCTORS, begins=timedelta(hours=2))
    ladder = await a_ladder(works, admin, [a_step(5), on_duty(15, DOCTORS), everybody(60)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    positions = []
    for _ in range(2):
        async with works.begin(nurse) as uow:
            item = await items.find_item(uow, alert.id, lock=True)
            positions.append((await escalations.climb_by_hand(uow, item)).position)
    assert positions == [1, 3]
    async with works.begin(nurse) as uow:
        item = await items.find_item(uow, alert.id, lock=True)
        with pytest.raises(NothingToClimb):
            await escalations.climb_by_hand(uow, item)


async def test_what_happened_is_told_to_history_pages_and_the_trail(
    works: Works, admin: Actor, nurse: Actor, doctor: Actor
) -> None:
    ladder = await a_ladder(works, admin, [on_duty(0, DOCTORS)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    await fire_due(works)
    async with works.sessions() as db:
        escalated = WorkItemMove.change == Change.ESCALATED
        move = (await db.scalars(select(WorkItemMove).where(escalated))).one()
        shown = QueueEvent.change == Change.ESCALATED
        event = (await db.scalars(select(QueueEvent).where(shown))).one()
        by_climber = audit.AuditEvent.actor_id == CLIMBER.id
        trace = (await db.scalars(select(audit.AuditEvent).where(by_climber))).one()
    assert move.detail == {"position": 1, "cycle": 1, "told": 1}
    assert event.told == sorted([doctor.id, nurse.id], key=str)  # nurse made it
    assert (trace.action, trace.subject_id) == ("alert.escalate", alert.id)
    assert trace.detail == {"positions": [1], "told": 1}


async def test_one_that_fails_is_left_for_later_and_holds_up_nobody(
    works: Works, admin: Actor, nurse: Actor
) -> None:
    ladder = await a_ladder(works, admin, [everybody(0)])
    broken = await a_climbing_alert(works, nurse, ladder.id)
    sound = await a_climbing_alert(works, nurse, ladder.id)
    async with works.begin(admin) as uow:
        await uow.db.execute(
            text(
                "create function refuse_one() returns trigger language plpgsql as"
                f" $$ begin if new.item_id = '{broken.id}' then raise 'no'; end if;"
                " return new; end $$"
            )
        )
        await uow.db.execute(
            text(
                "create trigger refuse_one before insert on notices"
                " for each row execute function refuse_one()"
            )
        )
    assert await fire_due(works) == 1
    assert await states(works, broken.id) == [PLANNED]
    assert await states(works, sound.id) == [FIRED]
    async with works.begin(admin) as uow:
        await uow.db.execute(text("drop trigger refuse_one on notices"))
    assert await fire_due(works) == 1


async def test_an_item_somebody_is_busy_with_is_left_for_the_next_round(
    works: Works, admin: Actor, nurse: Actor
) -> None:
    ladder = await a_ladder(works, admin, [everybody(0)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    async with works.begin(nurse) as uow:
        await items.find_item(uow, alert.id, lock=True)
        assert await fire_due(works) == 0
    assert await fire_due(works) == 1


async def test_a_step_by_mail_leaves_a_notice_and_a_job_for_each_person(
    works: Works, admin: Actor, nurse: Actor
) -> None:
    steps = [a_step(0, Target.EVERYBODY, channel=Channel.EMAIL)]
    ladder = await a_ladder(works, admin, steps)
    alert = await a_climbing_alert(works, nurse, ladder.id)
    await fire_due(works)
    given = await notices_of(works, alert.id)
    assert {notice.channel for notice in given} == {Channel.EMAIL}
    async with works.sessions() as db:
        jobs = await db.execute(
            text("select convert_from(payload, 'utf8') from pgqueuer where entrypoint = :name"),
            {"name": escalations.NOTICES_EMAIL},
        )
        asked = {UUID(payload[-38:-2]) for (payload,) in jobs}
    assert asked == {notice.id for notice in given}
