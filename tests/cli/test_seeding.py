"""The demo clinic: a lively day whenever it is set up, and nothing twice."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.cli.seeding import seed
from app.infra.uow import Works
from app.scheduling.appointments import Appointment, AppointmentStatus
from app.scheduling.availability import AvailabilityException, ExceptionKind
from app.scheduling.waiting_list import WaitingListEntry
from tests.conftest import FrozenClock

S = AppointmentStatus


async def appointments_of(works: Works) -> list[Appointment]:
    async with works.sessions() as db:
        return list(await db.scalars(select(Appointment)))


def of_day(found: list[Appointment], day: datetime) -> Counter[AppointmentStatus]:
    return Counter(one.status for one in found if one.starts_at.date() == day.date())


async def test_a_second_run_adds_nothing(works: Works, clock: FrozenClock) -> None:
    await seed(works)
    found = await appointments_of(works)
    states = of_day(found, clock.at)
    assert set(states) >= {S.BOOKED, S.ARRIVED, S.IN_ROOM, S.WITH_DOCTOR, S.FINISHED, S.NOSHOW}
    assert any(one.override_reason for one in found)
    assert len({one.series_id for one in found if one.series_id}) == 1
    await seed(works)
    assert {one.id for one in await appointments_of(works)} == {one.id for one in found}
    async with works.sessions() as db:
        assert len(list(await db.scalars(select(WaitingListEntry)))) == 4
        kinds = [one.kind for one in await db.scalars(select(AvailabilityException))]
    assert kinds.count(ExceptionKind.CLOSED) == 1


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 7, 15, 37, tzinfo=UTC),  # a Saturday
        datetime(2026, 3, 2, 0, 5, tzinfo=UTC),
        datetime(2026, 3, 2, 23, 50, tzinfo=UTC),
    ],
)
async def test_somebody_is_here_at_any_hour_of_any_day(
    works: Works, clock: FrozenClock, moment: datetime
) -> None:
    clock.at = moment
    await seed(works)
    found = await appointments_of(works)
    assert of_day(found, moment)
    ahead = {one.status for one in found if one.starts_at > moment}
    assert ahead <= {S.BOOKED, S.ARRIVED}
    assert all(one.arrived_at <= moment for one in found if one.arrived_at)
