"""The calendar over HTTP: some days, a month in numbers, a day counted now."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments.calendar_schemas import CalendarCard, CalendarOut
from tests.builders.appointments import (
    a_cancellation,
    a_hold,
    an_appointment,
    an_arrival,
    at,
)
from tests.builders.availability import Clinic, an_exception
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock
from tests.scheduling.waiting_list.delivering import deliver_everything

CALENDAR = "/api/v1/calendar"


async def calendar(client: Client, query: str = "from=2026-03-02&to=2026-03-03") -> Any:
    answer = await client.get(f"{CALENDAR}?{query}")
    assert answer.status_code == 200, answer.text
    CalendarOut.model_validate(answer.json())
    return answer.json()


def starts(found: Any) -> list[str]:
    return [item["starts_at"] for item in found["items"]]


async def test_everything_on_a_day_by_time_with_the_names_that_go_with_it(
    as_receptionist: Client, works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    later = await an_appointment(
        works, receptionist, clinic, at("14:00"), reason='a "dry" \\ cough'
    )
    first = await an_appointment(
        works, receptionist, clinic, practitioner_id=other_doctor.id, room_id=clinic.room.id
    )
    await an_appointment(works, receptionist, clinic, at("10:00", day=3))
    found = await calendar(as_receptionist)
    assert found["zone"] == "UTC"
    assert [each["name"] for each in found["practitioners"]] == [
        "Dr. Ada Winter",
        "Dr. Berta Summer",
    ]
    assert found["visit_types"] == [
        {"id": str(clinic.visit_type.id), "name": "Consultation", "color": "blue"}
    ]
    assert found["rooms"] == [{"id": str(clinic.room.id), "name": "Room 1"}]
    assert found["items"] == [
        {
            "id": str(first.id),
            "practitioner_id": str(other_doctor.id),
            "visit_type_id": str(clinic.visit_type.id),
            "status": "booked",
            "kind": "booked",
            "starts_at": "2026-03-02T10:00:00Z",
            "ends_at": "2026-03-02T10:30:00Z",
            "version": 1,
            "patient_id": str(first.patient_id),
            "patient_name": "Mara Okafor-Lind",
            "room_id": str(clinic.room.id),
        },
        {
            "id": str(later.id),
            "practitioner_id": str(clinic.doctor.id),
            "visit_type_id": str(clinic.visit_type.id),
            "status": "booked",
            "kind": "booked",
            "starts_at": "2026-03-02T14:00:00Z",
            "ends_at": "2026-03-02T14:30:00Z",
            "version": 1,
            "patient_id": str(later.patient_id),
            "patient_name": "Mara Okafor-Lind",
            "reason": 'a "dry" \\ cough',
        },
    ]


async def test_every_member_of_a_card_says_what_the_whole_appointment_says(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic, at("09:00"), reason="above\nbelow\té")
    over = {"override": {"reason": "he asked"}}
    await an_appointment(works, receptionist, clinic, at("09:00"), **over)
    for clock in ("10:00", "11:00"):
        gone = await an_appointment(works, receptionist, clinic, at(clock))
        await an_arrival(works, receptionist, gone.id)
    async with works.begin(receptionist) as uow:
        await appointments.record_rooming(uow, gone.id, appointments.RecordRooming())
    await a_cancellation(works, receptionist, gone.id)
    await a_hold(works, receptionist, clinic, at("15:00"))
    found = await calendar(as_receptionist, "from=2026-03-02&to=2026-03-03&include=cancelled")
    assert len(found["items"]) == 5
    async with works.begin(receptionist) as uow:
        rows, _ = await appointments.list_appointments(uow)
        whole = {str(each.id): each for each in await appointments.shown(uow, rows)}
    for item in found["items"]:
        card = CalendarCard.model_validate(item)
        told = whole[item["id"]].model_dump(include=set(item))
        assert card.model_dump(include=set(item)) == told
        silent = set(CalendarCard.model_fields) - set(item)
        assert not any(whole[item["id"]].model_dump(include=silent).values())


async def test_what_was_called_off_is_told_only_on_request_and_dead_holds_never(
    as_receptionist: Client,
    works: Works,
    receptionist: Actor,
    clinic: Clinic,
    clock: FrozenClock,
) -> None:
    gone = await an_appointment(works, receptionist, clinic, at("10:00"))
    await a_cancellation(works, receptionist, gone.id)
    wrong = await an_appointment(works, receptionist, clinic, at("10:00"))
    async with works.begin(receptionist) as uow:
        await appointments.enter_in_error(uow, wrong.id, reason="wrong patient")
    released = await a_hold(works, receptionist, clinic, at("11:00"))
    async with works.begin(receptionist) as uow:
        await appointments.release_hold(uow, released.id)
    await a_hold(works, receptionist, clinic, at("14:00"))
    found = await calendar(as_receptionist)
    assert starts(found) == ["2026-03-02T14:00:00Z"]
    assert found["items"][0]["held_by_name"] == "Rosa Keller"
    assert "patient_id" not in found["items"][0]
    clock.advance(minutes=6)
    assert starts(await calendar(as_receptionist)) == []
    everything = await calendar(as_receptionist, "from=2026-03-02&to=2026-03-03&include=cancelled")
    assert [item["id"] for item in everything["items"]] == [str(gone.id)]


async def test_doctors_are_chosen_and_days_are_the_clinics_own(
    as_receptionist: Client, works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic, at("10:00"))
    await an_appointment(works, receptionist, clinic, at("11:00"), practitioner_id=other_doctor.id)
    whose = f"from=2026-03-02&to=2026-03-03&practitioner_id={other_doctor.id}"
    assert starts(await calendar(as_receptionist, whose)) == ["2026-03-02T11:00:00Z"]
    both = f"{whose}&practitioner_id={clinic.doctor.id}"
    assert len((await calendar(as_receptionist, both))["items"]) == 2
    nobody = f"from=2026-03-02&to=2026-03-03&practitioner_id={UUID(int=9)}"
    assert (await calendar(as_receptionist, nobody))["items"] == []
    assert (await calendar(as_receptionist, "from=2026-03-03&to=2026-04-14"))["items"] == []


async def test_one_over_midnight_is_on_both_days(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    override = {"override": {"reason": "night shift"}, "duration_minutes": 60}
    await an_appointment(works, receptionist, clinic, at("23:30"), **override)
    for days in ("from=2026-03-02&to=2026-03-03", "from=2026-03-03&to=2026-03-04"):
        assert starts(await calendar(as_receptionist, days)) == ["2026-03-02T23:30:00Z"]
    assert starts(await calendar(as_receptionist, "from=2026-03-04&to=2026-03-05")) == []


@pytest.mark.parametrize(
    ("query", "at_"),
    [
        ("", "from"),
        ("from=2026-03-02", "to"),
        ("from=2026-03-02&to=2026-03-02", "to"),
        ("from=2026-03-02&to=2026-04-14", "to"),
        ("from=1772409600&to=2026-03-03", "from"),
        ("from=2026-03-02&to=9999-12-31", "to"),
        ("from=2026-03-02&to=2026-03-03&include=everything", "include"),
        ("from=2026-03-02&to=2026-03-03&practitioner_id=me", "practitioner_id"),
    ],
)
async def test_days_that_make_no_sense_are_named(
    as_receptionist: Client, query: str, at_: str
) -> None:
    answer = await as_receptionist.get(f"{CALENDAR}?{query}")
    assert answer.status_code == 422
    assert at_ in answer.json()["errors"][0]["at"]


async def test_who_saw_a_calendar_saw_every_patient_in_it(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = [await an_appointment(works, receptionist, clinic, at(f"{h}:00")) for h in (10, 11)]
    await an_appointment(works, receptionist, clinic, at("14:00"), patient_id=booked[0].patient_id)
    await calendar(as_receptionist)
    async with works.sessions() as db:
        seen = select(audit.AuditEvent).where(audit.AuditEvent.action == "calendar.read")
        (row,) = (await db.scalars(seen)).all()
    assert sorted(row.detail["patients"]) == sorted(str(each.patient_id) for each in booked)
    assert (row.detail["from"], row.detail["to"]) == ("2026-03-02", "2026-03-03")


async def test_a_month_in_numbers_comes_from_the_projection_and_says_how_fresh_it_is(
    *,
    as_receptionist: Client,
    works: Works,
    receptionist: Actor,
    other_doctor: Actor,
    clinic: Clinic,
    clock: FrozenClock,
) -> None:
    await an_exception(
        works,
        receptionist,
        kind="closed",
        starts_local=datetime(2026, 3, 3),  # noqa: DTZ001 wall time
        ends_local=datetime(2026, 3, 4),  # noqa: DTZ001 wall time
    )
    first = await an_appointment(works, receptionist, clinic, at("10:00"))
    await an_appointment(works, receptionist, clinic, at("11:00", day=31))
    await an_arrival(works, receptionist, first.id)
    behind = (await as_receptionist.get(f"{CALENDAR}/month?month=2026-03")).json()
    assert behind["refreshed_at"] is None
    assert behind["behind_since"] == "2026-03-02T09:00:00Z"
    clock.advance(minutes=1)
    await deliver_everything(works, only="appointments.days")
    month = (await as_receptionist.get(f"{CALENDAR}/month?month=2026-03")).json()
    assert (month["refreshed_at"], month["behind_since"]) == ("2026-03-02T09:01:00Z", None)
    assert (month["zone"], month["month"], len(month["days"])) == ("UTC", "2026-03", 31)
    ada, berta = month["practitioners"]
    assert (ada["name"], berta["id"]) == ("Dr. Ada Winter", str(other_doctor.id))
    nothing = {"finished": 0, "noshow": 0, "cancelled": 0}
    one = {"booked": 1, "booked_minutes": 30, "open_minutes": 480} | nothing
    assert (
        ada["cells"][0]
        == {
            "date": "2026-03-01",
            "booked": 0,
            "booked_minutes": 0,
            "open_minutes": 0,
        }
        | nothing
    )
    assert ada["cells"][1] == {"date": "2026-03-02"} | one
    assert ada["cells"][2]["open_minutes"] == 0
    assert ada["cells"][30] == {"date": "2026-03-31"} | one
    assert sum(cell["booked"] for cell in berta["cells"]) == 0


async def test_hours_nobody_knows_are_not_nought(as_receptionist: Client, doctor: Actor) -> None:
    month = (await as_receptionist.get(f"{CALENDAR}/month?month=2028-02")).json()
    (ada,) = month["practitioners"]
    assert [cell["open_minutes"] for cell in ada["cells"]] == [None] * 29


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-3", "1999-12", "2026-03-01", "x"])
async def test_a_month_that_is_none_is_refused(as_receptionist: Client, month: str) -> None:
    answer = await as_receptionist.get(f"{CALENDAR}/month?month={month}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == ["query", "month"]


async def test_today_in_numbers_with_who_waits_longest(
    *,
    as_receptionist: Client,
    works: Works,
    receptionist: Actor,
    other_doctor: Actor,
    clinic: Clinic,
    clock: FrozenClock,
) -> None:
    await an_appointment(works, receptionist, clinic, at("09:15"))
    roomed = await an_appointment(works, receptionist, clinic, at("10:00"))
    waiting = await an_appointment(
        works, receptionist, clinic, at("10:00"), practitioner_id=other_doctor.id
    )
    gone = await an_appointment(works, receptionist, clinic, at("11:00"))
    await a_cancellation(works, receptionist, gone.id)
    await a_hold(works, receptionist, clinic, at("14:00"))
    await an_arrival(works, receptionist, roomed.id)
    clock.advance(minutes=8)
    await an_arrival(works, receptionist, waiting.id)
    async with works.begin(receptionist) as uow:
        await appointments.record_rooming(uow, roomed.id, appointments.RecordRooming())
    clock.advance(minutes=10)
    answer = await as_receptionist.get(f"{CALENDAR}/counts")
    assert answer.json() == {
        "date": "2026-03-02",
        "booked": 1,
        "late": 1,
        "arrived": 1,
        "in_room": 1,
        "with_doctor": 0,
        "finished": 0,
        "noshow": 0,
        "cancelled": 1,
        "longest_wait_minutes": 18,
        "longest_waiting_id": str(roomed.id),
    }
    whose = f"{CALENDAR}/counts?date=2026-03-02&practitioner_id={other_doctor.id}"
    theirs = (await as_receptionist.get(whose)).json()
    assert (theirs["arrived"], theirs["longest_wait_minutes"]) == (1, 10)
    tomorrow = (await as_receptionist.get(f"{CALENDAR}/counts?date=2026-03-03")).json()
    assert {k: v for k, v in tomorrow.items() if v} == {"date": "2026-03-03"}


async def test_names_are_written_as_they_are(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist, given_name="Zoë", family_name='O"Neil')
    await an_appointment(works, receptionist, clinic, patient_id=patient.id)
    (item,) = (await calendar(as_receptionist))["items"]
    assert item["patient_name"] == 'Zoë O"Neil'
