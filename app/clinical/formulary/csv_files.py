"""A folder of CSV files, read into the rows of a release, with every complaint by line.

The starter release is such a folder (`data/`), and so is what a site brings of its own.
"""

import csv
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.clinical.formulary.errors import Complaint, FormularyUnreadable
from app.clinical.formulary.rows import Contents, Row
from app.clinical.formulary.schemas import CheckKind
from app.clinical.formulary.tables import SHELF_LIFE_DAYS

LISTS = {"brands", "synonyms", "classes", "ingredients", "routes", "strengths", "parents", "words"}
FILES = {
    "drugs": "drugs.csv",
    "groups": "classes.csv",
    "cross_reactions": "cross_reactions.csv",
    "interactions": "interactions.csv",
    "duplications": "duplicates.csv",
    "dose_rules": "doses.csv",
    "pregnancy_rules": "pregnancy.csv",
    "renal_rules": "renal.csv",
}
# Columns in which one line of a file may name several, and stands for as many rows.
MANY = {
    "cross_reactions": ("allergy", "given"),
    "interactions": ("first", "second"),
    "pregnancy_rules": ("subject",),
    "renal_rules": ("subject",),
}
AGES = {"adult": (18, 150), "elderly": (65, 150), "child": (0, 18), "any": (0, 150)}
MOST_COMPLAINTS = 50
Progress = Callable[[str, int], None]  # the file, and how many of its lines were read


@dataclass(frozen=True, kw_only=True)
class Head:
    """What `release.toml` says of the whole."""

    name: str
    version: str
    effective_on: date
    source: str
    shelf_life_days: int = SHELF_LIFE_DAYS
    reviewed_by: str | None = None
    covered: str = ""
    adds_only: bool = False  # it replaces no release, even when asked to
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)


class Complaints:
    """Everything wrong, so that one run tells all of it."""

    def __init__(self) -> None:
        self._found: list[Complaint] = []

    def add(self, file: str, line: int | None, why: str, rule: str) -> None:
        if len(self._found) < MOST_COMPLAINTS:
            at = [file] if line is None else [file, str(line)]
            self._found.append(Complaint(at=at, why=why, rule=rule))

    def raise_any(self) -> None:
        if self._found:
            raise FormularyUnreadable(errors=self._found)


def no_progress(_file: str, _lines: int) -> None:
    return None


def read_folder(folder: Path, on_progress: Progress = no_progress) -> tuple[Head, Contents]:
    """Raises `FormularyUnreadable` with all that is wrong inside each file."""
    head = read_head(folder)
    complaints = Complaints()
    found: dict[str, tuple[Row, ...]] = {}
    lines: dict[int, tuple[str, int]] = {}
    for part, name in FILES.items():
        path = folder / name
        rows: dict[tuple[object, ...], Row] = {}
        for line, row in read_file(path, part, head, complaints) if path.exists() else ():
            if row.identity in rows:
                complaints.add(name, line, "This is said twice.", "unique")
            rows[row.identity] = row
            lines[id(row)] = (name, line)
        found[part] = tuple(rows.values())
        on_progress(name, len(rows))
    if not any(found.values()):
        complaints.add(folder.name, None, f"None of {', '.join(FILES.values())} is here.", "files")
    complaints.raise_any()
    return head, Contents(**found, lines=lines)  # type: ignore[arg-type]


def read_head(folder: Path) -> Head:
    """Raises `FormularyUnreadable`."""
    path, why = folder / "release.toml", ""
    try:
        head = Head(**tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        why = "This file is missing: it names the release."
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        why = f"This is no TOML: {error}."
    except TypeError:
        needed = "name, version, effective_on and source; shelf_life_days, reviewed_by, covered"
        why = f"It has to say {needed}, sources."
    if why:
        raise FormularyUnreadable(errors=[Complaint(at=[path.name], why=why, rule="head")])
    if faults := [*faults_of(head)]:
        raise FormularyUnreadable(
            errors=[Complaint(at=[path.name], why=each, rule="head") for each in faults]
        )
    return head


def faults_of(head: Head) -> Iterator[str]:
    """What TOML allows and a release does not."""
    if not isinstance(head.effective_on, date) or isinstance(head.effective_on, datetime):
        yield "effective_on has to be a date, such as 2026-11-01."
    if not isinstance(head.shelf_life_days, int) or head.shelf_life_days < 1:
        yield "shelf_life_days has to be a number of days."
    for name, longest in (("name", 100), ("version", 40), ("source", 1000)):
        value = getattr(head, name)
        if not isinstance(value, str) or not 1 <= len(value) <= longest:
            yield f"{name} has to be a text of up to {longest} letters."
    if unknown := set(head.covered.split()) - set(CheckKind):
        yield f"covered knows no {', '.join(sorted(unknown))}."


def read_file(
    path: Path, part: str, head: Head, complaints: Complaints
) -> Iterator[tuple[int, Row]]:
    kind = Contents.PARTS[part]
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            for entry in reader:
                for cells in spread(entry, MANY.get(part, ())):
                    row = read_row(kind, cells, head, (path.name, reader.line_num), complaints)
                    if row is not None:
                        yield reader.line_num, row
    except UnicodeDecodeError:
        complaints.add(path.name, None, "This file is not UTF-8.", "encoding")
    except csv.Error as error:
        complaints.add(path.name, reader.line_num, f"This is no CSV: {error}.", "csv")


def spread(entry: dict[str, Any], columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    choices = [parted(entry.get(column) or "") or [""] for column in columns]
    for chosen in product(*choices):
        yield entry | dict(zip(columns, chosen, strict=True))


def parted(cell: str) -> list[str]:
    return [word.strip() for word in cell.split(";") if word.strip()]


def read_row(
    kind: type[Row], entry: dict[str, Any], head: Head, at: tuple[str, int], complaints: Complaints
) -> Row | None:
    if None in entry or None in entry.values():
        complaints.add(*at, "This line has more or fewer cells than the heading.", "cells")
        return None
    cells: dict[str, Any] = {name: cell.strip() for name, cell in entry.items() if cell.strip()}
    try:
        cells = understood(kind, cells, head)
        return kind.model_validate(cells)
    except ValidationError as error:
        for each in error.errors():
            where = ".".join(str(part) for part in each["loc"])
            complaints.add(*at, f"{where}: {each['msg']}.", each["type"])
    except ValueError as error:
        complaints.add(*at, f"{error}.", "value")
    return None


def understood(kind: type[Row], cells: dict[str, Any], head: Head) -> dict[str, Any]:
    """Cells as the row wants them. Raises `ValueError` with a sentence."""
    for name in LISTS & cells.keys():
        cells[name] = tuple(parted(cells[name]))
    if "key" in kind.model_fields:
        cells.setdefault("name", cells.get("key", "").replace("-", " "))
    if "covered" in kind.model_fields:
        covered = cells.get("covered", head.covered)
        cells["covered"] = tuple(covered.split()) if covered != "none" else ()
    if "as_of" in kind.model_fields:
        cells = sourced(cells, head)
    if "ages" in cells:
        cells["age_from"], cells["age_below"] = ages(cells.pop("ages"))
    if cells.get("severity") == "none":
        del cells["severity"]
    for name in ("shared_allergy", "per_kg"):
        if name in cells:
            cells[name] = cells[name].lower() in {"yes", "true", "1"}
    return cells


def sourced(cells: dict[str, Any], head: Head) -> dict[str, Any]:
    named = head.sources.get(cells.get("source", ""), {})
    said = {"as_of": head.effective_on} | cells
    if named:
        said["source"] = named["title"]
        said["as_of"] = cells.get("as_of", named.get("as_of", head.effective_on))
    return said


def ages(text: str) -> tuple[int, int]:
    """adult, elderly, child, any, or years such as 6-11."""
    if text in AGES:
        return AGES[text]
    first, _, last = text.partition("-")
    if first.isdigit() and last.isdigit() and int(first) <= int(last):
        return int(first), int(last) + 1
    raise ValueError("ages: write adult, elderly, child, any, or years such as 6-11")
