"""Whether a value is usual, unusual or dangerous: pure rules, no database.

What the laboratory sends along wins: its limits over those of our table, and its own flag where
that is graver than what the limits say. What cannot be compared is not judged, and why is said.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.patients import Sex

LABORATORY = "the laboratory's own range"
INFINITY = Decimal("Infinity")


class Flag(StrEnum):
    """Least grave first but for the first: what is not judged may be anything."""

    NOT_JUDGED = "not-judged"
    NORMAL = "normal"
    ABNORMAL = "abnormal"
    LOW = "low"
    HIGH = "high"
    CRITICAL = "critical"  # without a direction: a finding, a picture
    CRITICAL_LOW = "critical-low"
    CRITICAL_HIGH = "critical-high"


class Unjudged(StrEnum):
    NO_RANGE = "no-range"
    UNIT_DIFFERS = "unit-differs"
    UNIT_MISSING = "unit-missing"
    NOT_A_NUMBER = "not-a-number"
    SEX_MATTERS = "sex-matters"
    LIMIT_WITHIN_RANGE = "limit-within-range"  # "less than 5" where 4 would be low and 4.9 not


class Comparator(StrEnum):
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


CRITICAL = frozenset({Flag.CRITICAL, Flag.CRITICAL_LOW, Flag.CRITICAL_HIGH})
GRAVITY = {
    Flag.NORMAL: 0,
    Flag.NOT_JUDGED: 1,
    Flag.ABNORMAL: 2,
    Flag.LOW: 3,
    Flag.HIGH: 3,
    Flag.CRITICAL: 4,
    Flag.CRITICAL_LOW: 4,
    Flag.CRITICAL_HIGH: 4,
}


def is_abnormal(flag: Flag) -> bool:
    return GRAVITY[flag] >= GRAVITY[Flag.ABNORMAL]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The usual lies from `low` to `high`; at or beyond the critical ones somebody is called."""

    low: Decimal | None = None
    high: Decimal | None = None
    critical_low: Decimal | None = None
    critical_high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRange:
    """A row of our own table."""

    unit: str
    sex: Sex | None
    age_from_months: int
    age_to_months: int | None
    limits: Limits
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was reported. `sent`, `said`: the laboratory's limits, its flag. No `number`: text."""

    number: Decimal | None
    comparator: Comparator | None = None
    unit: str | None = None
    sent: Limits = Limits()
    said: Flag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Of the patient on the day the sample was taken."""

    sex: Sex
    age_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`limits` are those that counted, whatever came of them; `source`: where they come from."""

    flag: Flag
    because: Unjudged | None = None
    limits: Limits = Limits()
    source: str | None = None


def judge(measured: Measured, ranges: Sequence[KnownRange], whose: Whose) -> Judgement:
    """The judgement of one value; `ranges`: those of its analyte that are in effect."""
    found = by_limits(measured, ranges, whose)
    if measured.said is not None and graver(measured.said, found):
        return Judgement(flag=measured.said, limits=found.limits, source=found.source)
    return found


def graver(said: Flag, found: Judgement) -> bool:
    """The laboratory's word counts where we cannot judge, and where it is the graver one."""
    if said is Flag.NOT_JUDGED:
        return False
    return found.flag is Flag.NOT_JUDGED or GRAVITY[said] > GRAVITY[found.flag]


def by_limits(measured: Measured, ranges: Sequence[KnownRange], whose: Whose) -> Judgement:
    if measured.number is None:
        return Judgement(flag=Flag.NOT_JUDGED, because=Unjudged.NOT_A_NUMBER)
    sent = measured.sent
    fitting = nearest([each for each in ranges if is_for(each, whose)])
    same_unit = [each for each in fitting if same(each.unit, measured.unit)]
    if sent.low is not None or sent.high is not None:
        return in_each(measured, [with_ours(sent, each) for each in same_unit] or [(sent, "")])
    if same_unit:
        return in_each(measured, [(over(sent, each.limits), each.source) for each in same_unit])
    because = Unjudged.NO_RANGE
    if fitting:
        because = Unjudged.UNIT_DIFFERS if measured.unit else Unjudged.UNIT_MISSING
    by_itself = verdict(measured, sent)
    if by_itself in CRITICAL:
        return Judgement(flag=by_itself, limits=sent, source=LABORATORY)
    return Judgement(flag=Flag.NOT_JUDGED, because=because, limits=sent)


def is_for(known: KnownRange, whose: Whose) -> bool:
    """From the first month on, before the last; a sex not known lets both ranges in."""
    until = known.age_to_months
    of_age = known.age_from_months <= whose.age_months and (
        until is None or whose.age_months < until
    )
    either = whose.sex not in {Sex.MALE, Sex.FEMALE}
    return of_age and (known.sex is None or either or known.sex is whose.sex)


def nearest(fitting: Sequence[KnownRange]) -> Sequence[KnownRange]:
    """Where there are ranges by sex, those for everybody count for nothing."""
    by_sex = [each for each in fitting if each.sex is not None]
    return by_sex or fitting


def with_ours(sent: Limits, known: KnownRange) -> tuple[Limits, str]:
    """The laboratory's limits; the critical ones are ours where it sent none."""
    critical_low, critical_high = known.limits.critical_low, known.limits.critical_high
    both = Limits(
        low=sent.low,
        high=sent.high,
        critical_low=critical_low if sent.critical_low is None else sent.critical_low,
        critical_high=critical_high if sent.critical_high is None else sent.critical_high,
    )
    return both, ""


def over(sent: Limits, ours: Limits) -> Limits:
    return Limits(
        low=ours.low,
        high=ours.high,
        critical_low=ours.critical_low if sent.critical_low is None else sent.critical_low,
        critical_high=ours.critical_high if sent.critical_high is None else sent.critical_high,
    )


def in_each(measured: Measured, candidates: Sequence[tuple[Limits, str]]) -> Judgement:
    """What all ranges that might be meant agree on; without agreement nothing is said."""
    flags = {verdict(measured, limits) for limits, _ in candidates}
    limits, source = candidates[0]
    if len(flags) > 1:
        return Judgement(flag=Flag.NOT_JUDGED, because=Unjudged.SEX_MATTERS)
    flag = flags.pop()
    because = None
    if flag is Flag.NOT_JUDGED:
        bare = limits.low is None and limits.high is None
        because = Unjudged.NO_RANGE if bare else Unjudged.LIMIT_WITHIN_RANGE
    return Judgement(flag=flag, because=because, limits=limits, source=source or LABORATORY)


def verdict(measured: Measured, limits: Limits) -> Flag:
    """By these limits alone; what lies within the usual is never critical, whoever said so."""
    assert measured.number is not None
    least, most, at_least, at_most = span(measured.number, measured.comparator)
    low = -INFINITY if limits.low is None else limits.low
    high = INFINITY if limits.high is None else limits.high
    usual_low = limits.low is not None and least >= low
    usual_high = limits.high is not None and most <= high
    if limits.critical_high is not None and least >= limits.critical_high and not usual_high:
        return Flag.CRITICAL_HIGH
    if limits.critical_low is not None and most <= limits.critical_low and not usual_low:
        return Flag.CRITICAL_LOW
    if least > high or (least == high and not at_least):
        return Flag.HIGH
    if most < low or (most == low and not at_most):
        return Flag.LOW
    if limits.low is None and limits.high is None:
        return Flag.NOT_JUDGED
    return Flag.NORMAL if least >= low and most <= high else Flag.NOT_JUDGED


def span(number: Decimal, comparator: Comparator | None) -> tuple[Decimal, Decimal, bool, bool]:
    """Between what the value lies, and whether the ends belong to it."""
    match comparator:
        case None:
            return number, number, True, True
        case Comparator.BELOW:
            return -INFINITY, number, True, False
        case Comparator.AT_MOST:
            return -INFINITY, number, True, True
        case Comparator.ABOVE:
            return number, INFINITY, False, True
        case Comparator.AT_LEAST:
            return number, INFINITY, True, True


def gravest(flags: Iterable[Flag]) -> Flag:
    """Of a whole report; with nothing in it nothing is judged."""
    return max(flags, key=lambda flag: GRAVITY[flag], default=Flag.NOT_JUDGED)


def months_old(born: date, on: date) -> int:
    """Completed months; none before birth."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return max(months, 0)


SPELLINGS = {
    "iu/l": "u/l",
    "k/ul": "10*3/ul",
    "10*9/l": "10*3/ul",
    "10*12/l": "10*6/ul",
    "m/ul": "10*6/ul",
    "sec": "s",
    "seconds": "s",
    "mm/hr": "mm/h",
    "uiu/ml": "mu/l",
    "miu/l": "mu/l",
    "ratio": "",
    "1": "",
}


def same(unit: str, other: str | None) -> bool:
    """The same unit, however it is spelled; nothing is converted."""
    return spelled(unit) == spelled(other or "")


def spelled(unit: str) -> str:
    """One spelling: UCUM's annotations in braces count for nothing."""
    plain = re.sub(r"\{[^}]*\}|\s", "", unit.lower().replace("µ", "u").replace("μ", "u"))
    plain = re.sub(r"^x?10(\^|e|\*\*)", "10*", plain).replace("mcg", "ug")
    return SPELLINGS.get(plain, plain)
