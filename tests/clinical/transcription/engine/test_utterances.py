from itertools import pairwise

import numpy as np
import pytest
from faster_whisper.vad import VadOptions, get_speech_timestamps

from app.clinical.transcription.manifest import UtteranceSettings, load_manifest
from app.clinical.transcription.sound import SAMPLE_RATE, Samples
from app.clinical.transcription.utterances import Cut, UtteranceCutter
from app.clinical.transcription.whisper import SileroDetector
from tests.clinical.transcription.engine.sounds import dictation_file, dictations, samples_of, tone

DEMO = load_manifest("demo").manifest.utterances
GENERAL = load_manifest("small.en").manifest.utterances
REFERENCE = VadOptions(
    min_silence_duration_ms=300, speech_pad_ms=120, max_speech_duration_s=10, threshold=0.4
)
WITHIN_SAMPLES = int(0.13 * SAMPLE_RATE)
NAMES = [one["id"] for one in dictations()]


def cutter(settings: UtteranceSettings = DEMO, position: int = 0) -> UtteranceCutter:
    return UtteranceCutter(settings, SileroDetector(), position)


def cut(samples: Samples, settings: UtteranceSettings = DEMO, step: int | None = None) -> list[Cut]:
    knife = cutter(settings)
    step = step or samples.size
    cuts = [c for i in range(0, samples.size, step) for c in knife.feed(samples[i : i + step])]
    return [*cuts, *knife.finish()]


def places(cuts: list[Cut]) -> list[tuple[int, int, int]]:
    return [(one.start, one.end, one.position) for one in cuts]


@pytest.mark.parametrize("name", NAMES)
def test_cuts_are_where_faster_whisper_would_cut_the_whole_file(name):
    samples = samples_of(dictation_file(name))
    expected = get_speech_timestamps(samples, REFERENCE)
    cuts = cut(samples, step=SAMPLE_RATE)
    assert len(cuts) == len(expected)
    for ours, theirs in zip(cuts, expected, strict=True):
        assert abs(ours.start - theirs["start"]) <= WITHIN_SAMPLES
        assert abs(ours.end - theirs["end"]) <= WITHIN_SAMPLES


@pytest.mark.parametrize("settings", [DEMO, GENERAL], ids=["demo", "general"])
def test_cuts_do_not_depend_on_how_the_sound_arrives(settings):
    samples = samples_of(dictation_file())
    once = places(cut(samples, settings))
    assert places(cut(samples, settings, step=48_001)) == once
    assert places(cut(samples, settings, step=701)) == once


@pytest.mark.parametrize("settings", [DEMO, GENERAL], ids=["demo", "general"])
def test_from_any_checkpoint_the_cuts_go_on_as_if_nothing_had_happened(settings):
    samples = samples_of(dictation_file())
    once = cut(samples, settings)
    for done, before in enumerate(once, 1):
        knife = cutter(settings, before.position)
        rest = [*knife.feed(samples[knife.heard :]), *knife.finish()]
        assert places(rest) == places(once[done:])


def test_the_open_utterance_waits_for_its_pause():
    samples = samples_of(dictation_file())
    whole = cut(samples)
    knife = cutter()
    middle = (whole[2].start + whole[2].end) // 2
    assert places(list(knife.feed(samples[:middle]))) == places(whole[:2])
    assert knife.position == whole[1].position


def test_neighbours_are_heard_together_up_to_a_length_but_not_over_a_long_pause():
    samples = samples_of(dictation_file())
    merged = cut(samples, GENERAL)
    assert len(merged) < len(cut(samples)) / 3
    assert all(one.end - one.start <= GENERAL.merge_up_to_seconds * SAMPLE_RATE for one in merged)
    pause = np.zeros(5 * SAMPLE_RATE, dtype=np.float32)
    short = samples[: 7 * SAMPLE_RATE]
    assert len(cut(np.concatenate((short, pause, short)), GENERAL)) == 2


def test_endless_speech_is_cut_at_the_longest_length_allowed():
    speech = samples_of(dictation_file())
    dense = np.concatenate([speech[one.start : one.end] for one in cut(speech)])
    cuts = cut(dense, DEMO.model_copy(update={"min_silence_ms": 2_000}))
    assert len(cuts) >= dense.size // (10 * SAMPLE_RATE)
    assert all(one.end - one.start <= 10 * SAMPLE_RATE for one in cuts)
    assert all(a.end <= b.start for a, b in pairwise(cuts))


def test_the_detector_hears_little_of_the_sound_twice():
    samples = samples_of(dictation_file())
    knife = cutter()
    for i in range(0, samples.size, 3 * SAMPLE_RATE):
        list(knife.feed(samples[i : i + 3 * SAMPLE_RATE]))
    list(knife.finish())
    assert knife.examined < 1.3 * samples.size


def test_silence_moves_the_checkpoint_on_without_asking_the_detector():
    knife = cutter()
    assert list(knife.feed(np.zeros(60 * SAMPLE_RATE, dtype=np.float32))) == []
    assert knife.position > 45 * SAMPLE_RATE
    assert knife.examined == 0


class HalfSure:
    """A detector that hears perhaps a voice wherever there is any sound."""

    def reset(self) -> None:
        pass

    def probabilities(self, windows: Samples) -> Samples:
        return np.where(np.abs(windows).max(axis=1) > 0, 0.6, 0.0).astype(np.float32)


def test_a_whisper_is_no_utterance_but_told():
    silence = np.zeros(SAMPLE_RATE, dtype=np.float32)
    knife = UtteranceCutter(DEMO, HalfSure())
    whisper = tone(seconds=2)[: 2 * SAMPLE_RATE]
    cuts = [*knife.feed(np.concatenate((silence, whisper, silence))), *knife.finish()]
    [(start, end)] = knife.faint
    assert cuts == []
    assert abs(start - SAMPLE_RATE) <= WITHIN_SAMPLES
    assert abs(end - 3 * SAMPLE_RATE) <= WITHIN_SAMPLES


def test_a_tone_is_no_utterance():
    assert cut(tone(15)) == []


def test_memory_holds_the_open_end_only():
    knife = cutter()
    speech = samples_of(dictation_file())
    list(knife.feed(speech))
    list(knife.feed(tone(120, hertz=50)))
    assert knife._sound.size < 15 * SAMPLE_RATE
