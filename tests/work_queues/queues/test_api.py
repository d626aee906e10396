"""The queues over HTTP."""

from uuid import uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues.items import Severity
from tests.builders.identity import a_user
from tests.builders.work_queues_queues import DOCTORS, NURSES, waiting
from tests.conftest import Client, FrozenClock, signed_in

NOBODY = "0198b1c6-0000-7000-8000-00000000dead"
QUEUES = "/api/v1/queues"


async def test_a_list_goes_on_where_the_cursor_says(as_nurse: Client, works: Works) -> None:
    for number in range(3):
        await waiting(works, f"{number}")
    first = (await as_nurse.get(QUEUES, params={"limit": 2})).json()
    after = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await as_nurse.get(QUEUES, params=after)).json()
    assert second["next_cursor"] is None
    ids = {row["id"] for row in first["items"] + second["items"]}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"cursor": "nonsense"}, "cursor-unreadable"),
        ({"severity": "dire"}, "invalid-request"),
        ({"state": "lost"}, "invalid-request"),
        ({"limit": 101}, "invalid-request"),
        ({"surprise": "1"}, "invalid-request"),
    ],
)
async def test_a_bad_question_names_its_field(
    as_nurse: Client, asked: dict[str, str], code: str
) -> None:
    answer = await as_nurse.get(QUEUES, params=asked)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(code), answer.text


async def test_filters_stand_in_the_address(
    as_nurse: Client, works: Works, clock: FrozenClock
) -> None:
    await waiting(works, "high", severity=Severity.HIGH, due_at=clock.at)
    await waiting(works, "low", severity=Severity.LOW)
    await waiting(works, "medium")
    asked = {"severity": ["high", "low"], "pool": str(NURSES), "state": "waiting"}
    answer = await as_nurse.get(QUEUES, params=asked)
    assert [row["title"] for row in answer.json()["items"]] == ["high", "low"]


async def test_a_queue_is_found_by_key_and_by_id(as_nurse: Client, works: Works) -> None:
    await waiting(works)
    for name in ("nurses", str(NURSES)):
        answer = await as_nurse.get(f"{QUEUES}/{name}")
        assert len(answer.json()["items"]) == 1
    assert (await as_nurse.get(f"{QUEUES}/doctors")).status_code == 403
    for name in ("nobody", str(uuid4())):
        answer = await as_nurse.get(f"{QUEUES}/{name}")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("queue-not-found")


@pytest.mark.parametrize("path", ["handover", "leases"])
async def test_a_word_of_ours_is_no_queue(as_nurse: Client, path: str) -> None:
    answer = await as_nurse.get(f"{QUEUES}/{path}")
    assert answer.status_code == 405
    assert (await as_nurse.post(f"{QUEUES}/{path}/next")).status_code == 404


async def test_next_is_claimed_once_and_then_nothing_waits(as_nurse: Client, works: Works) -> None:
    item = await waiting(works)
    key = {"Idempotency-Key": "first"}
    answer = await as_nurse.post(f"{QUEUES}/nurses/next", headers=key)
    assert answer.status_code == 201
    assert answer.json()["id"] == str(item.id)
    assert answer.json()["holder_name"] == "Nora Lindqvist"
    again = await as_nurse.post(f"{QUEUES}/nurses/next", headers=key)
    assert again.json() == answer.json()
    empty = {"Idempotency-Key": "second"}
    for _ in range(2):
        answer = await as_nurse.post(f"{QUEUES}/nurses/next", headers=empty)
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await as_nurse.post(f"{QUEUES}/doctors/next")).status_code == 403


async def test_a_shift_is_handed_over_with_a_note(
    as_nurse: Client, works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    other = await a_user(works, Role.NURSE, username="nurse-two", full_name="Ida Holm")
    item = await waiting(works)
    await as_nurse.post(f"{QUEUES}/nurses/next")
    bad = {"note": "Good night.", "user_id": str(other.id), "pool_id": str(NURSES)}
    assert (await as_nurse.post(f"{QUEUES}/handover", json=bad)).status_code == 422
    body = {"user_id": str(other.id)}
    assert (await as_nurse.post(f"{QUEUES}/handover", json=body)).status_code == 422
    body["note"] = "Room 3 waits."
    answer = await as_nurse.post(f"{QUEUES}/handover", json=body)
    assert (answer.status_code, answer.json()) == (201, {"item_ids": [str(item.id)]})
    [row] = (await as_nurse.get(QUEUES)).json()["items"]
    assert (row["holder_id"], row["assignee_name"]) == (None, "Ida Holm")


async def test_whoever_is_still_there_keeps_what_they_hold(
    as_nurse: Client, works: Works, clock: FrozenClock
) -> None:
    await waiting(works)
    await as_nurse.post(f"{QUEUES}/nurses/next")
    clock.advance(minutes=5)
    answer = await as_nurse.post(f"{QUEUES}/leases")
    assert (answer.status_code, answer.json()) == (201, {"renewed": 1})


async def test_counts_are_told(as_nurse: Client, works: Works) -> None:
    await waiting(works)
    told = (await as_nurse.get(f"{QUEUES}/counts")).json()
    assert told["mine"]["held"] == 0
    assert told["pools"][0]["waiting"] == 1


async def test_a_view_is_kept_for_oneself_until_it_is_deleted(
    as_nurse: Client, client: Client, works: Works, admin: Actor
) -> None:
    views = f"{QUEUES}/views"
    body = {"name": "Before noon", "filter": {"due": "today", "pool": [str(NURSES)]}}
    saved = await as_nurse.post(views, json=body)
    assert saved.status_code == 201
    assert saved.json()["filter"]["due"] == "today"
    twice = await as_nurse.post(views, json=body)
    assert twice.status_code == 409
    assert twice.json()["view_id"] == saved.json()["id"]
    [seen] = (await as_nurse.get(views)).json()["items"]
    assert seen == saved.json()
    at = f"{views}/{seen['id']}"
    async with signed_in(client, "admin") as other:
        assert (await other.get(views)).json() == {"items": []}
        assert (await other.delete(at)).status_code == 404
    assert (await as_nurse.delete(at)).status_code == 204
    assert (await as_nurse.delete(at)).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status", "rule"),
    [
        ({"surprise": 1}, 422, "extra_forbidden"),
        ({"due": "never"}, 422, "enum"),
        ({"pool": [NOBODY]}, 422, "pool_known"),
        ({"pool": [str(DOCTORS)]}, 403, ""),
    ],
)
async def test_a_view_of_nonsense_is_refused(
    as_nurse: Client, wanted: dict[str, object], status: int, rule: str
) -> None:
    answer = await as_nurse.post(f"{QUEUES}/views", json={"name": "x", "filter": wanted})
    assert answer.status_code == status
    if rule:
        [fault] = answer.json()["errors"]
        assert fault["rule"] == rule
        assert fault["at"][:2] == ["body", "filter"]


async def test_there_is_an_end_to_views(as_nurse: Client) -> None:
    for number in range(31):
        body = {"name": f"view {number}", "filter": {}}
        answer = await as_nurse.post(f"{QUEUES}/views", json=body)
    assert answer.status_code == 409
    assert answer.json()["most"] == 30
