"""Transcripts over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.clinical.transcription import live, queries, service
from app.clinical.transcription.shapes import Transcript, TranscriptionProgress
from app.infra.http.access import allow
from app.infra.http.callers import find_caller
from app.infra.http.deps import Uow
from app.infra.http.routing import api_router
from app.kernel.actors import Actor, Role

router = api_router("/recordings", "transcripts")
READERS = allow(Role.DOCTOR, Role.NURSE)


@router.get(
    "/{recording_id}/transcript",
    dependencies=[READERS],
    summary="The words of a recording, complete or so far",
)
async def get_transcript(recording_id: UUID, uow: Uow) -> Transcript:
    return await queries.read_transcript(uow, recording_id)


@router.get(
    "/{recording_id}/transcription",
    dependencies=[READERS],
    summary="How far the transcription of a recording is",
)
async def get_transcription(recording_id: UUID, uow: Uow) -> TranscriptionProgress:
    return await queries.read_progress(uow, recording_id)


@router.post(
    "/{recording_id}/transcription",
    status_code=201,
    dependencies=[allow(Role.DOCTOR)],
    summary="Try a failed or held transcription again",
)
async def repeat_transcription(recording_id: UUID, uow: Uow) -> TranscriptionProgress:
    await service.repeat_transcription(uow, recording_id)
    return await queries.progress_of(uow, recording_id)


async def allowed_to_follow(
    recording_id: UUID,
    uow: Uow,
    last_event_id: Annotated[
        str | None, Header(max_length=20, description="The id of the last event received.")
    ] = None,
) -> int:
    """Look before the answer begins, so that a refusal is a problem document."""
    await queries.begin_to_follow(uow, recording_id)
    known = last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit()
    return min(int(last_event_id or 0), MAX_INDEX) if known else 0


MAX_INDEX = 2**31 - 1


@router.get(
    "/{recording_id}/events",
    dependencies=[READERS],
    response_class=EventSourceResponse,
    summary="Follow a transcription: utterances and changes of state as they come",
)
async def follow_transcription(
    recording_id: UUID,
    request: Request,
    heard: Annotated[int, Depends(allowed_to_follow, scope="function")],
) -> AsyncIterator[ServerSentEvent]:
    async def still_welcome() -> Actor | None:
        caller = await find_caller(request)
        return caller.actor if caller and caller.actor.has_any(Role.DOCTOR, Role.NURSE) else None

    async for event in live.follow(
        request.state.works, recording_id, heard=heard, still_welcome=still_welcome
    ):
        yield event
