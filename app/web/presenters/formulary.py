"""The formulary as a page: which release, how old, and what it says of a drug."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.clinical.formulary import CheckKind, DoseSaid, DrugOut, ReleaseOut
from app.web.presenters.formats import Fact, State, counted, day

COUNTED = {
    "drugs": "Drugs",
    "groups": "Classes and allergens",
    "interactions": "Interactions",
    "cross_reactions": "Cross-reactions of allergies",
    "duplications": "Classes not to be doubled",
    "dose_rules": "Dose rules",
    "pregnancy_rules": "Pregnancy rules",
    "renal_rules": "Kidney rules",
}
KINDS = {
    CheckKind.ALLERGY: "allergy",
    CheckKind.INTERACTION: "interactions",
    CheckKind.DUPLICATE: "duplicate therapy",
    CheckKind.DOSE: "dose",
    CheckKind.PREGNANCY: "pregnancy",
    CheckKind.RENAL: "kidneys",
}
STATES = {
    "current": State("ok", "in use"),
    "superseded": State("", "superseded"),
    "imported": State("", "not in use"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DoseRow:
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class DrugRow:
    key: str
    name: str
    brands: str
    facts: tuple[Fact, ...]
    doses: tuple[DoseRow, ...]
    gaps: str | None


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    title: str
    state: State
    detail: str


@dataclass(frozen=True, slots=True)
class FormularyPage:
    notice: Notice
    facts: tuple[Fact, ...]
    counts: tuple[Fact, ...]
    earlier: tuple[ReleaseRow, ...]
    words: str
    found: tuple[DrugRow, ...]
    said: str


def page(
    release: ReleaseOut | None,
    releases: Sequence[ReleaseOut],
    found: Sequence[DrugOut],
    words: str,
) -> FormularyPage:
    return FormularyPage(
        notice=notice(release),
        facts=facts_of(release) if release else (),
        counts=counts_of(release) if release else (),
        earlier=tuple(release_row(one) for one in releases if one.status != "current"),
        words=words,
        found=tuple(drug_row(one) for one in found),
        said=counted(len(found), "drug") if words else "",
    )


def notice(release: ReleaseOut | None) -> Notice:
    if release is None:
        return Notice(
            "warn",
            "There is no formulary: nothing is checked.",
            "Bring one in: ./dra formulary load-starter, or your own by ./dra formulary import.",
        )
    if release.is_outdated:
        return Notice(
            "warn",
            f"Outdated since {day(release.good_until)}: what it does not warn of is not checked.",
            "Bring in a newer release with ./dra formulary import.",
        )
    if release.reviewed_by is None:
        return Notice(
            "info",
            "Nobody of your clinic has reviewed this release.",
            "Have a pharmacist read it, and bring it in under your own name.",
        )
    return Notice("ok", f"Reviewed by {release.reviewed_by}.", "Checks are made against it.")


def facts_of(release: ReleaseOut) -> tuple[Fact, ...]:
    return (
        Fact("Release", f"{release.name} {release.version}"),
        Fact("Of", day(release.effective_on)),
        Fact("Good until", day(release.good_until)),
        Fact("Brought in", day(release.imported_at.date())),
        Fact("Reviewed by", release.reviewed_by or "nobody here yet"),
        Fact("Source", release.source),
    )


def counts_of(release: ReleaseOut) -> tuple[Fact, ...]:
    return tuple(Fact(title, f"{release.counts.get(name, 0):,}") for name, title in COUNTED.items())


def release_row(one: ReleaseOut) -> ReleaseRow:
    detail = f"of {day(one.effective_on)}, brought in {day(one.imported_at.date())}"
    return ReleaseRow(f"{one.name} {one.version}", STATES[one.status], detail)


def drug_row(drug: DrugOut) -> DrugRow:
    told = (
        ("Also called", ", ".join(drug.synonyms)),
        ("Classes", ", ".join(drug.classes)),
        ("Holds", ", ".join(key.replace("-", " ") for key in drug.ingredients)),
        ("Given", ", ".join(drug.routes) or "never alone"),
        ("Strengths", ", ".join(drug.strengths)),
        ("Codes", ", ".join(codes(drug))),
    )
    gaps = ", ".join(KINDS[kind] for kind in drug.not_covered)
    return DrugRow(
        key=drug.key,
        name=drug.name,
        brands=", ".join(drug.brands),
        facts=tuple(Fact(name, value) for name, value in told if value),
        doses=tuple(dose_row(dose) for dose in drug.doses),
        gaps=f"Not checked: {gaps}." if gaps else None,
    )


def codes(drug: DrugOut) -> list[str]:
    told = (("ATC", drug.atc), ("RxNorm", drug.rxcui))
    return [f"{system} {code}" for system, code in told if code]


def dose_row(dose: DoseSaid) -> DoseRow:
    return DoseRow(dose.says, f"{dose.source}, {day(dose.as_of)}")
