"""Free times, conflicts and misplaced appointments over HTTP."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import audit
from app.identity import User
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling import appointments, availability
from tests.builders.appointments import a_hold, an_appointment, at
from tests.builders.availability import (
    Clinic,
    a_room,
    a_visit_type,
    a_week,
    an_exception,
    working_hours,
)
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock

API = "/api/v1"
ABSENT = UUID(int=9)


async def slots(client: Client, visit_type: availability.VisitType, **query: Any) -> Any:
    answer = await client.get(f"{API}/slots", params={"visit_type_id": str(visit_type.id)} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def times(found: Any) -> list[str]:
    return [item["starts_at"].removesuffix(":00Z") for item in found["items"]]


async def test_the_next_free_times_begin_now_and_leave_out_what_is_taken(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    clock.advance(minutes=1)
    await an_appointment(works, receptionist, clinic, at("10:00"))
    await a_hold(works, receptionist, clinic, at("11:00"))
    mine = {"practitioner_id": str(clinic.doctor.id)}
    found = await slots(as_receptionist, clinic.visit_type, **mine, limit=6)
    assert times(found) == [
        "2026-03-02T09:15",
        "2026-03-02T09:30",
        "2026-03-02T10:30",
        "2026-03-02T11:30",
        "2026-03-02T13:00",
        "2026-03-02T13:15",
    ]
    assert found["items"][0] == {
        "practitioner_id": str(clinic.doctor.id),
        "practitioner_name": "Dr. Ada Winter",
        "room_id": None,
        "room_name": None,
        "visit_type_id": str(clinic.visit_type.id),
        "starts_at": "2026-03-02T09:15:00Z",
        "ends_at": "2026-03-02T09:45:00Z",
    }
    clock.advance(minutes=6)  # the hold is over
    found = await slots(as_receptionist, clinic.visit_type, **mine, limit=4)
    assert times(found)[-1] == "2026-03-02T10:45"


async def test_anyone_and_a_specialty_and_the_doctors_who_offer_the_type(
    as_receptionist: Client, works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    found = await slots(as_receptionist, clinic.visit_type, limit=4)
    assert [(each["practitioner_name"], each["starts_at"][11:16]) for each in found["items"]] == [
        ("Dr. Ada Winter", "09:00"),
        ("Dr. Berta Summer", "09:00"),
        ("Dr. Ada Winter", "09:15"),
        ("Dr. Berta Summer", "09:15"),
    ]
    special = await a_visit_type(works, receptionist, "Surgery", offered_by=[other_doctor.id])
    found = await slots(as_receptionist, special)
    assert {each["practitioner_id"] for each in found["items"]} == {str(other_doctor.id)}
    found = await slots(as_receptionist, special, practitioner_id=str(clinic.doctor.id))
    assert found["items"] == []
    found = await slots(as_receptionist, clinic.visit_type, specialty="Dermatology")
    assert found["items"] == []
    async with works.begin(receptionist) as uow:
        user = await uow.db.get_one(User, other_doctor.id)
        user.specialty = "Dermatology"
    found = await slots(as_receptionist, clinic.visit_type, specialty="dermatology ")
    assert {each["practitioner_id"] for each in found["items"]} == {str(other_doctor.id)}


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ({"part_of_day": "morning"}, "2026-03-02T09:00"),
        ({"part_of_day": "afternoon"}, "2026-03-02T13:00"),
        ({"weekday": [3]}, "2026-03-04T08:00"),
        ({"weekday": [6, 7]}, None),
        ({"weekday": [1], "from": "2026-03-03"}, "2026-03-09T08:00"),
        ({"from": "2026-03-07"}, "2026-03-09T08:00"),
        ({"from": "2020-01-01"}, "2026-03-02T09:00"),
        ({"from": "2026-03-07", "to": "2026-03-09"}, None),
        ({"duration_minutes": 240}, "2026-03-02T13:00"),
        ({"duration_minutes": 245}, None),
        ({"from": "2026-05-01", "part_of_day": "afternoon", "weekday": [4]}, "2026-05-07T13:00"),
    ],
)
async def test_what_suits_is_found(
    as_receptionist: Client, clinic: Clinic, wish: dict[str, Any], first: str | None
) -> None:
    found = await slots(as_receptionist, clinic.visit_type, **wish, limit=1)
    assert times(found) == ([first] if first else [])


async def test_a_patient_and_a_room_are_kept_free(
    as_receptionist: Client, works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    busy = await an_appointment(
        works, receptionist, clinic, at("09:00"), patient_id=patient.id, room_id=clinic.room.id
    )
    hers = {"practitioner_id": str(other_doctor.id), "limit": 1}
    theirs = {"patient_id": str(patient.id)}
    there = {"room_id": str(clinic.room.id)}
    assert times(await slots(as_receptionist, clinic.visit_type, **hers)) == ["2026-03-02T09:00"]
    for wish in (theirs, there):
        found = await slots(as_receptionist, clinic.visit_type, **hers, **wish)
        assert times(found) == ["2026-03-02T09:30"]
    moved = {"ignoring": str(busy.id)}
    found = await slots(as_receptionist, clinic.visit_type, **hers, **theirs, **there, **moved)
    assert times(found) == ["2026-03-02T09:00"]
    assert found["items"][0]["room_name"] == "Room 1"
    async with works.sessions() as db:
        rows = await db.scalars(
            select(audit.AuditEvent).where(audit.AuditEvent.action == "slot.list")
        )
        assert [row.patient_id for row in rows] == [patient.id, patient.id]


async def test_the_doctors_room_is_named_while_it_has_place(
    as_receptionist: Client, works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    week = a_week([("08:00", "10:00")], room_id=clinic.room.id)
    await working_hours(works, receptionist, clinic.doctor, week, valid_from=date(2026, 3, 2))
    await an_appointment(
        works,
        receptionist,
        clinic,
        at("09:15"),
        practitioner_id=other_doctor.id,
        room_id=clinic.room.id,
    )
    mine = {"practitioner_id": str(clinic.doctor.id), "limit": 3, "duration_minutes": 15}
    found = await slots(as_receptionist, clinic.visit_type, **mine)
    assert [(each["starts_at"][11:16], each["room_name"]) for each in found["items"]] == [
        ("09:00", "Room 1"),
        ("09:15", None),
        ("09:30", None),
    ]


async def test_a_group_has_as_many_places_as_it_has(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    group = await a_visit_type(works, receptionist, "Group", 60, parallel=2)
    mine = {"practitioner_id": str(clinic.doctor.id), "from": "2026-03-03", "limit": 1}
    for place in range(2):
        assert times(await slots(as_receptionist, group, **mine)) == ["2026-03-03T08:00"], place
        fields = {"visit_type_id": group.id}
        await an_appointment(works, receptionist, clinic, at("08:00", day=3), **fields)
    assert times(await slots(as_receptionist, group, **mine)) == ["2026-03-03T09:00"]


async def test_doctors_of_whom_nobody_said_when_they_work_are_told_apart(
    as_receptionist: Client, works: Works, clinic: Clinic
) -> None:
    third = await a_user(works, Role.DOCTOR, username="third", full_name="Dr. Cora Autumn")
    mine = {"practitioner_id": str(third.id)}
    found = await slots(as_receptionist, clinic.visit_type, **mine)
    assert (found["items"], found["hours_unknown"]) == ([], [str(third.id)])
    assert found["searched_until"] == "2026-06-30"
    found = await slots(as_receptionist, clinic.visit_type, limit=1)
    assert (found["hours_unknown"], found["searched_until"]) == ([str(third.id)], "2026-03-05")


@pytest.mark.parametrize(
    ("wish", "at_", "status"),
    [
        ({"visit_type_id": str(ABSENT)}, "visit_type_id", 422),
        ({"room_id": str(ABSENT)}, "room_id", 422),
        ({"weekday": 8}, "weekday", 422),
        ({"part_of_day": "night"}, "part_of_day", 422),
        ({"specialty": "a\x00b"}, "specialty", 422),
        ({"duration_minutes": 10**20}, "duration_minutes", 422),
        ({"limit": 0}, "limit", 422),
        ({"from": "9999-12-31"}, "from", 422),
        ({"patient_id": str(ABSENT)}, None, 404),
    ],
)
async def test_wishes_that_make_no_sense_are_named(
    as_receptionist: Client, clinic: Clinic, wish: dict[str, Any], at_: str | None, status: int
) -> None:
    params = {"visit_type_id": str(clinic.visit_type.id)} | wish
    answer = await as_receptionist.get(f"{API}/slots", params=params)
    assert answer.status_code == status
    if at_:
        assert at_ in answer.json()["errors"][0]["at"]


async def conflicts(client: Client, clinic: Clinic, starts_at: datetime, **query: Any) -> Any:
    params = {
        "practitioner_id": str(clinic.doctor.id),
        "visit_type_id": str(clinic.visit_type.id),
        "starts_at": starts_at.isoformat(),
    } | query
    answer = await client.get(f"{API}/appointments/conflicts", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_proposal_is_answered_with_all_in_the_way_and_the_nearest_three(
    as_receptionist: Client, works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    mine = await an_appointment(works, receptionist, clinic, at("16:30"))
    theirs = await an_appointment(
        works,
        receptionist,
        clinic,
        at("16:30"),
        patient_id=patient.id,
        practitioner_id=other_doctor.id,
        room_id=clinic.room.id,
    )
    with_patient = {"patient_id": str(patient.id), "duration_minutes": 45}
    found = await conflicts(as_receptionist, clinic, at("16:45"), **with_patient)
    assert {(each["kind"], each["appointment_id"]) for each in found["conflicts"]} == {
        ("outside-hours", None),
        ("practitioner", str(mine.id)),
        ("patient", str(theirs.id)),
    }
    assert found["overridable"] is True
    assert [each["starts_at"] for each in found["alternatives"]] == [
        "2026-03-02T15:45:00Z",
        "2026-03-02T15:30:00Z",
        "2026-03-02T15:15:00Z",
    ]
    with_room = with_patient | {"room_id": str(clinic.room.id)}
    found = await conflicts(as_receptionist, clinic, at("16:45"), **with_room)
    assert "room" in {each["kind"] for each in found["conflicts"]}
    assert found["overridable"] is False


async def test_nothing_in_the_way_has_no_alternatives_and_a_move_is_not_in_its_own_way(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    free = {"conflicts": [], "alternatives": [], "overridable": False}
    assert await conflicts(as_receptionist, clinic, at("10:00")) == free
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    assert (await conflicts(as_receptionist, clinic, at("10:15")))["conflicts"]
    moved = {"ignoring": str(booked.id), "patient_id": str(booked.patient_id)}
    assert await conflicts(as_receptionist, clinic, at("10:15"), **moved) == free
    async with works.sessions() as db:
        action = audit.AuditEvent.action == "appointment.find-conflicts"
        rows = list(await db.scalars(select(audit.AuditEvent).where(action)))
    assert [row.patient_id for row in rows] == [None, None, booked.patient_id]


async def test_a_nurse_is_told_what_she_may_not_override(
    as_nurse: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic, at("10:00"))
    assert (await conflicts(as_nurse, clinic, at("10:00")))["overridable"] is False


async def test_who_does_not_offer_a_type_is_replaced_by_who_does(
    as_receptionist: Client, works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    special = await a_visit_type(works, receptionist, "Surgery", offered_by=[other_doctor.id])
    found = await conflicts(as_receptionist, clinic, at("10:00"), visit_type_id=str(special.id))
    assert [each["kind"] for each in found["conflicts"]] == ["not-offered"]
    assert {each["practitioner_id"] for each in found["alternatives"]} == {str(other_doctor.id)}
    assert found["alternatives"][0]["starts_at"] == "2026-03-02T10:00:00Z"


async def test_alternatives_to_a_time_long_gone_are_the_next_ones(
    as_receptionist: Client, clinic: Clinic
) -> None:
    found = await conflicts(as_receptionist, clinic, at("10:00").replace(year=2000))
    assert "in-the-past" in {each["kind"] for each in found["conflicts"]}
    assert [each["starts_at"][:16] for each in found["alternatives"]] == [
        "2026-03-02T09:00",
        "2026-03-02T09:15",
        "2026-03-02T09:30",
    ]


async def test_where_no_hours_are_known_alternatives_are_around_the_clock(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    third = await a_user(works, Role.DOCTOR, username="third", full_name="Dr. Cora Autumn")
    theirs = {"practitioner_id": str(third.id)}
    await an_appointment(works, receptionist, clinic, at("21:00"), practitioner_id=third.id)
    found = await conflicts(as_receptionist, clinic, at("21:00"), **theirs)
    assert [each["starts_at"][11:16] for each in found["alternatives"]] == [
        "20:30",
        "21:30",
        "20:15",
    ]


@pytest.mark.parametrize("name", ["practitioner_id", "visit_type_id", "room_id"])
async def test_a_proposal_of_nobody_is_named(
    as_receptionist: Client, clinic: Clinic, name: str
) -> None:
    params = {
        "practitioner_id": str(clinic.doctor.id),
        "visit_type_id": str(clinic.visit_type.id),
        "starts_at": "2026-03-02T10:00:00Z",
    } | {name: str(ABSENT)}
    answer = await as_receptionist.get(f"{API}/appointments/conflicts", params=params)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == ["query", name]


async def misplaced(client: Client, **query: Any) -> Any:
    answer = await client.get(f"{API}/appointments/misplaced", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def where(found: Any) -> list[tuple[str, list[str]]]:
    return [
        (one["appointment"]["starts_at"][:16], [each["kind"] for each in one["conflicts"]])
        for one in found["items"]
    ]


async def test_changed_hours_and_closed_days_list_what_is_left_outside(
    as_receptionist: Client, works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    for day in (3, 4, 5):
        await an_appointment(works, receptionist, clinic, at("14:00", day=day))
        await an_appointment(
            works, receptionist, clinic, at("09:00", day=day), practitioner_id=other_doctor.id
        )
    evening = await an_appointment(
        works, receptionist, clinic, at("18:00", day=3), override={"reason": "he works late"}
    )
    assert evening.overridden == ["outside-hours"]
    assert await misplaced(as_receptionist) == {"items": [], "next_cursor": None}
    mornings = a_week([("08:00", "12:00")])
    await working_hours(works, receptionist, clinic.doctor, mornings, valid_from=date(2026, 3, 4))
    await an_exception(
        works,
        receptionist,
        kind="closed",
        starts_local=datetime(2026, 3, 5),  # noqa: DTZ001 wall time
        ends_local=datetime(2026, 3, 6),  # noqa: DTZ001 wall time
    )
    found = await misplaced(as_receptionist)
    assert where(found) == [
        ("2026-03-04T14:00", ["outside-hours"]),
        ("2026-03-05T09:00", ["closed-day"]),
        ("2026-03-05T14:00", ["closed-day"]),
    ]
    first = found["items"][0]
    assert first["appointment"]["patient_name"] == "Mara Okafor-Lind"
    assert [each["starts_at"][:16] for each in first["alternatives"]] == [
        "2026-03-04T11:30",
        "2026-03-04T11:15",
        "2026-03-04T11:00",
    ]
    theirs = {"practitioner_id": str(other_doctor.id)}
    assert where(await misplaced(as_receptionist, **theirs)) == where(found)[1:2]
    days = {"from": "2026-03-04", "to": "2026-03-05"}
    assert where(await misplaced(as_receptionist, **days)) == where(found)[:1]


async def test_the_list_of_misplaced_goes_on_page_by_page_and_is_audited(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = [
        await an_appointment(works, receptionist, clinic, at("14:00", day=day)) for day in (3, 4, 5)
    ]
    async with works.begin(receptionist) as uow:
        await availability.set_weekly_hours(uow, clinic.doctor.id, date(2026, 3, 2), None, [])
    found = await misplaced(as_receptionist, limit=2)
    rest = await misplaced(as_receptionist, limit=2, cursor=found["next_cursor"])
    ids = [one["appointment"]["id"] for one in found["items"] + rest["items"]]
    assert ids == [str(each.id) for each in booked]
    assert rest["next_cursor"] is None
    async with works.sessions() as db:
        action = audit.AuditEvent.action == "appointment.list-misplaced"
        rows = list(await db.scalars(select(audit.AuditEvent).where(action)))
    assert [len(row.detail["patients"]) for row in rows] == [2, 1]


async def test_what_has_been_or_is_called_off_is_not_misplaced(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    await an_appointment(works, receptionist, clinic, at("09:15"))
    await a_hold(works, receptionist, clinic, at("10:00", day=3))
    async with works.begin(receptionist) as uow:
        await availability.set_weekly_hours(uow, clinic.doctor.id, date(2026, 3, 2), None, [])
    assert len((await misplaced(as_receptionist))["items"]) == 1
    clock.advance(minutes=16)
    assert (await misplaced(as_receptionist))["items"] == []


async def test_a_room_that_is_taken_everywhere_leaves_other_times(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    other = await a_room(works, receptionist, "Room 2")
    await an_appointment(works, receptionist, clinic, at("10:00"), room_id=other.id)
    async with works.begin(receptionist) as uow:
        query = appointments.SlotQuery(
            visit_type_id=clinic.visit_type.id, room_id=other.id, limit=3
        )
        found = await appointments.find_slots(uow, query)
    assert [slot.room_id for slot in found] == [other.id] * 3
