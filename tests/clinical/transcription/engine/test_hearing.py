"""The whole way from sound to words, in this process."""

from functools import cache

import numpy as np
import pytest

from app.clinical.transcription.engine_events import (
    Dropped,
    Failed,
    Finished,
    Limits,
    Progress,
    Request,
    UtteranceHeard,
)
from app.clinical.transcription.hearing import Hearing, transcribe_file
from app.clinical.transcription.manifest import load_manifest
from app.clinical.transcription.schemas import (
    SAMPLE_RATE,
    DropReason,
    FailureReason,
    FileTranscript,
)
from app.clinical.transcription.scripted import ScriptedTranscriber
from app.clinical.transcription.sound import SoundRefused
from app.clinical.transcription.utterances import UtteranceCutter
from app.clinical.transcription.whisper import SileroDetector
from tests.clinical.transcription.engine.sounds import (
    SHORTEST,
    dictation_file,
    samples_of,
    spoken_text,
    streaming_wav,
    tone,
    word_error_rate,
)

MANIFEST = load_manifest("demo").manifest


@cache
def transcribed(name: str) -> tuple[FileTranscript, list[float | None]]:
    parts: list[float | None] = []
    return transcribe_file(dictation_file(name), "demo", parts.append), parts


def hear(path, lines, *, position=0, next_index=0, next_word_index=0, final=True, **limits):
    request = Request(
        path=path,
        position_samples=position,
        next_index=next_index,
        next_word_index=next_word_index,
        final=final,
        limits=Limits(**limits),
    )
    cutter = UtteranceCutter(MANIFEST.utterances, SileroDetector(), position)
    return list(Hearing(request, cutter, ScriptedTranscriber(lines), MANIFEST).events())


@pytest.mark.parametrize("name", ["s02-bronchitis", SHORTEST])
def test_the_demo_model_hears_dictations(name):
    transcript, _ = transcribed(name)
    heard = " ".join(word.text for word in transcript.words)
    assert word_error_rate(spoken_text(name), heard) < 0.06


def test_words_are_numbered_through_and_lie_in_order_within_their_utterances():
    transcript, parts = transcribed(SHORTEST)
    assert [word.index for word in transcript.words] == list(range(len(transcript.words)))
    assert [one.index for one in transcript.utterances] == list(range(10))
    for utterance in transcript.utterances:
        starts = [word.start for word in utterance.words]
        assert starts == sorted(starts)
        assert utterance.start <= starts[0]
        assert all(word.start <= word.end <= utterance.end for word in utterance.words)
    assert transcript.duration_seconds == pytest.approx(35.25)
    assert transcript.model.demo
    assert parts[-1] == 1.0


def test_a_number_with_a_point_is_one_word():
    transcript, _ = transcribed("s02-bronchitis")
    assert "38.2" in [word.text for word in transcript.words]


def speechless() -> dict[str, np.ndarray]:
    dice = np.random.default_rng(7)
    seconds = np.arange(8 * SAMPLE_RATE) / SAMPLE_RATE
    hum = sum(np.sin(2 * np.pi * 60 * k * seconds) / k for k in range(1, 20))
    notes = dice.choice([220, 262, 330, 392, 440, 523], 26)
    melody = [tone(0.3, hertz=hertz) * np.exp(-3 * seconds[: int(0.3 * 16_000)]) for hertz in notes]
    return {
        "silence": np.zeros(8 * SAMPLE_RATE),
        "near silence": dice.standard_normal(8 * SAMPLE_RATE) * 1e-4,
        "noise": dice.standard_normal(8 * SAMPLE_RATE) * 0.05,
        "loud noise": dice.standard_normal(8 * SAMPLE_RATE) * 0.5,
        "hum": hum * 0.2,
        "a tone": tone(8),
        "a melody": np.concatenate(melody),
        "chords": sum(tone(8, hertz=hertz) for hertz in (220, 277, 330)) / 3,
        "clicks": (np.arange(8 * SAMPLE_RATE) % 5_000 == 0) * 0.9,
    }


@pytest.mark.parametrize("name", speechless())
def test_nothing_said_gives_no_words(tmp_path, name):
    path = streaming_wav(tmp_path / "x.wav", speechless()[name])
    transcript = transcribe_file(path, "demo")
    assert transcript.words == ()


def test_every_utterance_carries_the_checkpoint_behind_it():
    events = hear(dictation_file(), [f"sentence {n}" for n in range(10)])
    heard = [event for event in events if isinstance(event, UtteranceHeard)]
    assert [one.utterance.text for one in heard] == [f"sentence {n}" for n in range(10)]
    for event in heard:
        assert event.position_samples >= event.utterance.end * SAMPLE_RATE - 1
    assert isinstance(events[-1], Finished)
    assert events[-1].had_speech
    assert any(isinstance(event, Progress) for event in events)


def test_work_goes_on_from_a_checkpoint_with_the_numbers_of_the_caller():
    first = hear(dictation_file(), ["one two"] * 10)
    third = [event for event in first if isinstance(event, UtteranceHeard)][2]
    rest = hear(
        dictation_file(),
        ["three four"] * 7,
        position=third.position_samples,
        next_index=3,
        next_word_index=6,
    )
    heard = [event.utterance for event in rest if isinstance(event, UtteranceHeard)]
    assert [one.index for one in heard] == [3, 4, 5, 6, 7, 8, 9]
    assert [word.index for one in heard for word in one.words] == list(range(6, 20))


def test_a_voice_without_words_is_said_to_be_one(tmp_path):
    events = hear(dictation_file(), ["only one line"])
    spans = [event.span for event in events if isinstance(event, Dropped)]
    assert [span.reason for span in spans] == [DropReason.no_words] * 9
    assert all(span.end > span.start for span in spans)


def test_a_file_that_must_be_whole_is_left_alone_until_it_is(tmp_path):
    events = hear(dictation_file(), ["never said"], final=False)
    assert [event.kind for event in events] == ["finished"]
    assert events[0].position_samples == 0


def test_an_open_dictation_may_be_empty_but_a_finished_one_may_not(tmp_path):
    path = streaming_wav(tmp_path / "x.wav", np.zeros(0))
    assert hear(path, [], final=False)[-1].kind == "finished"
    failed = hear(path, [])[-1]
    assert isinstance(failed, Failed)
    assert failed.reason == FailureReason.empty


def test_the_limit_on_length_is_a_clear_end_after_what_was_heard():
    events = hear(dictation_file(), ["said"] * 10, max_duration_seconds=10)
    assert isinstance(events[-1], Failed)
    assert events[-1].reason == FailureReason.too_long


def test_a_refused_file_is_refused_on_the_command_line_too(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(b"no sound at all")
    with pytest.raises(SoundRefused) as refused:
        transcribe_file(path, "demo")
    assert refused.value.reason == FailureReason.not_audio


def test_mostly_silence_gives_the_words_and_nothing_else(tmp_path):
    speech = samples_of(dictation_file(SHORTEST))[: 7 * SAMPLE_RATE]
    silence = np.zeros(30 * SAMPLE_RATE)
    path = streaming_wav(tmp_path / "x.wav", np.concatenate((silence, speech, silence)))
    transcript = transcribe_file(path, "demo")
    assert [utterance.text for utterance in transcript.utterances] == [
        "Patient complains of severe joint pain.",
        "Symptoms started 3 days ago.",
    ]
    assert all(word.start > 29.9 and word.end < 37.1 for word in transcript.words)
