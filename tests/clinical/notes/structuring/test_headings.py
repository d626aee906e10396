"""Spoken headings, and sentences that only look like one."""

import pytest

from tests.clinical.notes.structuring.drafts import draft, only_sentence, sections, texts


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Subjective.", "subjective.history_of_present_illness"),
        ("Objective.", "objective.physical_exam"),
        ("Assessment.", "assessment.clinical_impression"),
        ("Plan.", "plan.treatment"),
        ("Chief complaint.", "subjective.chief_complaint"),
        ("History of present illness.", "subjective.history_of_present_illness"),
        ("Review of systems.", "subjective.review_of_systems"),
        ("Past medical history.", "subjective.past_medical_history"),
        ("Medications.", "subjective.medications"),
        ("Allergies.", "subjective.allergies"),
        ("Family history.", "subjective.family_history"),
        ("Social history.", "subjective.social_history"),
        ("Vital signs.", "objective.vitals"),
        ("Physical exam.", "objective.physical_exam"),
        ("Follow up.", "plan.follow_up"),
        ("Assessment and plan.", "assessment.clinical_impression"),
        ("HPI", "subjective.history_of_present_illness"),
        ("ros", "subjective.review_of_systems"),
        ("Meds", "subjective.medications"),
        ("On examination", "objective.physical_exam"),
        ("Labs:", "objective.results"),
        ("Impression", "assessment.clinical_impression"),
        ("Diagnosis", "assessment.diagnoses"),
        ("Subjective colon", "subjective.history_of_present_illness"),
    ],
)
def test_a_heading_alone_opens_its_section(heading, key):
    note = draft(heading)
    assert list(sections(note).values()) == [key]
    assert texts(note) == []


@pytest.mark.parametrize(
    ("said", "heading", "sentence"),
    [
        ("Plan: start metformin.", "Plan:", "Start metformin."),
        ("Plan start metformin.", "Plan", "Start metformin."),
        ("Objective, lungs are clear.", "Objective,", "Lungs are clear."),
        ("Assessment colon acute gout.", "Assessment", "Acute gout."),
        ("Medications Lisinopril daily.", "Medications", "Lisinopril daily."),
    ],
)
def test_a_heading_may_open_a_sentence(said, heading, sentence):
    note = draft(said)
    assert heading in sections(note)
    assert texts(note) == [sentence]


def test_headings_may_follow_each_other():
    placed = sections(draft("Subjective, chief complaint.", "Cough."))
    assert placed["Cough."] == "subjective.chief_complaint"


@pytest.mark.parametrize(
    "said",
    [
        "Follow up in 2 weeks.",
        "Subjective fever for 2 days.",
        "Plan of care was explained.",
        "Medications, allergies, and history were reviewed.",
        "Allergies to pollen.",
        "Diagnosis is gout.",
        "Exam shows a rash.",
    ],
)
def test_a_sentence_that_begins_like_a_heading_stays_whole(said):
    note = draft(said)
    assert texts(note) == [said]


def test_follow_up_as_heading_and_as_sentence():
    note = draft("Follow up.", "In 2 weeks with cardiology.", "Plan.", "Follow up in 3 days.")
    placed = sections(note)
    assert placed["Follow up."] == "plan.follow_up"
    assert placed["In 2 weeks with cardiology."] == "plan.follow_up"
    assert placed["Follow up in 3 days."] == "plan.follow_up"


def test_lower_case_headings_without_punctuation_are_understood():
    placed = sections(draft("subjective", "patient reports cough", "plan", "order chest x-ray"))
    assert placed["Patient reports cough"] == "subjective.history_of_present_illness"
    assert placed["Order chest x-ray"] == "plan.treatment"


@pytest.mark.parametrize(
    ("said", "section", "rest"),
    [
        ("Chief complaint chest pain.", "subjective.chief_complaint", "Chest pain."),
        ("Medications lisinopril 10 mg daily.", "subjective.medications", None),
        ("Allergies none.", "subjective.allergies", "None."),
        ("Impression community acquired pneumonia.", "assessment.diagnoses", None),
        ("Plan azithromycin 500 milligrams.", "plan.treatment", "Azithromycin 500 milligrams."),
        ("Objective vital signs bp 128 over 76.", "objective.vitals", "Bp 128 over 76."),
    ],
)
def test_a_heading_may_be_followed_by_a_term(said, section, rest):
    key, sentence = only_sentence(draft(said))
    assert key.value == section
    assert sentence.text == rest or (rest is None and len(sentence.text) < len(said))


def test_a_numbered_list_without_full_stops_is_parted():
    note = draft(
        "assessment and plan number one hypertension increase lisinopril to 20 milligrams daily"
        " number two asthma continue albuterol"
    )
    assert [text.split()[:3] for text in texts(note)] == [
        ["Number", "one", "hypertension"],
        ["Number", "two", "asthma"],
    ]
    assert texts(draft("Phone number one two five.")) == ["Phone number one two five."]
