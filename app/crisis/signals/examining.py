"""Looking a note's text through: new signals are proposed, those whose sentence is gone withdrawn.

Before a note is signed the very text to be signed is looked through once more. Ids of signals are
made from what was said where, so that a refusal can name signals that are stored beside it.
"""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

from app.clinical import notes
from app.crisis.signals import policies, repository
from app.crisis.signals.answering import withdraw
from app.crisis.signals.errors import SignalsUnanswered
from app.crisis.signals.models import ANSWERS, Signal
from app.crisis.signals.note_text import NoteText, signals_in
from app.crisis.signals.proposing import NewSignal, propose
from app.infra.uow import UnitOfWork


async def examine_note(uow: UnitOfWork, note_id: UUID) -> list[Signal]:
    """Look through the text the actor sees; all signals of the note. Raises `NoteNotFound`.

    Who sees what was signed, and not what its author is amending, takes nothing back.
    """
    policies.require_finder(uow)
    note = await notes.get_note(uow, note_id)
    if note.status is notes.NoteStatus.ENTERED_IN_ERROR:
        await settle(uow, note_id, [])
    else:
        found = await asyncio.to_thread(signals_in, text_of(note))
        whole = note.version is not None or not await repository.is_open(uow, note_id)
        await settle(uow, note_id, found, withdraws=whole)
    return list(await repository.of_note(uow, note_id))


def text_of(note: notes.NoteOut) -> NoteText:
    return NoteText(
        note_id=note.id,
        patient_id=note.patient_id,
        encounter_id=note.encounter_id,
        recording_id=note.recording_id,
        body=note.body,
    )


async def require_answers(uow: UnitOfWork, intention: notes.AboutToSign) -> None:
    """Refuse a signature while critical signals of the text wait for an answer.

    Raises `SignalsUnanswered`, having stored them in a unit of work of its own: the refusal takes
    back everything else, and the page has to show them.
    """
    text = NoteText(
        note_id=intention.note_id,
        patient_id=intention.patient_id,
        encounter_id=intention.encounter_id,
        recording_id=intention.recording_id,
        body=intention.body,
    )
    found = await asyncio.to_thread(signals_in, text)
    stored = await repository.of_note(uow, intention.note_id)
    waiting = unanswered(found, stored)
    if not waiting:
        await settle(uow, intention.note_id, found, stored)
        return
    async with uow.aside() as aside:
        await settle(aside, intention.note_id, found)
    raise SignalsUnanswered(note_id=intention.note_id, signals=waiting)


def unanswered(found: Iterable[NewSignal], stored: Iterable[Signal]) -> list[UUID]:
    answered = {signal.id for signal in stored if signal.status in ANSWERS}
    return [new.id for new in found if new.critical and new.id not in answered]


async def settle(
    uow: UnitOfWork,
    note_id: UUID,
    found: Sequence[NewSignal],
    stored: Sequence[Signal] | None = None,
    *,
    withdraws: bool = True,
) -> None:
    """Have exactly these signals of a note wait, but for those that were answered.

    `withdraws` false: others may wait as well.
    """
    known = {signal.id: signal for signal in stored or await repository.of_note(uow, note_id)}
    for new in sorted(found, key=lambda each: each.id):  # everybody locks in one order
        if new.id not in known or not (known[new.id].waits or known[new.id].status in ANSWERS):
            await propose(uow, new)
    ids = {new.id for new in found}
    gone = [signal.id for signal in known.values() if signal.waits and signal.id not in ids]
    if gone and withdraws:
        await withdraw(uow, gone)
