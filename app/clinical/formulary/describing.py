"""A drug as it is shown: its groups by name, its doses in words."""

from decimal import Decimal

from app.clinical.formulary.rows import DoseRule, Drug
from app.clinical.formulary.schemas import CheckKind, DoseSaid, DrugFound, DrugOut
from app.clinical.formulary.tables import Tables
from app.clinical.formulary.units import shown

ADULT, ELDERLY, FOREVER = 18, 65, 150
BY_SILENCE = (CheckKind.ALLERGY, CheckKind.INTERACTION, CheckKind.DUPLICATE)


def found_as(tables: Tables, drug: Drug, matched: str) -> DrugFound:
    return DrugFound(
        key=drug.key,
        name=drug.name,
        matched=matched,
        brands=drug.brands,
        classes=tuple(tables.name_of(key) for key in tables.classes_of(drug)),
        routes=drug.routes,
        strengths=drug.strengths,
        usual=tuple(says(rule) for rule in doses_in_order(tables, drug)),
    )


def describe(tables: Tables, drug: Drug) -> DrugOut:
    return DrugOut(
        **found_as(tables, drug, drug.name).model_dump(),
        synonyms=drug.synonyms,
        rxcui=drug.rxcui,
        atc=drug.atc,
        ingredients=drug.ingredients,
        class_keys=tables.classes_of(drug),
        doses=tuple(
            DoseSaid(**rule.model_dump(include=set(DoseSaid.model_fields)), says=says(rule))
            for rule in doses_in_order(tables, drug)
        ),
        not_covered=not_covered(tables, drug),
    )


def doses_in_order(tables: Tables, drug: Drug) -> list[DoseRule]:
    """By the order of its routes, adults first."""

    def place(rule: DoseRule) -> tuple[int, bool, int]:
        known = rule.route in drug.routes
        route = drug.routes.index(rule.route) if known else len(drug.routes)
        return route, rule.age_from != ADULT, rule.age_from

    return sorted(tables.doses_of(drug), key=place)


def not_covered(tables: Tables, drug: Drug) -> tuple[CheckKind, ...]:
    parts = tables.parts(drug)
    missing = {kind for kind in BY_SILENCE if kind not in drug.covered}
    if not tables.doses_of(drug):
        missing.add(CheckKind.DOSE)
    if not all(tables.pregnancy_of(part) for part in parts):
        missing.add(CheckKind.PREGNANCY)
    if not all(tables.renal_of(part) for part in parts):
        missing.add(CheckKind.RENAL)
    return tuple(kind for kind in CheckKind if kind in missing)


def says(rule: DoseRule) -> str:
    """oral, adults: 10 to 40 mg each time, at most 80 mg a day"""
    unit = shown(rule.unit) + ("/kg" if rule.per_kg else "")
    told = []
    if rule.usual_low is not None and rule.usual_high is not None:
        span = number(rule.usual_low)
        if rule.usual_low != rule.usual_high:
            span += f" to {number(rule.usual_high)}"
        told.append(f"{span} {unit} each time")
    if rule.max_each is not None:
        told.append(f"at most {number(rule.max_each)} {unit} each time")
    if rule.max_day is not None:
        told.append(f"at most {number(rule.max_day)} {unit} a day")
    if rule.least_days is not None:
        told.append(f"once in {rule.least_days} days at most")
    return f"{rule.route}, {ages(rule)}: {', '.join(told)}"


def ages(rule: DoseRule) -> str:
    if rule.age_below >= FOREVER:
        return {ADULT: "adults", ELDERLY: "from 65 years", 0: "all ages"}.get(
            rule.age_from, f"from {rule.age_from} years"
        )
    if rule.age_from == 0 and rule.age_below == ADULT:
        return "children"
    if rule.age_from == ADULT:
        return f"adults below {rule.age_below}"
    return f"{rule.age_from} to {rule.age_below - 1} years"


def number(value: Decimal) -> str:
    return f"{value.normalize():f}"
