"""What was dictated of a medicine, as structure; what was not said stays empty. Pure."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from app.clinical.prescriptions.sig import DoseUnit, Meals, Period, Route, Sig, When

NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "once": 1, "twice": 2, "thrice": 3, "thirty": 30, "sixty": 60, "ninety": 90}
COUNT = r"(\d+|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
PERIODS = {"hour": Period.HOURS, "day": Period.DAYS, "week": Period.WEEKS, "month": Period.MONTHS}
PERIOD = r"(hour|day|week|month)s?"

SHORT = {"bid": 2, "tid": 3, "qid": 4, "qd": 1}
WHEN = (
    (re.compile(r"\b(?:in the|every|each) morning\b"), When.MORNING),
    (re.compile(r"\bat noon\b"), When.NOON),
    (re.compile(r"\b(?:in the|every|each) evening\b"), When.EVENING),
    (re.compile(r"\b(?:at (?:bedtime|night)|nightly|every night|qhs)\b"), When.BEDTIME),
)
MEALS = (
    (re.compile(r"\bwith (?:meals|food)\b"), Meals.WITH),
    (re.compile(r"\bbefore meals\b"), Meals.BEFORE),
    (re.compile(r"\bafter meals\b"), Meals.AFTER),
    (re.compile(r"\bon an empty stomach\b"), Meals.EMPTY_STOMACH),
)
AS_NEEDED = re.compile(r"\b(?:as needed|prn)\b")
WORDS_OF_A_PURPOSE = r"[a-z]+(?: (?!for\b|and\b|or\b)[a-z]+){0,2}"
PURPOSE = re.compile(rf"\b(?:as needed|prn) for ({WORDS_OF_A_PURPOSE})")
TAIL = re.compile(
    rf"(?:(?<=as needed) for {WORDS_OF_A_PURPOSE}|(?<=prn) for {WORDS_OF_A_PURPOSE}"
    r"| (?:with|before|after) (?:meals|food)| on an empty stomach| at bedtime| at night| at noon"
    r"| in the (?:morning|evening)| by mouth| as needed| prn)+"
)
DURATION = re.compile(rf"\b(?:the next |another )?{COUNT}(?: more)? {PERIOD}\b")


def sig_of(
    *,
    dose: str | None,
    unit: str | None,
    route: str | None,
    frequency: str | None,
    duration: str | None,
) -> Sig:
    """The structure of what was said; a part that cannot be read is left to be asked."""
    said: dict[str, Any] = {}
    for part in (
        amount_in(dose, unit),
        {"route": Route(route)} if route in set(Route) else {},
        frequency_in(frequency or ""),
        duration_in(duration or ""),
    ):
        try:
            Sig(**said | part)
        except ValidationError:
            continue
        said |= part
    return Sig(**said)


def amount_in(dose: str | None, unit: str | None) -> dict[str, Any]:
    try:
        amount = Decimal(dose) if dose is not None else None
    except InvalidOperation:
        amount = None
    known = DoseUnit(unit) if unit in set(DoseUnit) else None
    return {"amount": amount, "unit": known if amount is not None else None}


def with_its_tail(frequency: str | None, sentence: str) -> str:
    """How often, with what directly follows in the sentence: "with meals", "as needed for pain"."""
    words = " ".join(re.findall(r"[\w.]+", sentence.casefold())).rstrip(".")
    said = (frequency or "").casefold()
    at = words.find(said) if said else -1
    tail = TAIL.match(words, at + len(said)) if at >= 0 else None
    return said + (tail.group() if tail else "")


def frequency_in(said: str) -> dict[str, Any]:
    """How often, at what time of the day, with what.

    A range of hours, or so many times a week, is no structure here: all of it is asked.
    """
    text = re.sub(r"(?<=\w)\.(?=\w|$|\s)", "", said.casefold())
    often = how_often(text)
    if often is None:
        return {}
    found: dict[str, Any] = {}
    when = tuple(each for pattern, each in WHEN if pattern.search(text))
    if when:
        found["when"] = when
    for pattern, meals in MEALS:
        if pattern.search(text):
            found["meals"] = meals
    if AS_NEEDED.search(text):
        found["as_needed"] = True
        if purpose := PURPOSE.search(text):
            found["as_needed_for"] = purpose[1]
    return found | often


def how_often(text: str) -> dict[str, Any] | None:
    """By the first form that fits; None: it was said, but fits no structure."""
    for pattern, read in FORMS:
        if found := pattern.search(text):
            return read(found)
    return {}


def every(number: int, period: Period) -> dict[str, Any]:
    return {"every": number, "every_period": period}


def a_day(number: int) -> dict[str, Any]:
    return {"times_a_day": number}


def number_of(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


Form = Callable[[re.Match[str]], dict[str, Any] | None]
FORMS: tuple[tuple[re.Pattern[str], Form], ...] = (
    (re.compile(rf"\bevery {COUNT} to {COUNT} {PERIOD}\b"), lambda _: None),
    (re.compile(rf"\bevery other {PERIOD}\b"), lambda m: every(2, PERIODS[m[1]])),
    (
        re.compile(rf"\b{COUNT}(?: times?)?(?: (?:a|per|each|every) day| daily)\b"),
        lambda m: a_day(number_of(m[1])),
    ),
    (re.compile(r"\bq ?(\d+) ?h(?:ours)?\b"), lambda m: every(int(m[1]), Period.HOURS)),
    (
        re.compile(rf"\bevery (?:{COUNT} )?{PERIOD}\b"),
        lambda m: every(number_of(m[1] or "a"), PERIODS[m[2]]),
    ),
    (
        re.compile(r"\b(?:once|one time) (?:(?:a|per|each|every) )?(week|month)(?:ly)?\b"),
        lambda m: every(1, PERIODS[m[1]]),
    ),
    (re.compile(rf"\b{COUNT}(?: times?)? (?:(?:a|per) )?(?:week|month)(?:ly)?\b"), lambda _: None),
    (re.compile(r"\b(bid|tid|qid|qd)\b"), lambda m: a_day(SHORT[m[1]])),
    (re.compile(r"\bweekly\b"), lambda _: every(1, Period.WEEKS)),
    (re.compile(r"\bmonthly\b"), lambda _: every(1, Period.MONTHS)),
    (re.compile(r"\bdaily\b"), lambda _: a_day(1)),
)


def duration_in(said: str) -> dict[str, Any]:
    found = DURATION.search(said.casefold())
    if found is None or " to " in said:
        return {}
    return {"duration": number_of(found[1]), "duration_period": PERIODS[found[2]]}
