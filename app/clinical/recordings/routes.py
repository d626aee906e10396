"""Recordings over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from app.clinical.recordings import queries, receiving, service
from app.clinical.recordings.audio import audio_response
from app.clinical.recordings.digests import sha256_in
from app.clinical.recordings.errors import ChunkCutOff, ChunkTooLarge
from app.clinical.recordings.lifecycle import RecordingStatus
from app.clinical.recordings.models import Recording
from app.clinical.recordings.schemas import (
    DEFAULT_LIMITS,
    MAX_CHUNKS,
    ChunkReceived,
    Completion,
    GapOut,
    MediaType,
    NewGap,
    NewRecording,
    Received,
    RecordingLimits,
    RecordingOut,
    RecordingPage,
    Withdrawal,
)
from app.infra.http.access import allow
from app.infra.http.callers import origin_of
from app.infra.http.deps import CurrentCaller, Paging, Uow
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

router = api_router("", "recordings")

DICTATES = [allow(Role.DOCTOR)]
LISTENS = [allow(Role.DOCTOR, Role.NURSE)]
BYTES = {"schema": {"type": "string", "format": "binary"}}
AUDIO = {media_type.value: BYTES for media_type in MediaType}
AUDIO_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "All of the sound.", "content": AUDIO},
    206: {"description": "The bytes asked for.", "content": AUDIO},
    416: described(
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "range-unsatisfiable: the range lies outside of the sound",
    ),
}
CHUNK_BODY = {
    "requestBody": {"required": True, "content": {MediaType.UNKNOWN.value: BYTES}},
}


def get_limits(request: Request) -> RecordingLimits:
    limits: RecordingLimits = getattr(request.state, "recording_limits", DEFAULT_LIMITS)
    return limits


Limits = Annotated[RecordingLimits, Depends(get_limits)]


async def get_chunk(request: Request, limits: Limits) -> bytes:
    """The body, refused as soon as it grows too large."""
    data = bytearray()
    try:
        async for piece in request.stream():
            data += piece
            if len(data) > limits.max_chunk_bytes:
                raise ChunkTooLarge(max_bytes=limits.max_chunk_bytes)
    except ClientDisconnect:
        raise ChunkCutOff from None
    return bytes(data)


ContentDigest = Annotated[
    str,
    Header(
        description="SHA-256 of the chunk (RFC 9530).",
        examples=["sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"],
    ),
]
RangeHeader = Annotated[
    str | None, Header(alias="Range", description="One range of bytes.", examples=["bytes=0-1023"])
]
IfRange = Annotated[str | None, Header(description="The range counts only for this ETag.")]
Playable = Annotated[
    bool,
    Query(
        description="Give a WAV from the microphone a header with its true length, so that players"
        " can show it. Without it the bytes are exactly those received."
    ),
]


async def shown(uow: UnitOfWork, recording: Recording) -> RecordingOut:
    return (await queries.describe(uow, recording))[0]


@router.post("/encounters/{encounter_id}/recordings", status_code=201, dependencies=DICTATES)
async def begin_recording(
    encounter_id: UUID, body: NewRecording, uow: Uow, response: Response
) -> RecordingOut:
    """Begin a recording; the patient must have agreed to it."""
    recording = await service.begin_recording(uow, encounter_id, body)
    response.headers["Location"] = f"/api/v1/recordings/{recording.id}"
    return await shown(uow, recording)


@router.get("/recordings", dependencies=LISTENS)
async def list_recordings(
    uow: Uow,
    page: Paging,
    status: RecordingStatus | None = None,
    encounter_id: UUID | None = None,
    mine: Annotated[bool, Query(description="Only those you started.")] = False,
) -> RecordingPage:
    """Recordings, newest first."""
    found, next_cursor = await queries.list_recordings(
        uow, status=status, mine=mine, encounter_id=encounter_id, page=page
    )
    return RecordingPage(items=await queries.describe(uow, *found), next_cursor=next_cursor)


@router.get("/recordings/{recording_id}", dependencies=LISTENS)
async def get_recording(recording_id: UUID, uow: Uow) -> RecordingOut:
    """One recording."""
    return await shown(uow, await queries.read_recording(uow, recording_id))


@router.put(
    "/recordings/{recording_id}/chunks/{seq}", dependencies=DICTATES, openapi_extra=CHUNK_BODY
)
async def put_chunk(
    recording_id: UUID,
    *,
    seq: Annotated[int, Path(ge=0, lt=MAX_CHUNKS)],
    data: Annotated[bytes, Depends(get_chunk)],
    content_digest: ContentDigest,
    limits: Limits,
    request: Request,
    caller: CurrentCaller,
) -> ChunkReceived:
    """Send one piece of the sound, in any order; the answer means that it is durable."""
    return await receiving.receive_chunk(
        request.state.works,
        caller.actor,
        recording_id,
        seq,
        data,
        sha256=sha256_in(content_digest),
        origin=origin_of(request),
        limits=limits,
    )


@router.get("/recordings/{recording_id}/chunks", dependencies=LISTENS)
async def get_received(recording_id: UUID, uow: Uow) -> Received:
    """What has arrived, and what is missing."""
    return await queries.read_received(uow, recording_id)


@router.post("/recordings/{recording_id}/gaps", status_code=201, dependencies=DICTATES)
async def report_gap(recording_id: UUID, body: NewGap, uow: Uow) -> GapOut:
    """Report a time in which nothing was captured."""
    return GapOut.model_validate(await service.report_gap(uow, recording_id, body))


@router.post("/recordings/{recording_id}/completion", status_code=201, dependencies=DICTATES)
async def complete_recording(recording_id: UUID, body: Completion, uow: Uow) -> RecordingOut:
    """Say that everything was sent; refused until all of it has arrived."""
    return await shown(uow, await service.complete_recording(uow, recording_id, body))


@router.post("/recordings/{recording_id}/entered-in-error", status_code=201, dependencies=DICTATES)
async def mark_entered_in_error(recording_id: UUID, body: Withdrawal, uow: Uow) -> RecordingOut:
    """Say that this recording should not exist; its sound is kept."""
    recording = await service.mark_entered_in_error(uow, recording_id, reason=body.reason)
    return await shown(uow, recording)


@router.get(
    "/recordings/{recording_id}/audio",
    dependencies=LISTENS,
    response_class=StreamingResponse,
    responses=AUDIO_RESPONSES,
)
async def get_audio(
    recording_id: UUID,
    *,
    request: Request,
    uow: Uow,
    range_: RangeHeader = None,
    if_range: IfRange = None,
    playable: Playable = False,
) -> Response:
    """Listen to a recording, or to part of it."""
    recording, chunks = await queries.open_sound(uow, recording_id)
    return await audio_response(
        uow,
        recording,
        chunks,
        asked_range=range_,
        if_range=if_range,
        is_playable=playable,
        is_head=request.method == "HEAD",
    )


router.head("/recordings/{recording_id}/audio", dependencies=LISTENS, include_in_schema=False)(
    get_audio
)
