"""Where sentences end, and where they do not."""

import pytest

from app.clinical.notes.structuring import (
    Dictation,
    RuleStructurer,
    SpokenUtterance,
    SpokenWord,
)
from tests.clinical.notes.structuring.drafts import draft, texts


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ("Patient has fever. She denies cough.", ["Patient has fever.", "She denies cough."]),
        ("Seen by Dr. Smith today.", ["Seen by Dr. Smith today."]),
        ("Temperature is 38.2 degrees.", ["Temperature is 38.2 degrees."]),
        ("Takes 5 mg. daily for gout.", ["Takes 5 mg. daily for gout."]),
        ("Came at 3 p.m. with pain.", ["Came at 3 p.m. with pain."]),
        ("Takes it b.i.d. She feels well.", ["Takes it b.i.d.", "She feels well."]),
        ("1. Gout is stable.", ["1. Gout is stable."]),
        ("Any pain? None.", ["Any pain?", "None."]),
        ("Lot No. 5 was used.", ["Lot No. 5 was used."]),
    ],
)
def test_full_stops_that_end_a_sentence_and_those_that_do_not(said, sentences):
    assert texts(draft(said)) == sentences


def test_a_pause_ends_a_sentence():
    assert texts(draft("Gait is normal", "Mood is anxious")) == [
        "Gait is normal",
        "Mood is anxious",
    ]


def test_a_sentence_cut_by_a_pause_is_put_together():
    assert texts(draft("Gait is normal.", "Blood pressure is", "168 over 96.")) == [
        "Gait is normal.",
        "Blood pressure is 168 over 96.",
    ]


def test_a_long_pause_is_never_bridged():
    first = SpokenUtterance(0, 0.0, 1.0, (SpokenWord(0, "Cough", 0.0, 1.0, 0.9),))
    second = SpokenUtterance(1, 9.0, 10.0, (SpokenWord(1, "and fever.", 9.0, 10.0, 0.5),))
    note = RuleStructurer().structure(Dictation((first, second)))
    assert len(note.body.sentences()) == 2
    assert note.confidence == pytest.approx(0.7)


def test_a_recogniser_without_punctuation_keeps_its_utterances():
    assert texts(draft("patient has fever", "she denies cough")) == [
        "Patient has fever",
        "She denies cough",
    ]


def test_word_indexes_must_rise():
    word = SpokenWord(3, "cough", 0.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="must rise"):
        Dictation((SpokenUtterance(0, 0.0, 1.0, (word, word)),))


def test_a_word_of_denial_is_never_parted_from_its_finding():
    assert texts(draft("patient denies", "chest pain", "and no", "shortness of breath")) == [
        "Patient denies chest pain",
        "And no shortness of breath",
    ]
    assert texts(draft("She has no", "Assessment.")) == ["She has no"]
