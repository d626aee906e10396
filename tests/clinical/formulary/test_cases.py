"""What the starter formulary says of cases anybody might try."""

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.clinical.formulary import (
    CheckKind,
    Contents,
    Dosing,
    Finding,
    Medicine,
    Outcome,
    PatientFacts,
    Tables,
    check_medicine,
)
from app.clinical.formulary.rows import DoseRule
from tests.builders.formulary import starter_tables

CASES: dict[str, list[list[Any]]] = tomllib.loads(
    Path(__file__).with_name("cases.toml").read_text(encoding="utf-8")
)
TODAY = date(2026, 11, 30)
ADULT = PatientFacts(age_years=50, sex="female", allergies=(), medicines=())


def cases(kind: str) -> Any:
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: " ".join(map(str, case)))


def medicine(name: str, dosing: Dosing | None = None) -> Medicine:
    return Medicine(drug_key=starter_tables().recognise(name), name=name, dosing=dosing)


def found(kind: CheckKind, given: Medicine, facts: PatientFacts) -> list[Finding]:
    findings = check_medicine(starter_tables(), given, facts, TODAY)
    assert {finding.kind for finding in findings} == set(CheckKind)
    return [finding for finding in findings if finding.kind is kind]


def said(findings: list[Finding]) -> str:
    """The gravest word: a warning before what was not checked before a pass."""
    order = [Outcome.WARNING, Outcome.NOT_CHECKED, Outcome.NOTHING_FOUND]
    return min((finding.outcome for finding in findings), key=order.index)


@cases("allergy")
def test_allergies(case: list[Any]) -> None:
    name, allergies, expected = case
    facts = ADULT.model_copy(update={"allergies": tuple(allergies)})
    assert said(found(CheckKind.ALLERGY, medicine(name), facts)) == expected


@cases("interaction")
def test_interactions_both_ways(case: list[Any]) -> None:
    one, other, expected = case
    for given, taken in ((one, other), (other, one)):
        facts = ADULT.model_copy(update={"medicines": (medicine(taken),)})
        findings = found(CheckKind.INTERACTION, medicine(given), facts)
        if expected in set(Outcome):
            assert said(findings) == expected
        else:
            assert findings[0].severity == expected, findings[0].because
            assert findings[0].source


@cases("duplicate")
def test_duplicates_both_ways(case: list[Any]) -> None:
    one, other, expected = case
    for given, taken in ((one, other), (other, one)):
        facts = ADULT.model_copy(update={"medicines": (medicine(taken),)})
        assert said(found(CheckKind.DUPLICATE, medicine(given), facts)) == expected


@cases("dose")
def test_doses(case: list[Any]) -> None:
    name, amount, unit, times, age, weight, expected = case
    dosing = Dosing(
        amount=Decimal(amount), unit=unit, times_a_day=Decimal(str(times)) if times else None
    )
    facts = PatientFacts(
        age_years=age, sex="male", weight_kg=Decimal(weight) if weight else None, medicines=()
    )
    assert said(found(CheckKind.DOSE, medicine(name, dosing), facts)) == expected


@cases("pregnancy")
def test_pregnancy(case: list[Any]) -> None:
    name, sex, age, pregnant, expected = case
    known = {"yes": True, "no": False, "unknown": None}[pregnant]
    facts = PatientFacts(age_years=age, sex=sex, pregnant=known)
    assert said(found(CheckKind.PREGNANCY, medicine(name), facts)) == expected


@cases("renal")
def test_kidneys(case: list[Any]) -> None:
    name, egfr, expected = case
    facts = ADULT.model_copy(update={"egfr": Decimal(egfr) if egfr else None, "egfr_on": TODAY})
    assert said(found(CheckKind.RENAL, medicine(name), facts)) == expected


@cases("names")
def test_names(case: list[str]) -> None:
    text, key = case
    assert starter_tables().recognise(text) == (key or None)


def lexicon() -> Iterator[str]:
    path = Path("app/clinical/notes/structuring/lexicons/medications.toml")
    yield from tomllib.loads(path.read_text(encoding="utf-8"))["names"]


def test_every_medication_of_a_dictation_is_known() -> None:
    assert [name for name in lexicon() if starter_tables().recognise(name) is None] == []


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("PO", "pass"),
        ("by mouth", "pass"),
        ("oral", "pass"),
        (None, "pass"),
        ("IV", "warning"),
        ("into the ear", "not-checked"),
    ],
)
def test_routes_as_they_are_said(route: str | None, expected: str) -> None:
    dosing = Dosing(amount=Decimal(50), unit="mg", times_a_day=Decimal(2), route=route)
    findings = found(CheckKind.DOSE, medicine("metoprolol", dosing), ADULT)
    assert said(findings) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("aspirin 81 mg, warfarin 5 mg daily", ["aspirin", "warfarin"]),
        ("Aspirin daily and Coumadin 5 mg", ["aspirin", "warfarin"]),
        ("metformin 500 mg twice daily with lisinopril", ["metformin", "lisinopril"]),
        ("furosemide 40 mg, potassium 20 meq", ["furosemide", "potassium-chloride"]),
        ("losartan potassium 50 mg daily", ["losartan"]),
        ("Tylenol 3 as needed", ["codeine-acetaminophen"]),
        ("Augmentin (amoxicillin/clavulanate) 875 mg", ["amoxicillin-clavulanate"]),
        ("lisinopril/HCTZ 20/12.5", ["lisinopril-hydrochlorothiazide"]),
        ("metoprolol 50 twice daily", ["metoprolol"]),
        ("green drops 5 mg", []),
    ],
)
def test_every_drug_of_a_recorded_line_is_seen(line: str, expected: list[str]) -> None:
    assert list(starter_tables().named_in(line)) == expected


@pytest.mark.parametrize("told", ["codeine before morphine", "hives with codeine after morphine"])
def test_an_allergy_named_behind_another_is_not_lost(told: str) -> None:
    facts = ADULT.model_copy(update={"allergies": (told,)})
    for given in ("codeine", "morphine"):
        assert said(found(CheckKind.ALLERGY, medicine(given), facts)) == "warning"
    outcomes = {each.outcome for each in found(CheckKind.ALLERGY, medicine("doxycycline"), facts)}
    assert outcomes == {Outcome.NOT_CHECKED}


def test_a_combination_warns_of_each_substance_in_it() -> None:
    """What is said of one substance does not silence what is said of the other."""
    given, taken = medicine("acetaminophen-dextromethorphan-phenylephrine"), medicine("phenelzine")
    facts = ADULT.model_copy(update={"medicines": (taken,)})
    rules = {each.rule for each in found(CheckKind.INTERACTION, given, facts)}
    assert rules >= {"interaction.maois.dextromethorphan", "interaction.maois.sympathomimetics"}


@pytest.mark.parametrize(
    ("name", "amount", "times", "days", "expected"),
    [
        ("methotrexate", "15", "1", 1, "pass"),  # on Mondays
        ("methotrexate", "15", "1", 2, "warning"),
        ("methotrexate", "15", "1", 7, "warning"),
        ("methotrexate", "15", "1", 0, "pass"),  # once only
        ("alendronate", "70", "1", 1, "pass"),
        ("alendronate", "70", "1", 7, "warning"),
        ("acetaminophen", "1000", "8", 1, "warning"),  # eight grams on one day are eight grams
    ],
)
def test_what_is_given_on_some_days_of_the_week(
    name: str, amount: str, times: str, days: int, expected: str
) -> None:
    dosing = Dosing(
        amount=Decimal(amount),
        unit="mg",
        times_a_day=Decimal(times),
        days_a_week=days,
        route="oral",
    )
    assert said(found(CheckKind.DOSE, medicine(name, dosing), ADULT)) == expected


@pytest.mark.parametrize(("most", "times"), [("1000", "0.5"), ("0", "1"), ("0", "0.14")])
def test_the_most_in_a_day_is_that_of_any_day(most: str, times: str) -> None:
    """Every other day or weekly, and none at all."""
    rule = DoseRule(
        drug="levofloxacin", route="oral", age_from=18, age_below=150, unit="mg",
        max_day=Decimal(most), source="Invented label", as_of=TODAY,
    )  # fmt: skip
    drug = starter_tables().drugs["levofloxacin"]
    tables = Tables(
        Contents(drugs=(drug,), dose_rules=(rule,)), name="One", version="1", effective_on=TODAY
    )
    dosing = Dosing(amount=Decimal(1500), unit="mg", times_a_day=Decimal(times), route="oral")
    given = Medicine(drug_key=drug.key, name=drug.name, dosing=dosing)
    findings = check_medicine(tables, given, ADULT, TODAY)
    assert said([one for one in findings if one.kind is CheckKind.DOSE]) == "warning"
