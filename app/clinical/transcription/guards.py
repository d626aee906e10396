"""Guards against words nobody said. What they take away they report, with span and reason."""

from collections.abc import Sequence
from typing import NamedTuple

from app.clinical.transcription.manifest import GuardSettings
from app.clinical.transcription.schemas import DroppedSpan, DropReason
from app.clinical.transcription.transcriber import HeardSegment, HeardWord

LONGEST_LOOP_WORDS = 8


class Judged(NamedTuple):
    """What is believed, and the spans of what is not; seconds within the utterance."""

    words: tuple[HeardWord, ...]
    dropped: tuple[DroppedSpan, ...]


def judge(
    segments: Sequence[HeardSegment],
    guards: GuardSettings,
    *,
    seconds: float,
    voiced_seconds: float,
) -> Judged:
    """Believe a segment unless there are two signs against it; cut loops to one round."""
    brief = voiced_seconds * 1000 < guards.brief_voice_ms
    words: list[HeardWord] = []
    dropped: list[DroppedSpan] = []
    for segment in segments:
        if _is_no_speech(segment, guards, brief=brief):
            dropped.append(_span(segment.start, segment.end, DropReason.no_speech, seconds))
            continue
        compressible = segment.compression_ratio > guards.compression_ratio
        rounds = guards.repeats_when_compressible if compressible else guards.repeats
        kept, loops = without_loops(segment.words, rounds)
        words.extend(kept)
        dropped.extend(
            _span(loop[0].start, loop[-1].end, DropReason.repetition, seconds) for loop in loops
        )
    if not words and not dropped:
        dropped.append(_span(0.0, seconds, DropReason.no_words, seconds))
    return Judged(_in_order(words, seconds), tuple(dropped))


def without_loops(
    words: Sequence[HeardWord], rounds: int
) -> tuple[list[HeardWord], list[Sequence[HeardWord]]]:
    """Where a phrase follows itself `rounds` times or more, keep its first round only."""
    said = [word.text.lower().strip(".,;:?!") for word in words]
    kept: list[HeardWord] = []
    loops: list[Sequence[HeardWord]] = []
    place = 0
    while place < len(words):
        length, times = _loop_at(said, place)
        if times < rounds:
            kept.append(words[place])
            place += 1
            continue
        kept.extend(words[place : place + length])
        loops.append(words[place + length : place + length * times])
        place += length * times
    return kept, loops


def _loop_at(said: Sequence[str], place: int) -> tuple[int, int]:
    """Return the length of the phrase that repeats most often from here, and how often."""
    best = (1, 1)
    for length in range(1, LONGEST_LOOP_WORDS + 1):
        phrase = said[place : place + length]
        if len(phrase) < length:
            break
        times = 1
        while said[place + times * length : place + (times + 1) * length] == phrase:
            times += 1
        if times > best[1]:
            best = (length, times)
    return best


def _is_no_speech(segment: HeardSegment, guards: GuardSettings, *, brief: bool) -> bool:
    unsure = segment.average_log_probability
    denied = segment.no_speech_probability > guards.no_speech_probability
    return (denied and unsure < guards.average_log_probability) or (
        brief and unsure < guards.brief_voice_log_probability
    )


def _span(start: float, end: float, reason: DropReason, seconds: float) -> DroppedSpan:
    start = min(max(0.0, start), seconds)
    return DroppedSpan(start=start, end=min(max(start, end), seconds), reason=reason)


def _in_order(words: Sequence[HeardWord], seconds: float) -> tuple[HeardWord, ...]:
    """Keep word times inside the utterance and never running backwards."""
    ordered: list[HeardWord] = []
    earliest = 0.0
    for word in words:
        start = min(max(word.start, earliest), seconds)
        end = min(max(word.end, start), seconds)
        ordered.append(word._replace(start=start, end=end))
        earliest = start
    return tuple(ordered)
