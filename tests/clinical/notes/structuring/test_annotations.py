"""Medications and absent findings, recognised where they were said."""

import pytest

from app.clinical.notes.body import Action, MedicationMention, NegatedFinding
from tests.clinical.notes.structuring.drafts import draft, only_sentence


def annotations(said: str):
    return only_sentence(draft(said))[1].annotations


@pytest.mark.parametrize(
    ("said", "mention"),
    [
        (
            "Start azithromycin 500 milligrams once daily for 3 days.",
            MedicationMention(
                name="azithromycin",
                dose="500",
                unit="mg",
                frequency="once daily",
                duration="3 days",
                action=Action.START,
                words=(1, 8),
            ),
        ),
        (
            "Increase metoprolol to 50 milligrams twice daily.",
            MedicationMention(
                name="metoprolol",
                dose="50",
                unit="mg",
                frequency="twice daily",
                action=Action.INCREASE,
                words=(1, 6),
            ),
        ),
        (
            "Stop aspirin.",
            MedicationMention(name="aspirin", action=Action.STOP, words=(1, 1)),
        ),
        (
            "Continue ibuprofen 400 mg by mouth every 8 hours as needed.",
            MedicationMention(
                name="ibuprofen",
                dose="400",
                unit="mg",
                route="oral",
                frequency="every 8 hours as needed",
                action=Action.CONTINUE,
                words=(1, 10),
            ),
        ),
        (
            "Taking lisinopril ten milligrams every morning.",
            MedicationMention(
                name="lisinopril", dose="10", unit="mg", frequency="every morning", words=(1, 5)
            ),
        ),
        (
            "Start 20 milligrams of prednisone.",
            MedicationMention(
                name="prednisone", dose="20", unit="mg", action=Action.START, words=(1, 4)
            ),
        ),
    ],
)
def test_a_medication_is_recognised_with_what_was_said_of_it(said, mention):
    assert annotations(said) == (mention,)


def test_each_medication_of_a_list_has_its_own_dose():
    first, second = annotations("Start losartan 25 milligrams and amlodipine 5 milligrams daily.")
    assert (first.name, first.dose, first.action) == ("losartan", "25", Action.START)
    assert (second.name, second.dose, second.action) == ("amlodipine", "5", Action.START)


def test_what_one_is_allergic_to_is_not_taken():
    assert annotations("Allergic to penicillin.") == ()


def test_an_unknown_name_is_known_by_its_class():
    [mention] = annotations("Start perindopril 4 milligrams daily.")
    assert mention.name == "perindopril"


@pytest.mark.parametrize(
    ("said", "findings"),
    [
        (
            "She denies rash, itching, and chest pain.",
            [
                ("denies", "rash", (2, 2)),
                ("denies", "itching", (3, 3)),
                ("denies", "chest pain", (5, 6)),
            ],
        ),
        ("There is no peripheral edema.", [("no", "peripheral edema", (3, 4))]),
        (
            "Negative for fever and chills.",
            [("negative for", "fever", (2, 2)), ("negative for", "chills", (4, 4))],
        ),
        ("Cough without fever.", [("without", "fever", (2, 2))]),
        ("Denies cough but reports fever.", [("denies", "cough", (1, 1))]),
    ],
)
def test_absent_findings_are_marked(said, findings):
    found = [a for a in annotations(said) if isinstance(a, NegatedFinding)]
    assert [(a.cue, a.finding, a.words) for a in found] == findings


@pytest.mark.parametrize(
    ("said", "dose", "unit"),
    [
        ("Metformin one thousand milligrams twice a day.", "1000", "mg"),
        ("Metformin 1,000 mg twice a day.", "1000", "mg"),
        ("Metformin 1,000mg twice a day.", "1000", "mg"),
        ("Vitamin d two thousand five hundred units daily.", "2500", "[IU]"),
        ("Vitamin d 50000 units weekly.", "50000", "[IU]"),
        ("Increase lisinopril from 10 to 20 milligrams.", "20", "mg"),
        ("Increase insulin glargine from 10 units to 14 units at bedtime.", "14", "[IU]"),
        ("Increase lisinopril from 10 milligrams.", None, None),
    ],
)
def test_large_and_changed_doses_are_read_whole(said, dose, unit):
    [mention] = [a for a in annotations(said) if isinstance(a, MedicationMention)]
    assert (mention.dose, mention.unit) == (dose, unit)


@pytest.mark.parametrize(
    "said",
    [
        "He is not taking aspirin or ibuprofen.",
        "Do not take ibuprofen.",
        "Avoid naproxen.",
        "Calcium 9.2, magnesium 1.8.",
        "Insulin level was 12.",
        "Allergies: codeine.",
    ],
)
def test_what_is_not_taken_and_what_was_measured_is_no_medication(said):
    found = [a for s in draft(said).body.sentences() for a in s.annotations]
    assert not [a for a in found if isinstance(a, MedicationMention)]
