"""Is a release of one piece: does everything it names exist, and mean one thing?"""

from collections import defaultdict

from app.clinical.formulary.csv_files import FILES, Complaints
from app.clinical.formulary.rows import Contents, Row
from app.clinical.formulary.units import quantity
from app.clinical.formulary.words import plain


def inspect(contents: Contents) -> None:
    """Raises `FormularyUnreadable` with all that does not fit together."""
    complaints = Complaints()
    drugs = {drug.key for drug in contents.drugs}
    groups = {group.key for group in contents.groups}
    for key in sorted(drugs & groups):
        complaints.add(FILES["groups"], None, f"{key} is a drug and a class at once.", "unique")
    for row, named, only_drugs in contents.subjects():
        allowed = drugs if only_drugs else drugs | groups
        for key in named:
            if key not in allowed:
                what = "drug" if only_drugs else "drug or class"
                complaints.add(*place(contents, row), f"There is no {what} {key}.", "known")
    for rule in contents.dose_rules:
        if quantity(rule.usual_high or rule.max_day or rule.max_each or 0, rule.unit) is None:  # type: ignore[arg-type]
            complaints.add(*place(contents, rule), f"Nobody knows the unit {rule.unit}.", "unit")
    circular(contents, complaints)
    ambiguous(contents, complaints)
    complaints.raise_any()


def place(contents: Contents, row: Row) -> tuple[str, int | None]:
    """Where a row was written; the rows of an earlier release have no line."""
    found = contents.lines.get(id(row))
    if found is not None:
        return found
    part = next(name for name, kind in Contents.PARTS.items() if isinstance(row, kind))
    return FILES[part], None


def circular(contents: Contents, complaints: Complaints) -> None:
    parents = {group.key: group.parents for group in contents.groups}
    for group in contents.groups:
        seen, ahead = set[str](), list(group.parents)
        while ahead:
            key = ahead.pop()
            if key not in seen:
                seen.add(key)
                ahead += parents.get(key, ())
        if group.key in seen:
            complaints.add(*place(contents, group), f"{group.key} lies within itself.", "nested")


def ambiguous(contents: Contents, complaints: Complaints) -> None:
    """Words for allergies must mean one group; a group that shares a drug's name is meant first."""
    meant: dict[str, set[str]] = defaultdict(set)
    for group in contents.groups:
        for word in (group.name, group.key, *group.words):
            meant[plain(word)].add(group.key)
    for word, keys in sorted(meant.items()):
        if len(keys) > 1:
            why = f"“{word}” would mean {' and '.join(sorted(keys))}."
            complaints.add(FILES["groups"], None, why, "unique")
