"""Is it as much, and as often, as it is usually given to somebody of that age and weight?"""

from dataclasses import dataclass
from decimal import Decimal

from app.clinical.formulary.answers import Question
from app.clinical.formulary.rows import DoseRule
from app.clinical.formulary.schemas import CheckKind, Dosing, Finding, Outcome, Severity
from app.clinical.formulary.units import quantity, route_of, same_measure, shown

KIND = CheckKind.DOSE
ADULT = 18
TENFOLD = 10
THOUSAND = 1000
DAYS_OF_WEEK = 7
# A week has rarely seven even days: once weekly written as 0.14 a day is still weekly.
OFTEN_BY_A_THIRD = Decimal("1.34")


@dataclass(frozen=True)
class Limits:
    """A rule made absolute for one patient, in the rule's unit."""

    rule: DoseRule
    low: Decimal | None
    high: Decimal | None
    each: Decimal | None
    day: Decimal | None


def check_dose(asked: Question) -> list[Finding]:
    dosing, facts = asked.medicine.dosing, asked.facts
    if dosing is None:
        return [asked.unchecked(KIND, f"no dose of {asked.name} is given.")]
    rules = asked.tables.doses_of(asked.drug)
    if not rules:
        return [asked.unchecked(KIND, f"the formulary has no doses of {asked.name}.")]
    if facts.age_years is None:
        return [asked.unchecked(KIND, "the age of the patient is not recorded.")]
    of_age = fitting(rules, facts.age_years)
    if not of_age:
        who = "children" if facts.age_years < ADULT else "this age"
        return [asked.unchecked(KIND, f"the formulary has no dose of {asked.name} for {who}.")]
    said_route = route_of(dosing.route)
    for route in (said_route,) if said_route else routes_of(asked, of_age):
        for rule in of_age:
            if rule.route == route:
                return judged(asked, dosing, rule)
    return [asked.unchecked(KIND, f"the formulary has no {said_route} dose of {asked.name}.")]


def routes_of(asked: Question, rules: list[DoseRule]) -> list[str]:
    """Where no route is said the first is meant by which the drug is given; sentences say so."""
    return [*asked.drug.routes, *(rule.route for rule in rules)]


def fitting(rules: list[DoseRule], age: int) -> list[DoseRule]:
    """The rules for that age; of each route the one for the narrowest span of ages."""
    found: dict[str, DoseRule] = {}
    for rule in sorted(rules, key=lambda one: one.age_below - one.age_from, reverse=True):
        if rule.age_from <= age < rule.age_below:
            found[rule.route] = rule
    return [found[route] for route in sorted(found)]


def judged(asked: Question, dosing: Dosing, rule: DoseRule) -> list[Finding]:
    given, unit = quantity(dosing.amount, dosing.unit), quantity(Decimal(1), rule.unit)
    if given is None or unit is None or not same_measure(given, unit):
        why = f"a dose in “{dosing.unit}” cannot be compared with one in {shown(rule.unit)}."
        return [asked.unchecked(KIND, why, of=rule)]
    weight = asked.facts.weight_kg
    if rule.per_kg and weight is None:
        why = f"the dose of {asked.name} goes by weight, and none is recorded."
        return [asked.unchecked(KIND, why, of=rule)]
    limits = absolute(rule, weight)
    amount = given.of(unit)
    findings = [
        found
        for found in (
            each_time(asked, dosing, limits, amount),
            spacing(asked, dosing, rule),
            a_day(asked, dosing, limits, amount),
        )
        if found is not None
    ]
    if any(found.outcome is Outcome.WARNING for found in findings):
        return [found for found in findings if found.outcome is Outcome.WARNING]
    if not rule_says_enough(limits):
        return [asked.unchecked(KIND, f"the rule for {asked.name} has no limits.", of=rule)]
    fine = f"{said(dosing)} of {asked.name} is within what is usual {span(limits)}."
    if dosing.route is None:
        fine += f" No route is said: taken to be {rule.route}."
    return [*findings, asked.passed(KIND, fine, of=rule, rule=name_of(rule))]


def rule_says_enough(limits: Limits) -> bool:
    return any(each is not None for each in (limits.high, limits.each, limits.day))


def absolute(rule: DoseRule, weight: Decimal | None) -> Limits:
    factor = weight if rule.per_kg and weight is not None else Decimal(1)

    def by_weight(value: Decimal | None, cap: Decimal | None) -> Decimal | None:
        if value is None:
            return cap
        return value * factor if cap is None else min(value * factor, cap)

    return Limits(
        rule,
        by_weight(rule.usual_low, rule.cap_each) if rule.usual_low is not None else None,
        by_weight(rule.usual_high, rule.cap_each) if rule.usual_high is not None else None,
        by_weight(rule.max_each, rule.cap_each),
        by_weight(rule.max_day, rule.cap_day),
    )


def each_time(asked: Question, dosing: Dosing, limits: Limits, amount: Decimal) -> Finding | None:
    rule = limits.rule
    if limits.each is not None and amount > limits.each:
        return too_much(asked, dosing, limits, amount, limits.each)
    if limits.high is not None and amount > limits.high:
        if limits.each is None and amount >= limits.high * TENFOLD:
            return too_much(asked, dosing, limits, amount, limits.high)
        why = f"{said(dosing)} is more than the usual dose of {asked.name} {span(limits)}."
        return warn(asked, rule, Severity.MODERATE, why)
    if limits.low is not None and amount < limits.low:
        why = f"{said(dosing)} is less than the usual dose of {asked.name} {span(limits)}."
        severity = Severity.MODERATE
        if fits(limits, amount * THOUSAND):
            severity = Severity.MAJOR
            why += f" It is a thousandth of a usual one: was {said(dosing, times_1000=True)} meant?"
        return warn(asked, rule, severity, why)
    return None


def fits(limits: Limits, amount: Decimal) -> bool:
    low, high = limits.low or Decimal(0), limits.each or limits.high or limits.day
    return high is not None and low <= amount <= high


def too_much(
    asked: Question, dosing: Dosing, limits: Limits, amount: Decimal, ceiling: Decimal
) -> Finding:
    severity = Severity.CONTRAINDICATED if amount >= ceiling * TENFOLD else Severity.MAJOR
    if ceiling == 0:
        return warn(asked, limits.rule, severity, f"{asked.name} is not given at this age.")
    why = (
        f"{said(dosing)} is more than the most of {asked.name} to be given at one time: "
        f"{number(ceiling)} {shown(limits.rule.unit)}."
    )
    if fits(limits, amount / THOUSAND):
        why += f" A thousandth of it would be usual: was {said(dosing, times_1000=False)} meant?"
    return warn(asked, limits.rule, severity, why)


def spacing(asked: Question, dosing: Dosing, rule: DoseRule) -> Finding | None:
    if rule.least_days is None:
        return None
    if dosing.times_a_day is None:
        return asked.unchecked(KIND, f"how often {asked.name} is given is not said.", of=rule)
    if on_average(dosing, dosing.times_a_day) * rule.least_days <= OFTEN_BY_A_THIRD:
        return None
    why = f"{asked.name} is given once in {rule.least_days} days, not more often."
    return warn(asked, rule, Severity.CONTRAINDICATED, why)


def a_day(asked: Question, dosing: Dosing, limits: Limits, amount: Decimal) -> Finding | None:
    if limits.day is None or (limits.rule.least_days is not None and dosing.times_a_day is None):
        return None
    most = f"the most of {asked.name} in a day: {number(limits.day)} {shown(limits.rule.unit)}"
    if dosing.times_a_day is None:
        if limits.each is None and amount > limits.day:
            return warn(asked, limits.rule, Severity.MAJOR, f"{said(dosing)} is more than {most}.")
        why = f"how often is not said, so the day's dose was not held against {most}."
        return asked.unchecked(KIND, why, of=limits.rule)
    daily = amount * in_a_day(dosing, dosing.times_a_day, limits)
    if daily <= limits.day * Decimal("1.001"):
        return None
    severity = Severity.CONTRAINDICATED if daily >= limits.day * TENFOLD else Severity.MAJOR
    total = f"{number(daily)} {shown(limits.rule.unit)} a day"
    return warn(asked, limits.rule, severity, f"{total} is more than {most}.")


def on_average(dosing: Dosing, times_a_day: Decimal) -> Decimal:
    """Over the days on which nothing is given as well."""
    return times_a_day * dosing.days_a_week / DAYS_OF_WEEK


def in_a_day(dosing: Dosing, times_a_day: Decimal, limits: Limits) -> Decimal:
    """What is given every other day is given whole on that day.

    Only where one dose may be more than the most in a day is that most meant on average.
    """
    if limits.day is not None and (limits.each or limits.high or 0) > limits.day:
        return on_average(dosing, times_a_day)
    return max(times_a_day, Decimal(1))


def warn(asked: Question, rule: DoseRule, severity: Severity, why: str) -> Finding:
    because = f"{why} {rule.note}" if rule.note else why
    return asked.warning(KIND, severity, because, rule=name_of(rule), of=rule)


def name_of(rule: DoseRule) -> str:
    return f"dose.{rule.drug}.{rule.route}.from-{rule.age_from}-years"


def said(dosing: Dosing, *, times_1000: bool | None = None) -> str:
    """The dose as it was said, or in the unit a thousand times larger or smaller."""
    unit = shown(dosing.unit)
    if times_1000 is not None:
        ladder = ["mcg", "mg", "g"]
        step = ladder.index(unit) + (1 if times_1000 else -1) if unit in ladder else -1
        if 0 <= step < len(ladder):
            unit = ladder[step]
        else:
            factor = Decimal(THOUSAND) if times_1000 else Decimal(1) / THOUSAND
            return f"{number(dosing.amount * factor)} {unit}"
    return f"{number(dosing.amount)} {unit}"


def number(value: Decimal) -> str:
    rounded = value.quantize(Decimal("0.0001")) if value < THOUSAND else value.quantize(Decimal(1))
    return f"{rounded.normalize():f}"


def span(limits: Limits) -> str:
    unit = shown(limits.rule.unit)
    if limits.low is not None and limits.low == limits.high:
        return f"({number(limits.low)} {unit} each time)"
    if limits.low is not None and limits.high is not None:
        return f"({number(limits.low)} to {number(limits.high)} {unit} each time)"
    ceiling = limits.each or limits.high
    if ceiling is not None:
        return f"(up to {number(ceiling)} {unit} each time)"
    return f"(up to {number(limits.day)} {unit} a day)" if limits.day is not None else ""
