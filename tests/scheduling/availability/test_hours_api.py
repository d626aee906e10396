"""Working hours, leave, closings and open time over HTTP."""

from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app import audit
from app.infra.outbox import OutboxRow
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.availability import a_clinic, a_room, a_week, an_exception, working_hours
from tests.conftest import Client

EXCEPTIONS = "/api/v1/availability-exceptions"
MORNING = {"weekday": 1, "opens": "08:00", "closes": "12:00", "room_id": None}
WEEK: dict[str, Any] = {"valid_from": "2026-03-02", "valid_until": None, "spans": [MORNING]}


def hours_of(doctor: Actor) -> str:
    return f"/api/v1/practitioners/{doctor.id}/weekly-hours"


def schedule_of(doctor: Actor) -> str:
    return f"/api/v1/practitioners/{doctor.id}/schedule"


def leave(doctor: Actor, **more: Any) -> dict[str, Any]:
    return {
        "practitioner_id": str(doctor.id),
        "kind": "leave",
        "starts_local": "2026-03-03T00:00",
        "ends_local": "2026-03-05T00:00",
        **more,
    }


async def test_open_time_is_told_day_by_day(
    as_nurse: Client, works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor
) -> None:
    clinic = await a_clinic(works, receptionist, doctor)
    await an_exception(works, receptionist, **leave(doctor))
    await an_exception(
        works,
        receptionist,
        kind="closed",
        starts_local="2026-03-06T00:00",
        ends_local="2026-03-07T00:00",
    )
    await an_exception(
        works,
        receptionist,
        kind="extra",
        practitioner_id=doctor.id,
        starts_local="2026-03-07T09:00",
        ends_local="2026-03-07T10:00",
        room_id=clinic.room.id,
    )
    answer = (await as_nurse.get("/api/v1/availability?from=2026-03-02&to=2026-03-08")).json()
    assert answer["zone"] == "UTC"
    told = {item["practitioner_id"]: item for item in answer["items"]}
    assert (told[str(doctor.id)]["hours_known"], told[str(other_doctor.id)]["hours_known"]) == (
        True, False,
    )  # fmt: skip
    days = told[str(doctor.id)]["days"]
    assert [(day["date"][8:], day["closed"], len(day["spans"])) for day in days] == [
        ("02", False, 2), ("03", False, 0), ("04", False, 0), ("05", False, 2),
        ("06", True, 0), ("07", False, 1),
    ]  # fmt: skip
    assert days[0]["spans"][0] == {
        "starts_at": "2026-03-02T08:00:00Z", "ends_at": "2026-03-02T12:00:00Z", "room_id": None
    }  # fmt: skip
    assert days[5]["spans"][0]["room_id"] == str(clinic.room.id)


async def test_open_time_of_named_doctors_only(
    as_nurse: Client, doctor: Actor, other_doctor: Actor
) -> None:
    asked = "/api/v1/availability?from=2026-03-02&to=2026-03-03"
    answer = await as_nurse.get(f"{asked}&practitioner_id={other_doctor.id}")
    assert [item["practitioner_id"] for item in answer.json()["items"]] == [str(other_doctor.id)]
    both = f"&practitioner_id={doctor.id}&practitioner_id={other_doctor.id}"
    assert len((await as_nurse.get(asked + both)).json()["items"]) == 2


UNFIT_QUESTIONS: list[Any] = [
    ("from=2026-03-02&to=2026-03-02", ["query", "to"]),
    ("from=2026-03-02&to=2026-03-01", ["query", "to"]),
    ("from=2026-03-02&to=2026-05-04", ["query", "to"]),
    ("from=2026-03-02", ["query", "to"]),
    ("from=1772409600&to=2026-03-03", ["query", "from"]),
    ("from=9999-12-31&to=2026-03-03", ["query", "from"]),
    ("from=2026-02-30&to=2026-03-03", ["query", "from"]),
    ("from=2026-03-02T00:00&to=2026-03-03", ["query", "from"]),
    ("from=2026-03-02&to=2026-03-03&practitioner_id=x", ["query", "practitioner_id", 0]),
]


async def test_an_unfit_question_is_refused_by_field(as_nurse: Client) -> None:
    for asked, at in UNFIT_QUESTIONS:
        answer = await as_nurse.get(f"/api/v1/availability?{asked}")
        assert answer.status_code == 422, asked
        assert [fault["at"] for fault in answer.json()["errors"]] == [at]


async def test_hours_are_set_and_listed(
    as_receptionist: Client, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    room = await a_room(works, receptionist)
    afternoon = {"weekday": 1, "opens": "13:00", "closes": "24:00", "room_id": str(room.id)}
    made = await as_receptionist.post(hours_of(doctor), json=WEEK | {"spans": [afternoon, MORNING]})
    assert made.status_code == 201
    assert made.json()["spans"] == [MORNING, afternoon]
    assert (await as_receptionist.get(hours_of(doctor))).json() == {"items": [made.json()]}
    later = await as_receptionist.post(
        hours_of(doctor), json={"valid_from": "2026-06-01", "spans": []}
    )
    listed = (await as_receptionist.get(hours_of(doctor))).json()["items"]
    assert listed == [made.json() | {"valid_until": "2026-05-31"}, later.json()]


UNFIT_WEEKS: list[Any] = [
        ({"valid_from": "9999-01-01"}, ["body", "valid_from"], "calendar_day"),
        ({"valid_from": "1999-12-31"}, ["body", "valid_from"], "calendar_day"),
        ({"valid_from": 1772409600}, ["body", "valid_from"], "calendar_day"),
        ({"valid_from": "2026-02-30"}, ["body", "valid_from"], "date_from_datetime_parsing"),
        ({"valid_from": None}, ["body", "valid_from"], "calendar_day"),
        ({"valid_until": "2026-03-01"}, ["body"], "period_order"),
        ({"valid_until": "soon\x00"}, ["body", "valid_until"], "calendar_day"),
        ({"spans": None}, ["body", "spans"], "list_type"),
        ({"spans": [MORNING] * 101}, ["body", "spans"], "too_long"),
        ({"spans": [MORNING, MORNING]}, ["body"], "spans_overlap"),
        ({"spans": [MORNING | {"weekday": 0}]}, ["body", "spans", 0, "weekday"], None),
        ({"spans": [MORNING | {"weekday": 8}]}, ["body", "spans", 0, "weekday"], None),
        ({"spans": [MORNING | {"weekday": 2**70}]}, ["body", "spans", 0, "weekday"], None),
        ({"spans": [MORNING | {"opens": "8:00"}]}, ["body", "spans", 0, "opens"], None),
        ({"spans": [MORNING | {"opens": "24:00"}]}, ["body", "spans", 0, "opens"], None),
        ({"spans": [MORNING | {"closes": "24:01"}]}, ["body", "spans", 0, "closes"], None),
        ({"spans": [MORNING | {"closes": "12:00\n"}]}, ["body", "spans", 0, "closes"], None),
        ({"spans": [MORNING | {"closes": "08:00"}]}, ["body", "spans", 0], "span_order"),
        ({"spans": [MORNING | {"room_id": 7}]}, ["body", "spans", 0, "room_id"], None),
        ({"spans": [MORNING | {"room_id": str(uuid4())}]}, ["body", "spans", 0, "room_id"],
         "room_known"),
    ]  # fmt: skip


async def test_an_unfit_week_is_refused_by_field(as_receptionist: Client, doctor: Actor) -> None:
    for week, at, rule in UNFIT_WEEKS:
        answer = await as_receptionist.post(hours_of(doctor), json=WEEK | week)
        assert answer.status_code == 422, week
        (fault, *_) = answer.json()["errors"]
        assert fault["at"] == at, week
        assert rule in {None, fault["rule"]}
    assert (await as_receptionist.get(hours_of(doctor))).json() == {"items": []}


UNFIT_EXCEPTIONS: list[Any] = [
    ({"kind": "holiday"}, ["body", "kind"], "enum"),
    ({"kind": "closed"}, ["body"], "exception_whose"),
    ({"practitioner_id": None}, ["body"], "exception_whose"),
    ({"practitioner_id": str(uuid4())}, ["body", "practitioner_id"], "practitioner_known"),
    ({"starts_local": "2026-03-03T08:00Z"}, ["body", "starts_local"], "wall_time"),
    ({"starts_local": "2026-03-03T08:00:30"}, ["body", "starts_local"], "wall_time"),
    ({"starts_local": "2026-03-03"}, ["body", "starts_local"], "wall_time"),
    ({"starts_local": 1772409600}, ["body", "starts_local"], "wall_time"),
    ({"starts_local": "2026-02-30T08:00"}, ["body", "starts_local"], None),
    ({"ends_local": "9999-12-31T00:00"}, ["body", "ends_local"], "wall_time"),
    ({"ends_local": "2026-03-03T00:00"}, ["body"], "exception_order"),
    ({"room_id": str(uuid4())}, ["body"], "exception_room"),
    ({"kind": "extra", "room_id": str(uuid4())}, ["body", "room_id"], "room_known"),
    ({"reason": ""}, ["body", "reason"], None),
    ({"reason": "a" * 201}, ["body", "reason"], None),
    ({"reason": "nul\x00"}, ["body", "reason"], None),
    ({"surprise": 1}, ["body"], "extra_forbidden"),
]


async def test_an_unfit_exception_is_refused_by_field(
    as_receptionist: Client, doctor: Actor
) -> None:
    for more, at, rule in UNFIT_EXCEPTIONS:
        answer = await as_receptionist.post(EXCEPTIONS, json=leave(doctor) | more)
        assert answer.status_code == 422, more
        (fault, *_) = answer.json()["errors"]
        assert fault["at"] == at, more
        assert rule in {None, fault["rule"]}
    assert (await as_receptionist.get(EXCEPTIONS)).json() == {"items": []}


async def test_an_exception_is_added_listed_and_withdrawn(
    as_receptionist: Client, as_nurse: Client, doctor: Actor, other_doctor: Actor
) -> None:
    made = await as_receptionist.post(EXCEPTIONS, json=leave(doctor, reason="Spring holiday"))
    assert made.status_code == 201
    assert (made.json()["starts_local"], made.json()["status"]) == ("2026-03-03T00:00", "active")
    closed = {
        "kind": "closed",
        "starts_local": "2026-03-03T12:00",
        "ends_local": "2026-03-03T13:00",
    }
    await as_receptionist.post(EXCEPTIONS, json=closed)
    listed = (await as_nurse.get(EXCEPTIONS)).json()["items"]
    assert [item["kind"] for item in listed] == ["leave", "closed"]
    others = await as_nurse.get(f"{EXCEPTIONS}?practitioner_id={other_doctor.id}")
    assert [item["kind"] for item in others.json()["items"]] == ["closed"]
    over = await as_nurse.get(f"{EXCEPTIONS}?from=2026-03-05")
    assert over.json() == {"items": []}
    at = f"{EXCEPTIONS}/{made.json()['id']}/withdrawal"
    assert (await as_receptionist.post(at)).json()["status"] == "withdrawn"
    again = await as_receptionist.post(at)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/illegal-move")
    assert len((await as_nurse.get(EXCEPTIONS)).json()["items"]) == 1
    assert len((await as_nurse.get(f"{EXCEPTIONS}?withdrawn=true")).json()["items"]) == 2
    wrong = await as_nurse.get(f"{EXCEPTIONS}?from=2026-03-05&to=2026-03-05")
    assert (wrong.status_code, wrong.json()["errors"][0]["at"]) == (422, ["query", "to"])


async def test_how_a_doctor_books(as_receptionist: Client, doctor: Actor) -> None:
    at = schedule_of(doctor)
    unset = await as_receptionist.get(at)
    assert (unset.headers["ETag"], unset.json()["lanes"], unset.json()["slot_minutes"]) == (
        '"0"', 1, 15,
    )  # fmt: skip
    made = await as_receptionist.put(at, json={"lanes": 2, "slot_minutes": 20})
    assert (made.status_code, made.headers["ETag"]) == (200, '"1"')
    assert (await as_receptionist.get(at)).json() == made.json()
    assert (await as_receptionist.put(at, json={"lanes": 3})).status_code == 428
    stale = await as_receptionist.put(at, json={"lanes": 3}, headers={"If-Match": '"0"'})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/schedule-changed")
    changed = await as_receptionist.put(at, json={"lanes": 3}, headers={"If-Match": '"1"'})
    assert (changed.json()["lanes"], changed.json()["version"]) == (3, 2)


UNFIT_SCHEDULES: list[Any] = [
        ("lanes", 0), ("lanes", 7), ("lanes", 1.5), ("lanes", "1"), ("lanes", 10**30),
        ("slot_minutes", 7), ("slot_minutes", None), ("slot_minutes", "15"),
    ]  # fmt: skip


async def test_an_unfit_schedule_is_refused_by_field(
    as_receptionist: Client, doctor: Actor
) -> None:
    for field, value in UNFIT_SCHEDULES:
        answer = await as_receptionist.put(schedule_of(doctor), json={field: value})
        assert answer.status_code == 422, (field, value)
        assert answer.json()["errors"][0]["at"] == ["body", field]
    assert (await as_receptionist.get(schedule_of(doctor))).json()["version"] == 0


async def test_who_is_no_doctor_has_no_hours(as_receptionist: Client, nurse: Actor) -> None:
    answers = [
        await as_receptionist.get(hours_of(nurse)),
        await as_receptionist.post(hours_of(nurse), json=WEEK),
        await as_receptionist.get(schedule_of(nurse)),
        await as_receptionist.put(schedule_of(nurse), json={"lanes": 1}),
    ]
    assert {(a.status_code, a.json()["type"]) for a in answers} == {
        (404, "/problems/practitioner-not-found")
    }
    missing = await as_receptionist.post(f"{EXCEPTIONS}/{uuid4()}/withdrawal")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/exception-not-found")


async def test_doctors_plan_their_own_time_only(
    as_doctor: Client, doctor: Actor, other_doctor: Actor
) -> None:
    assert (await as_doctor.post(hours_of(doctor), json=WEEK)).status_code == 201
    assert (await as_doctor.put(schedule_of(doctor), json={"lanes": 2})).status_code == 200
    own = await as_doctor.post(EXCEPTIONS, json=leave(doctor))
    assert own.status_code == 201
    at = f"{EXCEPTIONS}/{own.json()['id']}/withdrawal"
    assert (await as_doctor.post(at)).status_code == 201
    refused = [
        await as_doctor.post(hours_of(other_doctor), json=WEEK),
        await as_doctor.put(schedule_of(other_doctor), json={"lanes": 2}),
        await as_doctor.post(EXCEPTIONS, json=leave(other_doctor)),
    ]
    assert {(a.status_code, a.json()["type"]) for a in refused} == {
        (403, "/problems/not-your-hours")
    }
    closing = {
        "kind": "closed",
        "starts_local": "2026-03-03T12:00",
        "ends_local": "2026-03-04T12:00",
    }
    closed = await as_doctor.post(EXCEPTIONS, json=closing)
    assert (closed.status_code, closed.json()["type"]) == (
        403,
        "/problems/may-not-plan-availability",
    )


async def test_another_doctor_cannot_take_leave_back(
    as_other_doctor: Client, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    theirs = await an_exception(works, receptionist, **leave(doctor))
    answer = await as_other_doctor.post(f"{EXCEPTIONS}/{theirs.id}/withdrawal")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-your-hours")


async def test_nurses_only_look(as_nurse: Client, doctor: Actor) -> None:
    assert (await as_nurse.get(hours_of(doctor))).status_code == 200
    assert (await as_nurse.get(schedule_of(doctor))).status_code == 200
    assert (await as_nurse.get(EXCEPTIONS)).status_code == 200
    assert (await as_nurse.post(hours_of(doctor), json=WEEK)).status_code == 403
    assert (await as_nurse.put(schedule_of(doctor), json={})).status_code == 403
    assert (await as_nurse.post(EXCEPTIONS, json=leave(doctor))).status_code == 403


async def test_a_retired_room_takes_no_new_hours(
    as_receptionist: Client, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    room = await a_room(works, receptionist)
    await working_hours(works, receptionist, doctor, a_week(room_id=room.id))
    await as_receptionist.post(f"/api/v1/rooms/{room.id}/retirement")
    spans = [MORNING, MORNING | {"weekday": 2, "room_id": str(room.id)}]
    answer = await as_receptionist.post(hours_of(doctor), json=WEEK | {"spans": spans})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == ["body", "spans", 1, "room_id"]


async def test_every_change_leaves_one_trace_and_one_fact(
    as_receptionist: Client, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    await as_receptionist.put(schedule_of(doctor), json={"lanes": 2})
    await as_receptionist.post(hours_of(doctor), json=WEEK)
    reason = leave(doctor, reason="Operation on the knee")
    made = (await as_receptionist.post(EXCEPTIONS, json=reason)).json()["id"]
    await as_receptionist.post(f"{EXCEPTIONS}/{made}/withdrawal")
    closing = {
        "kind": "closed",
        "starts_local": "2026-03-03T12:00",
        "ends_local": "2026-03-04T12:00",
    }
    await as_receptionist.post(EXCEPTIONS, json=closing)
    await as_receptionist.get(EXCEPTIONS)
    await as_receptionist.get("/api/v1/availability?from=2026-03-02&to=2026-03-03")
    async with works.sessions() as db:
        mine = audit.AuditEvent.actor_id == receptionist.id
        rows = await db.scalars(select(audit.AuditEvent).where(mine).order_by(audit.AuditEvent.seq))
        traces = [row for row in rows if not row.action.startswith("session")]
        facts = list(
            await db.scalars(
                select(OutboxRow)
                .where(OutboxRow.name == "availability.changed.v1")
                .order_by(OutboxRow.seq)
            )
        )
    assert [trace.action for trace in traces] == [
        "schedule.set", "weekly_hours.set", "availability_exception.add",
        "availability_exception.withdraw", "availability_exception.add",
    ]  # fmt: skip
    assert "knee" not in " ".join(str(trace.detail) for trace in traces)
    whose = [fact.payload["practitioner_id"] for fact in facts]
    assert whose == [str(doctor.id)] * 4 + [None]
