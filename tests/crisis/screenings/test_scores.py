"""Every edge of the bands and cuts, what is said without a total, and what follows."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crisis.risk import RiskLevel
from app.crisis.screenings import Answers, Instrument
from app.crisis.screenings.asking import faults_of
from tests.crisis.screenings.seeded import asked, result, seeded

NINE, SEVEN, FOUR = ([str(n + 1) for n in range(count)] for count in (9, 7, 4))


def adding_up_to(total: int, items: list[str]) -> Answers:
    """From the last item on, so that item 9 is among them early, or from the first."""
    answers: Answers = {}
    for item in items:
        answers[item] = min(3, total)
        total -= min(3, total)
    return answers


BANDS = {
    Instrument.PHQ_9: (
        NINE, {"minimal": (0, 4), "mild": (5, 9), "moderate": (10, 14),
               "moderately severe": (15, 19), "severe": (20, 27)},
    ),
    Instrument.GAD_7: (
        SEVEN, {"minimal": (0, 4), "mild": (5, 9), "moderate": (10, 14), "severe": (15, 21)},
    ),
    Instrument.PHQ_4: (
        FOUR, {"none": (0, 2), "mild": (3, 5), "moderate": (6, 8), "severe": (9, 12)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("instrument", BANDS)
def test_every_total_is_in_its_band(instrument: Instrument) -> None:
    items, bands = BANDS[instrument]
    seen = set()
    for band, (first, last) in bands.items():
        for total in range(first, last + 1):
            found = result(instrument, adding_up_to(total, items))
            assert (found.total, found.scores[0].band) == (total, band)
            seen.add(total)
    assert seen == set(range(3 * len(items) + 1))
    assert found.scores[0].most == 3 * len(items)


@pytest.mark.parametrize(
    ("instrument", "items"), [(Instrument.PHQ_9, NINE), (Instrument.GAD_7, SEVEN)]
)
def test_the_usual_cut_is_ten(instrument: Instrument, items: list[str]) -> None:
    assert not result(instrument, adding_up_to(9, items)).positive
    assert result(instrument, adding_up_to(10, items)).positive
    assert result(instrument, adding_up_to(10, items)).reasons[0].rule == "at-cut"


@pytest.mark.parametrize("instrument", BANDS)
def test_no_total_and_no_band_while_one_is_open(instrument: Instrument) -> None:
    items, _ = BANDS[instrument]
    for item in items:
        answers = dict.fromkeys(items, 1)
        del answers[item]
        found = result(instrument, {**answers})
        assert found.total is None
        assert found.scores[0].band is None
        assert found.scores[0].least == len(items) - 1
        assert found.missing == [item]
        assert not found.complete


def test_item_9_is_followed_up_whatever_the_total() -> None:
    for answer in (0, 1, 2, 3):
        found = result(Instrument.PHQ_9, dict.fromkeys(NINE, 0) | {"9": answer})
        followed = [(each.instrument, each.demanded) for each in found.follow_ups]
        assert followed == ([(Instrument.C_SSRS, True)] if answer else [])
        assert found.level is (RiskLevel.UNDETERMINED if answer else None)
        assert found.positive is bool(answer)


def test_item_9_left_out_is_followed_up_as_well() -> None:
    found = result(Instrument.PHQ_9, dict.fromkeys(NINE[:8], 0))
    assert found.missing_critical == ["9"]
    assert found.level is RiskLevel.UNDETERMINED
    assert [each.says for each in found.follow_ups] == [
        "Question 9 was not answered: ask the C-SSRS screener."
    ]
    assert found.positive
    assert not found.settles


def test_a_zero_on_item_9_is_said_not_to_be_clearance() -> None:
    found = result(Instrument.PHQ_9, dict.fromkeys(NINE, 0))
    assert "not clearance" in found.cautions[0]
    assert found.level is None, "no level is not a negative one"


def test_how_difficult_it_makes_life_is_asked_and_not_scored() -> None:
    assert "10" not in asked(Instrument.PHQ_9, dict.fromkeys(NINE, 0))
    answers: Answers = {**dict.fromkeys(NINE, 1)}
    assert "10" in asked(Instrument.PHQ_9, answers)
    assert result(Instrument.PHQ_9, answers).complete
    assert result(Instrument.PHQ_9, answers | {"10": 3}).total == 9


def major_by_hand(answers: Answers) -> bool:
    """Five symptoms on more than half the days, one of them 1 or 2; item 9 counts at all."""
    counting = [int(str(answers[item])) >= (1 if item == "9" else 2) for item in NINE]
    return sum(counting) >= 5 and any(counting[:2])


@given(st.fixed_dictionaries({item: st.integers(0, 3) for item in NINE}))
def test_the_pattern_of_a_major_syndrome(answers: Answers) -> None:
    rules = {reason.rule for reason in result(Instrument.PHQ_9, answers).reasons}
    assert ("major-syndrome" in rules) is major_by_hand(answers)


def test_subscales_of_the_phq_4_send_on_to_the_whole_ones() -> None:
    for a, b, c, d in product(range(4), repeat=4):
        found = result(Instrument.PHQ_4, {"1": a, "2": b, "3": c, "4": d})
        anxiety, depression = found.scores[1:]
        assert (anxiety.value, anxiety.positive) == (a + b, a + b >= 3)
        assert (depression.value, depression.positive) == (c + d, c + d >= 3)
        expected = [Instrument.GAD_7] * (a + b >= 3) + [Instrument.PHQ_9] * (c + d >= 3)
        assert [each.instrument for each in found.follow_ups] == expected
        assert not any(each.demanded for each in found.follow_ups)
        assert found.positive is bool(expected)
        assert found.level is None


def partly(items: list[str]) -> st.SearchStrategy[Answers]:
    return st.dictionaries(st.sampled_from(items), st.integers(0, 3))  # type: ignore[return-value]


@given(partly(NINE), st.integers(0, 3))
def test_what_is_open_is_never_better_than_any_answer_to_it(answers: Answers, answer: int) -> None:
    """Of item 9: without it the result is as worrying as with whatever would be answered."""
    answers.pop("9", None)
    open_one = result(Instrument.PHQ_9, answers)
    said = result(Instrument.PHQ_9, answers | {"9": answer})
    assert rank(open_one.level) >= rank(said.level)
    assert open_one.positive >= said.positive
    assert len(open_one.follow_ups) >= len(said.follow_ups)


def rank(level: RiskLevel | None) -> int:
    return -1 if level is None else level.rank


@given(partly(SEVEN))
def test_a_cut_is_crossed_before_the_end_and_denied_only_when_out_of_reach(
    answers: Answers,
) -> None:
    found = result(Instrument.GAD_7, answers)
    least = sum(int(str(answer)) for answer in answers.values())
    most = least + 3 * (7 - len(answers))
    expected = True if least >= 10 else (False if most < 10 else None)
    assert found.scores[0].positive is expected
    assert found.positive is (expected is not False)


SAFE_T = {
    "thoughts-48h": "yes", "thoughts-month": "yes", "thoughts-worst": "yes", "plan": "no",
    "behaviour": "no", "intent": "no", "intervention": "Means put away.",
    "rationale": "Thoughts without a plan.", "follow-up": "Call tomorrow.",
}  # fmt: skip


def test_the_level_of_a_safe_t_is_the_clinicians_and_none_without() -> None:
    open_one = result(Instrument.SAFE_T, {**SAFE_T})
    assert (open_one.level, open_one.missing_critical) == (RiskLevel.UNDETERMINED, ["level"])
    for level in ("low", "moderate", "high"):
        found = result(Instrument.SAFE_T, {**SAFE_T, "level": level})
        assert found.complete
        assert found.level == level
        assert found.reasons[0].rule == f"judged-{level}"


def test_plan_or_intent_is_pointed_out() -> None:
    rules = [each.rule for each in result(Instrument.SAFE_T, {**SAFE_T, "plan": "yes"}).reasons]
    assert "plan-or-intent" in rules


@pytest.mark.parametrize(
    ("instrument", "answers", "rule"),
    [
        (Instrument.PHQ_9, {"1": 4}, "known_answer"),
        (Instrument.PHQ_9, {"1": "1"}, "known_answer"),
        (Instrument.PHQ_9, {"11": 0}, "known_question"),
        (Instrument.C_SSRS, {"1": "maybe"}, "known_answer"),
        (Instrument.C_SSRS, {"2": "no", "4": "yes"}, "asked"),
        (Instrument.C_SSRS, {"3": "yes"}, "asked"),
        (Instrument.SAFE_T, {"risk-factors": ["weather"]}, "known_answer"),
        (Instrument.SAFE_T, {"risk-factors": "stressor"}, "known_answer"),
        (Instrument.SAFE_T, {"rationale": ""}, "known_answer"),
    ],
)
def test_what_does_not_fit_is_named(instrument: Instrument, answers: Answers, rule: str) -> None:
    faults = faults_of(seeded()[instrument][0], answers)
    assert [(fault["at"][-1], fault["rule"]) for fault in faults] == [(list(answers)[-1], rule)]


def test_questions_hang_on_earlier_ones_only_and_rules_on_questions_there_are() -> None:
    assert set(seeded()) == set(Instrument)
    for instrument, (definition, _) in seeded().items():
        ids = [item.link_id for item in definition.items]
        assert len(set(ids)) == len(ids)
        result(instrument, {})  # a rule about a question that is not there would fail
        for item in definition.items:
            if item.kind != "text":
                assert item.options, f"{instrument} {item.link_id}"
