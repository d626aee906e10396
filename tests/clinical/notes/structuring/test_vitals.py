"""Vital signs as they are said."""

import pytest

from app.clinical.notes.body import SectionKey
from app.clinical.notes.structuring.vitals import is_measurement, read_vitals
from tests.clinical.notes.structuring.drafts import draft


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("Blood pressure is 168 over 96.", [("systolic", 168), ("diastolic", 96)]),
        ("Blood pressure 168/96.", [("systolic", 168), ("diastolic", 96)]),
        ("BP 120 over 80", [("systolic", 120), ("diastolic", 80)]),
        ("blood pressure one forty two over eighty eight", [("systolic", 142), ("diastolic", 88)]),
        (
            "blood pressure one hundred and five over sixty",
            [("systolic", 105), ("diastolic", 60)],
        ),
        ("Pulse 92, respirations 20.", [("heart_rate", 92), ("respiratory_rate", 20)]),
        ("heart rate one oh four", [("heart_rate", 104)]),
        ("Heart rate is seventy-eight.", [("heart_rate", 78)]),
        ("Oxygen saturation is 98 percent on room air.", [("saturation", 98)]),
        ("Saturating 94% on room air.", [("saturation", 94)]),
        ("SpO2 97%.", [("saturation", 97)]),
    ],
)
def test_values_are_read(said, values):
    assert [(reading.sign, reading.value) for reading in read_vitals(said)] == values


@pytest.mark.parametrize(
    ("said", "value", "unit", "inferred"),
    [
        ("Temperature is 38.2 degrees.", 38.2, "Cel", True),
        ("Temperature is 38 point 2 degrees.", 38.2, "Cel", True),
        ("Temperature is 38 .2 degrees.", 38.2, "Cel", True),
        ("Temperature thirty eight point two.", 38.2, "Cel", True),
        ("Temperature 100.4 degrees.", 100.4, "[degF]", True),
        ("Temperature 98.6 degrees fahrenheit.", 98.6, "[degF]", False),
        ("Temp 37 celsius.", 37.0, "Cel", False),
        ("Weight is 82.5 kilograms.", 82.5, "kg", False),
        ("Weight 180 pounds.", 180.0, "[lb_av]", False),
        ("Height 172 centimeters.", 172.0, "cm", False),
        ("Height is 5 feet 10 inches.", 70.0, "[in_i]", False),
    ],
)
def test_units_are_said_or_follow_from_the_size(said, value, unit, inferred):
    [reading] = read_vitals(said)
    assert (reading.value, reading.unit, reading.unit_inferred) == (value, unit, inferred)


@pytest.mark.parametrize(
    "said",
    [
        "Blood pressure is elevated.",
        "Blood pressure is 168.",
        "Weight is 82.",
        "Temperature is 60 degrees.",
        "Heart has a regular rate.",
        "Pulse is regular and strong on the left.",
    ],
)
def test_nothing_is_invented(said):
    assert read_vitals(said) == ()


@pytest.mark.parametrize(
    "said", ["Goal blood pressure below 130 over 80.", "Blood pressure at home was 150 over 90."]
)
def test_goals_and_stories_are_not_measurements(said):
    assert not is_measurement(said)


def test_an_implausible_value_is_kept_and_marked():
    note = draft("Vital signs.", "Heart rate is 780.")
    [vital] = note.body.sections[SectionKey.VITALS].vitals
    assert (vital.value, vital.plausible) == (780.0, False)


def test_a_vital_sign_names_its_sentence():
    note = draft("Blood pressure 124 over 78, heart rate 70.")
    section = note.body.sections[SectionKey.VITALS]
    assert {vital.sentence_id for vital in section.vitals} == {section.sentences[0].id}
    assert [vital.code for vital in section.vitals] == ["8480-6", "8462-4", "8867-4"]


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("Temp ninety eight four.", [("temperature", 98.4)]),
        ("Temperature 98 6.", [("temperature", 98.6)]),
        ("Temperature 37,2 Celsius.", [("temperature", 37.2)]),
        ("He is afebrile at 36.8.", [("temperature", 36.8)]),
        ("Weight down 3 pounds to 182 pounds.", [("weight", 182)]),
        ("Oxygen saturation dropped to 88 percent.", [("saturation", 88)]),
        ("Weight 7 pounds 8 ounces.", [("weight", 7.5)]),
        ("Weight 3,200 grams.", [("weight", 3200)]),
        ("Height 1 meter 75.", [("height", 1.75)]),
        ("Height 5'10\".", [("height", 70)]),
        ("Blood pressure a hundred and ten over seventy.", [("systolic", 110), ("diastolic", 70)]),
        ("Blood pressure in the right arm is 128-76.", [("systolic", 128), ("diastolic", 76)]),
        (
            "Blood pressure 168 over 96 on the left arm and 160 over 90 on the right arm.",
            [("systolic", 168), ("diastolic", 96), ("systolic", 160), ("diastolic", 90)],
        ),
        (
            "T 37.8, P 92, R 18.",
            [("temperature", 37.8), ("heart_rate", 92), ("respiratory_rate", 18)],
        ),
    ],
)
def test_values_are_read_however_they_are_put(said, values):
    assert [(reading.sign, reading.value) for reading in read_vitals(said)] == values


@pytest.mark.parametrize(
    "said",
    [
        "Heart rate in the 90s.",
        "Heart rate of 110 to 120.",
        "Blood pressure 120 to 130.",
        "Blood pressure is 132 on 2 medications.",
        "Radial pulse 2 plus.",
        "Pulse is 2+ bilaterally.",
        "Fetal heart rate 140.",
        "Birth weight 3.2 kilograms.",
        "Home blood pressure is 140 over 90.",
        "Blood pressure was 150 over 92 last month.",
        "TSH 2.1, free T 4 1.2.",
    ],
)
def test_a_range_a_grade_and_another_time_or_person_give_no_value(said):
    assert read_vitals(said) == ()


def test_a_pressure_of_last_month_is_not_added_to_the_one_of_today():
    read = read_vitals("Blood pressure 142 over 88, down from 150 over 92 last month.")
    assert [reading.value for reading in read] == [142, 88]
