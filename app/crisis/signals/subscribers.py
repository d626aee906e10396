"""Texts are looked through when they come to be; an unanswered critical signal is an alert.

Facts may arrive late, twice or in the wrong order; so none of them is believed. Each makes us look
at the note, or at the signal under its lock, and put right what waits for somebody.
"""

from uuid import UUID

from app.clinical import notes
from app.crisis.signals import repository
from app.crisis.signals.events import (
    SignalConfirmed,
    SignalDismissed,
    SignalProposed,
    SignalWithdrawn,
)
from app.crisis.signals.examining import examine_note, require_answers
from app.crisis.signals.models import Signal
from app.infra.uow import Subscriptions, UnitOfWork
from app.kernel.events import Fact
from app.work_queues import alerts, items, rosters

ALERT = "crisis.signal"  # the kind of work the migration made
OF_NOTES = (notes.WorkingCopyOpened, notes.WorkingCopyClosed, notes.NoteEnteredInError)
OF_SIGNALS = (SignalProposed, SignalConfirmed, SignalDismissed, SignalWithdrawn)


def subscribe(subscriptions: Subscriptions) -> None:
    subscriptions.before(notes.AboutToSign, require_answers)
    for about_notes in OF_NOTES:
        subscriptions.on(about_notes, on_note, name="signals.examine")
    for about_signals in OF_SIGNALS:
        subscriptions.on(about_signals, on_signal, name="signals.alert")


async def on_note(uow: UnitOfWork, fact: Fact) -> None:
    assert isinstance(fact.event, OF_NOTES)
    await examine_note(uow, fact.event.note_id)


async def on_signal(uow: UnitOfWork, fact: Fact) -> None:
    assert isinstance(fact.event, OF_SIGNALS)
    await follow(uow, fact.event.signal_id)


async def follow(uow: UnitOfWork, signal_id: UUID) -> None:
    """Have an alert open exactly while a critical signal waits."""
    signal = await repository.get(uow, signal_id, lock=True)
    cause = cause_of(signal_id)
    if not (signal.critical and signal.waits):
        await alerts.resolve_cause(uow, cause)
    elif await items.find_cause(uow, cause) is None:
        await alerts.raise_alert(uow, await alert_of(uow, signal))


def cause_of(signal_id: UUID) -> str:
    return f"signal:{signal_id}"


async def alert_of(uow: UnitOfWork, signal: Signal) -> alerts.NewAlert:
    """For the author of the note, where there is one; their ladder tells the next ones.

    For the pool, when their account is locked.
    """
    waiting = await notes.unsigned(uow, signal.note_id) if signal.note_id else None
    reachable = waiting is not None and await rosters.can_receive(uow, waiting.author_id)
    return alerts.NewAlert(
        type=ALERT,
        assignee_id=waiting.author_id if waiting and reachable else None,
        patient_id=signal.patient_id,
        subject=("note", signal.note_id) if signal.note_id else None,
        cause_key=cause_of(signal.id),
    )
