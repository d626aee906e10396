"""64 desks fight over five doctors through two API processes, one of which is killed thrice.

DRA_STORM_ATTEMPTS says how many attempts there are; the whole storm is 10,000.
"""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.infra.uow import Works
from app.kernel.actors import Role
from app.kernel.clock import SystemClock
from app.scheduling import appointments, availability
from app.scheduling.appointments.tasks import cancel_expired_holds
from tests.builders.availability import a_visit_type, a_week, working_hours
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.faults.booking_storm import Storm, Told, rage
from tests.faults.second_process import SecondProcess
from tests.fixtures.live_site import LiveSite, answers
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.fault

CLIENTS = 64
ATTEMPTS = int(os.environ.get("DRA_STORM_ATTEMPTS", "1500"))
DOCTORS = 5
PATIENTS = 120
ALL_DAY = a_week([("00:00", "24:00")], range(1, 8))
OVERLAPS = text(
    "select count(*) from appointments a"
    " join appointments b on a.id < b.id and a.during && b.during"
    " and ((a.practitioner_id = b.practitioner_id and a.practitioner_share && b.practitioner_share)"
    " or (a.patient_id = b.patient_id and a.patient_share && b.patient_share))"
    " where a.status = any(:live) and b.status = any(:live)"
)
FINAL = text("select id, status, starts_at, ends_at, practitioner_id from appointments")
LIVE = [status.value for status in appointments.LIVE]


@pytest.fixture
def second(live_site: LiveSite) -> Iterator[SecondProcess]:
    process = SecondProcess(live_site)
    process.start()
    wait_until(lambda: answers(process.url), within_seconds=120, what="the second process")
    yield process
    process.kill()


async def a_busy_clinic(works: Works) -> dict[str, list[str]]:
    """Five doctors, the last with two lanes; a visit for one and a session for four."""
    boss = await a_user(works, Role.ADMIN, username="storm-boss")
    desk = await a_user(works, Role.RECEPTIONIST, username="storm-desk")
    doctors = [
        await a_user(works, Role.DOCTOR, username=f"storm-{i}", full_name=f"Dr. Storm {i}")
        for i in range(DOCTORS)
    ]
    for doctor in doctors:
        await working_hours(works, boss, doctor, ALL_DAY)
    async with works.begin(boss) as uow:
        schedule = availability.SetSchedule(lanes=2, slot_minutes=15)
        await availability.set_schedule(uow, doctors[-1].id, schedule, version=0)
    alone = await a_visit_type(works, boss, name="Storm visit")
    group = await a_visit_type(works, boss, name="Storm group", parallel=4)
    patients = [await a_patient(works, desk, family_name=f"Storm {i}") for i in range(PATIENTS)]
    return {
        "doctors": [str(doctor.id) for doctor in doctors],
        "patients": [str(patient.id) for patient in patients],
        "visit_types": [str(alone.id), str(alone.id), str(group.id)],
    }


def test_no_time_is_given_away_twice_and_nothing_promised_is_lost(
    live_site: LiveSite, second: SecondProcess
) -> None:
    clinic = live_site.run(a_busy_clinic)
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    storm = Storm(
        urls=[live_site.api, f"{second.url}/api/v1"],
        token=live_site.token(Role.RECEPTIONIST),
        first_day=datetime.combine(tomorrow, time(), UTC),
        clients=CLIENTS,
        attempts=ATTEMPTS,
        **clinic,
    )
    quarters = [ATTEMPTS * n // 4 for n in (1, 2, 3)]
    told = asyncio.run(rage(storm, dict.fromkeys(quarters, second.kill_and_start)))

    assert second.kills == len(quarters)
    assert told.silences > 0, "nobody noticed the kills"
    assert told.booked
    assert told.cancelled
    assert told.answers["appointments 409"] > 0, "nothing was fought over"
    live_site.run(lambda works: everything_told_is_true(works, told))
    live_site.run(no_hold_stays_behind)


async def everything_told_is_true(works: Works, told: Told) -> None:
    async with works.sessions() as db:
        assert (await db.execute(OVERLAPS, {"live": LIVE})).scalar_one() == 0
        rows = {str(row.id): row for row in await db.execute(FINAL)}
    booked = {key for key, row in rows.items() if row.status == "booked"}
    assert booked == set(told.booked), "promised and kept differ"
    for key, appointment in told.booked.items():
        assert (rows[key].starts_at, rows[key].ends_at, str(rows[key].practitioner_id)) == (
            moment(appointment["starts_at"]),
            moment(appointment["ends_at"]),
            appointment["practitioner_id"],
        )
    assert all(rows[key].status == "cancelled" for key in told.cancelled)


def moment(said: Any) -> datetime:
    return datetime.fromisoformat(said)


class Tomorrow:
    """A clock by which every hold of today has expired."""

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(days=1)


async def no_hold_stays_behind(works: Works) -> None:
    later = type(works)(
        lines=works.lines,
        asides=works.asides,
        sessions=works.sessions,
        subscriptions=works.subscriptions,
        stores=works.stores,
        clock=Tomorrow(),
    )
    await cancel_expired_holds(later)
    async with works.sessions() as db:
        held = text("select id from appointments where status = 'pending'")
        left: list[UUID] = list((await db.execute(held)).scalars())
    assert left == []
