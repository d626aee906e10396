"""Units and routes as they are written, and which units can be compared."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Quantity:
    """`amount` of the smallest unit of `measure`."""

    measure: str
    amount: Decimal

    def of(self, one: "Quantity") -> Decimal:
        """How many of `one` it is."""
        return self.amount / one.amount


MEASURES: dict[str, dict[str, str]] = {
    "mass": {
        "ng": "0.001",
        "mcg ug µg μg microgram micrograms": "1",
        "mg milligram milligrams": "1000",
        "g gm gram grams": "1000000",
    },
    "units": {"[iu] iu unit units u [usp'u] international units": "1"},
    "equivalents": {"meq milliequivalent milliequivalents": "1"},
    "amount": {"mmol millimole millimoles": "1"},
    "volume": {"ml milliliter milliliters cc": "1", "l liter liters": "1000"},
    "puffs": {"puff puffs inhalation inhalations actuation actuations": "1"},
    "sprays": {"spray sprays": "1"},
    "drops": {"drop drops gtt [drp]": "1"},
    "rate of mass": {"ug/h mcg/h mcg/hr ug/hr": "1", "mg/h mg/hr": "1000"},
    "patches": {"patch patches": "1"},
    "tablets": {"tablet tablets tab tabs tbl": "1"},
    "applications": {"application applications": "1"},
}
UNITS = {
    word: (measure, Decimal(size))
    for measure, sizes in MEASURES.items()
    for words, size in sizes.items()
    for word in words.split()
}
SHOWN = {"ug": "mcg", "µg": "mcg", "μg": "mcg", "[iu]": "units", "u": "units", "iu": "units"}


def clean(unit: str) -> str:
    return unit.strip().lower().strip("{}").removesuffix(".")


def quantity(amount: Decimal, unit: str) -> Quantity | None:
    """None for a unit nobody here knows."""
    found = UNITS.get(clean(unit))
    return Quantity(found[0], amount * found[1]) if found else None


def same_measure(one: Quantity, other: Quantity) -> bool:
    return one.measure == other.measure


def shown(unit: str) -> str:
    plain = clean(unit)
    return SHOWN.get(plain, plain)


ROUTES = {
    word: route
    for route, words in {
        "oral": "po, p.o., by mouth, orally, mouth, per os, swallowed",
        "intravenous": "iv, i.v., intravenously, into a vein",
        "intramuscular": "im, i.m., intramuscularly",
        "subcutaneous": "sc, sq, subq, subcut, subcutaneously, under the skin, s.c.",
        "sublingual": "sl, under the tongue, sublingually",
        "transdermal": "td, patch, transdermally",
        "inhaled": "inh, inhalation, by inhalation, inhaler, by inhaler, nebulized, nebulizer",
        "nasal": "intranasal, nasally, in the nose, in each nostril, in",
        "topical": "topically, to the skin, on the skin, cutaneous, to skin",
        "ophthalmic": "eye, in the eye, in each eye, in both eyes, ophth",
        "otic": "ear, in the ear, in each ear",
        "rectal": "pr, rectally, per rectum",
        "vaginal": "pv, vaginally, per vagina",
        "buccal": "in the cheek",
    }.items()
    for word in words.split(", ")
}


def route_of(said: str | None) -> str | None:
    """The route that is meant; what nobody here knows stays as it was said."""
    plain = (said or "").strip().lower()
    return ROUTES.get(plain, plain) or None
