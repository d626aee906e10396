"""RxNorm's RRF files: names, brands and ingredients for drugs, and nothing else.

RxNorm holds no interactions, classes or doses. A drug that only RxNorm knows covers no check: what
nothing is found against is then not checked.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.clinical.formulary.csv_files import Complaints, Head, Progress, no_progress
from app.clinical.formulary.rows import Contents, Drug
from app.clinical.formulary.tables import Tables
from app.clinical.formulary.words import plain

CONCEPTS, RELATIONS = "RXNCONSO.RRF", "RXNREL.RRF"
# Columns, by Technical Documentation of RxNorm, sections 12.4 and 12.7.
RXCUI, LANGUAGE, SOURCE, KIND, NAME, SUPPRESSED = 0, 1, 11, 12, 14, 16
CONCEPT_CELLS, RELATION_CELLS = 18, 16
FIRST, SECOND, RELATION = 0, 4, 7
INGREDIENT, SEVERAL, PRECISE, BRAND = "IN", "MIN", "PIN", "BN"
BRANDED = frozenset({"tradename_of", "has_tradename"})
MADE_OF = frozenset({"has_part", "part_of", "has_ingredients", "ingredients_of"})
FORM = frozenset({"form_of", "has_form"})
EVERY = 20_000
LONGEST_KEY = 80


@dataclass
class Concepts:
    """What is of use in RxNorm, by its numbers."""

    kinds: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    brands: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    parts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    forms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def rxnorm_folder(path: Path) -> Path | None:
    """Where the RRF files lie in an unpacked release of RxNorm; None: this is none."""
    return next((each for each in (path, path / "rrf") if (each / CONCEPTS).is_file()), None)


def read_rxnorm(
    folder: Path,
    current: Tables | None,
    *,
    version: str,
    today: date,
    on_progress: Progress = no_progress,
) -> tuple[Head, Contents]:
    """The drugs of RxNorm, to be laid over the current release.

    The result stays as old as the current release: RxNorm makes no rule any younger. Raises
    `FormularyUnreadable`.
    """
    complaints = Complaints()
    concepts = Concepts()
    read_concepts(folder / CONCEPTS, concepts, complaints, on_progress)
    read_relations(folder / RELATIONS, concepts, complaints, on_progress)
    if not concepts.names:
        complaints.add(CONCEPTS, None, "There is no ingredient and no brand in it.", "empty")
    complaints.raise_any()
    name = f"RxNorm with {current.name}" if current else "RxNorm"
    head = Head(
        name=name,
        version=f"{current.version} {version}" if current else version,
        effective_on=current.effective_on if current else today,
        adds_only=True,
        shelf_life_days=current.shelf_life_days if current else Head.shelf_life_days,
        source=f"RxNorm {version}, United States National Library of Medicine: names only"
        + (f"; rules of {current.title}" if current else ""),
    )
    return head, Contents(drugs=tuple(drugs_of(concepts, current)))


def lines_of(
    path: Path, cells: int, complaints: Complaints, on_progress: Progress
) -> Iterator[list[str]]:
    number = 0
    try:
        with path.open(encoding="utf-8") as opened:
            for number, line in enumerate(opened, start=1):
                found = line.rstrip("\r\n").split("|")
                if len(found) < cells:
                    complaints.add(path.name, number, f"There are not {cells} cells.", "cells")
                    continue
                yield found
                if number % EVERY == 0:
                    on_progress(path.name, number)
    except FileNotFoundError:
        complaints.add(path.name, None, "This file is missing.", "files")
    except UnicodeDecodeError:
        complaints.add(path.name, number + 1, "This line is not UTF-8.", "encoding")
    on_progress(path.name, number)


def read_concepts(path: Path, found: Concepts, complaints: Complaints, say: Progress) -> None:
    for cells in lines_of(path, CONCEPT_CELLS, complaints, say):
        if cells[SOURCE] != "RXNORM" or cells[LANGUAGE] != "ENG" or cells[SUPPRESSED] != "N":
            continue
        if cells[KIND] in {INGREDIENT, SEVERAL, PRECISE, BRAND}:
            found.kinds[cells[RXCUI]] = cells[KIND]
            found.names[cells[RXCUI]] = cells[NAME]


def read_relations(path: Path, found: Concepts, complaints: Complaints, say: Progress) -> None:
    """Each relation is written both ways: what the two are says which way it goes."""
    for cells in lines_of(path, RELATION_CELLS, complaints, say):
        for one, other in ((cells[FIRST], cells[SECOND]), (cells[SECOND], cells[FIRST])):
            kinds = found.kinds.get(one), found.kinds.get(other)
            if cells[RELATION] in BRANDED and kinds in {(INGREDIENT, BRAND), (SEVERAL, BRAND)}:
                found.brands[one].add(found.names[other])
            elif cells[RELATION] in MADE_OF and kinds == (SEVERAL, INGREDIENT):
                found.parts[one].add(other)
            elif cells[RELATION] in FORM and kinds == (INGREDIENT, PRECISE):
                found.forms[one].add(found.names[other])


def drugs_of(concepts: Concepts, current: Tables | None) -> Iterator[Drug]:
    """Those that are known already with their number and more names; the others as they are."""
    keys: dict[str, str] = {}
    known = (
        {plain(name) for drug in current.drugs.values() for name in drug.names}
        if current
        else set()
    )
    taken = set(current.drugs) | set(current.groups) if current else set[str]()
    by_kind = sorted(concepts.names, key=lambda cui: (concepts.kinds[cui] != INGREDIENT, cui))
    # A brand of one substance and of a combination with it would mean neither.
    owners: dict[str, set[str]] = defaultdict(set)
    for cui, brands in concepts.brands.items():
        for brand in brands:
            owners[plain(brand)].add(cui)
    for cui in by_kind:
        kind, name = concepts.kinds[cui], concepts.names[cui]
        parts = [keys[part] for part in sorted(concepts.parts[cui]) if part in keys]
        if kind not in {INGREDIENT, SEVERAL} or (
            kind == SEVERAL and len(parts) < len(concepts.parts[cui])
        ):
            continue
        same = known_as(current, name, parts)
        called = fresh(concepts.brands[cui], known, owners)
        forms = fresh(concepts.forms[cui], known, {})
        if same is not None:
            keys[cui] = same.key
            more = {
                "rxcui": cui,
                "brands": (*same.brands, *called),
                "synonyms": (*same.synonyms, *forms),
            }
            yield same.model_copy(update=more)
            continue
        if kind == SEVERAL and not parts:
            continue
        keys[cui] = key_for(name, cui, taken)
        taken.add(keys[cui])
        yield Drug(
            key=keys[cui],
            name=name[:200],
            brands=called,
            synonyms=forms,
            rxcui=cui,
            ingredients=tuple(parts),
        )


def known_as(current: Tables | None, name: str, parts: list[str]) -> Drug | None:
    if current is None:
        return None
    key = current.drug_names.exactly(plain(name))
    if key is None and len(parts) > 1 and all(part in current.drugs for part in parts):
        key = current.combination(parts)
    return current.drugs[key] if key is not None else None


def fresh(names: Iterable[str], known: set[str], owners: dict[str, set[str]]) -> tuple[str, ...]:
    """Names that would mean nothing else, each given once."""
    found = []
    for name in sorted(names):
        word = plain(name)
        if word and word not in known and len(owners.get(word, ())) <= 1:
            known.add(word)
            found.append(name)
    return tuple(found)


def key_for(name: str, cui: str, taken: set[str]) -> str:
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return key if key and len(key) <= LONGEST_KEY and key not in taken else f"rx-{cui}"
