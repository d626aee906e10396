"""Rules of reporting: listed for everybody on the staff, added to by few, changed by nobody."""

from typing import Any

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.crisis_reports import a_suspicion
from tests.conftest import Client

NEW: dict[str, Any] = {
    "jurisdiction": "US-TX",
    "kinds": ["child-abuse"],
    "title": "Child abuse or neglect (Texas)",
    "recipients": ["Department of Family and Protective Services"],
    "recipient_choice": "one-of",
    "oral": {"unit": "hours", "amount": 12},
    "written": None,
    "form": None,
    "explanation": "Within 12 hours.",
    "source": "invented for this test",
    "doubt": None,
    "effective_from": "2026-03-01",
    "effective_to": None,
}
TEXAS = "/api/v1/report-rules/us-tx-child-abuse/versions"


async def test_every_rule_is_listed_with_what_nobody_has_checked(as_receptionist: Client) -> None:
    listed = (await as_receptionist.get("/api/v1/report-rules?jurisdiction=US-NY")).json()
    (rule,) = listed["items"]
    assert (rule["unverified"], rule["reviewed_by"]) == (True, None)
    assert rule["oral"] == {"unit": "at-once", "amount": None}
    assert rule["written"] == {"unit": "hours", "amount": 48}


async def test_a_new_version_holds_from_its_day_on_and_changes_nothing_before(
    as_admin: Client, as_doctor: Client, works: Works, doctor: Actor
) -> None:
    (before,) = await a_suspicion(works, doctor, jurisdiction="US-TX")
    added = await as_admin.post(TEXAS, json=NEW, headers={"If-Match": '"2"'})
    assert added.status_code == 201, added.text
    assert (added.json()["version"], added.headers["etag"]) == (3, '"3"')
    assert added.json()["reviewed_by"] is not None
    (after,) = await a_suspicion(works, doctor, jurisdiction="US-TX")
    hours = []
    for report_id in (before, after):
        report = (await as_doctor.get(f"/api/v1/mandatory-reports/{report_id}")).json()
        hours.append(report["rule"]["oral"]["amount"])
    assert hours == [24, 12]


async def test_who_has_not_seen_the_latest_version_adds_none(as_admin: Client) -> None:
    stale = await as_admin.post(TEXAS, json=NEW, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await as_admin.post(TEXAS, json=NEW)).status_code == 428
    new = await as_admin.post(
        "/api/v1/report-rules/us-or-child-abuse/versions", json=NEW, headers={"If-Match": '"0"'}
    )
    assert new.json()["version"] == 1


async def test_a_clinician_adds_no_rules(as_doctor: Client) -> None:
    refused = await as_doctor.post(TEXAS, json=NEW, headers={"If-Match": '"2"'})
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/may-not-keep-report-rules"


async def test_a_rule_without_sense_is_refused_with_its_fields(as_admin: Client) -> None:
    wrong = NEW | {
        "oral": {"unit": "at-once", "amount": 3},
        "written": {"unit": "hours", "amount": None},
        "effective_to": "2026-01-01",
    }
    answer = await as_admin.post(TEXAS, json=wrong, headers={"If-Match": '"2"'})
    assert answer.status_code == 422
    faults = [(each["at"][-1], each["rule"]) for each in answer.json()["errors"]]
    assert faults == [
        ("oral", "amount"),
        ("written", "amount"),
        ("effective_to", "effective_order"),
    ]
    nothing = NEW | {"oral": None}
    answer = await as_admin.post(TEXAS, json=nothing, headers={"If-Match": '"2"'})
    assert answer.json()["errors"][0]["rule"] == "legs"


async def test_what_would_be_due_is_told_before_anything_is_written(as_doctor: Client) -> None:
    asked = {"kind": "threat-to-victim", "formed_at": "2026-03-02T08:00:00Z"}
    found = (await as_doctor.get("/api/v1/mandatory-reports/proposals", params=asked)).json()
    due = {
        each["rule"]["key"]: (each["oral_due_at"], each["written_due_at"])
        for each in found["items"]
    }
    assert due == {
        "us-ca-firearm-prohibition": (None, "2026-03-03T08:00:00Z"),
        "us-ca-threat-police": ("2026-03-02T08:00:00Z", None),
        "us-ca-threat-victims": ("2026-03-02T08:00:00Z", None),
    }
    later = asked | {"formed_at": "2026-03-02T10:00:00Z"}
    refused = await as_doctor.get("/api/v1/mandatory-reports/proposals", params=later)
    assert refused.status_code == 422
