"""Cuts a stream of sound at pauses, by a voice detector, with the rules of faster-whisper.

The detector starts afresh at each checkpoint, with the half second before it to warm up, so the
cuts depend only on the checkpoint and the sound around it: one pass, many small steps and a retry
after a crash all cut the same.
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
WARM_UP = BATCH * WINDOW
FAINT_SAMPLES = SAMPLE_RATE
IDLE_SAMPLES = 10 * SAMPLE_RATE // WINDOW * WINDOW  # so much silence moves the checkpoint on


class Cut(NamedTuple):
    """One utterance: where it is, its sound, and the checkpoint once it has been dealt with."""

    start: int
    end: int
    voiced: int  # samples that sounded like a voice
    samples: Samples
    position: int


class _Speech(NamedTuple):
    """Speech found; `resume` is where to listen on, after the padding and on the window grid."""

    start: int
    end: int
    voiced: int
    resume: int


@dataclass
class _Scan:
    """What is known since listening began at `base`; all positions in samples."""

    base: int
    start: int | None = None
    silent_since: int | None = None
    breath: int | None = None
    after_breath: int | None = None
    voiced: int = 0


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
        self._min_voiced = SAMPLE_RATE * settings.min_voiced_ms // 1000
        self._gate = 10 ** (settings.energy_gate_dbfs / 20)
        self._detector = detector
        self.position = position
        self.heard = self._kept_from = max(0, position - WARM_UP)
        self.examined = 0  # samples the detector has worked on, repetitions counted
        self.faint: list[tuple[int, int]] = []  # too little voice for words, too long to hide
        self._sound: Samples = np.zeros(0, dtype=np.float32)
        self._cursor = position
        self._cold = True
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
            if self._scan.voiced >= self._min_voiced:
                yield from self._found(_Speech(start, self.heard, self._scan.voiced, self.heard))
            else:
                self._remember_faint(start, self.heard)
        yield from self._flush()
        self._forget_before(self.heard)

    def _listen(self) -> Iterator[Cut]:
        windows = self._windows(self._cursor, self.heard)
        loud = np.sqrt(np.mean(np.square(windows), axis=1)) >= self._gate
        if self._scan.start is None and not loud.any():
            probabilities = np.zeros(len(windows), dtype=np.float32)
            self._cold = True
        else:
            probabilities = self._judged(windows) * loud
        for probability in probabilities:
            at, self._cursor = self._cursor, self._cursor + WINDOW
            speech = self._hear(float(probability), at)
            if speech is not None and speech.voiced < self._min_voiced:
                self._remember_faint(speech.start, speech.end)
                self._scan = _Scan(self._scan.base)  # a creak or a note; the detector listens on
            elif speech is not None:
                self._restart(speech.resume)
                yield from self._found(speech)
                return
            if self._scan.start is None:
                yield from self._idle(at + WINDOW)

    def _remember_faint(self, start: int, end: int) -> None:
        """A whisper may hide in a long stretch that is not clearly a voice: say where."""
        if end - start >= FAINT_SAMPLES:
            self.faint.append((start, end))

    def _judged(self, windows: Samples) -> Samples:
        if self._cold:
            self._detector.reset()
            before = self._windows(max(0, self._cursor - WARM_UP), self._cursor)
            if before.size:
                self._detector.probabilities(before)
            self._cold = False
            self.examined += before.size
        self.examined += windows.size
        return self._detector.probabilities(windows)

    def _windows(self, begin: int, end: int) -> Samples:
        """Return up to a batch of whole windows, the last one filled up with silence."""
        end = min(end, begin + BATCH * WINDOW)
        part = self._sound[begin - self._kept_from : end - self._kept_from]
        return np.pad(part, (0, -part.size % WINDOW)).reshape(-1, WINDOW)

    def _hear(self, probability: float, at: int) -> _Speech | None:
        """Take one window into account; the rules are those of faster-whisper's own cutter."""
        scan = self._scan
        if probability >= self._settings.voiced_threshold:
            scan.voiced += WINDOW
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
        return _Speech(begin, end + pad, self._scan.voiced, end + _on_grid(pad))

    def _idle(self, at: int) -> Iterator[Cut]:
        silence = at - self._scan.base
        if self._group is not None:
            if silence >= self._merge_pause:
                yield from self._flush()
        elif silence >= IDLE_SAMPLES:
            base = at - _on_grid(self._pad)
            self._forget_before(base)
            self._restart(base)

    def _found(self, speech: _Speech) -> Iterator[Cut]:
        group = self._group
        if group is not None and speech.end - group.start <= self._merge_samples:
            voiced = group.voiced + speech.voiced
            self._group = _Speech(group.start, speech.end, voiced, speech.resume)
            return
        yield from self._flush()
        self._group = speech
        if not self._merge_samples:
            yield from self._flush()

    def _flush(self) -> Iterator[Cut]:
        group, self._group = self._group, None
        if group is None:
            return
        samples = self._sound[group.start - self._kept_from : group.end - self._kept_from].copy()
        self._forget_before(group.resume)
        yield Cut(group.start, group.end, group.voiced, samples, self.position)

    def _forget_before(self, position: int) -> None:
        keep_from = max(0, position - WARM_UP)
        self._sound = self._sound[keep_from - self._kept_from :]
        self._kept_from = keep_from
        self.position = position

    def _restart(self, base: int) -> None:
        self._scan = _Scan(base)
        self._cursor = base
        self._cold = True


def _on_grid(samples: int) -> int:
    return -(-samples // WINDOW) * WINDOW
