"""Decoding of uploaded sound files by PyAV, for input that nobody vouches for.

FFmpeg is told the container (found from the first bytes) and a short list of codecs, gets a file
object and may open nothing else: playlists, concatenations and references lead nowhere.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import av
import numpy as np
import numpy.typing as npt
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from app.clinical.transcription.schemas import SAMPLE_RATE, FailureReason
from app.clinical.transcription.sound import (
    BLOCK_SAMPLES,
    Damage,
    Samples,
    SoundRefused,
    as_float,
    refuse_if_too_long,
)

CODECS = (
    "pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,"
    "pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,flac,alac,mp3float,mp3,mp2float,mp2,aac,aac_fixed,"
    "opus,libopus,vorbis,libvorbis"
)
OPTIONS = {"protocol_whitelist": "none", "codec_whitelist": CODECS}
MAX_ERRORS_IN_A_ROW = 2_000
SURROUND_CHANNELS = 8  # FFmpeg knows how to mix down so many; more are averaged here
TIMESTAMP_SLACK_SECONDS = 0.25  # clocks of recorders drift; less is no gap
LONGEST_BELIEVED_GAP_SECONDS = 600.0
SKIPPED_SAMPLES_PER_SIGN_OF_LIFE = 60 * SAMPLE_RATE
MP3_LAYERS = (0b01, 0b10)  # III and II


class SoundFile:
    """A file in one of the known containers, decoded from the start each time."""

    def __init__(self, path: Path, max_samples: int) -> None:
        self._path = path
        self._max_samples = max_samples
        self._format = container_format(path)
        self.total_samples: int | None = None
        self.damaged: list[Damage] = []

    def blocks(self, start: int) -> Iterator[Samples]:
        position = 0
        waiting: list[Samples] = []
        for piece in self._pieces():
            before, position = position, position + piece.size
            refuse_if_too_long(position, self._max_samples)
            if position <= start:
                mark = SKIPPED_SAMPLES_PER_SIGN_OF_LIFE
                if before // mark != position // mark:
                    yield piece[:0]
                continue
            waiting.append(piece[max(0, start - before) :])
            if sum(part.size for part in waiting) >= BLOCK_SAMPLES:
                yield np.concatenate(waiting)
                waiting = []
        if waiting:
            yield np.concatenate(waiting)
        if position == 0:
            self._refuse_nothing()

    def _refuse_nothing(self) -> NoReturn:
        if self.damaged:
            raise SoundRefused(FailureReason.decode_failed, "The file is damaged throughout.")
        raise SoundRefused(FailureReason.empty, "There is no sound in the file.")

    def _pieces(self) -> Iterator[Samples]:
        with _opened(self._path, self._format) as container:
            stream = container.streams.audio[0]
            if container.duration and container.duration > 0:
                self.total_samples = container.duration * SAMPLE_RATE // 1_000_000
            mono = _Mono()
            timeline = _Timeline()
            for frame in _frames(container, stream, timeline):
                gap = timeline.gap_before(frame)
                if gap:
                    yield from timeline.counted(mono.rest())
                    self.damaged.append(Damage(timeline.produced, timeline.produced + gap))
                    yield from timeline.counted(_silence(gap))
                yield from timeline.counted(mono.samples(frame))
            yield from timeline.counted(mono.rest())
            if timeline.lost_seconds:
                self.damaged.append(Damage(timeline.produced, timeline.produced))


class _Timeline:
    """Compares the file's own times with what was decoded, so that words stay where they were."""

    def __init__(self) -> None:
        self.produced = 0
        self.lost_seconds = 0.0
        self._origin: float | None = None
        self._decoded_seconds = 0.0

    def counted(self, pieces: Iterator[Samples]) -> Iterator[Samples]:
        """Pass the pieces on, keeping count."""
        for piece in pieces:
            self.produced += piece.size
            yield piece

    def lose(self, packet: "Packet[AudioStream] | None") -> None:
        """Remember a packet that could not be decoded, for as long as it would have played."""
        seconds = 0.0
        if packet is not None and packet.duration and packet.time_base:
            seconds = float(packet.duration * packet.time_base)
        self.lost_seconds += min(max(seconds, 0.001), 1.0)

    def gap_before(self, frame: AudioFrame) -> int:
        """Return how many samples are missing before this frame."""
        lost, self.lost_seconds = self.lost_seconds, 0.0
        gap = lost
        if frame.time is not None:
            if self._origin is None:
                self._origin = frame.time - lost
            gap = frame.time - self._origin - self._decoded_seconds
            if gap < (0.001 if lost else TIMESTAMP_SLACK_SECONDS):
                gap = 0.0
        if gap > LONGEST_BELIEVED_GAP_SECONDS:
            gap = 0.0
            self._origin = None  # a nonsensical jump: count on from here
            self._decoded_seconds = 0.0
        self._decoded_seconds += gap + frame.samples / frame.sample_rate
        return round(gap * SAMPLE_RATE)


class _Mono:
    """Turns frames of any rate and layout, even changing ones, into 16 kHz mono."""

    def __init__(self) -> None:
        self._resampler: AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None
        self._waiting = AudioFifo()

    def samples(self, frame: AudioFrame) -> Iterator[Samples]:
        if _channels(frame) > SURROUND_CHANNELS:
            frame = _average_of_channels(frame)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:
            yield from self.rest()
            self._resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
            self._shape = shape
        frame.pts = None  # the resampler must not invent or drop samples by time
        self._waiting.write(frame)
        if self._waiting.samples >= frame.sample_rate:
            yield from self._resampled()

    def rest(self) -> Iterator[Samples]:
        """Give what is left before the sound ends, breaks off or changes its shape."""
        if self._resampler is not None:
            yield from self._resampled()
            yield from _arrays(self._resampler.resample(None))
        self._resampler = self._shape = None
        self._waiting = AudioFifo()

    def _resampled(self) -> Iterator[Samples]:
        together = self._waiting.read()
        if together is not None and self._resampler is not None:
            yield from _arrays(self._resampler.resample(together))


def container_format(path: Path) -> str:
    """Name FFmpeg's demuxer for the file's first bytes. Raises SoundRefused."""
    with path.open("rb") as file:
        head = file.read(16)
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    by_magic = {b"fLaC": "flac", b"OggS": "ogg", b"\x1aE\xdf\xa3": "matroska", b"ID3": "mp3"}
    for magic, name in by_magic.items():
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "mp4"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:  # noqa: PLR2004
        if (head[1] >> 1) & 0b11 in MP3_LAYERS:
            return "mp3"
        if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004
            return "aac"
    raise SoundRefused(FailureReason.not_audio, "This is not a sound file of a known kind.")


@contextmanager
def _opened(path: Path, container_name: str) -> Iterator[InputContainer]:
    with path.open("rb") as file:
        try:
            container = av.open(
                file,
                mode="r",
                format=container_name,
                options=OPTIONS,
                metadata_errors="ignore",
                io_open=_open_nothing,
            )
        except (av.FFmpegError, ValueError) as broken:
            raise SoundRefused(
                FailureReason.decode_failed, "The file is damaged: its beginning cannot be read."
            ) from broken
        try:
            if not container.streams.audio or container.streams.audio[0].codec_context is None:
                raise SoundRefused(FailureReason.not_audio, "There is no sound track in the file.")
            yield container
        finally:
            container.close()
            # Resamplers and frames refer to each other and would pile up in a long-lived process.
            gc.collect()


def _open_nothing(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError("a sound file may not open other files")


def _frames(
    container: InputContainer, stream: AudioStream, timeline: _Timeline
) -> Iterator[AudioFrame]:
    """Decode packet by packet; FFmpeg's own loop would end at the first bad one."""
    errors = 0
    while errors < MAX_ERRORS_IN_A_ROW:
        try:
            for packet in container.demux(stream):
                frames = _decoded(packet, timeline)
                errors = 0 if frames else errors + (not frames)
                yield from frames
                if errors >= MAX_ERRORS_IN_A_ROW:
                    return
        except EOFError:
            return
        except av.FFmpegError:
            errors += 1
            timeline.lose(None)
        else:
            return


def _decoded(packet: "Packet[AudioStream]", timeline: _Timeline) -> list[AudioFrame]:
    try:
        return packet.decode()
    except EOFError:
        return []
    except av.FFmpegError:
        timeline.lose(packet)
        return []


def _silence(samples: int) -> Iterator[Samples]:
    for begin in range(0, samples, BLOCK_SAMPLES):
        yield np.zeros(min(BLOCK_SAMPLES, samples - begin), dtype=np.float32)


def _arrays(frames: list[AudioFrame]) -> Iterator[Samples]:
    for frame in frames:
        yield as_float(frame.to_ndarray().reshape(-1).astype(np.int16, copy=False))


def _average_of_channels(frame: AudioFrame) -> AudioFrame:
    values: npt.NDArray[Any] = frame.to_ndarray()
    full_scale = {"u": 128.0, "i": 2.0 ** (8 * values.itemsize - 1), "f": 1.0}[values.dtype.kind]
    by_channel = values if frame.format.is_planar else values.reshape(-1, _channels(frame)).T
    mean = by_channel.astype(np.float64).mean(axis=0) / full_scale
    if values.dtype.kind == "u":
        mean -= 1.0  # unsigned sound rests at half of its range
    averaged = AudioFrame.from_ndarray(
        mean.astype(np.float32).reshape(1, -1), format="fltp", layout="mono"
    )
    averaged.sample_rate = frame.sample_rate
    return averaged


def _channels(frame: AudioFrame) -> int:
    return frame.layout.nb_channels
