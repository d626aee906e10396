"""How a medicine is taken: what the structure says is what the sentence says."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.clinical import formulary
from app.clinical.prescriptions.dictated import sig_of, with_its_tail
from app.clinical.prescriptions.knowing import dosing_of, weighed
from app.clinical.prescriptions.sig import (
    DoseUnit,
    Meals,
    Period,
    Route,
    Sig,
    Weekday,
    When,
    dose_text,
    sig_text,
)

AMOUNTS = st.decimals(Decimal("0.01"), Decimal(1000), places=2)


def perhaps(strategy: Any) -> Any:
    return st.none() | strategy


@st.composite
def sigs(draw: Any) -> Sig:
    """Any structure there can be, complete or not."""
    said: dict[str, Any] = {
        "amount": draw(perhaps(AMOUNTS)),
        "unit": draw(perhaps(st.sampled_from(DoseUnit))),
        "route": draw(perhaps(st.sampled_from(Route))),
        "meals": draw(perhaps(st.sampled_from(Meals))),
    }
    how = draw(st.sampled_from(["", "times", "every", "when", "weekdays", "once"]))
    if how in {"times", "weekdays"}:
        said["times_a_day"] = draw(st.integers(1, 24))
    if how == "weekdays":
        said["weekdays"] = draw(st.sets(st.sampled_from(Weekday), min_size=1).map(tuple))
    if how == "every":
        said["every"] = draw(st.integers(1, 90))
        said["every_period"] = draw(st.sampled_from(Period))
    if how == "when":
        said["when"] = draw(st.sets(st.sampled_from(When), min_size=1).map(tuple))
    if how == "once":
        said["once_only"] = True
    if draw(st.booleans()):
        said["as_needed"] = True
        said["as_needed_for"] = draw(
            perhaps(st.from_regex(r"[a-z]{2,9}( [a-z]{2,9})?", fullmatch=True))
        )
    if how != "once":
        said["most_a_day"] = draw(perhaps(st.integers(1, 48)))
        if draw(st.booleans()):
            said["duration"] = draw(st.integers(1, 366))
            said["duration_period"] = draw(st.sampled_from(Period))
    return Sig(**said)


@settings(max_examples=150, deadline=None)
@given(sigs(), sigs())
def test_two_structures_never_read_the_same(one: Sig, other: Sig) -> None:
    assert (one == other) == (sig_text(one) == sig_text(other))


@settings(max_examples=100, deadline=None)
@given(sigs())
def test_every_structure_reads_well_and_survives_storage(sig: Sig) -> None:
    text = sig_text(sig)
    assert re.fullmatch(r"[A-Z](?!.*(  | ,|\.\.|,,)).*\.", text), text
    assert not re.search(r"(^| )\.\d|\.0( |,|$)|mcg|ug|IU", dose_text(sig)), text
    assert Sig.model_validate(sig.model_dump(mode="json")) == sig
    for said in (sig.amount, sig.times_a_day and sig.times_a_day > 2 and sig.times_a_day):
        assert not said or str(said) in text


@settings(max_examples=100, deadline=None)
@given(sigs())
def test_what_is_missing_is_what_was_not_said(sig: Sig) -> None:
    for name in ("amount", "unit", "route"):
        assert (name in sig.missing) == (getattr(sig, name) is None)
    if sig.doses_a_day is not None:
        assert sig.doses_a_day > 0
        assert "times_a_day" not in sig.missing or sig.most_a_day is not None


@pytest.mark.parametrize(
    ("said", "text", "a_day"),
    [
        (
            {"amount": 1, "unit": "{tbl}", "route": "oral", "times_a_day": 2, "meals": "with"},
            "Take 1 tablet by mouth twice a day with meals.",
            2,
        ),
        (
            {"amount": "0.5", "unit": "{tbl}", "route": "oral", "when": ["bedtime"]},
            "Take 0.5 tablet by mouth at bedtime.",
            1,
        ),
        (
            {
                "amount": 2,
                "unit": "{puff}",
                "route": "inhaled",
                "every": 6,
                "every_period": "hours",
                "as_needed": True,
                "as_needed_for": "wheezing",
            },
            "Inhale 2 puffs by inhalation every 6 hours, as needed for wheezing.",
            4,
        ),
        (
            {
                "amount": 10,
                "unit": "[IU]",
                "route": "subcutaneous",
                "times_a_day": 1,
                "weekdays": ["friday", "monday"],
                "duration": 2,
                "duration_period": "weeks",
            },
            "Inject 10 units under the skin once a day on Monday and Friday, for 2 weeks.",
            1,
        ),
        (
            {"amount": 400, "unit": "mg", "route": "oral", "as_needed": True, "most_a_day": 3},
            "Take 400 mg by mouth, as needed, at most 3 times a day.",
            3,
        ),
        (
            {"amount": 70, "unit": "mg", "route": "oral", "every": 1, "every_period": "weeks"},
            "Take 70 mg by mouth every week.",
            Decimal(24) / 168,
        ),
        ({"amount": 400, "unit": "mg", "route": "oral", "as_needed": True}, None, None),
        ({"amount": 20, "unit": "mg"}, "Use 20 mg.", None),
    ],
)
def test_it_reads_as_people_say_it(said: dict[str, Any], text: str | None, a_day: Any) -> None:
    sig = Sig(**said)
    assert text is None or sig_text(sig) == text
    assert sig.doses_a_day == a_day


@pytest.mark.parametrize(
    "nonsense",
    [
        {"every": 6},
        {"times_a_day": 2, "every": 6, "every_period": "hours"},
        {"times_a_day": 3, "when": ["morning"]},
        {"as_needed_for": "pain"},
        {"once_only": True, "duration": 3, "duration_period": "days"},
        {"amount": 0},
        {"amount": "1_0"},
        {"amount": "2,5"},
        {"as_needed": True, "as_needed_for": "pain, at most twice a day"},
    ],
)
def test_nonsense_is_no_structure(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Sig(**nonsense)


@pytest.mark.parametrize(
    ("frequency", "sentence", "said"),
    [
        ("once daily", "", {"times_a_day": 1}),
        ("three times a day", "three times a day with meals.", {"times_a_day": 3, "meals": "with"}),
        ("b.i.d", "", {"times_a_day": 2}),
        ("q8h", "", {"every": 8, "every_period": "hours"}),
        ("every other day", "", {"every": 2, "every_period": "days"}),
        ("once weekly", "", {"every": 1, "every_period": "weeks"}),
        ("at bedtime", "", {"when": ["bedtime"]}),
        (
            "every 6 hours as needed",
            "Ibuprofen 600 mg every 6 hours as needed for pain and rest.",
            {"every": 6, "every_period": "hours", "as_needed": True, "as_needed_for": "pain"},
        ),
        # Said, but no structure here: all of it is asked.
        ("every 4 to 6 hours as needed", "", {}),
        ("three times a week", "", {}),
        (None, "Take it whenever.", {}),
    ],
)
def test_what_was_dictated_becomes_structure(
    frequency: str | None, sentence: str, said: dict[str, Any]
) -> None:
    whole = with_its_tail(frequency, sentence)
    sig = sig_of(dose="10", unit="mg", route=None, frequency=whole, duration=None)
    assert sig == Sig(amount=10, unit=DoseUnit.MILLIGRAM, **said)


def test_a_dose_without_its_unit_and_a_duration() -> None:
    sig = sig_of(dose="50", unit=None, route="oral", frequency=None, duration="two weeks")
    assert sig == Sig(amount=50, route=Route.ORAL, duration=2, duration_period=Period.WEEKS)
    assert sig.missing == ("unit", "times_a_day")


def test_tablets_are_weighed_by_their_strength_or_not_at_all() -> None:
    two = Decimal(2)
    assert weighed(two, DoseUnit.TABLET, "10 mg") == (20, "mg")
    assert weighed(two, DoseUnit.TABLET, "25 mcg") == (50, "ug")
    assert weighed(Decimal(5), DoseUnit.MILLILITRE, "250 mg/5 mL") == (250, "mg")
    assert weighed(two, DoseUnit.PUFF, "90 mcg/actuation") == (180, "ug")
    assert weighed(two, DoseUnit.TABLET, "5 mg/325 mg") == (2, "{tbl}")
    assert weighed(two, DoseUnit.TABLET, "250 mg/5 mL") == (2, "{tbl}")
    assert weighed(two, DoseUnit.TABLET, None) == (2, "{tbl}")
    assert weighed(two, DoseUnit.TABLET, "2,5 mg") == (5, "mg")
    assert weighed(two, DoseUnit.TABLET, "0,125 mg") == (Decimal("0.25"), "mg")
    assert weighed(two, DoseUnit.TABLET, "1,000 mg") == (2, "{tbl}")  # a thousand, or one?
    assert weighed(two, DoseUnit.CAPSULE, "50,000 units") == (2, "{capsule}")
    assert weighed(two, DoseUnit.MILLIGRAM, "10 mg") == (2, "mg")


def test_a_dose_on_some_days_of_the_week_is_told_as_such() -> None:
    once = {"amount": 1, "unit": "mg", "route": "oral"}
    for said, days in (
        ({"times_a_day": 1}, 7),
        ({"times_a_day": 1, "weekdays": ["monday", "friday"]}, 2),
        ({"once_only": True}, 0),
    ):
        dosing = dosing_of(Sig.model_validate(once | said), None)
        assert dosing is not None
        assert (dosing.times_a_day, dosing.days_a_week) == (1, days)


def test_the_name_in_a_recorded_entry() -> None:
    assert formulary.name_in("metformin 500 mg twice daily") == "metformin"
    assert formulary.name_in("vitamin B12 1000 mcg") == "vitamin B12"
    assert formulary.name_in("Aspirin (81 mg)") == "Aspirin"
    assert formulary.name_in("lisinopril") == "lisinopril"
