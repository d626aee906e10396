"""Pools, rosters and absences over HTTP."""

from typing import Any

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.work_queues_rosters import NURSES
from tests.conftest import Client

API = "/api/v1"


def shift_of(person: Actor, begins: str = "07:00", ends: str = "15:00") -> dict[str, Any]:
    return {
        "pool_id": str(NURSES),
        "user_id": str(person.id),
        "starts_at": f"2026-03-03T{begins}:00Z",
        "ends_at": f"2026-03-03T{ends}:00Z",
    }


async def test_a_roster_says_who_is_there_and_for_whom(
    as_admin: Client, as_nurse: Client, nurse: Actor, other_nurse: Actor
) -> None:
    planned = await as_admin.post(f"{API}/rosters/shifts", json=shift_of(nurse))
    assert planned.status_code == 201, planned.text
    away = {
        "substitute_id": str(other_nurse.id),
        "starts_at": "2026-03-03T12:00:00Z",
        "ends_at": "2026-03-04T00:00:00Z",
    }
    noted = await as_nurse.post(f"{API}/absences", json=away)
    assert noted.status_code == 201, noted.text
    assert noted.json()["substitute_name"] == "Olaf Brandt"
    days = {"from": "2026-03-03", "to": "2026-03-04", "pool": str(NURSES)}
    roster = (await as_nurse.get(f"{API}/rosters", params=days)).json()
    (shift,) = roster["items"]
    assert [(each["full_name"], each["in_place_of"]) for each in shift["there"]] == [
        ("Nora Lindqvist", None),
        ("Olaf Brandt", str(nurse.id)),
    ]
    again = await as_nurse.post(f"{API}/absences", json=away)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/absences-overlap")
    listed = (await as_admin.get(f"{API}/absences", params={"user_id": str(nurse.id)})).json()
    assert [each["id"] for each in listed["items"]] == [noted.json()["id"]]
    back = await as_nurse.post(f"{API}/absences/{noted.json()['id']}/cancellation")
    assert back.status_code == 201
    roster = (await as_nurse.get(f"{API}/rosters", params=days)).json()
    assert [each["full_name"] for each in roster["items"][0]["there"]] == ["Nora Lindqvist"]


async def test_who_is_there_now_is_told_for_each_pool(
    as_admin: Client, as_nurse: Client, nurse: Actor, other_nurse: Actor
) -> None:
    shift = shift_of(nurse) | {
        "starts_at": "2026-03-02T08:00:00Z",
        "ends_at": "2026-03-02T16:00:00Z",
    }
    planned = (await as_admin.post(f"{API}/rosters/shifts", json=shift)).json()
    now = (await as_nurse.get(f"{API}/rosters/now")).json()
    told = {each["pool"]["key"]: each for each in now["items"]}
    assert [each["full_name"] for each in told["nurses"]["people"]] == ["Nora Lindqvist"]
    assert told["nurses"]["planned"] is True
    assert [each["full_name"] for each in told["supervisors"]["people"]] == ["Anton Berg"]
    assert told["doctors"]["people"] == []
    gone = await as_admin.post(f"{API}/rosters/shifts/{planned['id']}/cancellation")
    assert gone.status_code == 201
    twice = await as_admin.post(f"{API}/rosters/shifts/{planned['id']}/cancellation")
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/shift-cancelled")
    now = (await as_nurse.get(f"{API}/rosters/now")).json()
    told = {each["pool"]["key"]: each for each in now["items"]}
    assert len(told["nurses"]["people"]) == 2


async def test_a_week_is_repeated(as_admin: Client, nurse: Actor) -> None:
    await as_admin.post(f"{API}/rosters/shifts", json=shift_of(nurse))
    wish = {"pool_id": str(NURSES), "first_day": "2026-03-02", "weeks": 2}
    answer = await as_admin.post(f"{API}/rosters/repetitions", json=wish)
    assert answer.status_code == 201, answer.text
    assert [each["starts_at"] for each in answer.json()["items"]] == [
        "2026-03-10T07:00:00Z",
        "2026-03-17T07:00:00Z",
    ]
    again = await as_admin.post(f"{API}/rosters/repetitions", json=wish)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/shifts-overlap")


async def test_pools_are_kept_by_supervisors(
    as_admin: Client, as_nurse: Client, nurse: Actor, doctor: Actor, works: Works
) -> None:
    new = {"key": "triage", "name": "Triage"}
    refused = await as_nurse.post(f"{API}/pools", json=new)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/may-not-plan-rosters")
    made = await as_admin.post(f"{API}/pools", json=new)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    pool = f"{API}/pools/{made.json()['id']}"
    renamed = await as_admin.patch(pool, json={"name": "Desk"}, headers={"If-Match": '"1"'})
    assert (renamed.status_code, renamed.headers["etag"]) == (200, '"2"')
    stale = await as_admin.patch(pool, json={"name": "Desk"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await as_admin.put(f"{pool}/members/{doctor.id}")).status_code == 204
    members = (await as_nurse.get(f"{pool}/members")).json()["items"]
    assert [(each["full_name"], each["by_name"]) for each in members] == [("Dr. Ada Winter", True)]
    assert (await as_admin.delete(f"{pool}/members/{doctor.id}")).status_code == 204
    assert (await as_admin.delete(f"{pool}/members/{doctor.id}")).status_code == 404
    unknown = await as_admin.put(f"{pool}/members/{NURSES}")
    assert (unknown.status_code, unknown.json()["errors"][0]["rule"]) == (422, "person_known")
    assert (await as_admin.post(f"{pool}/retirement")).json()["status"] == "retired"
    keys = [each["key"] for each in (await as_nurse.get(f"{API}/pools")).json()["items"]]
    assert keys == ["compliance", "doctors", "nurses", "privacy", "reception", "supervisors"]
    assert (await as_nurse.get(pool)).json()["name"] == "Desk"
    assert (await as_admin.post(f"{pool}/retirement")).status_code == 409
    assert (await as_admin.post(f"{pool}/reinstatement")).json()["status"] == "active"


async def test_bad_input_names_the_field_and_the_rule(as_admin: Client, nurse: Actor) -> None:
    backwards = await as_admin.post(
        f"{API}/rosters/shifts", json=shift_of(nurse, begins="15:00", ends="07:00")
    )
    assert backwards.status_code == 422
    assert backwards.json()["errors"] == [
        {
            "at": ["body", "ends_at"],
            "why": "It ends before it begins.",
            "rule": "moments_in_order",
        }
    ]
    for days in ({"from": "2026-03-03", "to": "2026-03-03"}, {"from": "2026-03-03", "to": "1"}):
        assert (await as_admin.get(f"{API}/rosters", params=days)).status_code == 422
    extra = await as_admin.post(f"{API}/absences", json={"because": "ill"})
    assert extra.status_code == 422
