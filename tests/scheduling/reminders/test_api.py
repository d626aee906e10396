"""Reminders and who wants them, over HTTP."""

from datetime import timedelta

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling.reminders import Refused
from tests.builders.identity import a_user
from tests.conftest import Client, signed_in
from tests.house.test_audit import Walk
from tests.scheduling.reminders.conftest import FRIDAY, TWO_DAYS, Desk

NOBODY = "00000000-0000-4000-8000-000000000001"


async def test_an_appointment_shows_what_became_of_its_reminders(
    desk: Desk, client: Client
) -> None:
    booked = await desk.book()
    await desk.told()
    desk.clock.at = FRIDAY - TWO_DAYS
    await desk.send()
    async with signed_in(client, "receptionist") as at_desk:
        answer = await at_desk.get(f"/api/v1/appointments/{booked.id}/reminders")
    (shown,) = answer.json()["items"]
    assert (shown["status"], shown["reason"], shown["kind"]) == ("sent", None, "48h")
    assert shown["starts_at"] == "2026-03-06T09:00:00Z"
    assert "mara" not in answer.text


async def test_failed_reminders_are_listed_for_somebody_to_look_after(
    desk: Desk, client: Client
) -> None:
    for hours in range(3):
        await desk.book(FRIDAY + timedelta(hours=hours))
    await desk.told()
    desk.clock.at = FRIDAY - TWO_DAYS + timedelta(hours=1)
    desk.channel.failure = Refused()
    await desk.send()
    failed = "/api/v1/reminders?status=failed&limit=1"
    async with signed_in(client, "receptionist") as at_desk:
        first = (await at_desk.get(failed)).json()
        second = (await at_desk.get(f"{failed}&cursor={first['next_cursor']}")).json()
        everything = (await at_desk.get("/api/v1/reminders")).json()
    assert [each["reason"] for each in first["items"] + second["items"]] == ["refused", "refused"]
    assert first["items"][0]["send_at"] > second["items"][0]["send_at"]
    assert second["next_cursor"] is None
    assert len(everything["items"]) == 3


async def test_a_patient_may_not_want_reminders(desk: Desk, as_receptionist: Client) -> None:
    booked = await desk.book()
    await desk.told()
    at = f"/api/v1/patients/{desk.patient.id}/reminder-preference"
    assert (await as_receptionist.get(at)).json() == {
        "patient_id": str(desk.patient.id), "opted_out": False
    }  # fmt: skip
    for opted_out in (True, True, False):
        answer = await as_receptionist.put(at, json={"opted_out": opted_out})
        assert answer.status_code == 200
        assert answer.json()["opted_out"] is opted_out
        assert (await as_receptionist.get(at)).json()["opted_out"] is opted_out
    outcomes = await desk.outcomes(booked.id)
    assert sorted(outcomes) == [("planned", None), ("void", "opted-out")]


async def test_what_does_not_exist_is_not_found(as_receptionist: Client) -> None:
    preference = f"/api/v1/patients/{NOBODY}/reminder-preference"
    for answer in (
        await as_receptionist.get(f"/api/v1/appointments/{NOBODY}/reminders"),
        await as_receptionist.get(preference),
        await as_receptionist.put(preference, json={"opted_out": True}),
    ):
        assert answer.status_code == 404


async def test_a_preference_is_yes_or_no(desk: Desk, as_receptionist: Client) -> None:
    at = f"/api/v1/patients/{desk.patient.id}/reminder-preference"
    for unfit in ({"opted_out": "yes"}, {"opted_out": None}, {}, {"opted_out": True, "why": "x"}):
        assert (await as_receptionist.put(at, json=unfit)).status_code == 422


async def test_administrators_read_and_do_not_decide(
    desk: Desk, as_admin: Client, works: Works, client: Client
) -> None:
    at = f"/api/v1/patients/{desk.patient.id}/reminder-preference"
    assert (await as_admin.get(at)).status_code == 200
    assert (await as_admin.put(at, json={"opted_out": True})).status_code == 403
    assert isinstance(await a_user(works, Role.PATIENT), Actor)
    async with signed_in(client, "patient") as as_patient:
        assert (await as_patient.get(at)).status_code == 403


async def test_each_request_leaves_one_trace(desk: Desk, as_doctor: Client) -> None:
    booked = await desk.book()
    await desk.told()
    walk = Walk(as_doctor, desk.works)
    await walk.start()
    preference = f"/patients/{desk.patient.id}/reminder-preference"
    await walk("GET", f"/appointments/{booked.id}/reminders")
    await walk("GET", "/reminders?status=planned")
    await walk("GET", preference)
    await walk("PUT", preference, json={"opted_out": True})
    await walk("GET", f"/patients/{NOBODY}/reminder-preference", 404)
