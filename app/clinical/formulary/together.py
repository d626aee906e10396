"""What does not go together, and what is given twice."""

from collections.abc import Iterable, Iterator

from app.clinical.formulary.answers import Question, listed
from app.clinical.formulary.rows import Drug, Interaction
from app.clinical.formulary.schemas import CheckKind, Finding, Medicine, Severity
from app.clinical.formulary.units import route_of

BODY = frozenset(
    "oral intravenous intramuscular subcutaneous rectal transdermal sublingual buccal".split()
)
ORDER = list(Severity)
BOTH = 2  # sides of a rule


def others_of(asked: Question) -> tuple[list[tuple[Medicine, Drug]], list[Medicine]]:
    """The medicines of the patient that the tables know, and those they do not, in one order."""
    known, unknown = list[tuple[Medicine, Drug]](), list[Medicine]()
    for medicine in sorted(asked.facts.medicines or (), key=lambda one: one.model_dump_json()):
        key = medicine.drug_key or asked.tables.recognise(medicine.name)
        drug = asked.tables.drugs.get(key) if key else None
        if drug is None:
            unknown.append(medicine)
        else:
            known.append((medicine, drug))
    return known, unknown


def check_interactions(asked: Question) -> list[Finding]:
    kind = CheckKind.INTERACTION
    if asked.facts.medicines is None:
        return [asked.unchecked(kind, "nobody has recorded what else the patient takes.")]
    known, unknown = others_of(asked)
    findings, checked = list[Finding](), list[str]()
    for medicine, drug in known:
        found = list(interactions_with(asked, medicine, drug))
        findings += found
        if found:
            continue
        bare = [one.name for one in (asked.drug, drug) if kind not in one.covered]
        if bare:
            findings.append(
                asked.unchecked(
                    kind,
                    f"the formulary holds no interactions of {listed(dict.fromkeys(bare))}.",
                    about=medicine.name,
                )
            )
        else:
            checked.append(medicine.name)
    findings += [not_known(asked, kind, medicine) for medicine in unknown]
    if checked and not any(found.outcome == "warning" for found in findings):
        with_what = listed(dict.fromkeys(checked))
        findings.append(
            asked.passed(kind, f"No rule for {asked.name} with {with_what} in {asked.by}.")
        )
    if not findings:
        findings.append(asked.passed(kind, "The record says that nothing else is taken."))
    return findings


def not_known(asked: Question, kind: CheckKind, medicine: Medicine) -> Finding:
    return asked.unchecked(
        kind,
        f"{medicine.name} is not in the formulary, so it was not compared with {asked.name}.",
        about=medicine.name,
    )


def interactions_with(asked: Question, medicine: Medicine, drug: Drug) -> Iterator[Finding]:
    """One finding for each rule that counts between a substance of one and one of the other."""
    kept = {
        rule.identity: rule
        for one in asked.tables.parts(asked.drug)
        for other in asked.tables.parts(drug)
        if one.key != other.key
        for rule in counting(asked, asked.tables.interactions_of(one, other))
    }
    for rule in gravest_first(asked, kept.values()):
        yield asked.warning(
            CheckKind.INTERACTION,
            rule.severity,
            f"{asked.name} with {medicine.name}: {rule.effect} {rule.advice}".strip(),
            rule=f"interaction.{rule.first}.{rule.second}",
            of=rule,
            about=medicine.name,
        )


def counting(asked: Question, told: Iterable[Interaction]) -> list[Interaction]:
    """Of two substances; a rule about a wider group is silent beside a stronger one."""
    rules = gravest_first(asked, told)
    return rules[:1] + [rule for rule in rules[1:] if exactness(asked, rule) == BOTH]


def gravest_first(asked: Question, rules: Iterable[Interaction]) -> list[Interaction]:
    return sorted(
        rules, key=lambda rule: (ORDER.index(rule.severity), -exactness(asked, rule), str(rule))
    )


def exactness(asked: Question, rule: Interaction) -> int:
    """How many of its two sides are single drugs."""
    return sum(side in asked.tables.drugs for side in (rule.first, rule.second))


def check_duplicates(asked: Question) -> list[Finding]:
    kind = CheckKind.DUPLICATE
    if asked.facts.medicines is None:
        return [asked.unchecked(kind, "nobody has recorded what else the patient takes.")]
    known, unknown = others_of(asked)
    findings, checked = list[Finding](), list[str]()
    for medicine, drug in known:
        found = duplicate(asked, medicine, drug)
        if found is not None:
            findings.append(found)
        elif kind not in asked.drug.covered or kind not in drug.covered:
            why = f"the kind of drug {asked.name} or {medicine.name} is, is not in the formulary."
            findings.append(asked.unchecked(kind, why, about=medicine.name))
        else:
            checked.append(medicine.name)
    findings += [not_known(asked, kind, medicine) for medicine in unknown]
    if checked and not any(found.outcome == "warning" for found in findings):
        beside = listed(dict.fromkeys(checked))
        findings.append(
            asked.passed(kind, f"{asked.name} does not repeat {beside}, by {asked.by}.")
        )
    if not findings:
        findings.append(asked.passed(kind, "The record says that nothing else is taken."))
    return findings


def reach(medicine: Medicine, drug: Drug) -> frozenset[str]:
    """Where it acts: the whole body, or a place of its own."""
    said = route_of(medicine.dosing.route) if medicine.dosing else None
    routes = {said} if said else set(drug.routes)
    return frozenset("body" if route in BODY else route for route in routes)


def duplicate(asked: Question, medicine: Medicine, drug: Drug) -> Finding | None:
    tables = asked.tables
    mine, theirs = reach(asked.medicine, asked.drug), reach(medicine, drug)
    if mine and theirs and not mine & theirs:
        return None
    parts, others = tables.parts(asked.drug), tables.parts(drug)
    shared = {part.key for part in parts} & {part.key for part in others}
    if shared:
        name = listed(tables.name_of(key) for key in sorted(shared))
        return asked.warning(
            CheckKind.DUPLICATE,
            Severity.MAJOR,
            f"{asked.name} and {medicine.name} both are or contain {name}.",
            rule="duplicate.same-ingredient",
            about=medicine.name,
        )
    rules = [
        rule
        for rule in tables.contents.duplications
        if any(rule.group in part.subjects for part in parts)
        and any(rule.group in part.subjects for part in others)
    ]
    if not rules:
        return None
    # The narrowest group says most: one that lies below the others has most above it.
    rule = min(rules, key=lambda one: (-len(tables.above((one.group,))), one.group))
    return asked.warning(
        CheckKind.DUPLICATE,
        rule.severity,
        f"{asked.name} and {medicine.name} are both {tables.name_of(rule.group)}. {rule.because}",
        rule=f"duplicate.{rule.group}",
        of=rule,
        about=medicine.name,
    )
