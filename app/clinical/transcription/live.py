"""A transcript as it grows, as server-sent events that survive a reconnect."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

from fastapi.sse import ServerSentEvent

from app.clinical import recordings
from app.clinical.transcription import queries
from app.clinical.transcription.lifecycle import UNFINISHED
from app.clinical.transcription.shapes import SpokenUtterance, TranscriptionProgress
from app.infra.uow import Works
from app.kernel.actors import Actor

LOOK_AGAIN_SECONDS = 2.0
LOOKS_PER_CHECK = 10  # so often the caller's session is looked at again
RECONNECT_MILLISECONDS = 1000

StillWelcome = Callable[[], Awaitable[Actor | None]]


async def follow(
    works: Works, recording_id: UUID, *, heard: int, still_welcome: StillWelcome
) -> AsyncIterator[ServerSentEvent]:
    """Tell every utterance from index `heard` on, and every change of state, until the end.

    The id of an event is the number of utterances told before and with it, so whoever comes
    back with the last one misses nothing and hears nothing twice. No transaction is open and
    no connection is taken while we wait.
    """
    told: TranscriptionProgress | None = None
    looks = 0
    while True:
        if looks % LOOKS_PER_CHECK == 0 and (actor := await still_welcome()) is None:
            return
        assert actor is not None
        looks += 1
        now, utterances = await look(works, actor, recording_id, heard)
        for utterance in utterances:
            heard = utterance.index + 1
            yield ServerSentEvent(event="utterance", id=str(heard), data=utterance)
        if now != told:
            told = now
            retry = RECONNECT_MILLISECONDS if looks == 1 else None
            yield ServerSentEvent(event="state", id=str(heard), data=now, retry=retry)
        if now.status not in UNFINISHED:
            return
        await works.stores.wakeups.wait(
            recordings.topic_of(recording_id), seconds=LOOK_AGAIN_SECONDS
        )


async def look(
    works: Works, actor: Actor, recording_id: UUID, heard: int
) -> tuple[TranscriptionProgress, list[SpokenUtterance]]:
    """State first: utterances that come in between belong to the next look at the latest."""
    async with works.begin(actor) as uow:
        progress = await queries.progress_of(uow, recording_id)
        utterances = await queries.utterances_from(uow, recording_id, heard)
    return progress, list(utterances)
