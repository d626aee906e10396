"""Every pattern of answers to the C-SSRS screener, against a table written by hand.

The table knows nothing of conditions or rules. It goes by the card: who says yes to 4, 5 or to
behaviour in three months is high; who says yes to 3 or to behaviour before that is moderate; who
says yes to 1 or 2 is low; who says no to everything is negative. What is open may be anything.
"""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crisis.risk import RiskLevel
from app.crisis.screenings import Answers, Instrument
from tests.crisis.screenings.seeded import asked, result

ITEMS = ("1", "2", "3", "4", "5", "6", "6b")
CRITICAL = ("4", "5", "6", "6b")
YES, NO, MISSING = "yes", "no", None
N, L, M, H, U = (
    RiskLevel.NEGATIVE,
    RiskLevel.LOW,
    RiskLevel.MODERATE,
    RiskLevel.HIGH,
    RiskLevel.UNDETERMINED,
)

# What is said about 6 and 6b: behaviour now, behaviour long ago, none, or not known.
BEHAVIOUR = {
    (YES, YES): "recent",
    (YES, NO): "lifetime",
    (NO, None): "none",
    (YES, None): "open",
    (None, None): "open",
}

# (1, 2, behaviour) where 2 was denied: nothing of 3 to 5 is asked.
TWO_DENIED = {
    (YES, "recent"): H, (YES, "lifetime"): M, (YES, "none"): L, (YES, "open"): U,
    (NO, "recent"): H, (NO, "lifetime"): M, (NO, "none"): N, (NO, "open"): U,
    (MISSING, "recent"): H, (MISSING, "lifetime"): M, (MISSING, "none"): U, (MISSING, "open"): U,
}  # fmt: skip

# (3, worst of 4 and 5, behaviour) where 2 was affirmed; 1 cannot matter any more.
TWO_AFFIRMED = {
    (YES, YES, "recent"): H, (YES, YES, "lifetime"): H, (YES, YES, "none"): H,
    (YES, YES, "open"): H,
    (NO, YES, "recent"): H, (NO, YES, "lifetime"): H, (NO, YES, "none"): H, (NO, YES, "open"): H,
    (MISSING, YES, "recent"): H, (MISSING, YES, "lifetime"): H, (MISSING, YES, "none"): H,
    (MISSING, YES, "open"): H,
    (YES, NO, "recent"): H, (YES, NO, "lifetime"): M, (YES, NO, "none"): M, (YES, NO, "open"): U,
    (NO, NO, "recent"): H, (NO, NO, "lifetime"): M, (NO, NO, "none"): L, (NO, NO, "open"): U,
    (MISSING, NO, "recent"): H, (MISSING, NO, "lifetime"): M, (MISSING, NO, "none"): U,
    (MISSING, NO, "open"): U,
    (YES, MISSING, "recent"): H, (YES, MISSING, "lifetime"): U, (YES, MISSING, "none"): U,
    (YES, MISSING, "open"): U,
    (NO, MISSING, "recent"): H, (NO, MISSING, "lifetime"): U, (NO, MISSING, "none"): U,
    (NO, MISSING, "open"): U,
    (MISSING, MISSING, "recent"): H, (MISSING, MISSING, "lifetime"): U,
    (MISSING, MISSING, "none"): U, (MISSING, MISSING, "open"): U,
}  # fmt: skip


def worst(four: str | None, five: str | None) -> str | None:
    if YES in {four, five}:
        return YES
    return MISSING if MISSING in {four, five} else NO


def by_hand(pattern: tuple[str | None, ...]) -> RiskLevel:
    one, two, three, four, five, six, late = pattern
    behaviour = BEHAVIOUR[six, late if six == YES else None]
    if two == YES:
        return TWO_AFFIRMED[three, worst(four, five), behaviour]
    if two == NO:
        return TWO_DENIED[one, behaviour]
    return H if behaviour == "recent" else U  # 3 to 5 would be asked, or would not


def is_asked_by_hand(pattern: tuple[str | None, ...]) -> bool:
    """Nothing is answered that the card does not have asked."""
    _, two, three, four, five, six, late = pattern
    return (two == YES or (three, four, five) == (None, None, None)) and (
        six == YES or late is None
    )


def answers_of(pattern: tuple[str | None, ...]) -> Answers:
    return {item: said for item, said in zip(ITEMS, pattern, strict=True) if said is not None}


EVERY = list(product((YES, NO, MISSING), repeat=len(ITEMS)))
POSSIBLE = [pattern for pattern in EVERY if is_asked_by_hand(pattern)]


def test_every_pattern_has_the_level_of_the_table() -> None:
    assert (len(EVERY), len(POSSIBLE)) == (2187, 435)
    for pattern in POSSIBLE:
        assert result(Instrument.C_SSRS, answers_of(pattern)).level is by_hand(pattern), pattern


def test_every_level_comes_with_sentences_of_its_rules() -> None:
    for pattern in POSSIBLE:
        found = result(Instrument.C_SSRS, answers_of(pattern))
        assert found.reasons[0].level is found.level, pattern
        assert all(reason.says.endswith(".") for reason in found.reasons)


def test_what_is_asked_goes_by_the_card() -> None:
    for pattern in POSSIBLE:
        expected = ["1", "2", *(["3", "4", "5"] if pattern[1] == YES else []), "6"]
        expected += ["6b"] if pattern[5] == YES else []
        assert asked(Instrument.C_SSRS, answers_of(pattern)) == expected, pattern


def test_complete_is_only_what_has_every_answer() -> None:
    for pattern in POSSIBLE:
        answers = answers_of(pattern)
        found = result(Instrument.C_SSRS, answers)
        open_ones = [item for item in asked(Instrument.C_SSRS, answers) if item not in answers]
        assert found.missing == open_ones, pattern
        assert found.complete is (not open_ones), pattern
        if not found.complete:
            assert found.level is not N, "what is open is never a negative screen"


@pytest.mark.parametrize("item", CRITICAL)
def test_a_missing_critical_answer_is_never_a_no(item: str) -> None:
    """Leaving it out is no lower than a no; it is high where the rest is, else undetermined."""
    position = ITEMS.index(item)
    for pattern in POSSIBLE:
        if pattern[position] != NO:
            continue
        without = list(pattern)
        without[position] = MISSING
        denied = result(Instrument.C_SSRS, answers_of(pattern))
        open_one = result(Instrument.C_SSRS, answers_of(tuple(without)))
        assert denied.level
        assert open_one.level
        assert open_one.level.rank >= denied.level.rank, pattern
        assert item in open_one.missing_critical
        assert not open_one.complete
        assert open_one.level in {U, H}, pattern


def test_only_what_is_all_no_is_negative_and_it_is_not_clearance() -> None:
    negative = [p for p in POSSIBLE if result(Instrument.C_SSRS, answers_of(p)).level is N]
    assert negative == [(NO, NO, None, None, None, NO, None)]
    found = result(Instrument.C_SSRS, answers_of(negative[0]))
    assert not found.positive
    assert "not the absence of risk" in found.cautions[0]


@given(st.dictionaries(st.sampled_from(ITEMS), st.sampled_from((YES, NO))), st.sampled_from(ITEMS))
def test_a_level_that_is_not_undetermined_stays_whatever_is_still_answered(
    answers: Answers, item: str
) -> None:
    answers = {key: said for key, said in answers.items() if key in asked_of(answers)}
    before = result(Instrument.C_SSRS, answers).level
    if item in answers or item not in asked_of(answers) or before is U:
        return
    for said in (YES, NO):
        assert result(Instrument.C_SSRS, answers | {item: said}).level is before


def asked_of(answers: Answers) -> list[str]:
    return asked(Instrument.C_SSRS, answers)


SINCE = Instrument.C_SSRS_SINCE


def test_since_last_contact_behaviour_is_high_and_nothing_else_is_asked_of_it() -> None:
    assert asked(SINCE, {"2": NO, "6": YES}) == ["1", "2", "6"]
    for one, six in product((YES, NO, MISSING), repeat=2):
        answers = {k: v for k, v in {"1": one, "2": NO, "6": six}.items() if v}
        expected = {YES: H, MISSING: U, NO: {YES: L, NO: N, MISSING: U}[one]}[six]
        assert result(SINCE, answers).level is expected, answers
    for three, four, five, six in product((YES, NO, MISSING), repeat=4):
        said = {"1": NO, "2": YES, "3": three, "4": four, "5": five, "6": six}
        found = result(SINCE, {k: v for k, v in said.items() if v}).level
        if YES in {four, five, six}:
            assert found is H
        elif MISSING in {four, five, six}:
            assert found is U
        else:
            assert found is {YES: M, NO: L, MISSING: U}[three]
