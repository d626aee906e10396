"""Whatever is done in whatever order: nobody's time is given away twice, and none is kept back."""

from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app import assembly
from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.kernel.errors import DomainError
from app.kernel.lifecycle import IllegalMove
from app.scheduling import appointments, availability
from app.scheduling.appointments import (
    LIVE,
    Appointment,
    AppointmentStatus,
    NotMovable,
    SlotTaken,
    UndoObstacle,
    UndoRefused,
)
from app.scheduling.appointments.models import share_of
from app.scheduling.appointments.shares import FULL, Share, shares
from app.scheduling.appointments.tasks import cancel_expired_holds
from tests.builders.appointments import HELD_FOR
from tests.builders.availability import a_room, a_visit_type
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock
from tests.fixtures.stores import LoopInThread

T = TypeVar("T")

LANES = (1, 2)  # of the two doctors
PARALLEL = (1, 2, 3)  # of the three visit types
FIRST_DAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


class Book:
    """A clinic whose days are used up one for each run."""

    def __init__(self, aside: LoopInThread, urls: StoreUrls) -> None:
        self._aside, self._closing = aside, AsyncExitStack()
        self.clock = FrozenClock()
        self.day = FIRST_DAY
        self.works: Works = self.run(self._open(urls))
        self.run(self._furnish())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._aside.run(work)

    async def _open(self, urls: StoreUrls) -> Works:
        return await self._closing.enter_async_context(
            open_works(
                urls,
                subscriptions=assembly.subscriptions(),
                clock=self.clock,
                documents=assembly.DOCUMENTS,
            )
        )

    async def _furnish(self) -> None:
        works = self.works
        self.desk: Actor = await a_user(works, Role.RECEPTIONIST)
        self.doctors = [
            await a_user(works, Role.DOCTOR, username=f"doctor-{n}", full_name=f"Dr. Number {n}")
            for n in LANES
        ]
        for doctor, lanes in zip(self.doctors, LANES, strict=True):
            async with works.begin(self.desk) as uow:
                schedule = availability.SetSchedule(lanes=lanes)
                await availability.set_schedule(uow, doctor.id, schedule, version=0)
        self.types = [
            await a_visit_type(works, self.desk, f"Type {n}", parallel=n) for n in PARALLEL
        ]
        self.rooms = [(await a_room(works, self.desk)).id, None]
        self.patients = [(await a_patient(works, self.desk)).id for _ in range(5)]

    def close(self) -> None:
        self.run(self._closing.aclose())

    async def rows(self) -> Sequence[Appointment]:
        """Everything live on the day of this run."""
        async with self.works.sessions() as db:
            statement = select(Appointment).where(
                Appointment.status.in_(LIVE), Appointment.starts_at >= self.day
            )
            return (await db.scalars(statement)).all()

    def room_left(self, place: dict[str, Any], *, besides: UUID | None = None) -> bool:
        """What the constraints should say, found the long way: every share of everybody tried."""
        now = self.clock.now()
        others = [
            row
            for row in self.run(self.rows())
            if row.id != besides
            and row.starts_at < place["starts_at"] + timedelta(minutes=place["duration_minutes"])
            and place["starts_at"] < row.ends_at
            and not (row.expires_at and row.expires_at <= now)
        ]
        doctor = [each.id for each in self.doctors].index(place["practitioner_id"])
        parallel = PARALLEL[[each.id for each in self.types].index(place["visit_type_id"])]
        return (
            fits(others, "practitioner", place["practitioner_id"], LANES[doctor], parallel)
            and fits(others, "patient", place.get("patient_id"), 1, 1)
            and fits(others, "room", place["room_id"], 1, parallel)
        )


def fits(
    rows: Sequence[Appointment], whose: str, who: UUID | None, lanes: int, parallel: int
) -> bool:
    taken = [
        share_of(getattr(row, f"{whose}_share"))
        for row in rows
        if who is not None and getattr(row, f"{whose}_id") == who
    ]
    return any(not any(touches(one, other) for other in taken) for one in shares(lanes, parallel))


def touches(one: Share, other: Share) -> bool:
    return max(one.lower, other.lower) < min(one.upper, other.upper)


places = st.fixed_dictionaries(
    {
        "doctor": st.integers(0, 1),
        "type": st.integers(0, 2),
        "room": st.integers(0, 1),
        "quarter": st.integers(0, 3),
        "quarters": st.integers(1, 3),
    }
)
people = st.integers(0, 4)


class AnyOrder(RuleBasedStateMachine):
    """Two doctors, five patients, one room, an hour and a half, and a busy desk."""

    booked = Bundle("booked")
    holds = Bundle("holds")

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        book.day += timedelta(days=1)
        book.clock.at = FrozenClock().at

    def place(self, drawn: dict[str, int], patient: int | None = None) -> dict[str, Any]:
        book = self.book
        return {
            "practitioner_id": book.doctors[drawn["doctor"]].id,
            "visit_type_id": book.types[drawn["type"]].id,
            "room_id": book.rooms[drawn["room"]],
            "starts_at": book.day + drawn["quarter"] * QUARTER,
            "duration_minutes": drawn["quarters"] * 15,
            "patient_id": None if patient is None else book.patients[patient],
        }

    def ask(self, verb: Any, *args: Any, **named: Any) -> Any:
        """What the verb returns, or how it refuses."""

        async def work() -> Any:
            async with self.book.works.begin(self.book.desk) as uow:
                return await verb(uow, *args, **named)

        try:
            return self.book.run(work())
        except DomainError as refusal:
            return refusal

    @rule(target=booked, drawn=places, patient=people)
    def book_one(self, drawn: dict[str, int], patient: int) -> Any:
        place = self.place(drawn, patient)
        room_left = self.book.room_left(place)
        new = self.ask(appointments.book_appointment, appointments.BookAppointment(**place))
        assert isinstance(new, Appointment if room_left else SlotTaken)
        assert room_left or new.conflicts
        return new.id if room_left else multiple()

    @rule(target=booked, drawn=places, patient=people)
    def overbook(self, drawn: dict[str, int], patient: int) -> Any:
        why = appointments.Override(reason="urgent")
        asked = appointments.BookAppointment(**self.place(drawn, patient), override=why)
        new = self.ask(appointments.book_appointment, asked)
        if isinstance(new, Appointment):
            return new.id
        assert isinstance(new, SlotTaken)
        assert "room" in {each["kind"] for each in new.conflicts}
        return multiple()

    @rule(target=holds, drawn=places)
    def hold(self, drawn: dict[str, int]) -> Any:
        place = self.place(drawn)
        room_left = self.book.room_left(place)
        asked = appointments.HoldSlot(**place)
        new = self.ask(appointments.hold_slot, asked, hold_for=HELD_FOR)
        assert isinstance(new, Appointment if room_left else SlotTaken)
        return place | {"hold_id": new.id} if room_left else multiple()

    @rule(target=booked, held=consumes(holds), patient=people)
    def confirm(self, held: dict[str, Any], patient: int) -> Any:
        asked = held | {"patient_id": self.book.patients[patient]}
        room_left = self.book.room_left(asked, besides=held["hold_id"])
        new = self.ask(appointments.book_appointment, appointments.BookAppointment(**asked))
        assert isinstance(new, Appointment if room_left else SlotTaken)
        return new.id if room_left else multiple()

    @rule(held=consumes(holds))
    def release(self, held: dict[str, Any]) -> None:
        status = self.status(held["hold_id"])
        refusal = self.ask(appointments.release_hold, held["hold_id"])
        assert (refusal is None) == (status is AppointmentStatus.PENDING)

    @rule(appointment_id=booked, drawn=places)
    def move(self, appointment_id: UUID, drawn: dict[str, int]) -> None:
        place = self.place(drawn)
        del place["visit_type_id"], place["patient_id"]
        status = self.status(appointment_id)
        change = appointments.Reschedule(**place)
        moved = self.ask(appointments.reschedule, appointment_id, change)
        assert isinstance(moved, (Appointment, SlotTaken) if status in LIVE else NotMovable)

    @rule(appointment_id=booked)
    def cancel(self, appointment_id: UUID) -> None:
        status = self.status(appointment_id)
        why = appointments.CancelAppointment(reason="cold", by=appointments.Canceller.PATIENT)
        cancelled = self.ask(appointments.cancel, appointment_id, why)
        assert isinstance(cancelled, Appointment if status in LIVE else IllegalMove)

    @rule(appointment_id=booked)
    def undo(self, appointment_id: UUID) -> None:
        undone = self.ask(appointments.undo, appointment_id)
        if isinstance(undone, UndoRefused):
            assert undone.reason in {UndoObstacle.NOTHING_TO_UNDO, UndoObstacle.TIME_TAKEN}
            assert bool(undone.conflicts) == (undone.reason is UndoObstacle.TIME_TAKEN)
        else:
            assert isinstance(undone, Appointment)

    @rule()
    def let_time_pass(self) -> None:
        self.book.clock.advance(minutes=3)

    @rule()
    def sweep(self) -> None:
        self.book.run(cancel_expired_holds(self.book.works))

    def status(self, appointment_id: UUID) -> Any:
        return self.ask(appointments.get_appointment, appointment_id).status

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        for one, other in combinations(self.book.run(self.book.rows()), 2):
            if one.starts_at >= other.ends_at or other.starts_at >= one.ends_at:
                continue
            for whose in ("practitioner", "patient", "room"):
                who = getattr(one, f"{whose}_id")
                if who is not None and who == getattr(other, f"{whose}_id"):
                    theirs = [share_of(getattr(row, f"{whose}_share")) for row in (one, other)]
                    assert not touches(*theirs), whose

    @invariant()
    def nobody_has_more_than_their_lanes_without_a_reason(self) -> None:
        lanes = dict(zip([each.id for each in self.book.doctors], LANES, strict=True))
        for row in self.book.run(self.book.rows()):
            if "practitioner" not in row.overridden:
                assert share_of(row.practitioner_share).upper <= lanes[row.practitioner_id] * FULL
            if "patient" not in row.overridden:
                assert share_of(row.patient_share).upper <= FULL
            assert share_of(row.room_share).upper <= FULL
            assert bool(row.overridden) == (row.override_reason is not None)


@pytest.fixture
def book(aside: LoopInThread, urls: StoreUrls) -> Iterator[Book]:
    opened = Book(aside, urls)
    yield opened
    opened.close()


def test_in_any_order(book: Book) -> None:
    run_state_machine_as_test(
        lambda: AnyOrder(book),
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
