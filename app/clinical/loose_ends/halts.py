"""A dictation became no words: an alert where somebody can do something, a task where not."""

from uuid import UUID

from app.clinical import transcription
from app.clinical.loose_ends.causes import halt_of, receiver, silence_of
from app.infra.uow import UnitOfWork
from app.work_queues import alerts, items, tasks

HALTED, SILENT = "recording.failed", "recording.silent"  # kinds of work the migration made


async def follow_transcription(uow: UnitOfWork, recording_id: UUID) -> None:
    """Have an alert or a task open exactly while the recording has no words and could have had.

    Like a note, the transcription is looked at under its lock: facts may come in any order.
    """
    halt = await transcription.halted(uow, recording_id)
    if halt is None or halt.silent:
        await alerts.resolve_cause(uow, halt_of(recording_id))
    elif await items.find_cause(uow, halt_of(recording_id)) is None:
        await alerts.raise_alert(uow, await alert_of(uow, recording_id, halt))
    if halt is None or not halt.silent:
        await tasks.close_cause(uow, silence_of(recording_id))
    elif await items.find_cause(uow, silence_of(recording_id)) is None:
        await tasks.add_task(uow, await task_of(uow, recording_id, halt))


async def alert_of(
    uow: UnitOfWork, recording_id: UUID, halt: transcription.Halted
) -> alerts.NewAlert:
    return alerts.NewAlert(
        type=HALTED,
        assignee_id=await receiver(uow, halt.doctor_id),
        patient_id=halt.patient_id,
        subject=("recording", recording_id),
        cause_key=halt_of(recording_id),
    )


async def task_of(uow: UnitOfWork, recording_id: UUID, halt: transcription.Halted) -> tasks.NewTask:
    return tasks.NewTask(
        type=SILENT,
        assignee_id=await receiver(uow, halt.doctor_id),
        patient_id=halt.patient_id,
        subject=("recording", recording_id),
        cause_key=silence_of(recording_id),
    )
