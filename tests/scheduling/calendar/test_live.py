"""The calendar as it changes: two desks, one line each."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from fastapi.sse import ServerSentEvent
from sqlalchemy import select, text, update

from app import audit
from app.infra.uow import Works
from app.kernel.actors import NOWHERE, Actor
from app.scheduling import appointments
from app.scheduling.appointments.calendar_schemas import Hello
from app.scheduling.appointments.live import MOST_AT_ONCE, StillWelcome, follow
from app.scheduling.appointments.models import Appointment
from tests.builders.appointments import a_cancellation, a_hold, an_appointment, at, new_booking
from tests.builders.availability import Clinic
from tests.builders.patients import a_patient
from tests.conftest import Client

EVENTS = "/api/v1/calendar/events"
PATIENCE_SECONDS = 30


def always(actor: Actor) -> StillWelcome:
    async def still_welcome() -> Actor | None:
        return actor

    return still_welcome


class Line:
    """An open stream, read event by event."""

    def __init__(self, events: AsyncIterator[ServerSentEvent]) -> None:
        self._events = events
        self.last_id: str | None = None

    async def next(self) -> ServerSentEvent:
        async with asyncio.timeout(PATIENCE_SECONDS):
            event = await anext(self._events)
        self.last_id = event.id
        return event

    async def hello(self) -> Hello:
        event = await self.next()
        assert (event.event, type(event.data)) == ("hello", Hello)
        assert isinstance(event.data, Hello)
        return event.data

    async def appointment(self) -> appointments.AppointmentOut:
        event = await self.next()
        assert event.event == "appointment"
        assert isinstance(event.data, appointments.AppointmentOut)
        return event.data

    async def ids(self, count: int) -> list[UUID]:
        return [(await self.appointment()).id for _ in range(count)]


@asynccontextmanager
async def listening(
    works: Works,
    actor: Actor,
    *,
    last_event_id: int | None = None,
    still_welcome: StillWelcome | None = None,
) -> AsyncIterator[Line]:
    events = follow(
        works,
        last_event_id=last_event_id,
        still_welcome=still_welcome or always(actor),
        origin=NOWHERE,
    )
    try:
        yield Line(events)
    finally:
        await events.aclose()  # type: ignore[attr-defined]


async def age(works: Works, appointment_id: UUID, hours: int) -> None:
    """As if the last change had been so long ago; the trigger would say it was now."""
    async with works.sessions.begin() as db:
        await db.execute(text("alter table appointments disable trigger appointments_touch"))
        then = text(f"now() - interval '{hours} hours'")
        await db.execute(
            update(Appointment).where(Appointment.id == appointment_id).values(updated_at=then)
        )
        await db.execute(text("alter table appointments enable trigger appointments_touch"))


async def test_bookings_holds_moves_and_cancellations_come_whole(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic
) -> None:
    async with listening(works, nurse) as line:
        assert (await line.hello()).reload is False
        hold = await a_hold(works, receptionist, clinic, at("10:00"))
        told = await line.appointment()
        assert (told.id, told.status, told.held_by_name) == (hold.id, "pending", "Rosa Keller")
        booked = await an_appointment(works, receptionist, clinic, at("10:00"), hold_id=hold.id)
        told = await line.appointment()
        assert (told.id, told.status, told.patient_name) == (hold.id, "booked", "Mara Okafor-Lind")
        async with works.begin(receptionist) as uow:
            later = appointments.Reschedule.model_validate({"starts_at": at("11:00")})
            await appointments.reschedule(uow, booked.id, later)
        assert (await line.appointment()).starts_at == at("11:00")
        await a_cancellation(works, receptionist, booked.id)
        told = await line.appointment()
        assert (told.status, told.cancellation_reason) == ("cancelled", "caught a cold")


async def test_a_change_is_told_once_and_what_just_happened_before_is_told_as_well(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic
) -> None:
    """Between loading the page and standing on the line somebody may have booked."""
    before = await an_appointment(works, receptionist, clinic, at("10:00"))
    long_before = await an_appointment(works, receptionist, clinic, at("11:00"))
    await age(works, long_before.id, hours=1)
    async with listening(works, nurse) as line:
        await line.hello()
        assert (await line.appointment()).id == before.id
        after = await an_appointment(works, receptionist, clinic, at("14:00"))
        assert (await line.appointment()).id == after.id


async def test_nothing_is_missed_when_the_earlier_transaction_commits_later(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic
) -> None:
    slow = await an_appointment(works, receptionist, clinic, at("10:00"))
    async with listening(works, nurse) as line:
        await line.hello()
        assert (await line.appointment()).id == slow.id
        async with works.sessions.begin() as db:
            named = update(Appointment).where(Appointment.id == slow.id)
            await db.execute(named.values(reason="cough", version=2))
            quick = await an_appointment(works, receptionist, clinic, at("11:00"))
            assert (await line.appointment()).id == quick.id
        told = await line.appointment()
        assert (told.id, told.version, told.reason) == (slow.id, 2, "cough")
        assert told.updated_at < quick.updated_at


async def test_who_comes_back_is_told_what_they_missed(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic
) -> None:
    first = await an_appointment(works, receptionist, clinic, at("10:00"))
    await age(works, first.id, hours=3)
    missed = await an_appointment(works, receptionist, clinic, at("11:00"))
    await age(works, missed.id, hours=1)
    async with works.sessions() as db:
        two_hours_ago = text("select extract(epoch from now() - interval '2 hours') * 1000")
        last = int((await db.execute(two_hours_ago)).scalar_one())
    async with listening(works, nurse, last_event_id=last) as line:
        assert (await line.hello()).reload is False
        assert line.last_id == str(last)
        assert (await line.appointment()).id == missed.id
        assert line.last_id is not None
        last = int(line.last_id)
    async with listening(works, nurse, last_event_id=last) as line:
        await line.hello()
        assert (await line.appointment()).id == missed.id  # within the look back: told twice


async def test_who_missed_too_much_is_told_to_load_it_again(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic
) -> None:
    lapsed = text(
        "insert into appointments (id, status, practitioner_id, visit_type_id, starts_at, ends_at,"
        " practitioner_share, created_by, created_at) select gen_random_uuid(), 'cancelled',"
        " :doctor, :type, at, at + interval '30 minutes', int4range(0, 27720), :doctor, at from"
        " generate_series(1, :many) n, lateral (select now() + n * interval '1 hour' as at) x"
    )
    named = {"doctor": clinic.doctor.id, "type": clinic.visit_type.id, "many": MOST_AT_ONCE + 1}
    async with works.sessions.begin() as db:
        await db.execute(lapsed, named)
    async with listening(works, nurse, last_event_id=0) as line:
        assert (await line.hello()).reload is True
        after = await an_appointment(works, receptionist, clinic, at("10:00"))
        assert (await line.appointment()).id == after.id


async def test_who_is_no_longer_welcome_hears_of_nothing_more(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic
) -> None:
    welcome = [nurse]

    async def still_welcome() -> Actor | None:
        return welcome[0] if welcome else None

    async with listening(works, nurse, still_welcome=still_welcome) as line:
        await line.hello()
        await an_appointment(works, receptionist, clinic, at("10:00"))
        await line.appointment()
        welcome.clear()
        await an_appointment(works, receptionist, clinic, at("11:00"))
        with pytest.raises(StopAsyncIteration):
            await line.next()


async def test_whose_appointments_were_told_stands_in_the_audit_trail(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic
) -> None:
    async with listening(works, nurse) as line:
        await line.hello()
        booked = await an_appointment(works, receptionist, clinic, at("10:00"))
        await line.appointment()
    (row,) = await followed(works)
    assert (row.actor_id, row.detail) == (nurse.id, {"patients": [str(booked.patient_id)]})


async def followed(works: Works) -> list[audit.AuditEvent]:
    seen = audit.AuditEvent
    statement = select(seen).where(seen.action == "calendar.follow").order_by(seen.seq)
    async with works.sessions() as db:
        return list(await db.scalars(statement))


async def until(done: Callable[[list[audit.AuditEvent]], bool], works: Works) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not done(await followed(works)):  # noqa: ASYNC110 nothing tells us
            await asyncio.sleep(0.05)


def parsed(stream: str) -> list[tuple[str, Any]]:
    """(event, data) of everything in a stream of server-sent events."""
    found = []
    for block in stream.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def test_what_one_desk_books_reaches_the_other_until_it_signs_out(
    as_receptionist: Client, as_nurse: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    following = asyncio.create_task(as_nurse.get(EVENTS))
    await until(lambda rows: len(rows) == 1, works)

    async def book(clock: str) -> str:
        wish = new_booking(clinic, patient.id, at(clock)).model_dump(mode="json")
        answer = await as_receptionist.post("/api/v1/appointments", json=wish)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    booked = await book("10:00")
    await until(lambda rows: len(rows) == 2, works)
    gone = {"reason": "caught a cold", "by": "patient"}
    await as_receptionist.post(f"/api/v1/appointments/{booked}/cancellation", json=gone)
    await until(lambda rows: len(rows) == 3, works)
    await as_nurse.delete("/api/v1/sessions/current")
    await book("11:00")
    answer = await following
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = parsed(answer.text)
    assert [event for event, _ in told] == ["hello", "appointment", "appointment"]
    assert [(data["id"], data["status"]) for _, data in told[1:]] == [
        (booked, "booked"),
        (booked, "cancelled"),
    ]


async def busy_connections(works: Works) -> int:
    statement = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and state <> 'idle' and pid <> pg_backend_pid()"
    )
    async with works.sessions() as db:
        return int((await db.execute(text(statement))).scalar_one())


async def test_following_holds_no_connection_while_it_waits(as_nurse: Client, works: Works) -> None:
    """More lines than there are connections."""
    lines = [asyncio.create_task(as_nurse.get(EVENTS)) for _ in range(30)]
    await until(lambda rows: len(rows) == 30, works)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await busy_connections(works) > 0:  # noqa: ASYNC110 nothing tells us
            await asyncio.sleep(0.05)
    for line in lines:
        line.cancel()
    await asyncio.gather(*lines, return_exceptions=True)


@pytest.mark.parametrize("last", ["nonsense", "-1", "99999999999999999999", "²"])
async def test_the_id_of_an_event_we_never_told_is_no_harm(
    as_nurse: Client, works: Works, last: str
) -> None:
    following = asyncio.create_task(as_nurse.get(EVENTS, headers={"Last-Event-ID": last.encode()}))
    await until(lambda rows: len(rows) == 1, works)
    assert not following.done()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def test_strangers_hear_nothing(client: Client) -> None:
    assert (await client.get(EVENTS)).status_code == 401
