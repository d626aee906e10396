"""The rows of a release, as clinicians write them in files and as the database keeps them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.clinical.formulary.schemas import CheckKind, Severity

KEY = r"^[a-z0-9][a-z0-9-]{0,79}$"
Words = tuple[str, ...]


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    natural: ClassVar[tuple[str, ...]]  # what makes it the same row in another release

    @property
    def identity(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.natural)


class GroupKind(StrEnum):
    CLASS = "class"
    ALLERGEN = "allergen"  # no medicine: latex, egg
    NONE_KNOWN = "none-known"  # what people write when nothing is known


class PregnancyAdvice(StrEnum):
    CONTRAINDICATED = "contraindicated"
    MAJOR = "major"
    MODERATE = "moderate"
    COMPATIBLE = "compatible"


class Drug(Row):
    """A substance, or a fixed combination of them. No routes: it is never given alone."""

    natural = ("key",)

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=200)
    brands: Words = ()
    synonyms: Words = ()
    rxcui: str | None = None
    atc: str | None = None
    classes: Words = ()
    ingredients: Words = ()
    routes: Words = ()
    strengths: Words = ()
    covered: tuple[CheckKind, ...] = ()

    @property
    def names(self) -> Words:
        return (self.name, *self.brands, *self.synonyms)


class Group(Row):
    """A class of drugs (therapeutic or chemical), or something else people are allergic to."""

    natural = ("key",)

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=200)
    kind: GroupKind = GroupKind.CLASS
    parents: Words = ()
    shared_allergy: bool = False  # who is allergic to one member is taken to be to all
    words: Words = ()


class Rule(Row):
    """Something that is said of drugs or groups, by whom, and as of when."""

    source: str = Field(min_length=1, max_length=300)
    as_of: date


class CrossReaction(Rule):
    natural = ("allergy", "given")

    allergy: str
    given: str
    severity: Severity
    because: str


class Interaction(Rule):
    natural = ("first", "second")

    first: str
    second: str
    severity: Severity
    effect: str
    advice: str


class Duplication(Rule):
    """Two members of one group are one too many."""

    natural = ("group",)

    group: str
    severity: Severity
    because: str


class DoseRule(Rule):
    """For ages from `age_from` to below `age_below`, in `unit`, or that for each kg of weight."""

    natural = ("drug", "route", "age_from", "age_below")

    drug: str
    route: str
    age_from: int = Field(ge=0, le=150)
    age_below: int = Field(ge=1, le=200)
    unit: str
    per_kg: bool = False
    usual_low: Decimal | None = Field(default=None, ge=0)
    usual_high: Decimal | None = Field(default=None, ge=0)
    max_each: Decimal | None = Field(default=None, ge=0)
    max_day: Decimal | None = Field(default=None, ge=0)
    cap_each: Decimal | None = Field(default=None, ge=0)
    cap_day: Decimal | None = Field(default=None, ge=0)
    least_days: int | None = Field(default=None, ge=2)
    note: str | None = None

    @model_validator(mode="after")
    def spans_something(self) -> "DoseRule":
        if self.age_below <= self.age_from:
            raise ValueError("the ages end before they begin")
        if (self.usual_low is None) != (self.usual_high is None):
            raise ValueError("write the usual dose as usual_low and usual_high, or neither")
        if self.usual_low is not None and self.usual_low > (self.usual_high or 0):
            raise ValueError("usual_high is below usual_low")
        if (self.usual_high, self.max_each, self.max_day) == (None, None, None):
            raise ValueError("write a usual dose or a highest one")
        return self


class PregnancyRule(Rule):
    natural = ("subject",)

    subject: str
    advice: PregnancyAdvice
    because: str


class RenalRule(Rule):
    """`below` an eGFR; None says that no change is needed at any."""

    natural = ("subject", "below")

    subject: str
    below: Decimal | None = Field(default=None, gt=0)
    severity: Severity | None = None
    because: str

    @model_validator(mode="after")
    def says_how_grave_it_is(self) -> "RenalRule":
        if (self.below is None) != (self.severity is None):
            raise ValueError("write both an eGFR and a severity, or neither")
        return self


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Everything in one release."""

    drugs: tuple[Drug, ...] = ()
    groups: tuple[Group, ...] = ()
    cross_reactions: tuple[CrossReaction, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    duplications: tuple[Duplication, ...] = ()
    dose_rules: tuple[DoseRule, ...] = ()
    pregnancy_rules: tuple[PregnancyRule, ...] = ()
    renal_rules: tuple[RenalRule, ...] = ()
    lines: dict[int, tuple[str, int]] = field(default_factory=dict, compare=False)

    PARTS: ClassVar[dict[str, type[Row]]] = {
        "drugs": Drug,
        "groups": Group,
        "cross_reactions": CrossReaction,
        "interactions": Interaction,
        "duplications": Duplication,
        "dose_rules": DoseRule,
        "pregnancy_rules": PregnancyRule,
        "renal_rules": RenalRule,
    }

    def part(self, name: str) -> tuple[Row, ...]:
        rows: tuple[Row, ...] = getattr(self, name)
        return rows

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(self.part(name)) for name in self.PARTS}

    def overlaid(self, newer: "Contents") -> "Contents":
        """With the rows of `newer`, which stand for ours of the same identity."""
        return Contents(
            **{
                name: tuple(
                    ({row.identity: row for row in self.part(name)}
                     | {row.identity: row for row in newer.part(name)}).values()
                )
                for name in self.PARTS
            },  # type: ignore[arg-type]
            lines=newer.lines,
        )  # fmt: skip

    def subjects(self) -> Iterator[tuple[Row, Iterable[str], bool]]:
        """Each row that names drugs or groups, what it names, and whether only drugs may be."""
        for drug in self.drugs:
            yield drug, drug.ingredients, True
        for rule in self.dose_rules:
            yield rule, (rule.drug,), True
        for group in self.groups:
            yield group, group.parents, False
        for drug in self.drugs:
            yield drug, drug.classes, False
        for cross in self.cross_reactions:
            yield cross, (cross.allergy, cross.given), False
        for pair in self.interactions:
            yield pair, (pair.first, pair.second), False
        for same in self.duplications:
            yield same, (same.group,), False
        for pregnancy in self.pregnancy_rules:
            yield pregnancy, (pregnancy.subject,), False
        for renal in self.renal_rules:
            yield renal, (renal.subject,), False
