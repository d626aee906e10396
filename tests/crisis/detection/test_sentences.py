"""What the rules make of sentences a clinician can read; some of them were never tuned for."""

import pytest

from tests.crisis.detection.measuring import (
    Judged,
    is_false,
    is_missed,
    judged,
    recall_and_precision,
)

DEVELOPED = list(judged("sentences.toml"))


@pytest.mark.parametrize("one", DEVELOPED, ids=lambda one: one.text[:60])
def test_each_sentence_is_meant_as_it_was_understood(one: Judged) -> None:
    assert not is_missed(one)
    assert not is_false(one)


def test_sentences_kept_aside_are_found_and_few_others() -> None:
    """Wanted: nineteen of twenty dangers found, and five of six findings right."""
    recall, precision = recall_and_precision(list(judged("kept_aside.toml")))
    assert recall >= 0.95
    assert precision >= 0.85


def test_the_past_of_the_patient_is_noted() -> None:
    past = [one for one in judged("kept_aside.toml") if one.expected == "noted"]
    assert sum(one.signal and not one.critical for one in past) >= 0.9 * len(past)


def test_there_are_enough_sentences() -> None:
    assert len(DEVELOPED) >= 400
    assert len(list(judged("kept_aside.toml"))) >= 200
