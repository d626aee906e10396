"""Reading a release of ICD-10-CM: the packaged one, or a file of CMS in its order format. Pure.

The classification is made by NCHS and CMS and is in the public domain. An order file holds names
only; what a name is also called is then taken from the packaged release, where the code is known.
"""

import hashlib
import importlib
import re
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from app.clinical.problems.errors import ReleaseUnreadable
from app.clinical.problems.lexicon import SAID
from app.clinical.problems.wording import index_words, phrases_of, words_of

PACKAGED_NAME = "ICD-10-CM, April 2026"
PACKAGED_ON = date(2026, 4, 1)
PACKAGED_SOURCE = "CMS and NCHS (public domain), packaged in simple-icd-10-cm 1.5"
CODE = re.compile(r"[A-Z][0-9A-Z][0-9A-Z][0-9A-Z]{0,4}")
ORDER_LINE = re.compile(r"(\d{5}) ([A-Z0-9]{3,7}) +([01]) (.{60}) ?(.*)")
FISCAL_YEAR = re.compile(r"(20\d\d)")
UNBILLABLE, LATER_VISIT, RARELY_MEANT, OFTEN_SAID, GENERAL = 200, 40, 30, 12, 3
MOST_WEIGHT_OF_WORDS = 40
EXTERNAL_CAUSES, PREGNANCY, NEWBORN, CONGENITAL, FACTORS = 20, 15, 16, 17, 21

# The first code of each chapter; what lies before the next belongs to it.
CHAPTERS = (
    ("A00", 1), ("C00", 2), ("D50", 3), ("E00", 4), ("F01", 5), ("G00", 6), ("H00", 7), ("H60", 8),
    ("I00", 9), ("J00", 10), ("K00", 11), ("L00", 12), ("M00", 13), ("N00", 14), ("O00", 15),
    ("P00", 16), ("Q00", 17), ("R00", 18), ("S00", 19), ("U00", 22), ("V00", 20), ("Z00", 21),
)  # fmt: skip
FIRST_CODES = [first for first, _ in CHAPTERS]
SAID_BY_CODE = dict(SAID)

OnProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One code as it is stored, but for the release it belongs to."""

    code: str
    description: str
    billable: bool
    parent: str | None
    inclusion_terms: tuple[str, ...] = ()

    @property
    def bare(self) -> str:
        return self.code.replace(".", "")

    @property
    def chapter(self) -> int:
        return CHAPTERS[bisect_right(FIRST_CODES, self.code[:3]) - 1][1]

    def record(self) -> tuple[object, ...]:
        """In the order of COLUMNS."""
        said = SAID_BY_CODE.get(self.code, ())
        names = (self.description, *self.inclusion_terms)
        return (
            self.code,
            self.bare,
            self.description,
            self.billable,
            self.parent,
            self.chapter,
            list(self.inclusion_terms),
            self.weight,
            sorted(set(words_of(self.description))),
            index_words([*names, *said]),
            phrases_of(names),
        )

    @property
    def weight(self) -> int:
        """Short names, which are the general ones, before long ones; the rare after the usual."""
        weight = min(len(words_of(self.description)), MOST_WEIGHT_OF_WORDS) * 2
        weight += 0 if self.billable else UNBILLABLE
        if self.chapter in (EXTERNAL_CAUSES, PREGNANCY, NEWBORN, CONGENITAL, FACTORS):
            weight += RARELY_MEANT
        said = self.description.lower()
        if "subsequent encounter" in said or "sequela" in said:
            weight += LATER_VISIT
        if "unspecified" in said or "without complication" in said:
            weight -= GENERAL
        if self.code in SAID_BY_CODE:
            weight -= OFTEN_SAID
        return max(weight, 0)


COLUMNS = (
    "code",
    "bare",
    "description",
    "billable",
    "parent",
    "chapter",
    "inclusion_terms",
    "weight",
    "title_words",
    "words",
    "phrases",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a file says, and the fingerprint by which it is known again."""

    name: str
    published_on: date
    source: str
    sha256: str
    codes: tuple[CodeRow, ...]


def dotted(bare: str) -> str:
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"  # noqa: PLR2004


def packaged_release(on_progress: OnProgress = lambda _line: None) -> Release:
    """The one that comes with the house; reading it takes seconds and much memory."""
    on_progress("Reading the packaged release…")
    codes = tuple(packaged_codes())
    return Release(
        name=PACKAGED_NAME,
        published_on=PACKAGED_ON,
        source=PACKAGED_SOURCE,
        sha256=fingerprint(PACKAGED_NAME, codes),
        codes=codes,
    )


def the_library() -> Any:
    """Imported only here: it reads 10 MB when it is, in a way Python calls old."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module("simple_icd_10_cm")


def packaged_codes() -> Iterator[CodeRow]:
    icd10 = the_library()
    for code in dict.fromkeys(icd10.get_all_codes()):  # a block of one category has its code too
        if not icd10.is_category_or_subcategory(code):
            continue
        parent = icd10.get_parent(code)
        terms = dict.fromkeys([*icd10.get_inclusion_term(code), *icd10.get_includes(code)])
        yield CodeRow(
            code=code,
            description=icd10.get_description(code),
            billable=icd10.is_leaf(code),
            parent=parent if icd10.is_category_or_subcategory(parent) and parent != code else None,
            inclusion_terms=tuple(term for term in terms if term),
        )


def order_file(path: Path, on_progress: OnProgress = lambda _line: None) -> Release:
    """A file icd10cm_order_*.txt of CMS. Raises `ReleaseUnreadable`, `OSError`."""
    on_progress(f"Reading {path.name}…")
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ReleaseUnreadable(line=1, rule="text_in_utf8") from error
    listed = tuple(order_lines(lines))
    on_progress("Adding what names are also called…")
    known = {row.code: row.inclusion_terms for row in packaged_codes()}
    codes = tuple(replace(row, inclusion_terms=known.get(row.code, ())) for row in listed)
    year = FISCAL_YEAR.search(path.name)
    published = date(int(year[1]) - 1, 10, 1) if year else PACKAGED_ON
    if "april" in path.name.casefold() and year:
        published = date(int(year[1]), 4, 1)
    return Release(
        name=f"ICD-10-CM, {path.stem}",
        published_on=published,
        source="CMS and NCHS (public domain), read from an order file",
        sha256=fingerprint(path.stem, codes),
        codes=codes,
    )


def order_lines(lines: list[str]) -> Iterator[CodeRow]:
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        read = ORDER_LINE.fullmatch(line.rstrip().ljust(77))
        if read is None:
            raise ReleaseUnreadable(line=number, rule="line_of_order_file")
        bare, billable = read[2], read[3] == "1"
        if not CODE.fullmatch(bare):
            raise ReleaseUnreadable(line=number, rule="code")
        if bare in seen:
            raise ReleaseUnreadable(line=number, rule="code_once")
        seen.add(bare)
        description = (read[5] or read[4]).strip()
        if not description:
            raise ReleaseUnreadable(line=number, rule="code_named")
        parent = next((bare[:n] for n in range(len(bare) - 1, 2, -1) if bare[:n] in seen), None)
        yield CodeRow(
            code=dotted(bare),
            description=description,
            billable=billable,
            parent=dotted(parent) if parent else None,
        )
    if not seen:
        raise ReleaseUnreadable(line=1, rule="some_code")


def fingerprint(name: str, codes: tuple[CodeRow, ...]) -> str:
    digest = hashlib.sha256(name.encode())
    for row in codes:
        digest.update(f"\n{row.code}\t{int(row.billable)}\t{row.description}".encode())
    return digest.hexdigest()
