import pytest

from app.clinical.transcription.guards import judge, without_loops
from app.clinical.transcription.manifest import load_manifest
from app.clinical.transcription.schemas import DropReason
from app.clinical.transcription.transcriber import HeardSegment, HeardWord

GUARDS = load_manifest("demo").manifest.guards


def heard(text: str, *, no_speech: float = 0.0, sure: float = -0.2, ratio: float = 1.0):
    spoken = text.split()
    words = tuple(HeardWord(word, i / 2, i / 2 + 0.4, 0.9) for i, word in enumerate(spoken))
    return HeardSegment(0.0, len(spoken) / 2, words, no_speech, sure, ratio)


def judged(*segments: HeardSegment, voiced: float = 2.0, seconds: float = 20.0):
    result = judge(segments, GUARDS, seconds=seconds, voiced_seconds=voiced)
    return " ".join(word.text for word in result.words), [d.reason for d in result.dropped]


def test_a_segment_goes_only_when_no_speech_is_likely_and_its_words_are_unsure():
    assert judged(heard("Plan.", no_speech=0.9, sure=-1.5)) == ("", [DropReason.no_speech])


@pytest.mark.parametrize(("no_speech", "sure"), [(0.9, -0.4), (0.1, -3.0), (0.0, -0.1)])
def test_one_doubt_alone_drops_nothing(no_speech, sure):
    assert judged(heard("Plan.", no_speech=no_speech, sure=sure)) == ("Plan.", [])


def test_unsure_words_in_a_sound_with_hardly_any_voice_are_dropped():
    segment = heard("Follow up.", sure=-0.95)
    assert judged(segment, voiced=0.2) == ("", [DropReason.no_speech])
    assert judged(segment, voiced=0.6) == ("Follow up.", [])


def test_a_loop_keeps_its_first_round_and_says_what_went():
    text, reasons = judged(heard("He is " + "very well " * 6))
    assert text == "He is very well"
    assert reasons == [DropReason.repetition]


def test_a_shorter_loop_goes_when_the_text_is_very_compressible():
    three = "no no no"
    assert judged(heard(three))[0] == three
    assert judged(heard(three, ratio=3.0))[0] == "no"


def test_what_is_said_twice_stays():
    text = "normal gait normal gait and normal normal tone"
    assert judged(heard(text, ratio=3.0)) == (text, [])


def test_a_loop_is_found_whatever_its_punctuation():
    words = heard("Plan. plan, Plan plan. plan stop").words
    kept, loops = without_loops(words, 5)
    assert [word.text for word in kept] == ["Plan.", "stop"]
    assert len(loops) == 1


def test_a_voice_without_words_is_reported():
    assert judged(seconds=3.0) == ("", [DropReason.no_words])


def test_word_times_never_run_backwards_or_leave_the_utterance():
    wild = (HeardWord("a", -1.0, 0.5, 0.9), HeardWord("b", 3.0, 2.0, 0.9), HeardWord("c", 1, 9, 1))
    result = judge([HeardSegment(0, 4, wild, 0, -0.1, 1)], GUARDS, seconds=4.0, voiced_seconds=3.0)
    assert [(w.start, w.end) for w in result.words] == [(0.0, 0.5), (3.0, 3.0), (3.0, 4.0)]
