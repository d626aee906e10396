"""What reminders do when an appointment changes."""

from collections.abc import Sequence

from app.infra.uow import Subscriptions, UnitOfWork
from app.kernel.events import Fact
from app.scheduling import appointments
from app.scheduling.reminders.planning import plan_reminders
from app.scheduling.rules import ReminderPlan


def subscribe(subscriptions: Subscriptions, plans: Sequence[ReminderPlan]) -> None:
    """Listen for appointments that are booked, moved, cancelled, or taken back."""

    async def plan(uow: UnitOfWork, fact: Fact) -> None:
        assert isinstance(
            fact.event,
            appointments.AppointmentBooked
            | appointments.AppointmentMoved
            | appointments.AppointmentStatusChanged,
        )
        await plan_reminders(uow, fact.event.appointment_id, plans)

    for event in (
        appointments.AppointmentBooked,
        appointments.AppointmentMoved,
        appointments.AppointmentStatusChanged,
    ):
        subscriptions.on(event, plan, name="reminders.plan")
