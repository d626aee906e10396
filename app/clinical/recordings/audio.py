"""The sound as an HTTP answer: whole or in part, checked before the first byte leaves."""

from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus

from fastapi import Response
from fastapi.responses import StreamingResponse

from app.clinical.recordings.models import Chunk, Recording
from app.clinical.recordings.ranges import RangeUnsatisfiable, Span, wanted_span
from app.clinical.recordings.sound import HasStores, playable, size_of, sound_of
from app.infra.http.problems import problem


async def audio_response(
    source: HasStores,
    recording: Recording,
    chunks: Sequence[Chunk],
    *,
    asked_range: str | None,
    if_range: str | None,
    is_playable: bool,
    is_head: bool,
) -> Response:
    """200, 206 or 416. The sound is read while it is sent, after the transaction has ended."""
    total = size_of(chunks)
    etag = etag_of(recording, total, is_playable=is_playable)
    if if_range is not None and (if_range != etag or etag.startswith("W/")):
        asked_range = None
    try:
        span = wanted_span(asked_range, total)
    except RangeUnsatisfiable:
        return unsatisfiable(total)
    start, end = (span.start, span.end) if span else (0, total)
    headers = headers_of(recording, etag, span, total)
    status = HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK
    if is_head or end == start:
        return Response(None, status, headers, recording.media_type)
    read = playable if is_playable else sound_of
    sound = await begun(read(source, chunks, start, end))
    return StreamingResponse(sound, status, headers, recording.media_type)


def etag_of(recording: Recording, total: int, *, is_playable: bool) -> str:
    """Strong once the sound is sealed; before that it may still grow."""
    if recording.sha256 is None:
        return f'W/"{total}"'
    return f'"{recording.sha256}-playable"' if is_playable else f'"{recording.sha256}"'


def headers_of(recording: Recording, etag: str, span: Span | None, total: int) -> dict[str, str]:
    length = span.end - span.start if span else total
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": "inline",
        "Content-Length": str(length),
        "ETag": etag,
    }
    if span:
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{total}"
    return headers


def unsatisfiable(total: int) -> Response:
    return problem(
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "range-unsatisfiable",
        "The range lies outside of the sound.",
        headers={"Content-Range": f"bytes */{total}"},
    )


async def begun(sound: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Read the first piece now: damage found there can still be told as a problem."""
    first = await anext(sound)

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for piece in sound:
            yield piece

    return whole()
