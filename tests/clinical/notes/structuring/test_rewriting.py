"""The doctor's text replaces a section's text; sentences keep their sound where they can."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clinical.notes.body import Origin, SectionKey
from app.clinical.notes.rewriting import (
    COMPARED_AT_MOST,
    likely_pairs,
    rewrite_body,
    rewrite_section,
    sentences_in,
)
from tests.clinical.notes.structuring.drafts import draft

TREATMENT = SectionKey.TREATMENT


@pytest.fixture
def section():
    note = draft(
        "Plan.", "Start metformin 500 milligrams daily.", "Order urinalysis.", "Stop aspirin."
    )
    return note.body.sections[TREATMENT]


def test_the_same_text_changes_nothing(section):
    assert rewrite_section(TREATMENT, section, section.text) is section


def test_an_unchanged_sentence_keeps_everything(section):
    rewritten = rewrite_section(TREATMENT, section, "Stop aspirin. Order urinalysis.")
    assert set(rewritten.sentences) == {section.sentences[1], section.sentences[2]}
    assert [s.text for s in rewritten.sentences] == ["Stop aspirin.", "Order urinalysis."]


def test_a_changed_sentence_keeps_its_sound_and_counts_as_edited(section):
    text = section.text.replace("500 milligrams", "850 milligrams")
    first = rewrite_section(TREATMENT, section, text).sentences[0]
    assert first.origin is Origin.EDITED
    assert (first.id, first.words, first.start) == ("s1", (1, 5), 1.0)
    assert first.annotations[0].dose == "850"
    assert first.annotations[0].words is None


def test_a_new_sentence_is_typed_and_has_no_sound(section):
    last = rewrite_section(TREATMENT, section, section.text + " Walk every day.").sentences[-1]
    assert (last.origin, last.words, last.start, last.end) == (Origin.TYPED, None, None, None)
    assert last.id.startswith("t")


def test_a_longer_sentence_is_not_mistaken_for_the_old_one(section):
    text = section.text.replace("Order urinalysis.", "Order urinalysis and troponin.")
    second = rewrite_section(TREATMENT, section, text).sentences[1]
    assert (second.text, second.origin) == ("Order urinalysis and troponin.", Origin.EDITED)


def test_equal_typed_sentences_have_different_ids(section):
    rewritten = rewrite_section(TREATMENT, section, "Rest.\nRest.\nRest.")
    assert len({sentence.id for sentence in rewritten.sentences}) == 3
    again = rewrite_section(TREATMENT, section, "Rest.\nRest.\nRest.")
    assert again == rewritten


def test_typed_sentences_survive_a_second_save(section):
    once = rewrite_section(TREATMENT, section, section.text + " Walk every day.")
    twice = rewrite_section(TREATMENT, once, once.text + " Drink water.")
    assert twice.sentences[:-1] == once.sentences


def test_text_without_punctuation_still_finds_its_dictated_sentences():
    note = draft("plan", "order urinalysis", "stop aspirin")
    section = note.body.sections[TREATMENT]
    rewritten = rewrite_section(TREATMENT, section, section.text + "\nwalk daily")
    assert rewritten.sentences[:2] == section.sentences


def test_vital_signs_are_read_again():
    body = draft("Blood pressure is 168 over 96.").body
    rewritten = rewrite_body(body, {SectionKey.VITALS: "Blood pressure is 158 over 96."})
    section = rewritten.sections[SectionKey.VITALS]
    assert [vital.value for vital in section.vitals] == [158.0, 96.0]
    assert section.vitals[0].sentence_id == section.sentences[0].id == "s0"
    assert rewritten.sections[TREATMENT] is body.sections[TREATMENT]


def test_an_emptied_section_keeps_its_headings(section):
    emptied = rewrite_section(TREATMENT, section, "")
    assert (emptied.text, emptied.sentences) == ("", ())
    assert emptied.headings == section.headings


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet="ab .?\n,Period", max_size=60))
def test_whatever_is_typed_is_kept_word_for_word(text):
    body = draft("Plan.", "Order urinalysis.", "Stop aspirin.").body
    rewritten = rewrite_body(body, {TREATMENT: text}).sections[TREATMENT]
    assert rewritten.text == text
    assert [w for s in rewritten.sentences for w in s.text.split()] == text.split()
    assert len({sentence.id for sentence in rewritten.sentences}) == len(rewritten.sentences)


def test_typed_text_obeys_no_commands():
    assert sentences_in("Last period was heavy. Scratch that.") == (
        "Last period was heavy.",
        "Scratch that.",
    )


def test_a_typed_sentence_put_before_its_equal_gets_an_id_of_its_own():
    empty = draft().body
    before = rewrite_body(empty, {TREATMENT: "Alpha beta gamma. Rest at home."})
    after = rewrite_body(before, {TREATMENT: "Rest at home. Alpha beta gamma. Rest at home."})
    assert len({s.id for s in after.sections[TREATMENT].sentences}) == 3


def test_of_a_long_section_few_sentences_are_compared_with_each_other():
    before = [f"drug {number} with food".split() for number in range(300)]
    after = {at: f"drug {at} with water".split() for at in range(300)}
    pairs = likely_pairs(before, after)
    assert all(len(places) <= COMPARED_AT_MOST for places in pairs.values())
    assert all(places[0] == at for at, places in pairs.items())
