"""Invented words are sent through every door, and must come out of none that anybody watches."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx2
import pytest
from redis import Redis

from app.kernel.actors import Role
from tests.fixtures.live_site import LiveSite
from tests.fixtures.stores import LoopInThread
from tests.fuzz.population import population_of
from tests.fuzz.streams import streams
from tools.generate_docs import api_description

CANARY = "Zwqxcanary"
PHRASE = f"{CANARY} Birdsong"
NUMBER = "5550987123"
BIRTH = "1933-11-27"
ENDS_THE_SESSION = "/api/v1/sessions/current"
SAID = (CANARY, CANARY.lower(), NUMBER, BIRTH)
QUEUES = {
    "pgqueuer": "select convert_from(payload, 'utf8') from pgqueuer",
    "pgqueuer_log": "select coalesce(traceback::text, '') from pgqueuer_log",
    "outbox": "select payload::text from outbox",
    "audit": "select detail::text || coalesce(address, '') from audit_events",
}


@pytest.fixture(scope="module")
def doctor(live_site: LiveSite) -> Iterator[httpx2.Client]:
    with live_site.client(Role.DOCTOR) as client:
        yield client


@pytest.fixture(scope="module")
def flown(live_site: LiveSite, doctor: httpx2.Client) -> list[httpx2.Response]:
    """Canaries through every operation: in the body, the question, the address and a header."""
    ids = population_of(live_site).ids
    answers = [doctor.post("/patients", json=a_canary())]
    description = api_description()
    for path, verbs in description["paths"].items():
        if path in {ENDS_THE_SESSION, *streams(description)}:
            continue
        for verb in verbs:
            real = path.removeprefix("/api/v1")
            for name, known in ids.items():
                real = real.replace(f"{{{name}}}", str(known[-1]))
            real = real.replace("{seq}", "1").replace("{number}", "1")
            real = real.replace("{session_id}", str(ids["note_id"][0]))
            answers += fly(doctor, verb.upper(), real)
            answers.append(doctor.request(verb.upper(), f"{real}/{CANARY}"))
    return answers


def a_canary() -> dict[str, Any]:
    return {
        "given_name": CANARY,
        "family_name": "Birdsong",
        "birth_date": BIRTH,
        "phone": NUMBER,
        "problems": [PHRASE],
    }


def fly(client: httpx2.Client, verb: str, path: str) -> list[httpx2.Response]:
    """Wrong types, unknown members, broken JSON, NULs, wrong words: whatever may be echoed."""
    bodies = [
        json.dumps({"username": PHRASE, "password": PHRASE, "reason": f"{PHRASE}\x00"}),
        json.dumps({"text": f"{PHRASE}\ud800", "sections": {PHRASE: PHRASE}}),
        json.dumps({"given_name": [PHRASE], "birth_date": PHRASE, CANARY: PHRASE}),
        f'{{"text": "{PHRASE}"',
        json.dumps([PHRASE]),
        json.dumps({"sections": {"plan.treatment": f"{PHRASE}\x07"}, "accepted_words": [PHRASE]}),
    ]
    headers = {
        "Content-Type": "application/json",
        "If-Match": f'"{CANARY}"',
        "Content-Digest": f"sha-256=:{CANARY}:",
        "Idempotency-Key": f"{CANARY}-{path}",
        "User-Agent": "test",
        "X-Forwarded-For": CANARY,
        "Range": f"bytes={CANARY}",
    }
    question = {
        "q": PHRASE,
        "cursor": CANARY,
        "status": CANARY,
        "patient_id": CANARY,
        "from": NUMBER,
    }
    answers = [
        client.request(verb, path, content=body, headers=headers, params=question)
        for body in (bodies if verb in {"POST", "PUT", "PATCH"} else [""])
    ]
    return [*answers, client.request(verb, path, params={"q": f"{PHRASE}\x00"})]


def told(text: str) -> list[str]:
    return [word for word in SAID if word in text]


def test_there_were_canaries(flown: list[httpx2.Response]) -> None:
    assert flown[0].status_code == 201
    assert len(flown) > 100
    assert {answer.status_code for answer in flown} >= {201, 404, 422}
    assert not [answer for answer in flown if answer.status_code >= 500]


def test_no_refusal_repeats_what_was_said(flown: list[httpx2.Response]) -> None:
    for answer in flown:
        if answer.status_code >= 400:
            assert not told(answer.text), f"{answer.request.method} {answer.request.url.path}"
            assert not told(str(answer.headers))


def test_no_log_holds_a_word(live_site: LiveSite, flown: list[httpx2.Response]) -> None:
    assert not told(live_site.log)


def test_no_metric_holds_a_word(live_site: LiveSite, flown: list[httpx2.Response]) -> None:
    metrics = httpx2.get(f"{live_site.url}/metrics", timeout=30)
    assert metrics.status_code == 200
    assert "dra_http_requests" in metrics.text
    assert not told(metrics.text)
    for known in flown[0].json()["id"], flown[0].headers["location"]:
        assert known not in metrics.text


def test_no_queue_and_no_trace_holds_a_word(
    live_site: LiveSite, aside: LoopInThread, flown: list[httpx2.Response]
) -> None:
    async def everything() -> dict[str, str]:
        connection = await asyncpg.connect(live_site.urls.database_url)
        try:
            rows = {name: await connection.fetch(sql) for name, sql in QUEUES.items()}
        finally:
            await connection.close()
        return {name: " ".join(row[0] or "" for row in found) for name, found in rows.items()}

    for name, text in aside.run(everything()).items():
        assert not told(text), name


def test_no_key_in_redis_holds_a_word(live_site: LiveSite, flown: list[httpx2.Response]) -> None:
    assert live_site.urls.redis_url
    with Redis.from_url(live_site.urls.redis_url) as redis:
        keys = [key.decode(errors="replace") for key in redis.scan_iter()]
    assert not told(" ".join(keys))


def test_an_error_nobody_expected_is_logged_by_its_kind_alone(
    live_site: LiveSite, aside: LoopInThread, doctor: httpx2.Client
) -> None:
    """Postgres quotes the row that breaks a rule; that must end up nowhere."""

    async def forbid(sql: str) -> None:
        connection = await asyncpg.connect(live_site.urls.database_url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    rule = "alter table patients add constraint nobody check (family_name <> 'Birdsong-Forbidden')"
    aside.run(forbid(rule))
    try:
        new = a_canary() | {"family_name": "Birdsong-Forbidden", "confirm_not_duplicate": True}
        answer = doctor.post("/patients", json=new)
    finally:
        aside.run(forbid("alter table patients drop constraint nobody"))
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/unexpected"
    assert not told(answer.text)
    last = live_site.log.strip().splitlines()[-1]
    logged = json.loads(last)
    assert logged["event"] == "unexpected_error"
    assert logged["request_id"] == answer.headers["x-request-id"]
    assert not told(live_site.log)


def test_a_line_break_in_what_was_said_makes_no_line_in_the_log(
    live_site: LiveSite, doctor: httpx2.Client
) -> None:
    before = live_site.log
    forged = '\r\n{"event": "forged", "level": "info"}'
    doctor.get("/patients", params={"q": forged})
    doctor.post("/sessions", json={"username": forged, "password": forged})
    assert "forged" not in live_site.log.removeprefix(before)
