"""What a check says, in sentences for the prescriber."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.clinical.formulary.rows import Drug, Rule
from app.clinical.formulary.schemas import (
    CheckKind,
    Finding,
    Medicine,
    Outcome,
    PatientFacts,
    Severity,
)
from app.clinical.formulary.tables import Tables


@dataclass(frozen=True, kw_only=True)
class Question:
    """One medicine, known to the tables, for one patient, on one day."""

    tables: Tables
    drug: Drug
    medicine: Medicine
    facts: PatientFacts
    today: date

    @property
    def name(self) -> str:
        """As it was said, with what it is where that differs."""
        said = self.medicine.name
        return said if said.lower() == self.drug.name.lower() else f"{said} ({self.drug.name})"

    @property
    def by(self) -> str:
        return f"{self.tables.title} of {spoken(self.tables.effective_on)}"

    def warning(
        self,
        kind: CheckKind,
        severity: Severity,
        because: str,
        *,
        rule: str,
        of: Rule | None = None,
        about: str | None = None,
    ) -> Finding:
        """By a rule of the tables, or by the tables as such."""
        return Finding(
            kind=kind,
            outcome=Outcome.WARNING,
            severity=severity,
            because=because,
            about=about,
            rule=rule,
            source=of.source if of else self.tables.title,
            as_of=of.as_of if of else self.tables.effective_on,
        )

    def passed(
        self, kind: CheckKind, because: str, *, of: Rule | None = None, rule: str | None = None
    ) -> Finding:
        return Finding(
            kind=kind,
            outcome=Outcome.NOTHING_FOUND,
            because=because,
            rule=rule,
            source=of.source if of else self.tables.title,
            as_of=of.as_of if of else self.tables.effective_on,
        )

    def unchecked(
        self, kind: CheckKind, because: str, *, about: str | None = None, of: Rule | None = None
    ) -> Finding:
        return not_checked(
            kind,
            because,
            about=about,
            source=of.source if of else self.tables.title,
            as_of=of.as_of if of else self.tables.effective_on,
        )


def not_checked(
    kind: CheckKind,
    because: str,
    *,
    about: str | None = None,
    source: str | None = None,
    as_of: date | None = None,
) -> Finding:
    return Finding(
        kind=kind,
        outcome=Outcome.NOT_CHECKED,
        because=f"Not checked: {because}",
        about=about,
        source=source,
        as_of=as_of,
    )


def spoken(day: date) -> str:
    return day.strftime("%d-%b-%Y")


def listed(names: Iterable[str]) -> str:
    """a, b and c"""
    *most, last = list(names)
    return f"{', '.join(most)} and {last}" if most else last
