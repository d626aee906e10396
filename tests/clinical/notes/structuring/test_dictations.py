"""The four bundled dictations, sentence by sentence."""

import json
from pathlib import Path

import pytest

from app.clinical.notes.body import NoteBody, SectionKey
from app.clinical.notes.structuring import Dictation, RuleStructurer, StructuredNote, coverage
from tests.clinical.notes.structuring.drafts import draft, sections

SAMPLES = json.loads(
    (Path(__file__).parents[3] / "fixtures/dictations/dictations.json").read_text(encoding="utf-8")
)
BY_ID = {sample["id"]: sample for sample in SAMPLES}


def structured(sample_id: str) -> StructuredNote:
    return draft(*(text for _, text in BY_ID[sample_id]["soap"]))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["id"])
def test_every_sentence_lands_in_the_part_it_was_dictated_for(sample):
    placed = sections(structured(sample["id"]))
    for part, text in sample["soap"]:
        assert placed[text].startswith(part), text


@pytest.mark.parametrize(
    ("sample_id", "text", "section"),
    [
        ("s01-hypertension", "Chief complaint is headache.", "subjective.chief_complaint"),
        ("s01-hypertension", "Pain is 6 out of 10.", "subjective.history_of_present_illness"),
        (
            "s01-hypertension",
            "Denies blurred vision and dizziness.",
            "subjective.review_of_systems",
        ),
        (
            "s01-hypertension",
            "Past medical history is significant for hypertension.",
            "subjective.past_medical_history",
        ),
        (
            "s01-hypertension",
            "Medications include amlodipine 5 milligrams once daily.",
            "subjective.medications",
        ),
        ("s01-hypertension", "No known drug allergies.", "subjective.allergies"),
        ("s01-hypertension", "Blood pressure is 168 over 96.", "objective.vitals"),
        ("s01-hypertension", "Cranial nerves are intact.", "objective.physical_exam"),
        ("s01-hypertension", "Essential hypertension, poorly controlled.", "assessment.diagnoses"),
        ("s01-hypertension", "Order basic metabolic panel and urinalysis.", "plan.treatment"),
        ("s01-hypertension", "Discussed diet and exercise.", "plan.education"),
        ("s01-hypertension", "Recheck blood pressure in 2 weeks.", "plan.follow_up"),
        ("s02-bronchitis", "Former smoker.", "subjective.social_history"),
        ("s02-bronchitis", "Allergic to sulfa.", "subjective.allergies"),
        (
            "s02-bronchitis",
            "Patient presents with productive cough and fever for 6 days.",
            "subjective.chief_complaint",
        ),
        ("s02-bronchitis", "Most likely acute bronchitis.", "assessment.clinical_impression"),
        ("s02-bronchitis", "Patient advised to rest and drink fluids.", "plan.education"),
        ("s02-bronchitis", "Return if shortness of breath develops.", "plan.follow_up"),
        ("s03-depression-crisis", "PHQ-9 score is 21.", "objective.results"),
        ("s03-depression-crisis", "Affect is flat.", "objective.physical_exam"),
        (
            "s03-depression-crisis",
            "Patient has access to firearms at home.",
            "subjective.history_of_present_illness",
        ),
        ("s03-depression-crisis", "Safety plan was reviewed and signed.", "plan.treatment"),
        (
            "s04-ankle-no-headings",
            "Patient complains of severe joint pain.",
            "subjective.chief_complaint",
        ),
        ("s04-ankle-no-headings", "Gait is normal.", "objective.physical_exam"),
        ("s04-ankle-no-headings", "Follow up in 2 weeks.", "plan.follow_up"),
    ],
)
def test_sentences_of_the_samples_find_their_section(sample_id, text, section):
    assert sections(structured(sample_id))[text] == section


def test_the_vital_signs_of_the_first_sample_are_values():
    vitals = structured("s01-hypertension").body.sections[SectionKey.VITALS].vitals
    assert [(v.code, v.value, v.unit) for v in vitals] == [
        ("8480-6", 168.0, "mm[Hg]"),
        ("8462-4", 96.0, "mm[Hg]"),
        ("8867-4", 78.0, "/min"),
        ("9279-1", 16.0, "/min"),
        ("59408-5", 98.0, "%"),
    ]


def test_the_summary_is_made_of_sentences_of_the_note():
    note = structured("s02-bronchitis")
    assert note.summary == (
        "Patient presents with productive cough and fever for 6 days. Most likely acute "
        "bronchitis. Order chest x-ray. Return if shortness of breath develops."
    )


def test_a_section_text_is_its_sentences():
    section = structured("s03-depression-crisis").body.sections[SectionKey.PHYSICAL_EXAM]
    assert section.text == "Affect is flat. Insight and judgment are fair."
    assert [heading.text for heading in section.headings] == ["Objective."]


def test_sentences_carry_words_times_and_confidence():
    sentence = structured("s04-ankle-no-headings").body.sections[SectionKey.FOLLOW_UP].sentences[0]
    assert sentence.words == (51, 55)
    assert (sentence.start, sentence.end, sentence.confidence) == (51.0, 56.0, 1.0)
    assert sentence.id == "s51"


def test_a_body_survives_json():
    body = structured("s01-hypertension").body
    assert NoteBody.model_validate_json(body.model_dump_json()) == body
    assert NoteBody.model_validate(body.model_dump(mode="json")) == body


def test_an_empty_dictation_gives_an_empty_note():
    dictation = Dictation(())
    note = RuleStructurer().structure(dictation)
    assert note.body == NoteBody.empty()
    assert list(note.body.sections) == list(SectionKey)
    assert (note.summary, note.confidence) == ("", 0.0)
    assert coverage(dictation, note).is_complete
