"""Whoever is refused leaves a trace that says what they tried, about whom, and why not."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from tests.conftest import Client

ABSENT = "00000000-0000-4000-8000-000000000001"


async def refusals(works: Works) -> list[audit.AuditEvent]:
    event = audit.AuditEvent
    async with works.sessions() as db:
        wanted = select(event).where(event.outcome == audit.Outcome.REFUSED).order_by(event.seq)
        return list(await db.scalars(wanted))


def told(row: audit.AuditEvent) -> tuple[str, Any, Any]:
    return row.detail["error"], row.detail["route"], row.subject_type


async def test_a_role_that_may_not_is_told_with_what_it_tried(
    as_receptionist: Client, works: Works
) -> None:
    answer = await as_receptionist.get(f"/api/v1/recordings/{ABSENT}/audio")
    assert answer.status_code == 403

    [row] = await refusals(works)
    assert told(row) == (
        "role-not-allowed",
        "GET /api/v1/recordings/{recording_id}/audio",
        "recording",
    )
    assert (row.actor_role, row.subject_id) == ("receptionist", UUID(ABSENT))


async def test_the_patient_in_the_address_is_the_patient_of_the_trace(
    as_doctor: Client, works: Works
) -> None:
    for verb in ("GET", "PATCH"):
        answer = await as_doctor.request(
            verb, f"/api/v1/patients/{ABSENT}", json={}, headers={"If-Match": '"1"'}
        )
        assert answer.status_code == 404

    read, change = await refusals(works)
    assert told(read) == ("patient-not-found", "GET /api/v1/patients/{patient_id}", "patient")
    assert told(change)[1] == "PATCH /api/v1/patients/{patient_id}"
    assert {read.patient_id, change.patient_id} == {UUID(ABSENT)}


async def test_what_is_no_id_is_not_written_down(as_receptionist: Client, works: Works) -> None:
    answer = await as_receptionist.get("/api/v1/recordings/okafor")
    assert answer.status_code == 403

    [row] = await refusals(works)
    assert row.subject_id is None
    assert "okafor" not in str(row.detail)
