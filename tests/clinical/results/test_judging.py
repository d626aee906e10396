"""Whether a value is usual, unusual or dangerous, without a database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.results.judging import (
    CRITICAL,
    GRAVITY,
    Comparator,
    Flag,
    KnownRange,
    Limits,
    Measured,
    Unjudged,
    Whose,
    gravest,
    judge,
    months_old,
    same,
)
from app.patients import Sex

ADULT = Whose(sex=Sex.FEMALE, age_months=480)


def limits(low: str | None, high: str | None, *critical: str | None) -> Limits:
    found = [None if each is None else Decimal(each) for each in (low, high, *critical)]
    found += [None] * (4 - len(found))
    return Limits(low=found[0], high=found[1], critical_low=found[2], critical_high=found[3])


def known(
    usual: Limits,
    unit: str = "mmol/L",
    sex: Sex | None = None,
    since: int = 0,
    until: int | None = None,
) -> KnownRange:
    return KnownRange(
        unit=unit,
        sex=sex,
        age_from_months=since,
        age_to_months=until,
        limits=usual,
        source="a book",
    )


POTASSIUM = known(limits("3.5", "5.0", "2.8", "6.0"))


def value(number: str | None, unit: str | None = "mmol/L", **said: object) -> Measured:
    comparator = None
    for each in (Comparator.AT_MOST, Comparator.AT_LEAST, Comparator.BELOW, Comparator.ABOVE):
        if number and number.startswith(each):
            comparator, number = each, number.removeprefix(each)
            break
    exact = None if number is None else Decimal(number)
    return Measured(number=exact, comparator=comparator, unit=unit, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "flag"),
    [
        ("3.5", Flag.NORMAL),
        ("5.0", Flag.NORMAL),
        ("5.01", Flag.HIGH),
        ("3.49", Flag.LOW),
        ("2.81", Flag.LOW),
        ("2.8", Flag.CRITICAL_LOW),
        ("6.0", Flag.CRITICAL_HIGH),
        ("5.99", Flag.HIGH),
        (">5.0", Flag.HIGH),
        (">=5.0", Flag.NOT_JUDGED),
        (">6.0", Flag.CRITICAL_HIGH),
        ("<2.8", Flag.CRITICAL_LOW),
        ("<3.5", Flag.LOW),
        ("<=3.5", Flag.NOT_JUDGED),
        ("<5.0", Flag.NOT_JUDGED),
    ],
)
def test_the_limits_themselves_are_usual_and_the_critical_ones_critical(
    number: str, flag: Flag
) -> None:
    assert judge(value(number), [POTASSIUM], ADULT).flag is flag


numbers = st.decimals(-100, 100, allow_nan=False, places=3)


@given(number=numbers, edges=st.lists(numbers, min_size=4, max_size=4, unique=True))
def test_every_number_has_one_place_among_the_limits(number: Decimal, edges: list[Decimal]) -> None:
    critical_low, low, high, critical_high = sorted(edges)
    usual = Limits(low=low, high=high, critical_low=critical_low, critical_high=critical_high)
    found = judge(Measured(number=number, unit="mmol/L"), [known(usual)], ADULT)
    expected = (
        Flag.CRITICAL_LOW
        if number <= critical_low
        else Flag.LOW
        if number < low
        else Flag.NORMAL
        if number <= high
        else Flag.HIGH
        if number < critical_high
        else Flag.CRITICAL_HIGH
    )
    assert (found.flag, found.because) == (expected, None)
    assert found.source == "a book"


@given(number=numbers, one=numbers, two=numbers)
def test_what_the_laboratory_calls_usual_is_never_critical(
    number: Decimal, one: Decimal, two: Decimal
) -> None:
    low, high = sorted((one, two))
    sent = Limits(low=low, high=high)
    found = judge(Measured(number=number, unit="mmol/L", sent=sent), [POTASSIUM], ADULT)
    if low <= number <= high:
        assert found.flag is Flag.NORMAL
    else:
        assert found.flag in {Flag.LOW, Flag.HIGH} | CRITICAL
    assert (found.limits.low, found.limits.high) == (low, high)


def test_the_laboratorys_range_wins_and_ours_only_adds_what_is_critical() -> None:
    sent = limits("3.5", "5.6")
    assert judge(value("5.3", sent=sent), [POTASSIUM], ADULT).flag is Flag.NORMAL
    assert judge(value("6.8", sent=sent), [POTASSIUM], ADULT).flag is Flag.CRITICAL_HIGH
    assert judge(value("6.8", sent=sent), [], ADULT).flag is Flag.HIGH
    theirs = limits("3.5", "5.6", None, "7.0")
    assert judge(value("6.8", sent=theirs), [POTASSIUM], ADULT).flag is Flag.HIGH


@pytest.mark.parametrize(
    ("measured", "ranges", "because"),
    [
        (value("4"), [], Unjudged.NO_RANGE),
        (value("4", "mg/dL"), [POTASSIUM], Unjudged.UNIT_DIFFERS),
        (value("4", None), [POTASSIUM], Unjudged.UNIT_MISSING),
        (value(None), [POTASSIUM], Unjudged.NOT_A_NUMBER),
        (value("<5"), [POTASSIUM], Unjudged.LIMIT_WITHIN_RANGE),
        (value("4"), [known(limits("3", "5"), since=481)], Unjudged.NO_RANGE),
        (value("9"), [known(limits(None, None, None, "15"))], Unjudged.NO_RANGE),
    ],
)
def test_what_cannot_be_compared_is_not_judged_and_why_is_said(
    measured: Measured, ranges: list[KnownRange], because: Unjudged
) -> None:
    found = judge(measured, ranges, ADULT)
    assert (found.flag, found.because) == (Flag.NOT_JUDGED, because)


@given(
    since=st.integers(0, 300),
    span=st.integers(1, 300),
    months=st.integers(0, 900),
    male=st.booleans(),
)
def test_a_range_is_for_its_sex_from_its_first_month_until_before_its_last(
    since: int, span: int, months: int, male: bool
) -> None:
    whose = Whose(sex=Sex.MALE if male else Sex.FEMALE, age_months=months)
    for_men = known(limits("1", "2"), sex=Sex.MALE, since=since, until=since + span)
    found = judge(value("1.5"), [for_men], whose)
    fits = male and since <= months < since + span
    assert (found.flag is Flag.NORMAL) is fits


def test_without_a_sex_only_what_both_ranges_agree_on_is_said() -> None:
    both = [
        known(limits("14", "18"), "g/dL", Sex.MALE),
        known(limits("12", "16"), "g/dL", Sex.FEMALE),
    ]
    unknown = Whose(sex=Sex.UNKNOWN, age_months=480)
    flags = [judge(value(n, "g/dL"), both, unknown) for n in ("11", "13", "15", "17", "19")]
    assert [each.flag for each in flags] == [
        Flag.LOW,
        Flag.NOT_JUDGED,
        Flag.NORMAL,
        Flag.NOT_JUDGED,
        Flag.HIGH,
    ]
    assert flags[1].because is Unjudged.SEX_MATTERS


def test_the_laboratorys_flag_counts_where_it_is_the_graver_one() -> None:
    assert judge(value("4", said=Flag.CRITICAL_HIGH), [POTASSIUM], ADULT).flag is Flag.CRITICAL_HIGH
    assert judge(value("6.8", said=Flag.NORMAL), [POTASSIUM], ADULT).flag is Flag.CRITICAL_HIGH
    assert judge(value(None, said=Flag.ABNORMAL), [], ADULT).flag is Flag.ABNORMAL
    assert judge(value("4", "mg/dL", said=Flag.NORMAL), [POTASSIUM], ADULT).flag is Flag.NORMAL


@given(st.lists(st.sampled_from(Flag), max_size=8))
def test_a_report_is_as_grave_as_the_gravest_of_its_values(flags: list[Flag]) -> None:
    found = gravest(flags)
    assert found in flags or (not flags and found is Flag.NOT_JUDGED)
    assert all(GRAVITY[found] >= GRAVITY[each] for each in flags)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("10*3/uL", "K/uL", True),
        ("10*3/uL", "x10^9/L", True),
        ("umol/L", "µmol/L", True),
        ("U/L", "IU/L", True),
        ("{INR}", "", True),
        ("mg/dL", "mmol/L", False),
        ("mg/L", "mg/dL", False),
        ("mmol/L", "", False),
    ],
)
def test_units_are_the_same_however_they_are_spelled(one: str, other: str, is_same: bool) -> None:
    assert same(one, other) is is_same


def test_months_are_completed_months() -> None:
    assert months_old(date(2008, 3, 2), date(2026, 3, 1)) == 215
    assert months_old(date(2008, 3, 2), date(2026, 3, 2)) == 216
    assert months_old(date(2026, 3, 2), date(2026, 3, 1)) == 0
