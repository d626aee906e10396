"""Triggered, acknowledged, resolved; and triggered again when nothing comes of it."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.patients import PatientNotFound
from app.work_queues import alerts, items
from app.work_queues.alerts import AlertUnfit, NewAlert
from app.work_queues.alerts.tasks import end_acknowledgements, end_snoozes
from app.work_queues.escalations.tasks import fire_due
from app.work_queues.items import Change, ItemHeld, ReasonMissing, Receiver, Severity, WorkItem
from app.work_queues.items.tasks import end_leases
from tests.builders.work_queues_alerts import (
    CAUSE,
    acknowledge,
    an_alert,
    from_cause,
    planned,
    resolve,
)
from tests.builders.work_queues_items import (
    Act,
    attempt,
    changes,
    claim,
    done,
    nurses_named,
    seen,
)
from tests.builders.work_queues_queues import SETUP
from tests.conftest import FrozenClock

NOBODY = UUID("0198b1c6-0000-7000-8000-00000000dead")
LADDER = (0, 15, 30, 60)  # minutes, of the urgent one


def climbing(cycle: int, clock: FrozenClock) -> list[tuple[int, object]]:
    return [(cycle, clock.now() + timedelta(minutes=minutes)) for minutes in LADDER]


def snooze(item: WorkItem, clock: FrozenClock, minutes: int = 30) -> Act:
    until = clock.now() + timedelta(minutes=minutes)
    return lambda uow: alerts.snooze(uow, item.id, until)


def release(item: WorkItem) -> Act:
    return lambda uow: alerts.release(uow, item.id)


async def test_a_new_alert_climbs_at_once_and_is_due_as_its_type_says(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await an_alert(works, by=nurse)
    assert (item.status, item.severity) == ("triggered", Severity.HIGH)
    assert item.due_at == clock.now() + timedelta(minutes=60)
    assert await planned(works, item.id) == climbing(1, clock)


async def test_acknowledged_it_has_an_owner_and_escalation_stands_still(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await an_alert(works)
    owned = await done(works, nurse, acknowledge(item))
    until = clock.now() + timedelta(minutes=30)
    assert (owned.status, owned.holder_id) == ("acknowledged", nurse.id)
    assert (owned.acknowledged_until, owned.lease_until) == (until, until)
    assert await planned(works, item.id) == []
    clock.advance(minutes=29)
    assert (await fire_due(works), await end_leases(works), await end_acknowledgements(works)) == (
        0,
        0,
        0,
    )
    again = await attempt(works, nurse, acknowledge(item))
    assert isinstance(again, IllegalMove)


async def test_of_many_who_acknowledge_one_owns_it(works: Works) -> None:
    nurses = await nurses_named(works, "anna", "bert", "cleo")
    item = await an_alert(works)
    results = await asyncio.gather(
        *(attempt(works, each, acknowledge(item)) for each in nurses for _ in range(3))
    )
    owners = [each.holder_id for each in results if isinstance(each, WorkItem)]
    assert len(owners) == 1
    assert owners == [(await seen(works, item.id)).holder_id]
    assert (await changes(works, item.id)).count(Change.ACKNOWLEDGED) == 1
    refused = {type(each) for each in results if not isinstance(each, WorkItem)}
    assert refused <= {ItemHeld, IllegalMove}


async def test_what_another_holds_is_not_acknowledged(works: Works, nurse: Actor) -> None:
    [anna] = await nurses_named(works, "anna")
    item = await an_alert(works)
    await done(works, anna, claim(item))
    for act in (acknowledge(item), resolve(item)):
        assert isinstance(await attempt(works, nurse, act), ItemHeld)
    await done(works, anna, acknowledge(item))
    assert isinstance(await attempt(works, nurse, resolve(item)), ItemHeld)
    ended = await done(works, anna, resolve(item))
    assert (ended.status, ended.holder_id) == ("resolved", None)


async def test_an_acknowledgement_runs_out_and_it_climbs_from_the_bottom(
    works: Works, nurse: Actor, doctor: Actor, clock: FrozenClock
) -> None:
    item = await an_alert(works)
    clock.advance(minutes=16)
    await fire_due(works)
    assert (await seen(works, item.id)).escalation_level == 2
    await done(works, nurse, acknowledge(item))
    clock.advance(minutes=30)
    assert sum(await asyncio.gather(*(end_acknowledgements(works) for _ in range(3)))) == 1
    again = await seen(works, item.id)
    assert (again.status, again.holder_id, again.cycle) == ("triggered", None, 2)
    assert again.escalation_level == 0
    assert await planned(works, item.id) == climbing(2, clock)
    assert (await changes(works, item.id))[-1] is Change.TRIGGERED_AGAIN


async def test_resolved_while_the_acknowledgement_runs_out_it_stays_resolved(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await an_alert(works)
    await done(works, nurse, acknowledge(item))
    clock.advance(minutes=30)
    ended, _ = await asyncio.gather(
        attempt(works, nurse, resolve(item)), end_acknowledgements(works)
    )
    assert isinstance(ended, WorkItem)
    await end_acknowledgements(works)
    assert (await seen(works, item.id)).status == "resolved"
    assert await planned(works, item.id) == []


async def test_released_or_handed_over_it_is_triggered_again(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    [anna] = await nurses_named(works, "anna")
    item = await an_alert(works)
    await done(works, nurse, acknowledge(item))
    clock.advance(minutes=5)
    back = await done(works, nurse, release(item))
    assert (back.status, back.cycle) == ("triggered", 2)
    assert await planned(works, item.id) == climbing(2, clock)
    await done(works, nurse, acknowledge(item))
    clock.advance(minutes=5)
    to = Receiver(user_id=anna.id)
    given = await done(works, nurse, lambda uow: alerts.hand_over(uow, item.id, to))
    assert (given.status, given.cycle, given.assignee_id) == ("triggered", 3, anna.id)
    assert await planned(works, item.id) == climbing(3, clock)


async def test_a_shift_handed_over_leaves_no_alert_without_a_ladder(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    [anna] = await nurses_named(works, "anna")
    owned, held = await an_alert(works), await an_alert(works)
    before = await planned(works, held.id)
    await done(works, nurse, acknowledge(owned))
    await done(works, nurse, claim(held))
    clock.advance(minutes=5)
    to = Receiver(user_id=anna.id)
    await done(works, nurse, lambda uow: alerts.hand_over_shift(uow, to, note="Good night."))
    assert await planned(works, owned.id) == climbing(2, clock)
    assert await planned(works, held.id) == before


async def test_giving_back_what_was_only_claimed_delays_nothing(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await an_alert(works)
    before = await planned(works, item.id)
    await done(works, nurse, claim(item))
    assert await planned(works, item.id) == before
    clock.advance(minutes=5)
    assert (await done(works, nurse, release(item))).cycle == 1
    assert await planned(works, item.id) == before


async def test_put_off_it_climbs_no_more_until_it_is_back(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await an_alert(works)
    await done(works, nurse, snooze(item, clock))
    assert await planned(works, item.id) == []
    clock.advance(minutes=30)
    assert sum(await asyncio.gather(*(end_snoozes(works) for _ in range(3)))) == 1
    assert (await seen(works, item.id)).status == "triggered"
    assert await planned(works, item.id) == climbing(2, clock)
    await done(works, nurse, snooze(item, clock))
    await done(works, nurse, lambda uow: alerts.end_snooze(uow, item.id))
    assert await planned(works, item.id) == climbing(3, clock)


@pytest.mark.parametrize("reason", [None, "", "Seen at the bedside."])
async def test_what_is_critical_needs_a_reason(
    works: Works, nurse: Actor, reason: str | None
) -> None:
    item = await an_alert(works, severity=Severity.CRITICAL)
    for act in (acknowledge, resolve):
        result = await attempt(works, nurse, act(item, reason))
        if reason:
            assert isinstance(result, WorkItem)
        else:
            assert isinstance(result, ReasonMissing)
            assert result.errors[0]["at"] == ["body", "reason"]


async def test_by_hand_the_next_ones_are_told_now(works: Works, nurse: Actor) -> None:
    item = await an_alert(works)
    raised = await done(works, nurse, lambda uow: alerts.escalate(uow, item.id))
    assert raised.escalation_level == 1
    assert len(await planned(works, item.id)) == 3


async def test_a_cause_told_often_at_once_is_one_alert_that_climbs_once(works: Works) -> None:
    found = await asyncio.gather(*(from_cause(works) for _ in range(10)))
    assert len({each.id for each in found}) == 1
    assert (await seen(works, found[0].id)).occurrences == 10
    assert len(await planned(works, found[0].id)) == 4


async def test_the_same_again_leaves_an_acknowledgement_alone(works: Works, nurse: Actor) -> None:
    item = await from_cause(works, Severity.MEDIUM)
    await done(works, nurse, acknowledge(item))
    for severity in (Severity.MEDIUM, Severity.LOW):
        again = await from_cause(works, severity)
        assert (again.id, again.status, again.severity) == (item.id, "acknowledged", "medium")
    assert again.occurrences == 3
    assert await planned(works, item.id) == []


async def test_the_same_but_graver_is_triggered_again(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await from_cause(works, Severity.MEDIUM)
    await done(works, nurse, acknowledge(item))
    graver = await from_cause(works, Severity.CRITICAL)
    assert (graver.status, graver.severity, graver.holder_id) == ("triggered", "critical", None)
    assert await planned(works, item.id) == climbing(2, clock)
    assert (await changes(works, item.id))[-2:] == [Change.OCCURRED_AGAIN, Change.TRIGGERED_AGAIN]


async def test_graver_while_it_is_put_off_it_comes_back_and_while_it_climbs_it_goes_on(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await from_cause(works)
    before = await planned(works, item.id)
    higher = await from_cause(works, Severity.MEDIUM)
    assert (higher.severity, higher.cycle) == ("medium", 1)
    assert await planned(works, item.id) == before
    await done(works, nurse, snooze(item, clock))
    back = await from_cause(works, Severity.HIGH)
    assert (back.status, back.snoozed_until, back.cycle) == ("triggered", None, 2)


async def test_resolved_by_itself_when_its_cause_is_gone(works: Works, nurse: Actor) -> None:
    item = await from_cause(works, Severity.CRITICAL)
    await done(works, nurse, acknowledge(item, "On my way."))
    gone = await done(works, SETUP, lambda uow: alerts.resolve_cause(uow, CAUSE))
    assert (gone.id, gone.status, gone.holder_id) == (item.id, "resolved", None)
    assert await done(works, SETUP, lambda uow: alerts.resolve_cause(uow, CAUSE)) is None
    assert await planned(works, item.id) == []
    again = await from_cause(works)
    assert again.id != item.id


@pytest.mark.parametrize(
    ("said", "field", "rule"),
    [
        ({"type": "nonsense"}, "type", "type_known"),
        ({"type": "task"}, "type", "type_of_alert"),
        ({"pool_id": NOBODY}, "pool_id", "pool_known"),
        ({"assignee_id": NOBODY}, "assignee_id", "person_known"),
    ],
)
async def test_an_alert_for_nobody_is_refused(
    works: Works, nurse: Actor, said: dict[str, object], field: str, rule: str
) -> None:
    new = NewAlert(title="x", **said)  # type: ignore[arg-type]
    refused = await attempt(works, nurse, lambda uow: alerts.raise_alert(uow, new))
    assert isinstance(refused, AlertUnfit)
    assert (refused.errors[0]["at"], refused.errors[0]["rule"]) == (["body", field], rule)


async def test_an_alert_about_nobody_is_refused(works: Works, nurse: Actor) -> None:
    new = NewAlert(title="x", patient_id=uuid4())
    refused = await attempt(works, nurse, lambda uow: alerts.raise_alert(uow, new))
    assert isinstance(refused, PatientNotFound)


async def test_many_at_once_are_acknowledged_or_refused_one_by_one(
    works: Works, nurse: Actor, doctor: Actor
) -> None:
    [anna] = await nurses_named(works, "anna")
    low, high = await an_alert(works, severity=Severity.LOW), await an_alert(works)
    theirs = await an_alert(works, severity=Severity.LOW)
    await done(works, anna, claim(theirs))
    missing = uuid4()
    asked = [high.id, missing, low.id, theirs.id, low.id]
    found = await done(works, nurse, lambda uow: alerts.acknowledge_low(uow, asked))
    assert list(found) == [high.id, missing, low.id, theirs.id]
    assert [type(each) for each in found.values()] == [
        alerts.AlertNotLow,
        items.ItemNotFound,
        WorkItem,
        ItemHeld,
    ]
    rows = [await seen(works, each.id) for each in (low, high, theirs)]
    assert [each.status for each in rows] == ["acknowledged", "triggered", "triggered"]
