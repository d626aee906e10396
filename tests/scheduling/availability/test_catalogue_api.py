"""Rooms and visit types over HTTP."""

from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.conftest import Client

ROOMS, VISIT_TYPES = "/api/v1/rooms", "/api/v1/visit-types"
CONSULTATION = {"name": "Consultation", "duration_minutes": 30}


def match(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


async def test_a_room_is_added_renamed_retired_and_reinstated(
    as_receptionist: Client, as_nurse: Client
) -> None:
    made = await as_receptionist.post(ROOMS, json={"name": "  Room 1 "})
    assert (made.status_code, made.headers["ETag"], made.json()["name"]) == (201, '"1"', "Room 1")
    at = f"{ROOMS}/{made.json()['id']}"
    renamed = await as_receptionist.patch(at, json={"name": "Room A"}, headers=match(1))
    assert (renamed.status_code, renamed.headers["ETag"]) == (200, '"2"')
    assert (await as_receptionist.post(f"{at}/retirement")).json()["status"] == "retired"
    assert (await as_nurse.get(ROOMS)).json() == {"items": []}
    listed = (await as_nurse.get(f"{ROOMS}?retired=true")).json()["items"]
    assert [(room["name"], room["status"]) for room in listed] == [("Room A", "retired")]
    again = await as_receptionist.post(f"{at}/retirement")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/illegal-move")
    assert (await as_receptionist.post(f"{at}/reinstatement")).json()["status"] == "active"
    assert len((await as_nurse.get(ROOMS)).json()["items"]) == 1


async def test_a_room_is_changed_only_by_who_has_seen_it(as_admin: Client) -> None:
    at = f"{ROOMS}/{(await as_admin.post(ROOMS, json={'name': 'Room 1'})).json()['id']}"
    assert (await as_admin.patch(at, json={"name": "Room 2"})).status_code == 428
    await as_admin.patch(at, json={"name": "Room 2"}, headers=match(1))
    stale = await as_admin.patch(at, json={"name": "Room 3"}, headers=match(1))
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/room-changed")
    assert stale.json()["current_version"] == 2


async def test_two_rooms_never_share_a_name(as_admin: Client) -> None:
    await as_admin.post(ROOMS, json={"name": "Room 1"})
    other = (await as_admin.post(ROOMS, json={"name": "Room 2"})).json()["id"]
    same = await as_admin.post(ROOMS, json={"name": "ROOM 1"})
    assert (same.status_code, same.json()["type"]) == (409, "/problems/room-name-taken")
    renamed = await as_admin.patch(f"{ROOMS}/{other}", json={"name": "room 1"}, headers=match(1))
    assert (renamed.status_code, renamed.json()["type"]) == (409, "/problems/room-name-taken")
    assert len((await as_admin.get(ROOMS)).json()["items"]) == 2


async def test_what_is_not_there_is_not_found(as_admin: Client) -> None:
    for at in (f"{ROOMS}/{uuid4()}", f"{VISIT_TYPES}/{uuid4()}"):
        answers = [
            await as_admin.patch(at, json={"name": "Other"}, headers=match(1)),
            await as_admin.post(f"{at}/retirement"),
            await as_admin.post(f"{at}/reinstatement"),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404]


UNFIT_NAMES: list[Any] = [
    "",
    "   ",
    "a" * 81,
    "two\nlines",
    "nul\x00",
    "bell\x07",
    "turned \u202e",
    7,
    None,
]


async def test_an_unfit_name_is_refused_by_field(as_admin: Client) -> None:
    for name in UNFIT_NAMES:
        for path, more in ((ROOMS, {}), (VISIT_TYPES, {"duration_minutes": 30})):
            answer = await as_admin.post(path, json={"name": name, **more})
            assert answer.status_code == 422, name
            assert [fault["at"] for fault in answer.json()["errors"]] == [["body", "name"]]


UNFIT_VISIT_TYPES: list[Any] = [
    ("duration_minutes", 4),
    ("duration_minutes", 481),
    ("duration_minutes", 10**30),
    ("duration_minutes", 30.5),
    ("duration_minutes", "30"),
    ("duration_minutes", None),
    ("duration_minutes", True),
    ("color", "mauve"),
    ("parallel", 0),
    ("parallel", 13),
    ("parallel", -(2**63)),
    ("offered_by", "everybody"),
    ("offered_by", ["nobody"]),
    ("surprise", 1),
]


async def test_an_unfit_visit_type_is_refused_by_field(as_admin: Client) -> None:
    made = (await as_admin.post(VISIT_TYPES, json=CONSULTATION)).json()
    at = f"{VISIT_TYPES}/{made['id']}"
    for field, value in UNFIT_VISIT_TYPES:
        where = ["body"] if field == "surprise" else ["body", field]
        other = CONSULTATION | {"name": "Other", field: value}
        answer = await as_admin.post(VISIT_TYPES, json=other)
        assert answer.status_code == 422, (field, value)
        assert answer.json()["errors"][0]["at"][:2] == where
        changed = await as_admin.patch(at, json={field: value}, headers=match(1))
        assert changed.status_code == 422, (field, value)
        assert changed.json()["errors"][0]["at"][:2] == where


async def test_a_visit_type_is_offered_by_some_or_by_everybody(
    as_receptionist: Client, doctor: Actor, other_doctor: Actor
) -> None:
    everybody = (await as_receptionist.post(VISIT_TYPES, json=CONSULTATION)).json()
    assert (everybody["offered_by"], everybody["parallel"]) == (None, 1)
    theirs = {"name": "Group", "duration_minutes": 60, "parallel": 8, "color": "teal"}
    made = await as_receptionist.post(VISIT_TYPES, json=theirs | {"offered_by": [str(doctor.id)]})
    assert made.json()["offered_by"] == [str(doctor.id)]

    async def names(who: Actor) -> list[str]:
        found = await as_receptionist.get(f"{VISIT_TYPES}?practitioner_id={who.id}")
        return [each["name"] for each in found.json()["items"]]

    assert await names(doctor) == ["Consultation", "Group"]
    assert await names(other_doctor) == ["Consultation"]
    at = f"{VISIT_TYPES}/{made.json()['id']}"
    kept = await as_receptionist.patch(at, json={"duration_minutes": 90}, headers=match(1))
    assert (kept.json()["offered_by"], kept.json()["duration_minutes"]) == ([str(doctor.id)], 90)
    free = await as_receptionist.patch(at, json={"offered_by": None}, headers=match(2))
    assert (free.json()["offered_by"], free.json()["version"]) == (None, 3)
    assert await names(other_doctor) == ["Consultation", "Group"]


async def test_only_doctors_offer_a_visit_type(as_receptionist: Client, nurse: Actor) -> None:
    answer = await as_receptionist.post(
        VISIT_TYPES, json=CONSULTATION | {"offered_by": [str(nurse.id), str(uuid4())]}
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/doctor-unknown")
    at = [fault["at"] for fault in answer.json()["errors"]]
    assert at == [["body", "offered_by", 0], ["body", "offered_by", 1]]
    assert (await as_receptionist.get(VISIT_TYPES)).json() == {"items": []}


async def test_a_visit_type_is_changed_only_by_who_has_seen_it(as_admin: Client) -> None:
    at = f"{VISIT_TYPES}/{(await as_admin.post(VISIT_TYPES, json=CONSULTATION)).json()['id']}"
    assert (await as_admin.patch(at, json={"color": "red"})).status_code == 428
    assert (await as_admin.patch(at, json={}, headers=match(1))).json()["version"] == 1
    await as_admin.patch(at, json={"color": "red"}, headers=match(1))
    stale = await as_admin.patch(at, json={"color": "blue"}, headers=match(1))
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/visit-type-changed")
    same = await as_admin.post(VISIT_TYPES, json=CONSULTATION | {"name": "CONSULTATION"})
    assert (same.status_code, same.json()["type"]) == (409, "/problems/visit-type-name-taken")


async def test_a_retired_visit_type_is_listed_only_when_asked_for(as_admin: Client) -> None:
    at = f"{VISIT_TYPES}/{(await as_admin.post(VISIT_TYPES, json=CONSULTATION)).json()['id']}"
    assert (await as_admin.post(f"{at}/retirement")).status_code == 201
    assert (await as_admin.get(VISIT_TYPES)).json() == {"items": []}
    listed = (await as_admin.get(f"{VISIT_TYPES}?retired=true")).json()["items"]
    assert [each["status"] for each in listed] == ["retired"]
    assert (await as_admin.post(f"{at}/reinstatement")).json()["version"] == 3


async def test_doctors_and_nurses_only_look(as_doctor: Client, as_nurse: Client) -> None:
    for client in (as_doctor, as_nurse):
        for path in (ROOMS, VISIT_TYPES):
            assert (await client.get(path)).status_code == 200
            assert (await client.post(path, json=CONSULTATION)).status_code == 403


async def test_every_change_leaves_one_trace_and_looking_none(
    as_receptionist: Client, works: Works, receptionist: Actor
) -> None:
    room = f"{ROOMS}/{(await as_receptionist.post(ROOMS, json={'name': 'Blue'})).json()['id']}"
    await as_receptionist.patch(room, json={"name": "Green"}, headers=match(1))
    await as_receptionist.post(f"{room}/retirement")
    await as_receptionist.post(f"{room}/reinstatement")
    await as_receptionist.get(ROOMS)
    type_ = (await as_receptionist.post(VISIT_TYPES, json=CONSULTATION)).json()["id"]
    await as_receptionist.patch(f"{VISIT_TYPES}/{type_}", json={"name": "Visit"}, headers=match(1))
    await as_receptionist.post(f"{VISIT_TYPES}/{type_}/retirement")
    await as_receptionist.post(f"{VISIT_TYPES}/{type_}/reinstatement")
    await as_receptionist.get(VISIT_TYPES)
    async with works.sessions() as db:
        rows = await db.scalars(
            select(audit.AuditEvent)
            .where(audit.AuditEvent.actor_id == receptionist.id)
            .where(audit.AuditEvent.subject_type.in_(["room", "visit_type"]))
            .order_by(audit.AuditEvent.seq)
        )
        traces = list(rows)
    assert [trace.action for trace in traces] == [
        "room.add", "room.rename", "room.retire", "room.reinstate",
        "visit_type.add", "visit_type.change", "visit_type.retire", "visit_type.reinstate",
    ]  # fmt: skip
    assert not [trace for trace in traces if "Green" in str(trace.detail)]
