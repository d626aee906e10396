"""The engine itself: spans, steps, meanings, and the language of the lexicon."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crisis.detection import Assertion, Concept, Mention, find, is_signal, lexicon_version
from app.crisis.detection.finding import LONGEST_WORDS, pieces
from app.crisis.detection.lexicon import lexicon
from app.crisis.detection.patterns import Count, Index, PhraseUnreadable, read
from app.crisis.detection.tokens import sentences

PIECES = st.sampled_from(
    "he she denies suicidal ideation , . ? no but wants to die kill himself mother attempted "
    "suicide in 1990 plan and the of if will patient's doesn\u2019t SI HI child hits ( \n ; "
    "history cutting overdose gun".split(" ")
)


def meanings(text: str) -> dict[Concept, Assertion]:
    return {mention.concept: mention.assertion for mention in find(text)}


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_mentions_lie_in_the_text_and_the_same_text_gives_the_same(words: list[str]) -> None:
    text = " ".join(words)
    found = find(text)
    assert found == find(text)
    for mention in found:
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip()
        assert not mention.critical or is_signal(mention)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for mention in find(text):
        assert mention.end <= len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "Patient denies chest pain and reports suicidal ideation with a plan. ",
        "he thinks about killing himself and she wants to hurt her mother and ",
        "no no not never denies without suicidal ",
    ],
)
def test_twice_the_text_is_twice_the_work(unit: str) -> None:
    def steps(times: int) -> int:
        count = Count()
        find(unit * times, count=count)
        return count.steps

    assert steps(400) <= 2.2 * steps(200)


def test_a_dictation_without_full_stops_is_read_in_parts() -> None:
    parts = list(pieces("word " * 1000))
    assert all(len(part.tokens) <= LONGEST_WORDS for part in parts)
    assert sum(len(part.tokens) for part in parts) == 1000


def test_two_mentions_of_one_danger_never_overlap() -> None:
    found = find("He has suicidal thoughts, suicidal ideation and wants to kill himself.")
    by_concept: dict[Concept, list[Mention]] = {}
    for mention in found:
        by_concept.setdefault(mention.concept, []).append(mention)
    for mentions in by_concept.values():
        for one, other in pairwise(mentions):
            assert one.end <= other.start


def test_a_list_of_denials_reaches_its_end_and_no_further() -> None:
    text = "Denies SI, HI, plan or intent, but has been cutting herself."
    found = meanings(text)
    assert found[Concept.SUICIDAL_IDEATION] is Assertion.NEGATED
    assert found[Concept.VIOLENCE] is Assertion.NEGATED
    assert found[Concept.SELF_HARM] is Assertion.AFFIRMED


def test_what_a_condition_is_depends_on_who_speaks() -> None:
    assert meanings("If she leaves I will kill myself.")[Concept.SUICIDAL_IDEATION] is (
        Assertion.CONDITIONAL
    )
    assert meanings("Return if suicidal thoughts develop.")[Concept.SUICIDAL_IDEATION] is (
        Assertion.HYPOTHETICAL
    )


def test_a_relative_is_another_and_one_who_tells_is_not() -> None:
    assert set(meanings("Mother attempted suicide in 1990.").values()) == {Assertion.OTHER}
    assert meanings("Mother says she wants to die.")[Concept.WISH_TO_BE_DEAD] is (
        Assertion.AFFIRMED
    )


def test_a_heading_makes_it_about_the_family() -> None:
    [mention] = find("Attempted suicide.", of_relatives=True)
    assert not is_signal(mention)


def test_the_past_is_a_signal_that_is_not_critical() -> None:
    for mention in find("She attempted suicide in 1998."):
        assert mention.assertion is Assertion.HISTORICAL
        assert is_signal(mention)
        assert not mention.critical


def test_abuse_counts_whoever_does_it() -> None:
    [mention] = find("Her stepfather beats the children.")
    assert (mention.concept, mention.critical) == (Concept.CHILD_ABUSE, True)


def test_short_forms_are_words_in_full() -> None:
    [words] = sentences("She doesn\u2019t, can't, I'm, patient's, he'd.")
    assert [token.word for token in words.tokens] == (
        "she does not can not i am patient s he would".split()
    )


@pytest.mark.parametrize("phrase", ["{unknown} list", "(open", "...3 first", "[nothing at all]"])
def test_a_line_that_cannot_be_read_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseUnreadable):
        Index().add("x", read(phrase, {}))


def test_the_lexicon_can_be_read_and_has_a_version() -> None:
    assert lexicon_version()
    assert {rule.concept for rule in lexicon().rules.values()} == set(Concept)
