"""What changed between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.notes.body import NoteBody, Section, SectionKey
from app.clinical.notes.diffing import (
    ChangeKind,
    Operation,
    diff_bodies,
    diff_texts,
    kind_of,
    side_of,
)

PHRASES = (
    st.lists(
        st.sampled_from(["no", "pain", "in", "the", "left", "arm", "5", "mg", "\n", "  ", " "])
    ).map("".join)
    | st.text()
)


@given(PHRASES, PHRASES)
def test_the_parts_hold_both_texts(before: str, after: str) -> None:
    parts = diff_texts(before, after)
    assert side_of(parts, Operation.REMOVED) == before
    assert side_of(parts, Operation.ADDED) == after


@given(PHRASES)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {part.operation for part in diff_texts(text, text)} <= {Operation.SAME}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("5", "50", ChangeKind.DOSE),
        ("five", "fifty", ChangeKind.DOSE),
        ("mg", "mcg", ChangeKind.DOSE),
        ("10mg", "10mcg", ChangeKind.DOSE),
        ("no", "", ChangeKind.NEGATION),
        ("denies", "reports", ChangeKind.NEGATION),
        ("does", "doesn\u2019t", ChangeKind.NEGATION),
        ("left", "right", ChangeKind.SIDE),
        ("left-sided", "right-sided", ChangeKind.SIDE),
        ("dry", "wet", ChangeKind.TEXT),
        ("no fever", "No fever", ChangeKind.TEXT),
        ("no pain in the left arm", "pain in the right arm at 5", ChangeKind.DOSE),
    ],
)
def test_a_change_is_named_by_the_gravest_thing_it_touches(
    before: str, after: str, kind: ChangeKind
) -> None:
    assert kind_of(before, after) is kind


def body(**texts: str) -> NoteBody:
    return NoteBody(
        sections={SectionKey(k.replace("__", ".")): Section(text=t) for k, t in texts.items()}
    )


def test_clinical_changes_come_first() -> None:
    before = body(
        subjective__chief_complaint="Dry cough.",
        objective__physical_exam="No tenderness of the left knee.",
        plan__treatment="Lisinopril 5 mg daily.",
    )
    after = body(
        subjective__chief_complaint="Wet cough.",
        objective__physical_exam="Tenderness of the right knee.",
        plan__treatment="Lisinopril 50 mg daily.",
    )
    found = diff_bodies(before, after)
    assert [(c.kind, c.before, c.after) for c in found.changes] == [
        ("dose", "5", "50"),
        ("negation", "No tenderness", "Tenderness"),
        ("side", "left", "right"),
        ("text", "Dry", "Wet"),
    ]
    assert [section.section for section in found.sections] == [
        SectionKey.CHIEF_COMPLAINT,
        SectionKey.PHYSICAL_EXAM,
        SectionKey.TREATMENT,
    ]


def test_a_word_added_at_the_end_is_all_that_changed() -> None:
    found = diff_bodies(body(plan__treatment="Rest"), body(plan__treatment="Rest and fluids"))
    assert [(c.before, c.after) for c in found.changes] == [("", "and fluids")]


def test_white_space_alone_is_no_change_of_words() -> None:
    found = diff_bodies(body(plan__treatment="Rest now"), body(plan__treatment="Rest\nnow"))
    assert found.changes == ()
    assert len(found.sections) == 1
