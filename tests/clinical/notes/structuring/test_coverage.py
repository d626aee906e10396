"""Whatever is said, every word has exactly one place and no word is made up."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.clinical.notes.body import NoteBody, Section, SectionKey
from app.clinical.notes.structuring import (
    Dictation,
    RuleStructurer,
    SpokenUtterance,
    SpokenWord,
    coverage,
)

SPOKEN = st.sampled_from(
    [
        *(
            "Subjective.",
            "subjective",
            "Objective",
            "Plan:",
            "plan",
            "Assessment",
            "and",
            "follow",
            "up",
        ),
        *("chief", "complaint", "review", "of", "systems", "period", "Period.", "comma", "comma,"),
        *("colon", "question", "mark", "new", "line", "paragraph", "Paragraph.", "scratch", "that"),
        *("Scratch", "that.", "strike", "menstrual", "cancer", "blood", "pressure", "168", "over"),
        *("96.", "168/96", "38.2", "point", "2", "one", "forty", "two", "degrees", "heart", "rate"),
        *(
            "start",
            "lisinopril",
            "10",
            "mg",
            "milligrams",
            "daily",
            "denies",
            "no",
            "fever,",
            "Dr.",
        ),
        *(
            "Patient",
            "has",
            "mother",
            "cough.",
            "a.m.",
            "No.",
            "1.",
            "okay",
            "um",
            "...",
            "-",
            ":",
            ",",
        ),
        *(
            "",
            " ",
            "  Patient",
            "ß",
            "İ",
            "ǆ",
            "🙂",
            "\u0000",
            "a\u00a0b",
            "e\u0301",
            "\u2028",
            "don\u2019t",
        ),
    ]
)
WORDS = st.one_of(SPOKEN, SPOKEN, st.text(max_size=6))
UTTERANCES = st.lists(st.lists(WORDS, max_size=14), max_size=8)


def dictation_of(utterances: list[list[str]], step: int) -> Dictation:
    count = 0
    spoken: list[SpokenUtterance] = []
    for at, texts in enumerate(utterances):
        words = []
        for text in texts:
            words.append(SpokenWord(count, text, count / 2, count / 2 + 0.4, 0.9))
            count += step
        spoken.append(SpokenUtterance(at, 0.0, count / 2, tuple(words)))
    return Dictation(tuple(spoken))


@settings(max_examples=400, deadline=None)
@given(utterances=UTTERANCES, step=st.sampled_from([1, 1, 3]))
def test_nothing_is_dropped_doubled_or_invented(utterances, step):
    dictation = dictation_of(utterances, step)
    note = RuleStructurer().structure(dictation)
    proof = coverage(dictation, note)
    assert proof.missing == ()
    assert proof.duplicated == ()
    assert proof.invented == ()


@settings(max_examples=100, deadline=None)
@given(utterances=UTTERANCES)
def test_a_draft_is_the_same_each_time_and_survives_json(utterances):
    dictation = dictation_of(utterances, 1)
    note = RuleStructurer().structure(dictation)
    assert RuleStructurer().structure(dictation) == note
    assert NoteBody.model_validate_json(note.body.model_dump_json()) == note.body


@settings(max_examples=100, deadline=None)
@given(utterances=UTTERANCES)
def test_every_sentence_carries_words_and_times_and_the_summary_only_quotes(utterances):
    note = RuleStructurer().structure(dictation_of(utterances, 1))
    for sentence in note.body.sentences():
        assert sentence.words is not None
        assert sentence.start is not None
        assert sentence.end is not None
        assert sentence.start <= sentence.end
    rest = note.summary
    for sentence in sorted(note.body.sentences(), key=lambda s: len(s.text), reverse=True):
        rest = rest.replace(sentence.text, "") if sentence.text else rest
    assert rest.strip() == ""


def test_the_proof_sees_what_is_missing_doubled_and_invented():
    dictation = Dictation.of_text("Patient has fever.", "Gait is normal.")
    note = RuleStructurer().structure(dictation)
    [told] = note.body.sections[SectionKey.HISTORY_OF_PRESENT_ILLNESS].sentences
    forged = told.model_copy(update={"text": "Patient has no fever.", "words": (0, 3)})
    sections = {
        SectionKey.HISTORY_OF_PRESENT_ILLNESS: Section(
            sentences=(told, forged.model_copy(update={"id": "x"}))
        )
    }
    proof = coverage(dictation, note.model_copy(update={"body": NoteBody(sections=sections)}))
    assert proof.missing == (4, 5)
    assert proof.duplicated == (0, 1, 2)
    assert proof.invented == ("x",)
    assert not proof.is_complete
