"""Clocks of reports while two schedulers look for them and are killed again and again.

DRA_REPORT_CLOCKS says how many reports there are; the whole storm is 2,000.
"""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import text

from app.crisis import reports
from app.crisis.reports import SuspicionKind
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.crisis_reports import a_filing, a_suspicion
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock
from tests.fixtures.schedulers import Schedulers, schedulers_of

pytestmark = pytest.mark.fault

REPORTS = int(os.environ.get("DRA_REPORT_CLOCKS", "24"))
DEADLY_MOMENTS = max(4, REPORTS // 100)  # at each of them a scheduler is killed, or both
HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 3, 6, 14, tzinfo=UTC)
# Jurisdiction, kind, and the hours there are for each way of reporting, as people know them.
KINDS: list[tuple[str, SuspicionKind, dict[str, int]]] = [
    ("US-CA", SuspicionKind.CHILD_ABUSE, {"oral": 0, "written": 36}),
    ("US-CA", SuspicionKind.FACILITY_PHYSICAL, {"oral": 2, "written": 24}),
    ("US-CA", SuspicionKind.FACILITY_DEMENTIA, {"written": 24}),
    ("US-TX", SuspicionKind.CHILD_ABUSE, {"oral": 24}),
]


class Fate(NamedTuple):
    """What is to become of one report: filed so many hours after it became known, or never."""

    formed_at: datetime
    hours: dict[str, int]
    filed_after: float | None

    def clocks(self) -> dict[tuple[str, str], str]:
        """What is to become of each of its clocks; filed at the very moment is in time."""
        expected = {}
        for leg, hours in self.hours.items():
            marks = {"half": 0.5, "most": 0.8, "breach": 1.0} if hours else {"breach": 1.0}
            for mark, share in marks.items():
                at = hours * share
                over = self.filed_after is not None and self.filed_after < at
                expected[leg, mark] = "voided" if over else "fired"
        return expected


@pytest.fixture
async def schedulers(urls: StoreUrls, tmp_path: Path) -> AsyncIterator[Schedulers]:
    async with schedulers_of("tests.crisis.reports.scheduler", urls, tmp_path / "clock") as running:
        yield running


async def formed(works: Works, doctor: Actor) -> dict[UUID, Fate]:
    """All suspicions of the storm; some become known long before they are entered."""
    dice = random.Random(7)
    patient = await a_patient(works, doctor)
    fates = {}
    while len(fates) < REPORTS:
        jurisdiction, kind, hours = dice.choice(KINDS)
        formed_at = FRIDAY - dice.choice([0, 1, 5, 30]) * HOUR
        (report_id,) = await a_suspicion(
            works,
            doctor,
            kind=kind,
            jurisdiction=jurisdiction,
            formed_at=formed_at,
            patient_id=patient.id,
        )
        # Half an hour beside every mark, so that who comes first is never a matter of luck.
        filed_after = dice.choice([None, None, 10.5, 22.5, 33.5])
        if filed_after is not None and formed_at + filed_after * HOUR <= FRIDAY:
            filed_after = None
        fates[report_id] = Fate(formed_at, hours, filed_after)
    return fates


async def still_due(works: Works, at: datetime) -> int:
    due = "select count(*) from report_clocks where status = 'planned' and fire_at <= :at"
    async with works.sessions() as db:
        return int((await db.execute(text(due), {"at": at})).scalar_one())


async def to_kill_at(
    works: Works, at: datetime, schedulers: Schedulers, dice: random.Random
) -> int:
    """How much is to be left when somebody is killed; 0: nobody is, this time."""
    left = await still_due(works, at)
    deadly = left > 1 and schedulers.kills < DEADLY_MOMENTS and dice.random() < 0.5
    return dice.randrange(1, left) if deadly else 0


async def test_each_clock_fires_once_and_nothing_is_late_without_an_alert(
    works: Works, clock: FrozenClock, schedulers: Schedulers, doctor: Actor
) -> None:
    clock.at = FRIDAY
    schedulers.clock.set(clock.at)
    fates = await formed(works, doctor)
    await schedulers.start()
    dice = random.Random(8)
    for at in await moments_of(works, fates):
        clock.at = at
        schedulers.clock.set(at)
        kill_at = await to_kill_at(works, at, schedulers, dice)
        await schedulers.until_done(partial(still_due, works, at), kill_at)
        for report_id, fate in fates.items():
            if fate.filed_after is not None and fate.formed_at + fate.filed_after * HOUR == at:
                async with works.begin(doctor) as uow:
                    await reports.file_written_report(uow, report_id, a_filing(at))
    assert schedulers.kills >= 1, "nobody was killed"
    await everything_happened_once(works, fates)


async def moments_of(works: Works, fates: dict[UUID, Fate]) -> list[datetime]:
    async with works.sessions() as db:
        due = set((await db.execute(text("select distinct fire_at from report_clocks"))).scalars())
    filed = {
        fate.formed_at + fate.filed_after * HOUR for fate in fates.values() if fate.filed_after
    }
    return sorted(at for at in due | filed | {FRIDAY} if at >= FRIDAY)


async def everything_happened_once(works: Works, fates: dict[UUID, Fate]) -> None:
    async with works.sessions() as db:
        rows = await db.execute(text("select report_id, leg, mark, status from report_clocks"))
        became: dict[UUID, dict[tuple[str, str], str]] = {}
        for row in rows:
            became.setdefault(row.report_id, {})[row.leg, row.mark] = row.status
        alerts = await db.execute(
            text(
                "select subject_id, occurrences, closed_at is null as open from work_items"
                " where type = 'report.breach'"
            )
        )
        alerted = [tuple(row) for row in alerts]
        warned = "select subject_id from audit_events where action = 'report.warn'"
        traces = Counter((await db.execute(text(warned))).scalars())
    assert became == {key: fate.clocks() for key, fate in fates.items()}
    fired = {
        key: sum(status == "fired" for status in fate.clocks().values())
        for key, fate in fates.items()
    }
    assert traces == Counter(fired)
    breaches = {
        key: sum(
            status == "fired" for (_, mark), status in fate.clocks().items() if mark == "breach"
        )
        for key, fate in fates.items()
    }
    assert Counter(key for key, _, _ in alerted) == Counter(breaches)
    assert {times for _, times, _ in alerted} == {1}
    assert all(still == (fates[key].filed_after is None) for key, _, still in alerted)
