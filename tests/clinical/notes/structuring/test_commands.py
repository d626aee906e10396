"""Dictation commands, and the same words meant literally."""

import pytest

from app.clinical.notes.body import SectionKey
from app.clinical.notes.structuring import (
    Dictation,
    RuleStructurer,
    SpokenUtterance,
    SpokenWord,
)
from tests.clinical.notes.structuring.drafts import draft, texts


def kinds(*utterances: str) -> list[str]:
    return [command.kind.value for command in draft(*utterances).commands]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("patient has fever period", ["Patient has fever."]),
        ("denies cough comma fever comma and chills period", ["Denies cough, fever, and chills."]),
        (
            "patient has fever period she denies cough full stop",
            ["Patient has fever.", "She denies cough."],
        ),
        ("any chest pain question mark", ["Any chest pain?"]),
        ("pain is worse semicolon rest helps period", ["Pain is worse; rest helps."]),
        (
            "blood pressure is 168 over 96 period heart rate 70",
            ["Blood pressure is 168 over 96.", "Heart rate 70"],
        ),
        ("Headache, period.", ["Headache."]),
    ],
)
def test_spoken_punctuation_is_applied(said, written):
    assert texts(draft(said)) == written


@pytest.mark.parametrize(
    "literal",
    [
        "Her last menstrual period was 3 weeks ago.",
        "This went on for a period of 3 weeks.",
        "She has heavy period pain.",
        "No symptoms over a 24 hour period.",
        "Father had colon cancer.",
        "There is a polyp in the sigmoid colon.",
        "Order colonoscopy.",
        "He has a scratch that itches.",
        "Tells her not to scratch that spot.",
        "A new line of treatment was started.",
    ],
)
def test_the_same_words_meant_literally_survive(literal):
    note = draft(literal)
    assert note.commands == ()
    assert texts(note) == [literal]


def test_scratch_that_takes_back_the_last_sentence_and_keeps_it_visible():
    note = draft("Start metformin.", "Start aspirin.", "Scratch that.", "Stop aspirin.")
    assert texts(note) == ["Start metformin.", "Stop aspirin."]
    assert [sentence.text for sentence in note.retracted] == ["Start aspirin."]
    assert [(c.kind.value, c.words) for c in note.commands] == [("scratch_that", (4, 5))]


def test_scratch_that_in_the_middle_takes_back_what_was_begun():
    note = draft("Gait is normal.", "increase lisinopril scratch that increase metoprolol")
    assert texts(note) == ["Gait is normal.", "Increase metoprolol"]
    assert [sentence.text for sentence in note.retracted] == ["Increase lisinopril"]


def test_scratch_that_said_twice_takes_back_two():
    note = draft("One cough.", "Two coughs.", "Scratch that.", "Strike that.")
    assert texts(note) == []
    assert len(note.retracted) == 2


def test_scratch_that_with_nothing_said_takes_back_nothing():
    note = draft("Scratch that.", "Patient has fever.")
    assert note.retracted == ()
    assert texts(note) == ["Patient has fever."]


def test_a_retracted_heading_is_not_in_force():
    note = draft("Plan.", "Scratch that.", "Patient reports cough.")
    assert [sentence.text for sentence in note.retracted] == ["Plan."]
    [sentence] = note.body.sections[SectionKey.HISTORY_OF_PRESENT_ILLNESS].sentences
    assert sentence.text == "Patient reports cough."


def test_new_paragraph_and_new_line_break_the_text_of_a_section():
    note = draft(
        "Plan.", "Order troponin.", "New paragraph.", "Stop aspirin.", "New line.", "Start insulin."
    )
    section = note.body.sections[SectionKey.TREATMENT]
    assert section.text == "Order troponin.\n\nStop aspirin.\nStart insulin."


def test_a_command_inside_a_sentence_keeps_its_own_words():
    note = draft("denies cough comma fever")
    [sentence] = note.body.sentences()
    assert sentence.words == (0, 3)
    assert [command.words for command in note.commands] == [(2, 2)]


def test_punctuation_before_anything_was_said_is_only_a_command():
    assert kinds("Period.", "Patient has fever.") == ["period"]


def test_a_scratch_that_heard_without_certainty_takes_nothing_back():
    words = "The knee is swollen. scratch that".split()
    spoken = tuple(
        SpokenWord(at, word, float(at), at + 1.0, 0.4 if word == "scratch" else 0.9)
        for at, word in enumerate(words)
    )
    note = RuleStructurer().structure(Dictation((SpokenUtterance(0, 0.0, 9.0, spoken),)))
    assert (note.commands, note.retracted) == ((), ())
