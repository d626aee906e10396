"""The sender is killed before or after it hands a message over: never are there two messages."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.infra.embedded import StoreUrls
from app.scheduling.reminders import open_channels
from tests.fixtures.stores import ROOT
from tests.scheduling.reminders.conftest import FRIDAY, TWO_DAYS, Desk
from tests.scheduling.reminders.dying_sender import NOW

pytestmark = pytest.mark.fault


async def send_and_die(when: str, desk: Desk, urls: StoreUrls, folder: Path) -> None:
    """A round of a sender in a process of its own, which is killed in the middle."""
    sender = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.scheduling.reminders.dying_sender"),
        *(urls.database_url, urls.mongo_url, str(folder), when),
        cwd=ROOT,
        env={**os.environ, NOW: desk.clock.now().isoformat()},
    )
    assert await sender.wait() == -signal.SIGKILL


async def send(desk: Desk, folder: Path) -> None:
    """A round of a sender that lives."""
    await desk.send(open_channels(folder, desk.clock))


def messages(folder: Path) -> list[str]:
    return [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().split("\n")
            if line]  # fmt: skip


@pytest.mark.parametrize(("when", "sent"), [("before", 0), ("after", 1)])
async def test_a_message_whose_sender_was_killed_is_told_as_unsure_and_never_repeated(
    when: str, sent: int, desk: Desk, urls: StoreUrls, tmp_path: Path
) -> None:
    booked = await desk.book()
    await desk.told()
    desk.clock.at = FRIDAY - TWO_DAYS
    await send_and_die(when, desk, urls, tmp_path)
    assert await desk.outcome(booked.id) == ("sending", None)

    await send(desk, tmp_path)
    assert await desk.outcome(booked.id) == ("sending", None)
    desk.clock.at += timedelta(minutes=6)
    await send(desk, tmp_path)
    assert await desk.outcome(booked.id) == ("failed", "unsure")
    assert len(messages(tmp_path)) == sent


async def test_the_others_are_sent_by_the_next_round(
    desk: Desk, urls: StoreUrls, tmp_path: Path
) -> None:
    made = [await desk.book(FRIDAY + timedelta(minutes=30 * n)) for n in range(6)]
    await desk.told()
    desk.clock.at = FRIDAY - TWO_DAYS + timedelta(hours=3)
    await send_and_die("after", desk, urls, tmp_path)
    await send(desk, tmp_path)
    desk.clock.at += timedelta(minutes=6)
    await send(desk, tmp_path)
    outcomes = [await desk.outcome(each.id) for each in made]
    assert set(outcomes) <= {("sent", None), ("failed", "unsure")}
    assert ("failed", "unsure") in outcomes
    found = messages(tmp_path)
    assert len(found) == len(set(found)) >= outcomes.count(("sent", None))
    assert all(f'"appointment_id": "{each.id}"' in " ".join(found) or outcome[0] == "failed"
               for each, outcome in zip(made, outcomes, strict=True))  # fmt: skip
