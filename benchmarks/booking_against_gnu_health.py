"""Booking over HTTP, beside GNU Health 5 on the same PostgreSQL, in turns, in one run.

    python -m venv PEER && PEER/bin/pip install gnuhealth==5.0.0
    GNU_HEALTH=PEER python -m benchmarks.booking_against_gnu_health [--clients 16] [--seconds 10]

Each as it starts by default, the same number of clients, durable commits on both sides: trytond is
one process of many threads, `dra serve` one web process for each core, four at most (its workers,
which send reminders and transcribe, are left out, as is trytond's cron). Uncontended: every attempt
is for a free time. Contended: all clients want the same few hours of two doctors. GNU Health 5
refuses nothing: its own client stores what it is told, so that whoever wants a time gets it, again
and again. A careful client looks whether the time is free before it takes it; both are shown, and
how many times were given away twice. Only ratios count. The database holds nothing else;
DATABASE_URL is not used.
"""

import argparse
import asyncio
import base64
import json
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from app import assembly, identity, patients
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.opening import open_works
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.kernel.clock import SystemClock
from app.scheduling import availability
from benchmarks.booking_trial import (
    DOCTORS,
    MINUTES,
    PATIENTS,
    PEER_DATABASE,
    ROUNDS,
    GnuHealth,
    Line,
    Ours,
    Side,
    Trial,
    rate,
)
from benchmarks.web_process import free_port

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = secrets.token_urlsafe(16)
OURS_TWICE = (
    "select count(*) from (select from appointments where status = 'booked'"
    " group by practitioner_id, starts_at having count(*) > 1) as twice"
)
PEER_TWICE = (
    "select count(*) from (select from gnuhealth_appointment"
    " group by healthprof, appointment_date having count(*) > 1) as twice"
)


@contextmanager
def running(command: list[str], env: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:  # a server busy with what nobody waits for any more
            process.kill()
            process.wait()


async def until_it_listens(port: int) -> None:
    for _ in range(1200):
        try:
            _, writer = await asyncio.open_connection("localhost", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise SystemExit(f"nothing listens on port {port}")


async def fill_ours(works: Works, port: int) -> Ours:
    boss = Actor.system("benchmark")
    async with works.begin(boss) as uow:
        people = {}
        for name, role in [
            ("desk", Role.RECEPTIONIST),
            *((f"doctor-{i}", Role.DOCTOR) for i in range(DOCTORS)),
        ]:
            people[name] = await identity.add_user(
                uow, username=name, full_name=name, role=role, password=PASSWORD
            )
    desk = people.pop("desk").as_actor(SystemClock().now())
    doctors = [user.id for user in people.values()]
    always = [
        availability.WeekdaySpan(weekday=day, opens="00:00", closes="24:00", room_id=None)
        for day in range(1, 8)
    ]
    async with works.begin(desk) as uow:
        new = availability.NewVisitType(name="Visit", duration_minutes=MINUTES)
        visit_type = await availability.add_visit_type(uow, new)
        for doctor in doctors:
            await availability.set_weekly_hours(uow, doctor, date(2020, 1, 1), None, always)
        people_seen = [
            await patients.register_patient(uow, patients.NewPatient.model_validate(each))
            for each in (a_patient(i) for i in range(PATIENTS))
        ]
    return Ours(
        port=port,
        token="",
        doctors=[str(each) for each in doctors],
        patients=[str(each.id) for each in people_seen],
        visit_type=str(visit_type.id),
    )


def a_patient(number: int) -> dict[str, Any]:
    return {
        "given_name": f"Given{number}",
        "family_name": f"Family{number}",
        "birth_date": date(1950, 1, 1) + timedelta(days=number),
        "sex": "unknown",
        "confirm_not_duplicate": True,
    }


async def open_ours(urls: StoreUrls, port: int) -> Ours:
    await migrate.up(urls.database_url, urls.mongo_url)
    async with open_works(
        urls,
        subscriptions=assembly.subscriptions(),
        clock=SystemClock(),
        documents=assembly.DOCUMENTS,
    ) as works:
        return await fill_ours(works, port)


async def sign_in(ours: Ours) -> None:
    await until_it_listens(ours.port)
    line = Line(ours.port)
    _, answer = await line.post("/api/v1/sessions", {"username": "desk", "password": PASSWORD})
    ours.token = answer["token"]
    line.close()


def prepare_peer(peer: Path, folder: Path, database_url: str, port: int) -> dict[str, list[int]]:
    """Make its database, install its modules, register doctors and patients."""
    config = folder / "trytond.conf"
    server = database_url.rsplit("/", 1)[0]
    config.write_text(
        f"[database]\nuri = {server}\npath = {folder / 'files'}\n[web]\nlisten = localhost:{port}\n"
    )
    (folder / "password").write_text(PASSWORD)
    env = os.environ | {"TRYTONPASSFILE": str(folder / "password"), "PYTHONWARNINGS": "ignore"}
    admin = [str(peer / "bin/trytond-admin"), "-c", str(config), "-d", PEER_DATABASE]
    for more in (
        ["--all", "--email", "admin@example.org"],
        ["-u", "health", "--activate-dependencies"],
    ):
        subprocess.run([*admin, *more], env=env, check=True, capture_output=True)
    script = str(ROOT / "benchmarks" / "gnu_health_peer.py")
    python = str(peer / "bin/python")
    told = subprocess.run(
        [python, script, str(config), PEER_DATABASE, str(DOCTORS), str(PATIENTS)],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, list[int]] = json.loads(told.stdout.splitlines()[-1])
    return found


async def open_peer(port: int, found: dict[str, list[int]]) -> GnuHealth:
    await until_it_listens(port)
    line = Line(port)
    login = {
        "id": 1,
        "method": "common.db.login",
        "params": ["admin", {"password": PASSWORD}, "en"],
    }
    _, answer = await line.post(f"/{PEER_DATABASE}/", login)
    line.close()
    user, key = answer["result"][:2]
    session = base64.b64encode(f"admin:{user}:{key}".encode()).decode()
    return GnuHealth(port, session, found["doctors"], found["patients"])


async def given_away_twice(database_url: str) -> tuple[int, int]:
    """Times that more than one patient has, ours and theirs."""
    server = asyncpg_dsn(database_url).rsplit("/", 1)[0]
    counts = []
    for name, query in ((database_url.rsplit("/", 1)[1], OURS_TWICE), (PEER_DATABASE, PEER_TWICE)):
        connection = await asyncpg.connect(f"{server}/{name}")
        counts.append(await connection.fetchval(query))
        await connection.close()
    return counts[0], counts[1]


async def compare(ours: Side, theirs: GnuHealth, asked: argparse.Namespace) -> None:
    careful = replace(theirs, careful=True, name=f"{theirs.name}, looking first")
    for kind in ("uncontended", "contended"):
        trials = [Trial(side, number) for number, side in enumerate((ours, careful, theirs))]
        rates: dict[str, list[float]] = {trial.side.name: [] for trial in trials}
        for _ in range(ROUNDS):
            for trial in trials:
                attempt = getattr(trial, kind)()
                speed, won = await rate(trial.side, attempt, asked.clients, asked.seconds)
                rates[trial.side.name].append(speed)
                print(
                    f"{kind:12} {trial.side.name:28} {speed:8.1f} attempts/s, {won:6.1%} got it",
                    flush=True,
                )
        mine = statistics.median(rates.pop(ours.name))
        for name, found in rates.items():
            ratio = mine / statistics.median(found)
            print(f"{kind}: {ratio:.1f} times as many attempts as {name}")
        print()


async def main(asked: argparse.Namespace, folder: Path) -> None:
    stores = EmbeddedStores(folder / "stores")
    urls = stores.start(lambda _line: None)
    try:
        dsn = asyncpg_dsn(urls.database_url)
        connection = await asyncpg.connect(dsn)
        await connection.execute(f"create database {PEER_DATABASE} template template0")
        await connection.close()
        our_port, their_port = free_port(), free_port()
        print("installing GNU Health's modules …")
        found = prepare_peer(asked.peer, folder, dsn, their_port)
        ours = await open_ours(urls, our_port)
        env = os.environ | {
            "DATABASE_URL": urls.database_url,
            "MONGO_URL": urls.mongo_url,
            "REDIS_URL": urls.redis_url or "",
            "DRA_DATA_DIR": str(folder / "data"),
            "DRA_WORKERS": "0",
        }
        serve = [sys.executable, "-m", "app.cli", "serve", "--port", str(our_port)]
        trytond = [str(asked.peer / "bin/trytond"), "-c", str(folder / "trytond.conf")]
        with (
            running(serve, env, folder / "serve.log"),
            running([*trytond, "-d", PEER_DATABASE], dict(os.environ), folder / "peer.log"),
        ):
            await sign_in(ours)
            await compare(ours, await open_peer(their_port, found), asked)
        mine, other = await given_away_twice(urls.database_url)
        print(f"times given away twice: {ours.name} {mine}, GNU Health 5 {other}")
    finally:
        stores.stop()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    peer = os.environ.get("GNU_HEALTH")
    parser.add_argument(
        "--peer", type=Path, default=peer, required=peer is None, help="its virtual environment"
    )
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10, help="of each round")
    return parser.parse_args()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        uvloop.run(main(arguments(), Path(scratch)))
