"""What a dictating doctor waits for: a slice of sound kept, a note signed, beside the bare writes.

    python -m benchmarks.durable_writes [--rounds 200]

Ours is the whole request over HTTP: who asks, who may, the write, history, outbox, audit, the
answer. The bare way writes what must be durable at the least, through the same drivers to the same
servers: for five seconds of sound the bytes into GridFS and a row; for a signature the text into
Mongo and its row. One after the other in turns; only the ratio counts. DATABASE_URL, MONGO_URL and
REDIS_URL name other servers; the database must be empty.
"""

import argparse
import asyncio
import base64
import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
from gridfs.asynchronous import AsyncGridFSBucket
from pymongo import AsyncMongoClient

from app import identity
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.opening import open_works
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Subscriptions
from app.kernel.actors import Actor, Role
from app.kernel.clock import SystemClock
from benchmarks.web_process import WebProcess, serving, until_it_answers

SETUP = Actor.system("benchmark")
PASSWORD = "plum-harbour-lantern"  # noqa: S105 of nobody but this run
SLICE = bytes(16_000 * 2 * 5)  # five seconds, sixteen thousand samples a second of two bytes
PATIENT = {"given_name": "Mara", "family_name": "Okafor-Lind", "birth_date": "1945-07-14"}
TYPED = {
    "subjective.chief_complaint": "Cough for three days.",
    "objective.physical_exam": "Lungs are clear.",
    "assessment.diagnoses": "Acute bronchitis.",
    "plan.treatment": "Rest and fluids. Follow up in two weeks.",
}
BARE_TABLE = "create table bare_writes (id uuid primary key, said jsonb, at timestamptz not null)"
BARE_ROW = "insert into bare_writes (id, said, at) values ($1, $2, now())"
Write = Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Comparison:
    what: str
    ours: Write
    bare: Write


class Doctor:
    """Signed in to our web process."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def send(self, verb: str, path: str, **said: Any) -> Any:
        answer = await self._http.request(verb, path, **said)
        if answer.is_error:
            raise SystemExit(f"{verb} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    async def encounter(self) -> str:
        said = {**PATIENT, "confirm_not_duplicate": True}
        patient = await self.send("POST", "/patients", json=said)
        new = {"patient_id": patient["id"]}
        return str((await self.send("POST", "/encounters", json=new))["id"])

    async def recording(self) -> str:
        at = f"/encounters/{await self.encounter()}"
        consent = {"decision": "permit", "method": "verbal"}
        await self.send("POST", f"{at}/consents", json=consent)
        new = {"media_type": "audio/wav", "origin": "microphone"}
        return str((await self.send("POST", f"{at}/recordings", json=new))["id"])

    async def keep(self, recording: str, seq: int) -> None:
        digest = base64.b64encode(hashlib.sha256(SLICE).digest()).decode()
        headers = {"Content-Digest": f"sha-256=:{digest}:"}
        await self.send(
            "PUT", f"/recordings/{recording}/chunks/{seq}", content=SLICE, headers=headers
        )

    async def note(self) -> tuple[str, int]:
        """A typed draft, ready to be signed, and its version."""
        note = await self.send("POST", f"/encounters/{await self.encounter()}/notes", json={})
        typed = {"sections": TYPED, "accepted_words": []}
        at, headers = f"/notes/{note['id']}", {"If-Match": f'"{note["version"]}"'}
        saved = await self.send("PUT", f"{at}/draft", json=typed, headers=headers)
        return str(note["id"]), int(saved["version"])

    async def sign(self, note: str, version: int) -> None:
        said = {"version": version, "accepted_words": [], "accept_empty_sections": True}
        await self.send("POST", f"/notes/{note}/signature", json=said)


class Bare:
    """The drivers, and nothing around them."""

    def __init__(self, postgres: asyncpg.Connection, mongo: AsyncMongoClient[Any]) -> None:
        self._postgres = postgres
        self._documents = mongo.get_default_database("bare")["bare_writes"]
        self._sound = AsyncGridFSBucket(mongo.get_default_database("bare"), "bare_sound")

    async def keep(self, seq: int) -> None:
        blob = uuid4()
        await self._sound.upload_from_stream_with_id(blob, str(blob), SLICE)
        await self._postgres.execute(BARE_ROW, blob, f"{seq}")

    async def sign(self, _: int) -> None:
        document = uuid4()
        await self._documents.insert_one({"_id": document, "sections": TYPED})
        await self._postgres.execute(BARE_ROW, document, "1")


async def compare(urls: StoreUrls, web: WebProcess, rounds: int) -> None:
    postgres = await asyncpg.connect(asyncpg_dsn(urls.database_url))
    await postgres.execute(BARE_TABLE)
    async with (
        AsyncMongoClient[dict[str, Any]](urls.mongo_url, uuidRepresentation="standard") as mongo,
        httpx2.AsyncClient(base_url=web.api, timeout=60) as http,
    ):
        bare, doctor = Bare(postgres, mongo), Doctor(http)
        said = {"username": "doctor", "password": PASSWORD}
        session = await doctor.send("POST", "/sessions", json=said)
        http.headers["Authorization"] = f"Bearer {session['token']}"
        recording = await doctor.recording()
        notes = [await doctor.note() for _ in range(rounds)]
        print(f"{'milliseconds, median':<32}{'ours':>8}{'p95':>8}{'bare':>8}{'ratio':>8}")
        for each in (
            Comparison(
                "five seconds of sound kept", lambda n: doctor.keep(recording, n), bare.keep
            ),
            Comparison("a note signed", lambda n: doctor.sign(*notes[n]), bare.sign),
        ):
            await in_turns(each, rounds)
    await postgres.close()


async def in_turns(each: Comparison, rounds: int) -> None:
    took: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(rounds):
        for name, write in (("ours", each.ours), ("bare", each.bare)):
            began = time.perf_counter()
            await write(number)
            took[name].append((time.perf_counter() - began) * 1000)
    ours, bare = statistics.median(took["ours"]), statistics.median(took["bare"])
    p95 = statistics.quantiles(took["ours"], n=20)[-1]
    print(f"{each.what:<32}{ours:>8.1f}{p95:>8.1f}{bare:>8.1f}{ours / bare:>8.1f}")


async def measured(urls: StoreUrls, rounds: int, folder: Path) -> None:
    await migrate.up(urls.database_url, urls.mongo_url)
    async with (
        open_works(urls, subscriptions=Subscriptions(), clock=SystemClock(), documents=[]) as works,
        works.begin(SETUP) as uow,
    ):
        await identity.add_user(
            uow, username="doctor", full_name="Dr. Benchmark", role=Role.DOCTOR, password=PASSWORD
        )
    with serving(urls, folder) as web:
        await until_it_answers(web)
        await compare(urls, web, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="dra-benchmark-") as name,
        EmbeddedStores(
            Path(name),
            database_url=os.environ.get("DATABASE_URL"),
            mongo_url=os.environ.get("MONGO_URL"),
            redis_url=os.environ.get("REDIS_URL"),
        ) as stores,
    ):
        asyncio.run(measured(stores.urls, asked.rounds, Path(name)))


if __name__ == "__main__":
    main()
