"""Cuts a stream of sound at pauses, by a voice detector, with the rules of faster-whisper.

The detector starts afresh at each checkpoint, so the cuts depend only on the checkpoint and the
sound after it: one pass, many small steps and a retry after a crash all cut the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.clinical.transcription.manifest import UtteranceSettings
from app.clinical.transcription.schemas import SAMPLE_RATE
from app.clinical.transcription.sound import Samples
from app.clinical.transcription.transcriber import WINDOW, VoiceDetector

BATCH = 16  # windows at a time: fixed, so that results do not depend on how sound arrives
HYSTERESIS = 0.15  # once heard, a voice lasts until this much below the threshold
BREATH_SAMPLES = SAMPLE_RATE * 98 // 1000  # a pause so short splits only what is too long
IDLE_SAMPLES = 10 * SAMPLE_RATE // WINDOW * WINDOW  # so much silence moves the checkpoint on


class Cut(NamedTuple):
    """One utterance: where it is, its sound, and the checkpoint once it has been dealt with."""

    start: int
    end: int
    samples: Samples
    position: int


class _Speech(NamedTuple):
    """Speech found; `resume` is where to listen on, after the padding and on the window grid."""

    start: int
    end: int
    resume: int


@dataclass
class _Scan:
    """What is known since listening began at `base`; all positions in samples."""

    base: int
    start: int | None = None
    silent_since: int | None = None
    breath: int | None = None
    after_breath: int | None = None


class UtteranceCutter:
    """Takes blocks of sound, gives utterances; everything before `position` is done."""

    def __init__(
        self, settings: UtteranceSettings, detector: VoiceDetector, position: int = 0
    ) -> None:
        self._settings = settings
        self._pad = SAMPLE_RATE * settings.speech_pad_ms // 1000
        self._min_silence = SAMPLE_RATE * settings.min_silence_ms // 1000
        self._max_speech = SAMPLE_RATE * settings.max_speech_seconds - WINDOW - 2 * self._pad
        self._merge_samples = settings.merge_up_to_seconds * SAMPLE_RATE
        self._merge_pause = SAMPLE_RATE * settings.merge_pause_ms // 1000
        self._gate = 10 ** (settings.energy_gate_dbfs / 20)
        self._detector = detector
        self.position = position
        self.heard = position
        self.examined = 0  # samples the detector has worked on, repetitions counted
        self._sound: Samples = np.zeros(0, dtype=np.float32)
        self._cursor = position
        self._scan = _Scan(position)
        self._group: _Speech | None = None

    def feed(self, block: Samples) -> Iterator[Cut]:
        """Yield the utterances that are closed by a pause; the open one waits for more."""
        self._sound = np.concatenate((self._sound, block))
        self.heard += block.size
        while self.heard - self._cursor >= BATCH * WINDOW:
            yield from self._listen()

    def finish(self) -> Iterator[Cut]:
        """Yield what is left when there will be no more sound."""
        while self._cursor < self.heard:
            yield from self._listen()
        if self._scan.start is not None:
            start = max(self._scan.base, self._scan.start - self._pad)
            yield from self._found(_Speech(start, self.heard, self.heard))
        yield from self._flush()
        self._forget_before(self.heard)

    def _listen(self) -> Iterator[Cut]:
        windows = self._windows()
        level = np.sqrt(np.mean(np.square(windows), axis=1))
        loud = level >= self._gate
        if self._scan.start is None and not loud.any():
            self._detector.reset()
            probabilities = np.zeros(len(windows), dtype=np.float32)
        else:
            probabilities = self._detector.probabilities(windows) * loud
            self.examined += windows.size
        for probability in probabilities:
            at, self._cursor = self._cursor, self._cursor + WINDOW
            speech = self._hear(float(probability), at)
            if speech is not None:
                self._restart(speech.resume)
                yield from self._found(speech)
                return
            if self._scan.start is None:
                yield from self._idle(at + WINDOW)

    def _windows(self) -> Samples:
        begin = self._cursor - self.position
        part = self._sound[begin : begin + BATCH * WINDOW]
        missing = -part.size % WINDOW
        return np.pad(part, (0, missing)).reshape(-1, WINDOW)

    def _hear(self, probability: float, at: int) -> _Speech | None:
        """Take one window into account; the rules are those of faster-whisper's own cutter."""
        scan = self._scan
        if probability >= self._settings.threshold:
            if scan.silent_since is not None and scan.breath == scan.silent_since:
                scan.after_breath = at
            scan.silent_since = None
            if scan.start is None:
                scan.start = at
                return None
        if scan.start is None:
            return None
        if at - scan.start > self._max_speech:
            return self._split(scan.start, at)
        if probability < max(self._settings.threshold - HYSTERESIS, 0.01):
            return self._pause(scan.start, at)
        return None

    def _pause(self, start: int, at: int) -> _Speech | None:
        scan = self._scan
        if scan.silent_since is None:
            scan.silent_since = at
        if at - scan.silent_since > BREATH_SAMPLES:
            scan.breath = scan.silent_since
        if at - scan.silent_since < self._min_silence:
            return None
        return self._speech(start, scan.silent_since, self._pad)

    def _split(self, start: int, at: int) -> _Speech:
        """End speech that is too long at its last breath, or, failing that, right here."""
        scan = self._scan
        if scan.breath is None:
            return self._speech(start, at, 0)
        resumed = scan.after_breath
        gap_end = resumed if resumed is not None and resumed > scan.breath else at
        return self._speech(start, scan.breath, min(self._pad, (gap_end - scan.breath) // 2))

    def _speech(self, start: int, end: int, pad: int) -> _Speech:
        begin = max(self._scan.base, start - self._pad)
        return _Speech(begin, end + pad, end + -(-pad // WINDOW) * WINDOW)

    def _idle(self, at: int) -> Iterator[Cut]:
        silence = at - self._scan.base
        if self._group is not None:
            if silence >= self._merge_pause:
                yield from self._flush()
        elif silence >= IDLE_SAMPLES:
            onset = -(-self._pad // WINDOW) * WINDOW
            self._forget_before(at - onset)
            self._restart(at - onset)

    def _found(self, speech: _Speech) -> Iterator[Cut]:
        group = self._group
        if group is not None and speech.end - group.start <= self._merge_samples:
            self._group = _Speech(group.start, speech.end, speech.resume)
            return
        yield from self._flush()
        self._group = speech
        if not self._merge_samples:
            yield from self._flush()

    def _flush(self) -> Iterator[Cut]:
        group, self._group = self._group, None
        if group is None:
            return
        start, end = group.start - self.position, group.end - self.position
        samples = self._sound[start:end].copy()
        self._forget_before(group.resume)
        yield Cut(group.start, group.end, samples, self.position)

    def _forget_before(self, position: int) -> None:
        self._sound = self._sound[position - self.position :]
        self.position = position

    def _restart(self, base: int) -> None:
        self._scan = _Scan(base)
        self._cursor = base
        self._detector.reset()
