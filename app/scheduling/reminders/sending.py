"""Sending what is due: claimed first, then handed over, then marked; so never twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from app import audit, patients
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.scheduling.appointments import Appointment, AppointmentStatus
from app.scheduling.reminders import repository
from app.scheduling.reminders.channels import Channel, NotReached, Refused, Unsure
from app.scheduling.reminders.lifecycle import ReminderReason, ReminderStatus
from app.scheduling.reminders.messages import Letterhead, Message, subject_of, text_of
from app.scheduling.reminders.models import Reminder, ReminderMove
from app.scheduling.rules import ReminderChannel

SENDER = Actor.system("reminder-sender")
LONGEST_DELIVERY_SECONDS = 120.0
LOST_AFTER = timedelta(minutes=5)  # longer than any delivery takes
LOST_AT_ONCE = 200
# How long to wait after the first, second, ... time that nobody took it.
PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 180))

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A reminder that is ours to send, and nobody else's."""

    reminder_id: UUID
    claimed_at: datetime
    message: Message
    channel: Channel


class Sender:
    """Sends reminders one after the other; several may work beside each other."""

    def __init__(
        self,
        works: Works,
        channels: Mapping[ReminderChannel, Channel],
        letterhead: Letterhead | None = None,
    ) -> None:
        self._works, self._channels = works, channels
        self._letterhead = letterhead or Letterhead()

    async def send_next(self) -> bool:
        """Send the reminder that is due longest, or void it; False when none is due."""
        async with self._works.begin(SENDER) as uow:
            due = await repository.lock_next_due(uow)
            if due is None:
                return False
            claim = await self._claim(uow, *due)
        if claim is not None:
            await mark(self._works, claim, await hand_over(claim))
        return True

    async def _claim(
        self, uow: UnitOfWork, reminder: Reminder, appointment: Appointment
    ) -> Claim | None:
        """Both rows are locked: what is decided here is true when the claim commits."""
        channel = self._channels.get(reminder.channel)
        reason = await why_not(uow, reminder, appointment)
        if channel is None:
            reason = reason or ReminderReason.NOT_SET_UP
        if reason is None and channel is not None:
            message = await self._message(uow, reminder, appointment)
            if channel.can_reach(message):
                uow.db.add(reminder.claim(by=uow.actor.id, at=uow.now))
                return Claim(reminder.id, uow.now, message, channel)
        move = reminder.void(reason or ReminderReason.NO_ADDRESS, by=uow.actor.id, at=uow.now)
        await keep(uow, "reminder.void", reminder, move, appointment.patient_id)
        return None

    async def _message(
        self, uow: UnitOfWork, reminder: Reminder, appointment: Appointment
    ) -> Message:
        assert appointment.patient_id is not None
        patient = await patients.get_patient(uow, appointment.patient_id)
        return Message(
            id=reminder.id,
            appointment_id=appointment.id,
            kind=reminder.kind,
            email=patient.email,
            phone=patient.phone,
            starts_at=appointment.starts_at,
            zone=uow.zone,
            subject=subject_of(self._letterhead),
            text=text_of(self._letterhead, appointment.starts_at, uow.zone),
        )


async def why_not(
    uow: UnitOfWork, reminder: Reminder, appointment: Appointment
) -> ReminderReason | None:
    """Why this must not be sent now, whatever was true when it was planned; or None."""
    if appointment.status is not AppointmentStatus.BOOKED or appointment.patient_id is None:
        return ReminderReason.NOT_BOOKED
    if appointment.starts_at != reminder.starts_at:
        return ReminderReason.MOVED
    if appointment.starts_at <= uow.now:
        return ReminderReason.TOO_LATE
    if await repository.has_opted_out(uow, appointment.patient_id):
        return ReminderReason.OPTED_OUT
    if await repository.is_overtaken(uow, reminder):
        return ReminderReason.OVERTAKEN
    return None


async def hand_over(claim: Claim) -> ReminderReason | None:
    """Give the message to its channel; None when it was taken, else how that failed."""
    try:
        async with asyncio.timeout(LONGEST_DELIVERY_SECONDS):
            await claim.channel.deliver(claim.message)
    except NotReached:
        return ReminderReason.NOT_REACHED
    except Refused:
        return ReminderReason.REFUSED
    except (Unsure, TimeoutError):
        return ReminderReason.UNSURE
    except Exception as error:  # noqa: BLE001 - whatever broke, it may have been sent before
        log.warning("reminder_broke", error=type(error).__name__)
        return ReminderReason.UNSURE
    return None


async def mark(works: Works, claim: Claim, failure: ReminderReason | None) -> None:
    """Write down what came of it, unless we took so long that it was given up as lost."""
    async with works.begin(SENDER) as uow:
        reminder = await repository.lock(uow, claim.reminder_id)
        if (reminder.status, reminder.claimed_at) != (ReminderStatus.SENDING, claim.claimed_at):
            log.warning("reminder_answered_late", reason=failure)
            return
        move = outcome(uow, reminder, failure)
        await keep(uow, f"reminder.{ACTIONS[reminder.status]}", reminder, move)


ACTIONS = {
    ReminderStatus.SENT: "send",
    ReminderStatus.FAILED: "fail",
    ReminderStatus.PLANNED: "postpone",
}


def outcome(uow: UnitOfWork, reminder: Reminder, failure: ReminderReason | None) -> ReminderMove:
    by, at = uow.actor.id, uow.now
    if failure is None:
        return reminder.mark_sent(by=by, at=at)
    if failure is ReminderReason.NOT_REACHED and reminder.attempts <= len(PAUSES):
        again = at + PAUSES[reminder.attempts - 1]
        if again < reminder.starts_at:
            return reminder.postpone(again, by=by, at=at)
    return reminder.fail(failure, by=by, at=at)


async def give_up_lost(works: Works) -> int:
    """Show as failed what was claimed and never answered: its sender died; returns how many.

    Whether the message left is not known, and a patient who is told nothing is better off than
    one who is told twice and comes to doubt both.
    """
    async with works.begin(SENDER) as uow:
        before = uow.now - LOST_AFTER
        lost = await repository.lock_claimed_before(uow, before, limit=LOST_AT_ONCE)
        for reminder in lost:
            move = reminder.fail(ReminderReason.UNSURE, by=uow.actor.id, at=uow.now)
            await keep(uow, "reminder.fail", reminder, move)
        return len(lost)


async def keep(
    uow: UnitOfWork,
    action: str,
    reminder: Reminder,
    move: ReminderMove,
    patient_id: UUID | None = None,
) -> None:
    """Store a move and the trace of it."""
    uow.db.add(move)
    await audit.record(
        uow,
        action,
        patient_id=patient_id or await repository.patient_of(uow, reminder),
        subject=("reminder", reminder.id),
        detail={"channel": reminder.channel, "reason": reminder.reason},
    )
