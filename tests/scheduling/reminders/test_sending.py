"""The sender: each reminder once at most, only if it is still true, and its outcome is told."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app import audit, patients
from app.infra.uow import Works
from app.scheduling import appointments, reminders
from app.scheduling.reminders import Message, NotReached, Refused, Unsure, open_channels
from app.scheduling.reminders.sending import PAUSES, SENDER, Sender
from app.scheduling.rules import DEFAULT_RULES, ReminderChannel
from tests.builders.patients import a_patient
from tests.scheduling.reminders.conftest import CANCELLATION, FRIDAY, TWO_DAYS, Desk, Recorder

DUE = FRIDAY - TWO_DAYS


@pytest.fixture
async def booked(desk: Desk) -> appointments.Appointment:
    """An appointment on Friday whose reminder is due now."""
    made = await desk.book()
    await desk.told()
    desk.clock.at = DUE
    return made


async def test_what_is_due_is_sent_once(desk: Desk, booked: appointments.Appointment) -> None:
    assert await desk.send() == 1
    assert await desk.send() == 0
    (message,) = desk.channel.taken
    assert (message.appointment_id, message.starts_at) == (booked.id, FRIDAY)
    assert message.email == "mara@example.org"
    assert await desk.outcome(booked.id) == ("sent", None)
    assert await desk.moves() == [
        (None, "planned", None), ("planned", "sending", None), ("sending", "sent", None)
    ]  # fmt: skip


async def test_nothing_is_sent_before_its_time(
    desk: Desk, booked: appointments.Appointment
) -> None:
    desk.clock.at = DUE - timedelta(seconds=1)
    assert await desk.send() == 0
    assert await desk.outcome(booked.id) == ("planned", None)


async def test_sending_leaves_a_trace_without_a_word_of_the_message(
    desk: Desk, booked: appointments.Appointment
) -> None:
    await desk.send()
    async with desk.works.sessions() as session:
        rows = await session.scalars(
            select(audit.AuditEvent).where(audit.AuditEvent.actor_id == SENDER.id)
        )
        (trace,) = rows.all()
    assert (trace.action, trace.patient_id) == ("reminder.send", desk.patient.id)
    assert trace.detail == {"channel": "file", "reason": None}


async def test_the_file_of_the_day_has_it(
    desk: Desk, booked: appointments.Appointment, tmp_path: Path
) -> None:
    await desk.send(open_channels(tmp_path, desk.clock))
    assert f'"appointment_id": "{booked.id}"' in (tmp_path / "2026-03-04.jsonl").read_text()


async def test_a_moved_appointment_is_not_announced_at_its_old_time(
    desk: Desk, booked: appointments.Appointment
) -> None:
    await desk.move(booked.id, starts_at=FRIDAY + timedelta(days=3))
    await desk.send()  # before anybody has heard of the move
    assert desk.channel.taken == []
    assert await desk.outcome(booked.id) == ("void", "moved")


async def test_a_cancelled_appointment_is_not_announced(
    desk: Desk, booked: appointments.Appointment
) -> None:
    await desk.cancel(booked.id)
    await desk.send()
    assert desk.channel.taken == []
    assert await desk.outcome(booked.id) == ("void", "not-booked")


async def test_one_that_is_just_being_cancelled_is_passed_over_until_that_is_decided(
    desk: Desk, booked: appointments.Appointment
) -> None:
    async with desk.works.begin(desk.actor) as uow:
        await appointments.cancel(uow, booked.id, CANCELLATION)
        assert await desk.send() == 0  # waits for nobody, sends nothing
    assert await desk.send() == 1
    assert desk.channel.taken == []
    assert await desk.outcome(booked.id) == ("void", "not-booked")


async def test_a_cancellation_waits_while_the_sender_makes_up_its_mind(
    desk: Desk, booked: appointments.Appointment
) -> None:
    """Whichever comes first, the appointment is never both cancelled and announced afterwards."""
    sender = Sender(desk.works, {ReminderChannel.FILE: desk.channel})
    await asyncio.gather(desk.cancel(booked.id), sender.send_next())
    await desk.told()
    await desk.send()
    sent = len(desk.channel.taken)
    assert await desk.outcome(booked.id) == (("sent", None) if sent else ("void", "not-booked"))


async def test_a_patient_without_an_address_is_told_of_as_such(desk: Desk) -> None:
    silent = await a_patient(desk.works, desk.actor, email=None)
    booked = await desk.book(patient_id=silent.id)
    await desk.told()
    desk.clock.at = DUE
    await desk.send()
    assert await desk.outcome(booked.id) == ("void", "no-address")


async def test_who_opted_out_meanwhile_gets_nothing(
    desk: Desk, booked: appointments.Appointment
) -> None:
    async with desk.works.begin(desk.actor) as uow:
        await reminders.keep_preference(
            uow, desk.patient.id, opted_out=True, plans=DEFAULT_RULES.reminders
        )
        # As if it had been planned by somebody who did not know yet.
        await uow.db.execute(text("update reminders set status = 'planned', reason = null"))
    await desk.send()
    assert desk.channel.taken == []
    assert await desk.outcome(booked.id) == ("void", "opted-out")


async def test_a_channel_that_is_not_set_up_any_more_says_so(
    desk: Desk, booked: appointments.Appointment
) -> None:
    await desk.send({})
    assert await desk.outcome(booked.id) == ("void", "not-set-up")


async def test_after_the_appointment_began_it_is_too_late(
    desk: Desk, booked: appointments.Appointment
) -> None:
    desk.clock.at = FRIDAY
    await desk.send()
    assert await desk.outcome(booked.id) == ("void", "too-late")


async def test_after_a_long_silence_only_the_latest_of_several_is_sent(
    desk: Desk, booked: appointments.Appointment
) -> None:
    async with desk.works.begin(desk.actor) as uow:
        await uow.db.execute(
            text(
                "insert into reminders (id, appointment_id, appointment_version, starts_at, kind,"
                " channel, status, send_at, created_at) select gen_random_uuid(), appointment_id,"
                " appointment_version, starts_at, '2h', channel, status,"
                " starts_at - interval '2 hours', created_at + interval '1 minute' from reminders"
            )
        )
    desk.clock.at = FRIDAY - timedelta(hours=1)
    assert await desk.send() == 2
    assert [message.kind for message in desk.channel.taken] == ["2h"]
    assert await desk.outcomes(booked.id) == [("void", "overtaken"), ("sent", None)]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(Refused(), "refused"), (Unsure(), "unsure"), (KeyError("broken"), "unsure")],
)
async def test_an_answer_for_good_is_shown_and_not_tried_again(
    desk: Desk, booked: appointments.Appointment, failure: Exception, reason: str
) -> None:
    desk.channel.failure = failure
    await desk.send()
    assert await desk.outcome(booked.id) == ("failed", reason)
    desk.channel.failure = None
    desk.clock.advance(hours=1)
    assert await desk.send() == 0


async def test_what_nobody_took_is_tried_again_for_a_while(
    desk: Desk, booked: appointments.Appointment
) -> None:
    desk.channel.failure = NotReached()
    for pause in PAUSES:
        await desk.send()
        assert await desk.outcome(booked.id) == ("planned", None)
        assert await desk.send() == 0  # not at once
        desk.clock.at += pause
    await desk.send()
    assert await desk.outcome(booked.id) == ("failed", "not-reached")


async def test_what_was_taken_at_the_second_try_is_sent(
    desk: Desk, booked: appointments.Appointment
) -> None:
    desk.channel.failure = NotReached()
    await desk.send()
    desk.channel.failure = None
    desk.clock.at += PAUSES[0]
    await desk.send()
    (reminder,) = await desk.reminders(booked.id)
    assert (reminder.status, reminder.attempts) == ("sent", 2)
    assert [message.id for message in desk.channel.taken] == [reminder.id]


async def test_nobody_tries_again_once_the_appointment_has_begun(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    desk.channel.failure = NotReached()
    desk.clock.at = FRIDAY - timedelta(seconds=30)
    await desk.send()
    assert await desk.outcome(booked.id) == ("failed", "not-reached")


class Outliving(Recorder):
    """A channel so slow that the reminder is given up as lost before it answers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    async def deliver(self, message: Message) -> None:
        await super().deliver(message)
        self.desk.clock.advance(minutes=6)
        await self.desk.send()


async def test_an_answer_that_comes_after_it_was_given_up_changes_nothing(
    desk: Desk, booked: appointments.Appointment
) -> None:
    slow = Outliving(desk)
    await desk.send({ReminderChannel.FILE: slow})
    assert len(slow.taken) == 1
    assert await desk.outcome(booked.id) == ("failed", "unsure")


async def test_many_senders_send_each_reminder_once(desk: Desk) -> None:
    made = [await desk.book(FRIDAY + timedelta(minutes=30 * n)) for n in range(6)]
    await desk.told()
    desk.clock.at = DUE + timedelta(hours=3)
    await asyncio.gather(*(desk.send() for _ in range(3)))
    sent = [message.appointment_id for message in desk.channel.taken]
    assert sorted(sent) == sorted(each.id for each in made)


async def test_the_address_is_that_of_the_moment(
    desk: Desk, booked: appointments.Appointment
) -> None:
    async with desk.works.begin(desk.actor) as uow:
        update = patients.UpdatePatient(email="new@example.org")
        await patients.update_patient(uow, desk.patient.id, update, version=1)
    await desk.send()
    assert [message.email for message in desk.channel.taken] == ["new@example.org"]


async def test_the_database_refuses_a_second_message_of_the_same_kind(
    works: Works, desk: Desk, booked: appointments.Appointment
) -> None:
    again = text(
        "insert into reminders (id, appointment_id, appointment_version, starts_at, kind, channel,"
        " status, send_at, created_at) select gen_random_uuid(), appointment_id,"
        " appointment_version, starts_at, kind, channel, status, send_at, created_at from reminders"
    )
    with pytest.raises(Exception, match="uq_reminders_once"):
        async with works.begin(desk.actor) as uow:
            await uow.db.execute(again)
