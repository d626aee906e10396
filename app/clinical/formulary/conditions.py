"""Pregnancy and the kidneys."""

from datetime import timedelta
from decimal import Decimal

from app.clinical.formulary.answers import Question, listed, spoken
from app.clinical.formulary.rows import PregnancyAdvice, PregnancyRule, RenalRule
from app.clinical.formulary.schemas import CheckKind, Finding, Severity

CHILDBEARING = range(12, 56)
EGFR_GOOD_FOR = timedelta(days=365)


def check_pregnancy(asked: Question) -> list[Finding]:
    facts, kind = asked.facts, CheckKind.PREGNANCY
    if facts.pregnant is False:
        return [asked.passed(kind, "Recorded as not pregnant.")]
    rules = [asked.tables.pregnancy_of(part) for part in asked.tables.parts(asked.drug)]
    against = [
        rule for told in rules for rule in told if rule.advice is not PregnancyAdvice.COMPATIBLE
    ]
    if facts.pregnant is None:
        return [unknown_pregnancy(asked, rules, against)]
    if against:
        return [
            asked.warning(
                kind,
                Severity(rule.advice.value),
                f"Pregnant, and {asked.name}: {rule.because}",
                rule=f"pregnancy.{rule.subject}",
                of=rule,
            )
            for rule in sorted(set(against), key=lambda one: (one.advice, one.subject))
        ]
    if not all(rules):
        return [asked.unchecked(kind, f"the formulary says nothing of {asked.name} in pregnancy.")]
    return [asked.passed(kind, rules[0][0].because, of=rules[0][0])]


def unknown_pregnancy(
    asked: Question, rules: list[list[PregnancyRule]], against: list[PregnancyRule]
) -> Finding:
    facts, kind = asked.facts, CheckKind.PREGNANCY
    if facts.sex == "male":
        return asked.passed(kind, "Recorded as male: pregnancy does not apply.")
    if facts.age_years is not None and facts.age_years not in CHILDBEARING:
        return asked.passed(kind, f"{facts.age_years} years old: pregnancy is not expected.")
    if against:
        rule = min(against, key=lambda one: (one.advice, one.subject))
        why = f"whether the patient is pregnant is not recorded, and {asked.name}: {rule.because}"
        return asked.unchecked(kind, why, of=rule)
    if rules and all(rules):
        return asked.passed(kind, rules[0][0].because, of=rules[0][0])
    return asked.unchecked(
        kind,
        "whether the patient is pregnant is not recorded, and the formulary does not know "
        f"{asked.name} to be harmless in pregnancy.",
    )


def check_kidneys(asked: Question) -> list[Finding]:
    facts, kind = asked.facts, CheckKind.RENAL
    told = [asked.tables.renal_of(part) for part in asked.tables.parts(asked.drug)]
    rules = [rule for each in told for rule in each if rule.below is not None]
    if not rules:
        if told and all(told):
            return [asked.passed(kind, f"{asked.name}: {told[0][0].because}", of=told[0][0])]
        return [asked.unchecked(kind, f"the formulary says nothing of {asked.name} and kidneys.")]
    if facts.egfr is None:
        rule = max(rules, key=lambda one: (one.below or Decimal(0), one.subject))
        why = f"no eGFR is recorded, and {asked.name} depends on it: {rule.because}"
        return [asked.unchecked(kind, why, of=rule)]
    measured = f"eGFR {facts.egfr.normalize():f}"
    if facts.egfr_on is not None:
        measured += f" on {spoken(facts.egfr_on)}"
    hit = lowest_hits(rules, facts.egfr)
    findings = [
        asked.warning(
            kind,
            rule.severity or Severity.MODERATE,
            f"{measured}, and {asked.name}: {rule.because}",
            rule=f"renal.{rule.subject}.below-{rule.below}",
            of=rule,
        )
        for rule in hit
    ]
    if facts.egfr_on is not None and asked.today - facts.egfr_on > EGFR_GOOD_FOR:
        findings.append(asked.unchecked(kind, f"{measured} is more than a year old."))
    elif not findings and all(told):
        limits = listed(f"{below:f}" for below in sorted({r.below for r in rules if r.below}))
        why = f"{measured} is not below {limits}, from where {asked.name} would need care."
        findings.append(asked.passed(kind, why, of=rules[0]))
    elif not findings:
        findings.append(
            asked.unchecked(kind, f"the formulary does not say all of {asked.name} and kidneys.")
        )
    return findings


def lowest_hits(rules: list[RenalRule], egfr: Decimal) -> list[RenalRule]:
    """Of each subject the rule with the lowest threshold that is undercut."""
    found: dict[str, RenalRule] = {}
    for rule in sorted(rules, key=lambda one: one.below or Decimal(0), reverse=True):
        if rule.below is not None and egfr < rule.below:
            found[rule.subject] = rule
    return [found[subject] for subject in sorted(found)]
