"""What holds of every check, whoever asks about what."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

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
from tests.builders.formulary import starter_tables

TODAY = date(2026, 11, 30)
KEYS = sorted(starter_tables().drugs)
WORDS = ["PCN", "sulfa", "aspirin", "latex", "codeine", "NKDA", "blue tablets", "ACE inhibitors"]

drugs = st.sampled_from(KEYS).map(lambda key: Medicine(drug_key=key, name=key))
unknown = st.just(Medicine(drug_key=None, name="a blue tablet"))
medicines = st.lists(drugs | unknown, max_size=4, unique_by=lambda one: one.name).map(tuple)
allergies = st.lists(st.sampled_from([*WORDS, *KEYS]), max_size=3, unique=True).map(tuple)
dosings = st.builds(
    Dosing,
    amount=st.decimals(min_value="0.001", max_value="5000", places=3),
    unit=st.sampled_from(["mg", "ug", "g", "mL", "[iU]", "{puff}", "{nonsense}"]),
    times_a_day=st.none() | st.sampled_from([Decimal(1), Decimal(3), Decimal("0.142857")]),
    route=st.none() | st.sampled_from(["oral", "intravenous", "topical"]),
)
patients = st.builds(
    PatientFacts,
    age_years=st.none() | st.integers(0, 100),
    sex=st.sampled_from(["female", "male", None]),
    weight_kg=st.none() | st.just(Decimal(70)),
    allergies=st.none() | allergies,
    medicines=st.none() | medicines,
    pregnant=st.none() | st.booleans(),
    egfr=st.none() | st.sampled_from([Decimal(20), Decimal(55), Decimal(90)]),
)
dosed = st.builds(lambda drug, dosing: drug.model_copy(update={"dosing": dosing}), drugs, dosings)
few = settings(max_examples=60, deadline=None)


def outcomes(findings: list[Finding], kind: CheckKind) -> set[Outcome]:
    return {finding.outcome for finding in findings if finding.kind is kind}


def check(medicine: Medicine, facts: PatientFacts) -> list[Finding]:
    return check_medicine(starter_tables(), medicine, facts, TODAY)


@few
@given(dosed, patients)
def test_every_kind_answers_and_every_answer_has_its_source(
    medicine: Medicine, facts: PatientFacts
) -> None:
    findings = check(medicine, facts)
    assert {finding.kind for finding in findings} == set(CheckKind)
    for finding in findings:
        assert finding.because
        if finding.outcome is Outcome.WARNING:
            assert finding.severity is not None
            assert finding.rule
        if finding.outcome is not Outcome.NOT_CHECKED:
            assert finding.source
            assert finding.as_of
    for kind in CheckKind:  # a warning and a pass of one kind would contradict each other
        assert not {Outcome.WARNING, Outcome.NOTHING_FOUND} <= outcomes(findings, kind)


@few
@given(drugs, st.lists(drugs | unknown, min_size=2, max_size=3, unique_by=lambda one: one.name))
def test_the_order_of_medicines_does_not_matter(medicine: Medicine, taken: list[Medicine]) -> None:
    facts = PatientFacts(age_years=50, sex="male", allergies=())
    answers = [
        check(medicine, facts.model_copy(update={"medicines": order}))
        for order in permutations(taken)
    ]
    assert all(answer == answers[0] for answer in answers)


@few
@given(dosed, patients, drugs | unknown, st.sampled_from([*WORDS, *KEYS]))
def test_more_medicines_and_allergies_never_turn_a_warning_into_a_pass(
    medicine: Medicine, facts: PatientFacts, other: Medicine, allergy: str
) -> None:
    fuller = facts.model_copy(
        update={
            "medicines": (*(facts.medicines or ()), other),
            "allergies": (*(facts.allergies or ()), allergy),
        }
    )
    before, after = check(medicine, facts), check(medicine, fuller)
    for kind in CheckKind:
        if Outcome.WARNING in outcomes(before, kind):
            assert Outcome.WARNING in outcomes(after, kind)


@few
@given(patients, dosings)
def test_what_is_unknown_never_passes(facts: PatientFacts, dosing: Dosing) -> None:
    stranger = Medicine(drug_key=None, name="a blue tablet", dosing=dosing)
    gone = Medicine(drug_key="no-such-drug", name="a blue tablet", dosing=dosing)
    for medicine in (stranger, gone):
        assert {finding.outcome for finding in check(medicine, facts)} == {Outcome.NOT_CHECKED}


@few
@given(dosed, patients)
def test_an_empty_formulary_checks_nothing(medicine: Medicine, facts: PatientFacts) -> None:
    empty = Tables(Contents(), name="Empty", version="1", effective_on=TODAY)
    for tables in (None, empty):
        findings = check_medicine(tables, medicine, facts, TODAY)
        assert [finding.outcome for finding in findings] == [Outcome.NOT_CHECKED] * len(CheckKind)


@few
@given(dosed, patients)
def test_an_outdated_formulary_says_so_of_every_kind(
    medicine: Medicine, facts: PatientFacts
) -> None:
    tables = starter_tables()
    late = tables.effective_on + timedelta(days=tables.shelf_life_days + 1)
    findings = check_medicine(tables, medicine, facts, late)
    for kind in CheckKind:
        assert Outcome.NOTHING_FOUND not in outcomes(findings, kind)
        first = next(finding for finding in findings if finding.kind is kind)
        assert first.outcome is Outcome.NOT_CHECKED
        assert "outdated" in first.because


@few
@given(drugs, allergies, medicines)
def test_where_a_drug_is_not_covered_silence_is_no_pass(
    medicine: Medicine, noted: tuple[str, ...], taken: tuple[Medicine, ...]
) -> None:
    tables = starter_tables()
    bare = replace(
        tables.contents,
        drugs=tuple(drug.model_copy(update={"covered": ()}) for drug in tables.contents.drugs),
    )
    uncovered = Tables(bare, name="Names", version="1", effective_on=TODAY)
    facts = PatientFacts(age_years=50, sex="male", allergies=noted, medicines=taken)
    findings = check_medicine(uncovered, medicine, facts, TODAY)
    if set(noted) - {"NKDA", "latex"}:
        assert Outcome.NOTHING_FOUND not in outcomes(findings, CheckKind.ALLERGY)
    if taken:
        assert Outcome.NOTHING_FOUND not in outcomes(findings, CheckKind.INTERACTION)
        assert Outcome.NOTHING_FOUND not in outcomes(findings, CheckKind.DUPLICATE)
