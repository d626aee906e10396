"""Tasks over HTTP: whole answers, refusals that name the field, one trace for each request."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues import items
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.builders.work_queues_items import as_supervisor, claim, done, nurses_named
from tests.builders.work_queues_queues import DOCTORS, NURSES
from tests.builders.work_queues_tasks import a_task, a_template
from tests.conftest import Client, signed_in

NOBODY = "0198b1c6-0000-7000-8000-00000000dead"
TASKS = "/api/v1/tasks"
TEMPLATES = "/api/v1/task-templates"
SECRETS = ("dressing", "heel", "mara", "okafor", "wiki.example", "soon")


async def traced(works: Works, answer: Any) -> list[str]:
    """What a request left in the trail, which says nothing that anybody typed."""
    async with works.sessions() as db:
        rows = select(audit.AuditEvent).where(
            audit.AuditEvent.request_id == UUID(answer.headers["x-request-id"])
        )
        found = list(await db.scalars(rows))
    assert not [each for each in SECRETS if each in str([row.detail for row in found]).lower()]
    return [row.action for row in found]


class Walk:
    """Calls the API about one task; each call leaves exactly one trace, of this name."""

    def __init__(self, client: Client, works: Works, at: str) -> None:
        self._client, self._works, self._at = client, works, at

    async def __call__(self, verb: str, noun: str, action: str, **sent: Any) -> Any:
        answer = await self._client.request(verb, f"{self._at}{noun}", **sent)
        assert answer.status_code == (201 if verb == "POST" else 200), answer.text
        assert await traced(self._works, answer) == [action]
        if noun != "/history":
            assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
        return answer.json()


async def test_from_added_to_completed(
    as_nurse: Client, works: Works, nurse: Actor, receptionist: Actor
) -> None:
    patient = await a_patient(works, receptionist)
    first = await a_task(works, title="Take blood")
    new = {
        "title": "Change the dressing",
        "body": "Left heel.",
        "patient_id": str(patient.id),
        "due": {"amount": 3, "unit": "working-minutes"},
        "checklist": ["Hands", "Dressing"],
        "links": [{"url": "https://wiki.example/dressing", "label": "How to"}],
        "depends_on": [str(first.id)],
    }
    made = await as_nurse.post(TASKS, json=new)
    assert made.status_code == 201, made.text
    assert await traced(works, made) == ["task.add"]
    task = made.json()
    at = f"{TASKS}/{task['id']}"
    assert (made.headers["Location"], made.headers["ETag"]) == (at, '"1"')
    me = {"id": str(nurse.id), "name": "Nora Lindqvist"}
    assert (task["status"], task["due_at"]) == ("on-hold", "2026-03-02T09:03:00Z")
    assert task["patient"]["mrn"] == patient.mrn
    assert task["depends_on"] == [{"id": str(first.id), "title": "Take blood", "status": "ready"}]
    assert task["links"][0]["added_by"] == me
    assert [each["due_at"] for each in task["escalations"]] == [
        "2026-03-02T09:03:00Z",
        "2026-03-02T13:03:00Z",
    ]
    walk = Walk(as_nurse, works, at)
    early = await as_nurse.post(f"{at}/completion", json={"reason": ""})
    assert early.status_code == 422
    await Walk(as_nurse, works, f"{TASKS}/{first.id}")("POST", "/completion", "task.complete")
    read = await walk("GET", "", "task.read")
    assert read["depends_on"][0]["status"] == "completed"
    assert set(read["moves"]) == {
        "comments", "links", "escalation", "handover", "claim", "snooze", "edit", "checklist",
        "completion", "cancellation",
    }  # fmt: skip
    await walk("POST", "/comments", "task.comment", json={"text": "Soon."})
    await walk(
        "POST", "/links", "task.add-link", json={"url": "https://wiki.example/2", "label": "2"}
    )
    assert (await walk("POST", "/claim", "task.claim"))["holder"] == me
    open_steps = await as_nurse.post(f"{at}/completion")
    assert (open_steps.status_code, open_steps.json()["type"]) == (409, "/problems/checklist-open")
    assert open_steps.json()["positions"] == [1, 2]
    for position in (1, 2):
        ticked = await walk("PUT", f"/checklist/{position}", "task.tick", json={"done": True})
    assert ticked["checklist"][1] == {
        "position": 2,
        "label": "Dressing",
        "done": True,
        "done_by": me,
        "done_at": "2026-03-02T09:00:00Z",
    }
    await walk("POST", "/escalation", "task.escalate")
    await walk("POST", "/release", "task.release", json={"reason": "Lunch."})
    off = {"until": "2026-03-02T09:02:00Z"}
    assert (await walk("POST", "/snooze", "task.snooze", json=off))["status"] == "on-hold"
    assert (await walk("DELETE", "/snooze", "task.wake"))["status"] == "ready"
    given = await walk("POST", "/handover", "task.hand-over", json={"user_id": me["id"]})
    assert given["assignee"] == me
    ended = await walk("POST", "/completion", "task.complete")
    assert (ended["status"], ended["moves"]) == ("completed", ["comments", "links"])
    assert (ended["closed_at"], ended["escalations"]) == ("2026-03-02T09:00:00Z", [])
    history = await walk("GET", "/history", "task.read-history")
    assert [each["change"] for each in history["items"]] == [
        "opened", "woken", "commented", "edited", "claimed", "edited", "edited", "escalated",
        "released", "snoozed", "woken", "handed-over", "completed",
    ]  # fmt: skip
    assert history["items"][8]["reason"] == "Lunch."
    assert history["items"][11]["passed_to"] == "Nora Lindqvist"
    assert history["items"][4]["to_holder"] == me
    assert (await as_nurse.post(f"{at}/completion")).status_code == 409


async def test_a_change_says_which_version_it_is_of(
    as_nurse: Client, works: Works, nurse: Actor
) -> None:
    at = f"{TASKS}/{(await a_task(works)).id}"
    change = {"title": "Left heel", "severity": "high", "due_at": "2026-03-05T10:00:00+01:00"}
    blind = await as_nurse.patch(at, json=change)
    assert (blind.status_code, blind.json()["type"]) == (428, "/problems/precondition-missing")
    changed = await as_nurse.patch(at, json=change, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert await traced(works, changed) == ["task.edit"]
    told = changed.json()
    assert (told["title"], told["severity"], told["due_at"]) == (
        "Left heel",
        "high",
        "2026-03-05T09:00:00Z",
    )
    assert told["escalations"][0]["due_at"] == "2026-03-05T09:00:00Z"
    stale = await as_nurse.patch(at, json=change, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/item-changed")
    assert (stale.json()["expected_version"], stale.json()["current_version"]) == (1, 2)
    for field, value in (
        ("title", None),
        ("severity", None),
        ("pool_id", str(DOCTORS)),
        ("status", "completed"),
        ("due_at", "2026-03-02T08:00:00Z"),
        ("due_at", "2026-03-05T10:00:00"),
        ("assignee_id", NOBODY),
        ("depends_on", [NOBODY]),
    ):
        refused = await as_nurse.patch(at, json={field: value}, headers={"If-Match": '"2"'})
        assert refused.status_code == 422, (field, value)
        fault = refused.json()["errors"][0]
        assert fault["at"][1:2] == [field] or fault["rule"] == "extra_forbidden"


async def test_a_circle_is_told_by_its_ids(as_nurse: Client, works: Works) -> None:
    first = await a_task(works)
    second = await a_task(works, depends_on=(first.id,))
    answer = await as_nurse.patch(
        f"{TASKS}/{first.id}", json={"depends_on": [str(second.id)]}, headers={"If-Match": '"1"'}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/dependency-cycle")
    assert answer.json()["depends_on"] == [str(second.id)]


async def test_people_of_other_queues_find_nothing_and_patients_are_not_let_in(
    as_nurse: Client, as_receptionist: Client, works: Works, client: Client, doctor: Actor
) -> None:
    at = f"{TASKS}/{(await a_task(works)).id}"
    for verb, noun, said in (
        ("GET", "", None),
        ("GET", "/history", None),
        ("POST", "/claim", None),
        ("POST", "/comments", {"text": "Hm."}),
        ("POST", "/handover", {"pool_id": str(DOCTORS)}),
        ("PUT", "/checklist/1", {"done": True}),
    ):
        answer = await as_receptionist.request(verb, f"{at}{noun}", json=said)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/item-not-found")
    mine = await as_receptionist.post(TASKS, json={"title": "Call back", "pool_id": str(NURSES)})
    assert mine.status_code == 201
    assert mine.json()["moves"] == ["comments", "links", "escalation", "edit"]
    for noun in ("claim", "completion", "cancellation"):
        refused = await as_receptionist.post(f"{TASKS}/{mine.json()['id']}/{noun}")
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-in-this-pool")
    await a_user(works, Role.PATIENT)
    async with signed_in(client, "patient") as as_patient:
        for verb, path in (("GET", at), ("POST", TASKS), ("GET", TEMPLATES), ("PATCH", at)):
            assert (await as_patient.request(verb, path, json={})).status_code == 403


async def test_who_holds_it_since_when_is_told(
    as_nurse: Client, works: Works, nurse: Actor
) -> None:
    [anna] = await nurses_named(works, "anna")
    task = await a_task(works)
    await done(works, anna, claim(task))
    for noun in ("claim", "completion"):
        refused = await as_nurse.post(f"{TASKS}/{task.id}/{noun}")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/item-held")
        assert refused.json()["holder_id"] == str(anna.id)
        assert refused.json()["held_since"] == "2026-03-02T09:00:00Z"


async def test_a_request_sent_twice_with_one_key_adds_one_task(
    as_nurse: Client, works: Works
) -> None:
    new = {"title": "Weigh", "due_at": "2026-03-02T10:00:00Z", "rrule": "FREQ=DAILY"}
    key = {"Idempotency-Key": "add-once"}
    answers = [await as_nurse.post(TASKS, json=new, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["rrule"] == "FREQ=DAILY"
    at = f"{TASKS}/{answers[0].json()['id']}/completion"
    key = {"Idempotency-Key": "complete-once"}
    ended = [await as_nurse.post(at, json={}, headers=key) for _ in range(2)]
    assert [each.status_code for each in ended] == [201, 201]
    async with works.sessions() as db:
        rows = list(await db.scalars(select(items.WorkItem.status)))
    assert sorted(rows) == ["completed", "ready"]


NONSENSE: list[tuple[str, Any]] = [
    ("title", ""),
    ("title", "x" * 201),
    ("title", "two\nlines"),
    ("title", None),
    ("body", "\x07"),
    ("severity", "dire"),
    ("type", "alert"),
    ("pool_id", NOBODY),
    ("assignee_id", NOBODY),
    ("due_at", "2026-03-02T08:59:00Z"),
    ("due_at", "9999-12-31T23:59:59Z"),
    ("due", {"amount": 0, "unit": "days"}),
    ("due", {"amount": 1, "unit": "fortnights"}),
    ("due", 3),
    ("checklist", ["x"] * 51),
    ("checklist", [""]),
    ("links", [{"url": "javascript:alert(1)", "label": "x"}]),
    ("depends_on", [NOBODY]),
    ("rrule", "FREQ=SECONDLY"),
    ("rrule", "FREQ=WEEKLY;BYDAY=SU"),
    ("waits_for", "order.result:1"),
    ("cause_key", "mine"),
]


@pytest.mark.parametrize(("field", "value"), NONSENSE)
async def test_nonsense_is_refused_and_its_field_named(
    as_nurse: Client, field: str, value: Any
) -> None:
    answer = await as_nurse.post(TASKS, json={"title": "Weigh", field: value})
    assert answer.status_code == 422, answer.text
    fault = answer.json()["errors"][0]
    assert fault["at"][1:2] == [field] or fault["rule"] == "extra_forbidden", fault


async def test_what_is_not_there_is_not_found(as_nurse: Client, works: Works) -> None:
    at = f"{TASKS}/{(await a_task(works, checklist=('Hands',))).id}"
    step = await as_nurse.put(f"{at}/checklist/2", json={"done": True})
    assert (step.status_code, step.json()["type"]) == (404, "/problems/checklist-item-not-found")
    assert (await as_nurse.put(f"{at}/checklist/0", json={"done": True})).status_code == 422
    assert (await as_nurse.put(f"{at}/checklist/1", json={"done": "yes"})).status_code == 422
    assert (await as_nurse.get(f"{TASKS}/{uuid4()}")).status_code == 404
    assert (await as_nurse.get(f"{TASKS}/anything")).status_code == 404
    gone = await as_nurse.post(TASKS, json={"template_id": str(uuid4())})
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/task-template-not-found")


async def test_templates_are_kept_by_administrators_and_supervisors(
    as_admin: Client, as_nurse: Client, works: Works, admin: Actor, nurse: Actor
) -> None:
    new = {
        "name": "Heel",
        "title": "Change the dressing",
        "pool_id": str(NURSES),
        "due": {"amount": 2, "unit": "working-days"},
        "checklist": ["Hands", "Dressing"],
    }
    refused = await as_nurse.post(TEMPLATES, json=new)
    assert (refused.status_code, refused.json()["type"]) == (
        403,
        "/problems/may-not-keep-templates",
    )
    made = await as_admin.post(TEMPLATES, json=new)
    assert made.status_code == 201, made.text
    assert await traced(works, made) == ["task_template.add"]
    at = made.headers["Location"]
    expected = new | {"body": None, "severity": "medium", "status": "active", "version": 1}
    assert expected.items() <= made.json().items()
    assert (await as_nurse.get(at)).json() == made.json()
    taken = await as_admin.post(TEMPLATES, json=new)
    assert (taken.status_code, taken.json()["type"]) == (
        409,
        "/problems/task-template-name-taken",
    )
    await as_supervisor(works, admin, nurse)
    change = {"due": None, "severity": "high"}
    assert (await as_nurse.patch(at, json=change)).status_code == 428
    changed = await as_nurse.patch(at, json=change, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["due"]) == (200, None)
    stale = await as_nurse.patch(at, json=change, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
    nowhere = await as_nurse.patch(at, json={"pool_id": str(uuid4())}, headers={"If-Match": '"2"'})
    assert nowhere.json()["errors"][0]["at"] == ["body", "pool_id"]
    retired = await as_admin.post(f"{at}/retirement")
    assert (retired.status_code, retired.json()["status"]) == (201, "retired")
    assert (await as_admin.post(f"{at}/retirement")).status_code == 409
    gone = await as_nurse.post(TASKS, json={"template_id": made.json()["id"]})
    assert gone.json()["errors"][0]["rule"] == "template_in_use"


async def test_templates_come_in_pages(as_nurse: Client, works: Works, admin: Actor) -> None:
    made = [await a_template(works, admin, name=f"Template {number}") for number in range(3)]
    first = (await as_nurse.get(TEMPLATES, params={"limit": 2})).json()
    after = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await as_nurse.get(TEMPLATES, params=after)).json()
    found = [each["id"] for each in first["items"] + second["items"]]
    assert sorted(found) == sorted(str(each.id) for each in made)
    assert second["next_cursor"] is None
    none = (await as_nurse.get(TEMPLATES, params={"status": "retired"})).json()
    assert none == {"items": [], "next_cursor": None}
    task = await as_nurse.post(TASKS, json={"template_id": str(made[0].id)})
    assert (task.json()["title"], len(task.json()["checklist"])) == ("Change the dressing", 2)
