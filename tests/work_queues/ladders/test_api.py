"""Ladders and kinds of work over HTTP."""

from typing import Any

import pytest

from tests.builders.work_queues_ladders import DOCTORS
from tests.conftest import Client

LADDERS, TYPES = "/api/v1/ladders", "/api/v1/work-types"
ALWAYS = "00000000-0000-4000-8000-00000000ca01"
HOLDER: dict[str, Any] = {
    "after_minutes": 0,
    "target": "holder",
    "user_id": None,
    "pool_id": None,
    "channel": "page",
}
ON_DUTY = HOLDER | {"after_minutes": 15, "target": "on-duty", "pool_id": str(DOCTORS)}
NEW = {"If-Match": '"0"'}


def ladder(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "Quick", "calendar_id": ALWAYS, "steps": list(steps), **more}


async def test_a_ladder_is_made_and_read(as_admin: Client) -> None:
    made = await as_admin.put(f"{LADDERS}/quick", json=ladder(HOLDER, ON_DUTY), headers=NEW)
    assert made.status_code == 200, made.text
    assert made.headers["ETag"] == '"1"'
    assert made.json()["steps"] == [HOLDER, ON_DUTY]
    assert (await as_admin.get(f"{LADDERS}/quick")).json() == made.json()
    listed = (await as_admin.get(LADDERS)).json()["items"]
    assert {"urgent", "standard", "quick"} <= {each["key"] for each in listed}
    stale = await as_admin.put(f"{LADDERS}/quick", json=ladder(HOLDER), headers=NEW)
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/ladder-changed")


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (ladder(), ["body", "steps"]),
        (ladder(ON_DUTY, HOLDER), ["body"]),
        (ladder(HOLDER | {"pool_id": str(DOCTORS)}), ["body", "steps", 0]),
        (ladder(HOLDER | {"target": "person"}), ["body", "steps", 0]),
        (ladder(HOLDER | {"target": "nobody"}), ["body", "steps", 0, "target"]),
        (ladder(HOLDER | {"after_minutes": -1}), ["body", "steps", 0, "after_minutes"]),
        (ladder(ON_DUTY | {"pool_id": ALWAYS}), ["body", "steps", 0, "pool_id"]),
        (ladder(HOLDER, calendar_id=str(DOCTORS)), ["body", "calendar_id"]),
    ],
)
async def test_a_ladder_nobody_can_climb_is_refused_by_field(
    as_admin: Client, body: dict[str, Any], at: list[str | int]
) -> None:
    answer = await as_admin.put(f"{LADDERS}/quick", json=body, headers=NEW)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["at"] == at


async def test_staff_read_ladders_and_do_not_change_them(as_nurse: Client) -> None:
    assert (await as_nurse.get(f"{LADDERS}/urgent")).status_code == 200
    for refused in (
        await as_nurse.put(f"{LADDERS}/quick", json=ladder(HOLDER), headers=NEW),
        await as_nurse.patch(f"{TYPES}/alert", json={}, headers={"If-Match": '"1"'}),
    ):
        assert refused.status_code == 403
        assert refused.json()["type"] == "/problems/may-not-keep-ladders"


async def test_a_kind_of_work_is_read_and_changed(as_admin: Client) -> None:
    read = await as_admin.get(f"{TYPES}/note.unsigned")
    assert read.json()["due"] == {"amount": 240, "unit": "working-minutes"}
    change = {"due": {"amount": 1, "unit": "days"}, "acknowledged_minutes": 60}
    changed = await as_admin.patch(
        f"{TYPES}/note.unsigned", json=change, headers={"If-Match": read.headers["ETag"]}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json() == read.json() | change | {"version": 2}
    assert changed.json() in (await as_admin.get(TYPES)).json()["items"]
    stale = await as_admin.patch(f"{TYPES}/note.unsigned", json=change, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/work-type-changed")
    unknown = await as_admin.get(f"{TYPES}/nothing")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/work-type-unknown")


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"severity": "huge"}, ["body", "severity"]),
        ({"severity": None}, ["body", "severity"]),
        ({"due": {"amount": 0, "unit": "days"}}, ["body", "due", "amount"]),
        ({"due": {"amount": 1001, "unit": "days"}}, ["body", "due"]),
        ({"acknowledged_minutes": None}, ["body", "acknowledged_minutes"]),
        ({"ladder_id": ALWAYS}, ["body", "ladder_id"]),
    ],
)
async def test_what_a_kind_of_work_cannot_be_is_refused_by_field(
    as_admin: Client, body: dict[str, Any], at: list[str | int]
) -> None:
    answer = await as_admin.patch(f"{TYPES}/alert", json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["at"] == at
