"""Who sees a report: every kind of person against every address, over HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.crisis import reports
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.access import restricted
from tests.builders.crisis_reports import a_call, a_filing, a_suspicion, of_compliance
from tests.builders.encounters import an_encounter
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock, signed_in
from tests.web.conftest import browsing

SEEING = ("doctor", "compliance", "reader")
OTHERS = ("doctor-two", "nurse", "receptionist", "admin", "supervisor", "patient")
CALL = {"recipient": "County", "called_at": "2026-03-02T09:00:00Z"}
LETTER = {
    "recipients": ["County"],
    "channel": "fax",
    "sent_at": "2026-03-02T09:00:00Z",
    "text_version": 0,
}
NAMED = {"user_id": str(UUID(int=1)), "reason": "curious"}
PATHS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "", {}),
    ("GET", "/draft", {}),
    ("PUT", "/draft", {"json": {"text": "x"}, "headers": {"If-Match": '"0"'}}),
    ("POST", "/oral-report", {"json": CALL}),
    ("POST", "/written-report", {"json": LETTER}),
    ("POST", "/refusal", {"json": {"reason": "x"}}),
    ("POST", "/readers", {"json": NAMED}),
]
PAGES = ["", "/print"]


class Scene:
    """A report, and everybody who might want to see it."""

    def __init__(self, report_id: UUID, patient_id: UUID, people: dict[str, Client]) -> None:
        self.report_id, self.patient_id, self.people = report_id, patient_id, people

    async def ask(self, who: str, verb: str, below: str, **more: Any) -> Any:
        path = f"/api/v1/mandatory-reports/{self.report_id}{below}"
        return await self.people[who].request(verb, path, **more)


@pytest.fixture
async def scene(
    works: Works, client: Client, clock: FrozenClock, doctor: Actor, admin: Actor
) -> AsyncIterator[Scene]:
    patient = await a_patient(works, doctor)
    (report_id,) = await a_suspicion(works, doctor, patient_id=patient.id)
    async with works.begin(doctor) as uow:
        await reports.log_oral_report(uow, report_id, a_call(clock.at))
    for role in (Role.NURSE, Role.RECEPTIONIST, Role.PATIENT):
        await a_user(works, role)
    for name in ("doctor-two", "compliance", "reader", "supervisor"):
        role = Role.DOCTOR if name == "doctor-two" else Role.NURSE
        person = await a_user(works, role, username=name, full_name=f"Somebody {name}")
        if name == "compliance":
            await of_compliance(works, admin, person)
        if name == "supervisor":
            async with works.begin(admin) as uow:
                supervisors = text(
                    "insert into pool_members (pool_id, user_id, added_by, added_at) values"
                    " ('00000000-0000-4000-8000-0000000000a4', :id, :id, now())"
                )
                await uow.db.execute(supervisors, {"id": person.id})
        if name == "reader":
            async with works.begin(doctor) as uow:
                new = reports.NewReader(user_id=person.id, reason="helps with the form")
                await reports.name_reader(uow, report_id, new)
    async with AsyncExitStack() as stack:
        people = {
            name: await stack.enter_async_context(signed_in(client, name))
            for name in (*SEEING, *OTHERS)
        }
        yield Scene(report_id, patient.id, people | {"stranger": client})


@pytest.mark.parametrize("who", OTHERS)
async def test_for_everybody_else_there_is_no_such_report(scene: Scene, who: str) -> None:
    for verb, below, more in PATHS:
        answer = await scene.ask(who, verb, below, **more)
        assert answer.status_code == 404, (verb, below, answer.text)
        assert answer.json()["type"] == "/problems/report-not-found"
    none = await scene.people[who].get(f"/api/v1/mandatory-reports/{uuid4()}")
    there = await scene.ask(who, "GET", "")
    assert {**none.json(), "report_id": ""} == {**there.json(), "report_id": ""}
    for state in ("open", "closed"):
        listed = await scene.people[who].get(f"/api/v1/mandatory-reports?state={state}")
        assert listed.json() == {"items": [], "next_cursor": None}
    told = await scene.people[who].get(f"/api/v1/patients/{scene.patient_id}/disclosures")
    assert told.status_code == (403 if who == "patient" else 200)
    assert told.json().get("items", []) == []


@pytest.mark.parametrize("who", [*SEEING, *OTHERS])
async def test_the_pages_keep_the_same_compartment(scene: Scene, client: Client, who: str) -> None:
    async with browsing(client, who) as browser:
        for below in PAGES:
            answer = await browser.get(f"/reports/{scene.report_id}{below}")
            assert answer.status_code == (200 if who in SEEING else 404), below
            assert ("Okafor-Lind" in answer.text) == (who in SEEING)
        listed = await browser.get("/reports")
        assert listed.status_code == (403 if who == "patient" else 200)
        assert ("Okafor-Lind" in listed.text) == (who in SEEING)
        assert ("Dr. Ada Winter" in listed.text) == (who in {"doctor", "compliance"})


async def test_strangers_are_told_to_sign_in(scene: Scene) -> None:
    for verb, below, more in PATHS:
        assert (await scene.ask("stranger", verb, below, **more)).status_code == 401


@pytest.mark.parametrize("who", SEEING)
async def test_reporter_compliance_and_readers_see_it(scene: Scene, who: str) -> None:
    assert (await scene.ask(who, "GET", "")).status_code == 200
    assert (await scene.ask(who, "GET", "/draft")).status_code == 200
    listed = (await scene.people[who].get("/api/v1/mandatory-reports")).json()
    assert [each["id"] for each in listed["items"]] == [str(scene.report_id)]
    told = await scene.people[who].get(f"/api/v1/patients/{scene.patient_id}/disclosures")
    assert len(told.json()["items"]) == 1


@pytest.mark.parametrize("who", ["compliance", "reader"])
async def test_nobody_but_the_reporter_reports_or_declines(scene: Scene, who: str) -> None:
    for verb, below, more in PATHS[2:6]:
        answer = await scene.ask(who, verb, below, **more)
        assert answer.status_code == 403, (verb, below)
        assert answer.json()["type"] == "/problems/not-your-report"


async def test_the_reporter_and_compliance_name_readers_and_readers_do_not(
    scene: Scene, works: Works
) -> None:
    async with works.sessions() as db:
        found = await db.execute(text("select username, id from users"))
        ids = {row.username: str(row.id) for row in found}
    reason = "stands in at the hearing"
    new = {"user_id": ids["nurse"], "reason": reason}
    assert (await scene.ask("reader", "POST", "/readers", json=new)).status_code == 403
    assert (await scene.ask("compliance", "POST", "/readers", json=new)).status_code == 201
    assert (await scene.ask("nurse", "GET", "")).status_code == 200
    assert (await scene.ask("doctor", "POST", "/readers", json=new)).status_code == 409
    unknown = new | {"user_id": str(uuid4())}
    assert (await scene.ask("doctor", "POST", "/readers", json=unknown)).status_code == 422


async def test_looks_and_refused_looks_leave_a_trace(scene: Scene, works: Works) -> None:
    for who in ("compliance", "nurse"):
        await scene.ask(who, "GET", "")
    statement = text(
        "select actor_role, action, outcome from audit_events"
        " where subject_id = :id and occurred_at is not null order by seq desc limit 2"
    )
    async with works.sessions() as db:
        rows = await db.execute(statement, {"id": scene.report_id})
        assert [tuple(row) for row in rows] == [
            ("nurse", "access.refuse", "refused"),
            ("nurse", "report.read", "success"),
        ]


async def test_only_clinicians_say_what_they_suspect(scene: Scene) -> None:
    new = {
        "patient_id": str(scene.patient_id),
        "kind": "child-abuse",
        "formed_at": "2026-03-02T08:00:00Z",
        "reasons": "x",
    }
    outcomes = {
        who: (await scene.people[who].post("/api/v1/mandatory-reports", json=new)).status_code
        for who in ("doctor", "nurse", "receptionist", "admin", "patient", "stranger")
    }
    assert outcomes == {
        "doctor": 201, "nurse": 201, "receptionist": 403, "admin": 403, "patient": 403,
        "stranger": 401,
    }  # fmt: skip


async def test_a_restriction_since_does_not_keep_a_report_from_being_made(
    works: Works, doctor: Actor, admin: Actor, clock: FrozenClock
) -> None:
    visit = await an_encounter(works, doctor)
    [report_id, *_] = await a_suspicion(
        works, doctor, patient_id=visit.patient_id, encounter_id=visit.id
    )
    await restricted(works, admin, visit.patient_id)
    clock.advance(hours=1)
    async with works.begin(doctor) as uow:
        assert "At a visit" not in (await reports.read_draft(uow, report_id)).text
    async with works.begin(doctor) as uow:
        await reports.file_written_report(uow, report_id, a_filing(clock.at))
