"""The whole site under its supervisor, and everything in it killed while doctors dictate."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2
import psutil  # type: ignore[import-untyped]
import pytest
from sqlalchemy import text

from app import assembly
from app.infra.embedded import StoreUrls, attach
from app.infra.opening import open_works
from app.infra.uow import Works
from app.kernel.actors import Role
from app.kernel.clock import SystemClock
from tests.builders.identity import PASSWORD, a_user
from tests.builders.transcription import DICTATIONS
from tests.faults.retrying import RetryingClient
from tests.fixtures.live_site import answers, free_port
from tests.fixtures.stores import ROOT, LoopInThread
from tests.fixtures.waiting import wait_until

pytestmark = [pytest.mark.fault, pytest.mark.speech]

CHUNK_BYTES = 16 * 1024
KILL_EVERY = 4
PATIENCE_SECONDS = 300.0
# How each process of the site is recognised among the children of the supervisor.
VICTIMS = {
    "api": "app.cli api",
    "postgres": "postgres -D",
    "worker": "app.cli worker",
    "mongo": "-m secantus",
    "redis": "redis",
}
STUCK = {
    "jobs on hold": "select count(*) from pgqueuer where status not in ('queued', 'picked')",
    "jobs left": "select count(*) from pgqueuer",
    "facts not delivered": "select count(*) from outbox_deliveries where done_at is null",
    "unfinished": "select count(*) from transcriptions where status in ('queued', 'running')",
}


@dataclass
class Dictation:
    """One recording on its way: its sound, and how far it has been acknowledged."""

    id: str
    sound: bytes
    sent: int = 0
    acknowledged: bytearray = field(default_factory=bytearray)

    @property
    def next_chunk(self) -> bytes:
        return self.sound[self.sent * CHUNK_BYTES : (self.sent + 1) * CHUNK_BYTES]


class Site:
    """`dra serve` on a data folder of its own."""

    def __init__(self, folder: Path, aside: LoopInThread) -> None:
        self.folder, self._aside = folder, aside
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        env = {k: v for k, v in os.environ.items() if not k.endswith("_URL")}
        env |= {"DRA_DATA_DIR": str(folder), "DRA_PORT": str(port), "DRA_ENVIRONMENT": "test"}
        self._log = (folder.parent / "serve.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def wait_until_ready(self) -> None:
        wait_until(lambda: answers(self.url), within_seconds=PATIENCE_SECONDS, what="the site")

    def kill(self, victim: str) -> None:
        """By force, as soon as it runs again after the last time."""
        pattern = VICTIMS[victim]

        def running() -> psutil.Process | None:
            for child in psutil.Process(self.process.pid).children():
                command = " ".join(child.cmdline())
                if pattern in command and "leash.py" not in command:
                    return child
            return None

        wait_until(running, within_seconds=60, what=f"{victim} to kill").kill()

    def run(self, task: Callable[[Works], Any]) -> Any:
        """Work on the site's stores from here."""
        urls = attach(self.folder)
        assert urls is not None
        return self._aside.run(self._with_works(urls, task))

    async def _with_works(self, urls: StoreUrls, task: Callable[[Works], Any]) -> Any:
        async with open_works(
            urls,
            subscriptions=assembly.subscriptions(),
            clock=SystemClock(),
            documents=assembly.DOCUMENTS,
        ) as works:
            return await task(works)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        self._log.close()
        return status


@pytest.fixture
def site(tmp_path: Path, aside: LoopInThread) -> Iterator[Site]:
    started = Site(tmp_path / "data", aside)
    yield started
    if started.process.poll() is None:
        started.stop()


@pytest.fixture
def client(site: Site) -> Iterator[RetryingClient]:
    site.wait_until_ready()
    site.run(lambda works: a_user(works, Role.DOCTOR))
    opened = RetryingClient(f"{site.url}/api/v1")
    opened.sign_in("doctor", PASSWORD)
    yield opened
    opened.close()


def begin(client: RetryingClient, number: int, sound: bytes, media_type: str) -> Dictation:
    patient = {
        "given_name": f"Mara {number}",
        "family_name": "Okafor",
        "birth_date": "1945-07-14",
        "confirm_not_duplicate": True,
    }
    patient_id = client.create("/patients", patient, key=f"patient {number}")["id"]
    visit = {"patient_id": patient_id, "reason": "ankle"}
    encounter = client.create("/encounters", visit, key=f"encounter {number}")["id"]
    at = f"/encounters/{encounter}"
    consent = {"decision": "permit", "method": "verbal"}
    client.create(f"{at}/consents", consent, key=f"consent {number}")
    new = {"media_type": media_type, "origin": "upload"}
    return Dictation(client.create(f"{at}/recordings", new, key=f"recording {number}")["id"], sound)


def test_whatever_is_killed_nothing_acknowledged_is_lost_and_nothing_is_there_twice(
    site: Site, client: RetryingClient
) -> None:
    names = ("s04-ankle-no-headings", "s02-bronchitis", "s04-ankle-no-headings")
    sounds = [(DICTATIONS / f"{name}.ogg").read_bytes() for name in names]
    dictations = [begin(client, n, sound, "audio/ogg") for n, sound in enumerate(sounds)]

    kills = send_amid_kills(site, client, dictations)
    assert kills >= 8
    for number, dictation in enumerate(dictations):
        completion = {
            "chunk_count": dictation.sent,
            "sha256": hashlib.sha256(dictation.sound).hexdigest(),
        }
        client.create(f"/recordings/{dictation.id}/completion", completion, key=f"end {number}")
        site.kill(("worker", "postgres", "mongo")[number])
    for dictation in dictations:
        await_note(client, dictation)
    assert client.away > 0

    for dictation in dictations:
        heard = client.call("GET", f"/recordings/{dictation.id}/audio").content
        assert bytes(dictation.acknowledged) == dictation.sound
        assert hashlib.sha256(heard).digest() == hashlib.sha256(dictation.sound).digest()
    wait_until(
        lambda: not site.run(left_over), within_seconds=PATIENCE_SECONDS, what="all work done"
    )
    assert site.run(counted) == {
        "transcripts": len(dictations),
        "notes": len(dictations),
        "working copies": len(dictations),
    }
    assert site.stop() == 0


def send_amid_kills(site: Site, client: RetryingClient, dictations: list[Dictation]) -> int:
    """Chunk by chunk in turn; something dies after or amid every fourth. Returns how many did."""
    victims = cycle(VICTIMS)
    sent = kills = 0
    while waiting := [each for each in dictations if each.next_chunk]:
        for dictation in waiting:
            chunk, halfway = dictation.next_chunk, None
            sent += 1
            if sent % KILL_EVERY == 0:
                victim = next(victims)
                kills += 1
                # By turns in the middle of a request, and between two of them.
                if kills % 2:
                    halfway = lambda victim=victim: site.kill(victim)  # noqa: E731
                else:
                    site.kill(victim)
            client.put_chunk(dictation.id, dictation.sent, chunk, halfway)
            dictation.acknowledged += chunk
            dictation.sent += 1
    return kills


def await_note(client: RetryingClient, dictation: Dictation) -> None:
    """Until the dictation is in words and its note drafted: one, and only one."""

    def state() -> str | None:
        path = f"/recordings/{dictation.id}/transcription"
        status = client.call("GET", path).json()["status"]
        return status if status in {"done", "failed", "held", "no_speech"} else None

    assert wait_until(state, within_seconds=PATIENCE_SECONDS, what="a transcript") == "done"
    encounter = client.call("GET", f"/recordings/{dictation.id}").json()["encounter_id"]

    def notes() -> list[Any]:
        found: list[Any] = client.call("GET", f"/encounters/{encounter}/notes").json()["items"]
        return found

    found = wait_until(notes, within_seconds=PATIENCE_SECONDS, what="a note")
    assert [note["recording_id"] for note in found] == [dictation.id]


async def left_over(works: Works) -> dict[str, int]:
    async with works.sessions() as db:
        counts = {what: (await db.execute(text(sql))).scalar_one() for what, sql in STUCK.items()}
    return {what: count for what, count in counts.items() if count}


async def counted(works: Works) -> dict[str, int]:
    documents = works.stores.documents
    async with works.sessions() as db:
        notes = (await db.execute(text("select count(*) from notes"))).scalar_one()
    return {
        "transcripts": await documents["transcripts"].count_documents({}),
        "notes": notes,
        "working copies": await documents["note_drafts"].count_documents({}),
    }


def test_the_site_says_503_and_when_to_come_back_while_postgres_is_away(
    site: Site, client: RetryingClient
) -> None:
    site.kill("postgres")
    answer = httpx2.get(f"{site.url}/api/v1/me", headers={"Authorization": "Bearer x"}, timeout=30)
    assert answer.status_code in {401, 503}  # the supervisor may be quicker than we are
    assert client.call("GET", "/me").json()["username"] == "doctor"
