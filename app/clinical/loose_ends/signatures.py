"""A text waits for its author's signature: a task says so, and an alert when it takes too long.

Facts may arrive late, twice or in the wrong order; so none of them is believed. Each makes us look
at the note, under its lock, and put right what waits for somebody.
"""

from uuid import UUID

from app.clinical import notes
from app.clinical.loose_ends.causes import draft_of, receiver, unsigned_of
from app.infra.uow import UnitOfWork
from app.work_queues import alerts, items, tasks

DRAFT, UNSIGNED = "note.draft", "note.unsigned"  # kinds of work the migration made


async def follow_note(uow: UnitOfWork, note_id: UUID) -> None:
    """Have a task open exactly while the note waits for its author."""
    waiting = await notes.unsigned(uow, note_id)
    if waiting is None:
        await tasks.close_cause(uow, draft_of(note_id))
        await alerts.resolve_cause(uow, unsigned_of(note_id))
    elif await items.find_cause(uow, draft_of(note_id)) is None:
        await tasks.add_task(uow, await task_of(uow, waiting))


async def task_of(uow: UnitOfWork, waiting: notes.Unsigned) -> tasks.NewTask:
    return tasks.NewTask(
        type=DRAFT,
        title="Amendment to sign" if waiting.amendment else None,
        assignee_id=await receiver(uow, waiting.author_id),
        patient_id=waiting.patient_id,
        subject=("note", waiting.note_id),
        cause_key=draft_of(waiting.note_id),
    )


async def alert_of(uow: UnitOfWork, waiting: notes.Unsigned) -> None:
    """It waits for longer than it should."""
    await alerts.raise_alert(
        uow,
        alerts.NewAlert(
            type=UNSIGNED,
            assignee_id=await receiver(uow, waiting.author_id),
            patient_id=waiting.patient_id,
            subject=("note", waiting.note_id),
            cause_key=unsigned_of(waiting.note_id),
        ),
    )
