"""Sentences in the forms the demo model knows, each alone, and what headings change."""

import pytest

from tests.clinical.notes.structuring.drafts import draft, only_sentence, sections

ALONE = {
    "subjective.chief_complaint": [
        "Chief complaint is dizziness.",
        "Patient presents with fever and cough for 3 days.",
        "Patient complains of dull back pain.",
    ],
    "subjective.history_of_present_illness": [
        "Patient is a 71 year old man with burning chest pain for 4 hours.",
        "Patient reports insomnia for the past 9 months.",
        "The pain is crampy and radiates to the left hip.",
        "Pain is 8 out of 10.",
        "Symptoms are worse with stress and better with rest.",
        "Symptoms started 12 hours ago.",
        "Patient feels hopeless.",
        "Patient wishes to be dead.",
        "Patient has thoughts of self harm.",
        "Patient attempted suicide last year.",
        "Patient has access to firearms at home.",
        "Patient has no current intent to act.",
        "Child reports being hit at home.",
        "Patient threatened to harm his brother.",
    ],
    "subjective.review_of_systems": [
        "She denies rash, itching, and chills.",
        "Denies wheezing and night sweats.",
        "Positive for numbness and tingling.",
        "Negative for swelling and anxiety.",
        "Patient denies homicidal ideation.",
    ],
    "subjective.past_medical_history": [
        "Past medical history includes gout and anemia.",
        "Past medical history is significant for sleep apnea.",
        "Patient has a history of self harm.",
    ],
    "subjective.medications": [
        "Medications include warfarin 5 milligrams at bedtime.",
        "Current medications are losartan and aspirin.",
        "Taking gabapentin 300 milligrams three times a day.",
    ],
    "subjective.allergies": [
        "Allergic to latex.",
        "Allergies include codeine and peanuts.",
        "No known drug allergies.",
    ],
    "subjective.family_history": [
        "Father has gout.",
        "Sister has atrial fibrillation.",
        "Family history of migraine in the mother.",
    ],
    "subjective.social_history": [
        "Patient does not smoke.",
        "Patient smokes one pack per day.",
        "Drinks alcohol socially.",
        "Denies alcohol use.",
        "Denies drug use.",
        "Lives with family.",
        "Works as a nurse.",
        "Patient is retired.",
    ],
    "objective.vitals": [
        "Blood pressure is 142 over 88.",
        "Heart rate is 61 and respiratory rate is 14.",
        "Pulse 104, respirations 22.",
        "Temperature is 39.1 degrees.",
        "Oxygen saturation is 91 percent on room air.",
        "Weight is 82 kilograms.",
    ],
    "objective.physical_exam": [
        "Lungs are clear to auscultation bilaterally.",
        "Abdomen is soft and non tender.",
        "Oropharynx is red with exudate.",
        "Tympanic membranes are clear.",
        "Neck is supple with no adenopathy.",
        "Patient is alert and oriented.",
        "Crackles are heard at the right base.",
        "Strength is 5 out of 5 in all extremities.",
        "Skin is warm and dry.",
        "Mood is anxious.",
        "Thought process is linear.",
        "There is no peripheral edema.",
        "There is mild redness of the left wrist.",
        "Pupils are equal and reactive.",
        "There are bruises on both arms consistent with abuse.",
    ],
    "objective.results": [
        "PHQ-9 score is 17.",
        "GAD-7 score is 4.",
        "Patient was screened with the Columbia scale.",
    ],
    "assessment.clinical_impression": [
        "Most likely panic disorder.",
        "Differential includes angina and gastroesophageal reflux disease.",
        "Consistent with contact dermatitis.",
        "I suspect elder abuse by a caregiver.",
    ],
    "assessment.diagnoses": [
        "Assessment is acute otitis media.",
        "Hyperlipidemia, stable.",
        "Osteoarthritis of the knee, worsening.",
        "Allergic rhinitis, well controlled.",
        "Mechanical low back pain, improving.",
    ],
    "plan.treatment": [
        "Start sertraline 50 milligrams once daily.",
        "Continue insulin 10 milligrams with meals.",
        "Increase metoprolol to 100 milligrams twice daily.",
        "Stop ibuprofen.",
        "Order troponin and D-dimer.",
        "Obtain CT of the head and urinalysis.",
        "Refer to physical therapy.",
        "Referral to neurology for migraine without aura.",
        "Safety plan was reviewed and signed.",
        "Family will remove the firearms from the home.",
    ],
    "plan.follow_up": [
        "Follow up in 6 weeks.",
        "Return if vomiting or fever develops.",
        "Return to the emergency department if symptoms worsen.",
        "Call the clinic with any questions.",
        "Recheck blood pressure in 2 weeks.",
    ],
    "plan.education": [
        "Patient advised to rest and drink fluids.",
        "Patient agrees with the plan.",
        "Patient agrees to the safety plan.",
        "Discussed risks and benefits.",
        "Medication side effects were discussed.",
        "Crisis line number was given to the patient.",
    ],
}


@pytest.mark.parametrize(
    ("section", "text"), [(section, text) for section in ALONE for text in ALONE[section]]
)
def test_a_sentence_alone_finds_its_section(section, text):
    assert only_sentence(draft(text))[0] == section


@pytest.mark.parametrize("filler", ["Okay.", "Thank you.", "Um.", "End of dictation.", "...", "🙂"])
def test_what_says_nothing_stays_visible_as_unplaced(filler):
    assert only_sentence(draft(filler))[0] == "unplaced"


def test_below_a_soap_heading_sentences_stay_in_its_part():
    placed = sections(
        draft("Assessment.", "Blood pressure is 168 over 96.", "Patient reports headache.")
    )
    assert placed["Blood pressure is 168 over 96."].startswith("assessment.")
    assert placed["Patient reports headache."].startswith("assessment.")


def test_a_measured_vital_sign_leaves_the_subjective_part():
    placed = sections(
        draft("Subjective.", "Blood pressure is 168 over 96.", "Patient has blurred vision.")
    )
    assert placed["Blood pressure is 168 over 96."] == "objective.vitals"
    assert placed["Patient has blurred vision."].startswith("subjective.")


@pytest.mark.parametrize(
    "told",
    [
        "Blood pressure at home ranges between 140 over 90 and 150 over 95.",
        "Goal blood pressure is below 130 over 80.",
    ],
)
def test_a_vital_sign_that_is_told_or_wished_is_no_measurement(told):
    assert sections(draft("Subjective.", told))[told].startswith("subjective.")


def test_an_order_leaves_the_objective_part():
    placed = sections(draft("Objective.", "Gait is normal.", "Order ankle x-ray."))
    assert placed["Order ankle x-ray."] == "plan.treatment"


def test_a_section_heading_takes_what_has_no_cue_of_its_own():
    placed = sections(draft("Social history.", "Two cats and a garden.", "Former smoker."))
    assert placed["Two cats and a garden."] == "subjective.social_history"
    assert placed["Former smoker."] == "subjective.social_history"


def test_a_condition_with_its_course_may_be_history():
    placed = sections(draft("Past medical history.", "Asthma, well controlled."))
    assert placed["Asthma, well controlled."] == "subjective.past_medical_history"


def test_a_score_stays_where_it_was_dictated():
    placed = sections(draft("Subjective.", "GAD-7 score is 12."))
    assert placed["GAD-7 score is 12."].startswith("subjective.")


def test_a_follow_up_visit_can_be_a_chief_complaint():
    placed = sections(draft("Chief complaint.", "Follow up in clinic for hypertension."))
    assert placed["Follow up in clinic for hypertension."] == "subjective.chief_complaint"


def test_assessment_and_plan_is_sorted_sentence_by_sentence():
    placed = sections(
        draft("Assessment and plan.", "Most likely gout.", "Order urinalysis.", "Gout, stable.")
    )
    assert placed["Most likely gout."] == "assessment.clinical_impression"
    assert placed["Order urinalysis."] == "plan.treatment"
    assert placed["Gout, stable."] == "assessment.diagnoses"


def test_there_is_one_chief_complaint_and_then_the_story():
    placed = sections(draft("Patient presents with cough.", "Patient complains of dull headache."))
    assert placed["Patient presents with cough."] == "subjective.chief_complaint"
    assert placed["Patient complains of dull headache."] == "subjective.history_of_present_illness"


def test_the_review_of_systems_is_kept_by_system():
    note = draft("Denies cough and nausea.", "Positive for rash.")
    section = note.body.sections["subjective.review_of_systems"]
    assert section.systems == {
        "respiratory": ("s0",),
        "gastrointestinal": ("s0",),
        "skin": ("s4",),
    }


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ("No fever.", "subjective.review_of_systems"),
        ("No nausea or vomiting.", "subjective.review_of_systems"),
        ("She is on no medications.", "subjective.medications"),
        ("Lisinopril 10 milligrams daily.", "subjective.medications"),
        ("The left knee is swollen.", "objective.physical_exam"),
        ("MRI from last week demonstrates a disc herniation.", "objective.results"),
        ("Blood sugar is 180.", "objective.results"),
        ("Calcium 9.2.", "objective.results"),
        ("This is most consistent with viral gastroenteritis.", "assessment.clinical_impression"),
        ("Do not take ibuprofen.", "plan.treatment"),
        ("Patient education provided about diet.", "plan.education"),
    ],
)
def test_what_is_said_plainly_finds_its_section(said, section):
    assert only_sentence(draft(said))[0].value == section
