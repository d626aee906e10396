"""Signing in, staying in, being thrown out."""

from sqlalchemy import text

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.identity import PASSWORD
from tests.conftest import Client, FrozenClock


async def test_a_right_password_opens_a_session(client: Client, doctor: Actor) -> None:
    answer = await client.post(
        "/api/v1/sessions", json={"username": " Doctor ", "password": PASSWORD}
    )
    assert answer.status_code == 201
    me = await client.get(
        "/api/v1/me", headers={"Authorization": f"Bearer {answer.json()['token']}"}
    )
    assert me.json()["role"] == "doctor"


async def test_wrong_unknown_and_locked_answer_alike(
    client: Client, works: Works, doctor: Actor
) -> None:
    wrong = await client.post(
        "/api/v1/sessions", json={"username": "doctor", "password": "not this one"}
    )
    unknown = await client.post(
        "/api/v1/sessions", json={"username": "nobody", "password": "not this one"}
    )
    async with works.sessions.begin() as db:
        await db.execute(text("update users set status = 'locked'"))
    locked = await client.post(
        "/api/v1/sessions", json={"username": "doctor", "password": PASSWORD}
    )
    assert [a.status_code for a in (wrong, unknown, locked)] == [401, 401, 401]
    assert wrong.json() == unknown.json() == locked.json()


async def test_guessing_makes_the_name_wait_longer_and_longer(
    client: Client, doctor: Actor, clock: FrozenClock
) -> None:
    async def guess(password: str) -> int:
        answer = await client.post(
            "/api/v1/sessions", json={"username": "doctor", "password": password}
        )
        return answer.status_code

    assert [await guess("wrong") for _ in range(5)] == [401] * 5
    assert await guess(PASSWORD) == 429
    clock.advance(seconds=3)
    assert await guess(PASSWORD) == 201


async def test_no_token_no_answer(client: Client) -> None:
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_session_ends_when_idle_and_after_half_a_day(
    as_doctor: Client, clock: FrozenClock
) -> None:
    clock.advance(minutes=29)
    assert (await as_doctor.get("/api/v1/me")).status_code == 200
    clock.advance(minutes=31)
    assert (await as_doctor.get("/api/v1/me")).status_code == 401


async def test_activity_does_not_outlive_the_absolute_limit(
    as_doctor: Client, clock: FrozenClock
) -> None:
    for _ in range(24 * 2 - 1):
        clock.advance(minutes=15)
        assert (await as_doctor.get("/api/v1/me")).status_code == 200
    clock.advance(minutes=15)
    assert (await as_doctor.get("/api/v1/me")).status_code == 401


async def test_signing_out_ends_the_session_at_once(as_doctor: Client) -> None:
    assert (await as_doctor.delete("/api/v1/sessions/current")).status_code == 204
    assert (await as_doctor.get("/api/v1/me")).status_code == 401


async def test_changing_the_password_ends_the_other_sessions(
    client: Client, as_doctor: Client
) -> None:
    other = await client.post("/api/v1/sessions", json={"username": "doctor", "password": PASSWORD})
    changed = await as_doctor.put(
        "/api/v1/me/password", json={"current": PASSWORD, "new": "meadow-violin-harvest"}
    )
    assert changed.status_code == 204
    assert (await as_doctor.get("/api/v1/me")).status_code == 200
    elsewhere = await client.get(
        "/api/v1/me", headers={"Authorization": f"Bearer {other.json()['token']}"}
    )
    assert elsewhere.status_code == 401


async def test_weak_passwords_are_refused_with_the_rule(as_doctor: Client) -> None:
    for weak in ("short", "aaaaaaaaaaaaaaaaaaaa", "passwordpassword", "doctordoctordoctor"):
        answer = await as_doctor.put("/api/v1/me/password", json={"current": PASSWORD, "new": weak})
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/password-too-weak"
        assert weak not in answer.text


async def test_a_wrong_password_is_counted_even_though_the_change_is_refused(
    as_doctor: Client, works: Works
) -> None:
    answer = await as_doctor.put(
        "/api/v1/me/password", json={"current": "wrong", "new": "meadow-violin-harvest"}
    )
    assert answer.status_code == 403
    async with works.sessions() as db:
        assert await db.scalar(text("select max(failures) from login_delays")) == 1


async def test_tokens_are_not_stored_in_clear(as_doctor: Client, works: Works) -> None:
    token = as_doctor.headers["authorization"].removeprefix("Bearer ")
    async with works.sessions() as db:
        dump = await db.scalar(text("select string_agg(s::text, '') from sessions s"))
    assert token not in dump
