"""Whatever the ladder and whenever it is looked at: each step once, at the first look there is."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import identity
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues import calendars
from app.work_queues.calendars import ALWAYS, OFFICE_HOURS
from app.work_queues.escalations.tasks import fire_due
from tests.builders.identity import a_user
from tests.builders.work_queues_escalations import a_climbing_alert, notices_of, steps_of
from tests.builders.work_queues_ladders import a_ladder, everybody
from tests.conftest import FrozenClock

FIRST = datetime(2026, 3, 20, tzinfo=UTC)


class Climb(NamedTuple):
    """When it began, after how many minutes its steps come, and when somebody looks for them."""

    began_at: datetime
    delays: list[int]
    calendar_id: UUID
    looks: list[datetime]


@st.composite
def climbs(draw: st.DrawFn) -> Climb:
    began_at = FIRST + timedelta(minutes=draw(st.integers(0, 14 * 1440)))
    pauses = draw(st.lists(st.integers(1, 3000), max_size=6))
    return Climb(
        began_at,
        sorted(draw(st.lists(st.integers(0, 5000), min_size=1, max_size=8))),
        draw(st.sampled_from([ALWAYS, OFFICE_HOURS])),
        [began_at + timedelta(minutes=each) for each in accumulate((0, *pauses))],
    )


async def somebody(works: Works) -> Actor:
    """One person who can be told, however often this is asked for."""
    with suppress(identity.UsernameTaken):
        await a_user(works, Role.NURSE)
    return Actor.system("property")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(climbs())
async def test_each_step_fires_once_at_the_first_look_after_it_is_due(
    works: Works, clock: FrozenClock, climb: Climb
) -> None:
    actor = await somebody(works)
    clock.at = climb.began_at
    steps = [everybody(delay) for delay in climb.delays]
    ladder = await a_ladder(works, actor, steps, key=f"l{uuid4()}", calendar_id=climb.calendar_id)
    alert = await a_climbing_alert(works, actor, ladder.id)
    for look in climb.looks:
        clock.at = look
        await fire_due(works)
    async with works.begin(actor) as uow:
        calendar = await calendars.load_calendar(uow, climb.calendar_id)
    planned = await steps_of(works, alert.id)
    for step, delay in zip(planned, climb.delays, strict=True):
        assert step.due_at == calendar.add_minutes(climb.began_at, delay)
        due = (look for look in climb.looks if look >= step.due_at)
        assert step.settled_at == next(due, None)
    fired = [step.id for step in planned if step.settled_at is not None]
    given_notice = [notice.escalation_id for notice in await notices_of(works, alert.id)]
    assert sorted(given_notice, key=str) == sorted(fired, key=str)
