"""How a medicine is taken: a structure, and the one sentence that says it. Pure.

Two structures that differ never read the same, so the sentence can be trusted as much as the
structure. Units are UCUM, as notes annotate them.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StringConstraints,
    field_validator,
    model_validator,
)


class DoseUnit(StrEnum):
    """UCUM."""

    MILLIGRAM = "mg"
    MICROGRAM = "ug"
    GRAM = "g"
    MILLILITRE = "mL"
    UNIT = "[IU]"
    MILLIEQUIVALENT = "meq"
    PERCENT = "%"
    TABLET = "{tbl}"
    CAPSULE = "{capsule}"
    PUFF = "{puff}"
    SPRAY = "{spray}"
    DROP = "[drp]"
    PATCH = "{patch}"
    APPLICATION = "{application}"
    SUPPOSITORY = "{suppository}"


class Route(StrEnum):
    ORAL = "oral"
    SUBLINGUAL = "sublingual"
    INHALED = "inhaled"
    NASAL = "nasal"
    OPHTHALMIC = "ophthalmic"
    OTIC = "otic"
    TOPICAL = "topical"
    TRANSDERMAL = "transdermal"
    SUBCUTANEOUS = "subcutaneous"
    INTRAMUSCULAR = "intramuscular"
    INTRAVENOUS = "intravenous"
    RECTAL = "rectal"
    VAGINAL = "vaginal"


class Period(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class When(StrEnum):
    """A time of the day each of which is one dose, in the order of the day."""

    MORNING = "morning"
    NOON = "noon"
    EVENING = "evening"
    BEDTIME = "bedtime"


class Meals(StrEnum):
    WITH = "with"
    BEFORE = "before"
    AFTER = "after"
    EMPTY_STOMACH = "empty-stomach"


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


SINGULAR_PLURAL = {
    DoseUnit.MILLIGRAM: ("mg", "mg"),
    DoseUnit.MICROGRAM: ("micrograms", "micrograms"),  # never "ug" or "mcg": both were misread
    DoseUnit.GRAM: ("g", "g"),
    DoseUnit.MILLILITRE: ("mL", "mL"),
    DoseUnit.UNIT: ("unit", "units"),  # never "U" or "IU"
    DoseUnit.MILLIEQUIVALENT: ("mEq", "mEq"),
    DoseUnit.PERCENT: ("%", "%"),
    DoseUnit.TABLET: ("tablet", "tablets"),
    DoseUnit.CAPSULE: ("capsule", "capsules"),
    DoseUnit.PUFF: ("puff", "puffs"),
    DoseUnit.SPRAY: ("spray", "sprays"),
    DoseUnit.DROP: ("drop", "drops"),
    DoseUnit.PATCH: ("patch", "patches"),
    DoseUnit.APPLICATION: ("application", "applications"),
    DoseUnit.SUPPOSITORY: ("suppository", "suppositories"),
}
ROUTES = {
    Route.ORAL: ("Take", "by mouth"),
    Route.SUBLINGUAL: ("Put", "under the tongue"),
    Route.INHALED: ("Inhale", "by inhalation"),
    Route.NASAL: ("Give", "into the nose"),
    Route.OPHTHALMIC: ("Put", "into the eye"),
    Route.OTIC: ("Put", "into the ear"),
    Route.TOPICAL: ("Apply", "to the skin"),
    Route.TRANSDERMAL: ("Apply", "as a patch on the skin"),
    Route.SUBCUTANEOUS: ("Inject", "under the skin"),
    Route.INTRAMUSCULAR: ("Inject", "into a muscle"),
    Route.INTRAVENOUS: ("Give", "into a vein"),
    Route.RECTAL: ("Insert", "into the rectum"),
    Route.VAGINAL: ("Insert", "into the vagina"),
}
TIMES = {1: "once", 2: "twice"}
MEALS = {
    Meals.WITH: "with meals",
    Meals.BEFORE: "before meals",
    Meals.AFTER: "after meals",
    Meals.EMPTY_STOMACH: "on an empty stomach",
}
WHEN = {
    When.MORNING: "in the morning",
    When.NOON: "at noon",
    When.EVENING: "in the evening",
    When.BEDTIME: "at bedtime",
}


def plainly(value: Decimal) -> str:
    """0.5, never .5; 5, never 5.0: a point that is overlooked is ten times the dose."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_written(value: object) -> object:
    """Plain figures with a point, such as 2.5; "1_0", "1e2" or "2,5" might be read wrongly."""
    if isinstance(value, str) and not PLAIN.fullmatch(value.strip()):
        raise ValueError("write the number in figures, such as 2.5")
    return value.strip() if isinstance(value, str) else value


PLAIN = re.compile(r"[0-9]{1,7}(\.[0-9]{1,4})?")
Amount = Annotated[
    Decimal,
    BeforeValidator(as_written),
    Field(gt=0, le=1_000_000, max_digits=10, decimal_places=4),
    PlainSerializer(plainly, return_type=str, when_used="json"),
]
# Words without a comma or a full stop: they stand inside the sentence.
Purpose = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=100,
        pattern=r"^[0-9A-Za-zÀ-ÿ][0-9A-Za-zÀ-ÿ '()/-]*$",
    ),
]


class Sig(BaseModel):
    """What was not said is None or empty. `most_a_day`: doses, of what is taken as needed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Amount | None = None
    unit: DoseUnit | None = None
    route: Route | None = None
    times_a_day: Annotated[int, Field(strict=True, ge=1, le=24)] | None = None
    every: Annotated[int, Field(strict=True, ge=1, le=90)] | None = None
    every_period: Period | None = None
    when: tuple[When, ...] = ()
    meals: Meals | None = None
    weekdays: tuple[Weekday, ...] = ()
    once_only: StrictBool = False
    as_needed: StrictBool = False
    as_needed_for: Purpose | None = None
    most_a_day: Annotated[int, Field(strict=True, ge=1, le=48)] | None = None
    duration: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None
    duration_period: Period | None = None

    @field_validator("amount")
    @classmethod
    def _one_way_to_write_it(cls, amount: Decimal | None) -> Decimal | None:
        return None if amount is None else Decimal(plainly(amount))

    @field_validator("when")
    @classmethod
    def _times_in_order(cls, when: tuple[When, ...]) -> tuple[When, ...]:
        return tuple(each for each in When if each in when)

    @field_validator("weekdays")
    @classmethod
    def _weekdays_in_order(cls, weekdays: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        return tuple(each for each in Weekday if each in weekdays)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.every is None) != (self.every_period is None):
            raise ValueError("say every how many hours, days, weeks or months")
        if (self.duration is None) != (self.duration_period is None):
            raise ValueError("say for how many days, weeks or months")
        if sum((self.times_a_day is not None, self.every is not None, self.once_only)) > 1:
            raise ValueError("say one of: times a day, every so often, once only")
        if self.times_a_day is not None and self.when and len(self.when) != self.times_a_day:
            raise ValueError("as many times of the day as times a day")
        if self.every is not None and self.every_period is Period.HOURS and self.when:
            raise ValueError("every so many hours is at no time of the day")
        if self.weekdays and (self.every is not None or self.once_only):
            raise ValueError("weekdays go with times a day")
        if self.as_needed_for is not None and not self.as_needed:
            raise ValueError("for what it is needed is said of what is taken as needed")
        if self.once_only and (self.duration or self.most_a_day or len(self.when) > 1):
            raise ValueError("once only is once")
        return self

    @property
    def says_how_often(self) -> bool:
        said = (self.times_a_day, self.every, self.when, self.weekdays, self.meals)
        return any(said) or self.once_only or self.as_needed

    @property
    def missing(self) -> tuple[str, ...]:
        """The members a prescription cannot do without and that were not said."""
        told = {
            "amount": self.amount,
            "unit": self.unit,
            "route": self.route,
            "times_a_day": self.says_how_often,
        }
        return tuple(name for name, value in told.items() if not value)

    @property
    def doses_a_day(self) -> Decimal | None:
        """At most so many on one day; None: not said, or as needed without a limit."""
        said = self._doses_said
        limits = [Decimal(each) for each in (self.most_a_day,) if each] + ([said] if said else [])
        return min(limits) if self.as_needed and limits else said

    @property
    def _doses_said(self) -> Decimal | None:
        if self.every is not None:
            hours = {Period.HOURS: 1, Period.DAYS: 24, Period.WEEKS: 168, Period.MONTHS: 720}
            assert self.every_period is not None
            return Decimal(24) / (self.every * hours[self.every_period])
        if self.times_a_day or self.when:
            return Decimal(self.times_a_day or len(self.when))
        if self.meals is not None and self.meals is not Meals.EMPTY_STOMACH:
            return Decimal(3)
        return Decimal(1) if self.weekdays or self.once_only else None


def dose_text(sig: Sig) -> str:
    """Such as "2 tablets"; empty when neither number nor unit was said."""
    if sig.amount is None:
        return f"(how many?) {SINGULAR_PLURAL[sig.unit][1]}" if sig.unit else ""
    amount = plainly(sig.amount)
    if sig.unit is None:
        return f"{amount} (of what?)"
    one, several = SINGULAR_PLURAL[sig.unit]
    return f"{amount} {one if sig.amount <= 1 else several}"


def sig_text(sig: Sig) -> str:
    """The sentence the structure says, for the patient and on paper."""
    verb, where = ROUTES[sig.route] if sig.route else ("Use", "")
    parts = [
        dose_text(sig),
        where,
        how_often(sig),
        joined([WHEN[each] for each in sig.when]),
        MEALS[sig.meals] if sig.meals else "",
        f"on {joined([day.capitalize() for day in sig.weekdays])}" if sig.weekdays else "",
    ]
    sentence = " ".join([verb, *(part for part in parts if part)])
    if sig.as_needed:
        sentence += ", as needed" + (f" for {sig.as_needed_for}" if sig.as_needed_for else "")
    if sig.most_a_day:
        sentence += f", at most {times(sig.most_a_day)} a day"
    if sig.duration and sig.duration_period:
        sentence += f", for {lasting(sig.duration, sig.duration_period)}"
    return f"{sentence}."


def how_often(sig: Sig) -> str:
    if sig.once_only:
        return "once only"
    if sig.times_a_day:
        return f"{times(sig.times_a_day)} a day"
    if sig.every and sig.every_period:
        period = sig.every_period
        return f"every {period[:-1]}" if sig.every == 1 else f"every {sig.every} {period}"
    return ""


def times(number: int) -> str:
    return TIMES.get(number, f"{number} times")


def lasting(number: int, period: Period) -> str:
    return f"{number} {period[:-1] if number == 1 else period}"


def joined(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
