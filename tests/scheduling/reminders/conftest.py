"""A clinic with a booked appointment, and the round of the sender."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.patients import Patient
from app.scheduling import appointments, reminders
from app.scheduling.appointments import Appointment
from app.scheduling.reminders import Message, Reminder, ReminderMove
from app.scheduling.reminders.tasks import send_reminders
from app.scheduling.rules import ReminderChannel
from tests.builders.availability import Clinic, a_clinic
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock
from tests.scheduling.waiting_list.delivering import deliver_everything

# The clock of the tests stands at Monday, 02-Mar-2026, 09:00; this is Friday of that week.
FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
TWO_DAYS = timedelta(hours=48)


class Recorder:
    """A channel that keeps what it is given, or fails as it is told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.taken: list[Message] = []

    def can_reach(self, message: Message) -> bool:
        return message.email is not None

    async def deliver(self, message: Message) -> None:
        if self.failure is not None:
            raise self.failure
        self.taken.append(message)


@dataclass
class Desk:
    """What a receptionist does, what follows from it, and what the sender then does."""

    works: Works
    clock: FrozenClock
    actor: Actor
    clinic: Clinic
    patient: Patient
    channel: Recorder

    async def book(self, starts_at: datetime = FRIDAY, **fields: Any) -> Appointment:
        new = appointments.BookAppointment(
            practitioner_id=self.clinic.doctor.id,
            patient_id=fields.pop("patient_id", self.patient.id),
            visit_type_id=self.clinic.visit_type.id,
            starts_at=starts_at,
            **fields,
        )
        async with self.works.begin(self.actor) as uow:
            return await appointments.book_appointment(uow, new)

    async def move(self, appointment_id: UUID, **change: Any) -> None:
        async with self.works.begin(self.actor) as uow:
            await appointments.reschedule(
                uow, appointment_id, appointments.Reschedule.model_validate(change)
            )

    async def cancel(self, appointment_id: UUID) -> None:
        async with self.works.begin(self.actor) as uow:
            await appointments.cancel(uow, appointment_id, CANCELLATION)

    async def undo(self, appointment_id: UUID) -> None:
        async with self.works.begin(self.actor) as uow:
            await appointments.undo(uow, appointment_id)

    async def told(self, *, latest_first: bool = False) -> None:
        """Whoever plans reminders has heard of everything."""
        await deliver_everything(self.works, latest_first=latest_first, only="reminders.")

    async def send(
        self, channels: Mapping[ReminderChannel, reminders.Channel] | None = None
    ) -> int:
        """One round of the sender."""
        every = dict.fromkeys(ReminderChannel, self.channel) if channels is None else channels
        return await send_reminders(self.works, every)

    async def reminders(self, appointment_id: UUID) -> Sequence[Reminder]:
        statement = select(Reminder).where(Reminder.appointment_id == appointment_id)
        order = (Reminder.appointment_version, Reminder.created_at, Reminder.id)
        async with self.works.sessions() as session:
            return (await session.scalars(statement.order_by(*order))).all()

    async def outcomes(self, appointment_id: UUID) -> list[tuple[str, str | None]]:
        """Status and reason of each, in the order in which they were planned."""
        return [(each.status, each.reason) for each in await self.reminders(appointment_id)]

    async def outcome(self, appointment_id: UUID) -> tuple[str, str | None]:
        (found,) = await self.outcomes(appointment_id)
        return found

    async def moves(self) -> list[tuple[str | None, str, str | None]]:
        async with self.works.sessions() as session:
            found = await session.scalars(select(ReminderMove).order_by(ReminderMove.seq))
            return [(each.from_status, each.to_status, each.reason) for each in found]


CANCELLATION = appointments.CancelAppointment(
    reason="caught a cold", by=appointments.Canceller.PATIENT
)


@pytest.fixture
async def desk(works: Works, clock: FrozenClock, receptionist: Actor, doctor: Actor) -> Desk:
    patient = await a_patient(works, receptionist, email="mara@example.org")
    clinic = await a_clinic(works, receptionist, doctor)
    return Desk(works, clock, receptionist, clinic, patient, Recorder())
