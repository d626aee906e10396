"""Checks one medicine for one patient against one release. No database: the same answer always.

What is not known never passes. Every kind of check gives at least one finding.
"""

from collections.abc import Callable
from datetime import date

from app.clinical.formulary.allergies import check_allergies
from app.clinical.formulary.answers import Question, not_checked, spoken
from app.clinical.formulary.conditions import check_kidneys, check_pregnancy
from app.clinical.formulary.doses import check_dose
from app.clinical.formulary.schemas import CheckKind, Finding, Medicine, Outcome, PatientFacts
from app.clinical.formulary.tables import Tables
from app.clinical.formulary.together import check_duplicates, check_interactions

CHECKS: dict[CheckKind, Callable[[Question], list[Finding]]] = {
    CheckKind.ALLERGY: check_allergies,
    CheckKind.INTERACTION: check_interactions,
    CheckKind.DUPLICATE: check_duplicates,
    CheckKind.DOSE: check_dose,
    CheckKind.PREGNANCY: check_pregnancy,
    CheckKind.RENAL: check_kidneys,
}


def check_medicine(
    tables: Tables | None, medicine: Medicine, facts: PatientFacts, today: date
) -> list[Finding]:
    """Every kind of check, in one order. `tables` None: there is no formulary at all."""
    if tables is None or not tables.drugs:
        return [not_checked(kind, "the formulary is empty.") for kind in CheckKind]
    key = medicine.drug_key or tables.recognise(medicine.name)
    drug = tables.drugs.get(key) if key else None
    if drug is None:
        why = f"{medicine.name} is not in the formulary ({tables.title})."
        return [
            not_checked(kind, why, source=tables.title, as_of=tables.effective_on)
            for kind in CheckKind
        ]
    asked = Question(tables=tables, drug=drug, medicine=medicine, facts=facts, today=today)
    found = (finding for check in CHECKS.values() for finding in check(asked))
    findings = list(dict.fromkeys(found))
    return outdated(tables, findings) if tables.is_outdated(today) else findings


def outdated(tables: Tables, findings: list[Finding]) -> list[Finding]:
    """Old rules may still warn; that they find nothing means nothing."""
    why = (
        f"the formulary is outdated: {tables.title} is of {spoken(tables.effective_on)} and was "
        f"good for {tables.shelf_life_days} days."
    )
    kept = []
    for kind in CheckKind:
        kept.append(not_checked(kind, why, source=tables.title, as_of=tables.effective_on))
        kept += [
            each
            for each in findings
            if each.kind is kind and each.outcome is not Outcome.NOTHING_FOUND
        ]
    return kept
