"""Public notes (ACI-Bench, MTS-Dialog) as sentences labelled with their part of the note."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EITHER = "AP"

ACI_HEADINGS = {
    **dict.fromkeys(("CHIEF COMPLAINT", "CC", "HISTORY OF PRESENT ILLNESS", "HPI"), "S"),
    **dict.fromkeys(("REVIEW OF SYSTEMS", "SOCIAL HISTORY", "FAMILY HISTORY", "ALLERGIES"), "S"),
    **dict.fromkeys(("MEDICATIONS", "CURRENT MEDICATIONS", "BIRTH HISTORY", "PAST HISTORY"), "S"),
    **dict.fromkeys(("MEDICAL HISTORY", "PAST MEDICAL HISTORY"), "S"),
    **dict.fromkeys(("SURGICAL HISTORY", "PAST SURGICAL HISTORY"), "S"),
    **dict.fromkeys(("PHYSICAL EXAM", "PHYSICAL EXAMINATION", "EXAM", "PROCEDURE"), "O"),
    **dict.fromkeys(("VITALS", "VITALS REVIEWED", "RESULTS"), "O"),
    **dict.fromkeys(("ASSESSMENT", "IMPRESSION"), "A"),
    **dict.fromkeys(("PLAN", "INSTRUCTIONS"), "P"),
    "ASSESSMENT AND PLAN": EITHER,
}
MTS_HEADERS = {
    **dict.fromkeys(("GENHX", "ROS", "CC", "PASTMEDICALHX", "PASTSURGICAL", "GYNHX"), "S"),
    **dict.fromkeys(("MEDICATIONS", "ALLERGY", "FAM/SOCHX", "IMMUNIZATIONS"), "S"),
    "OTHER_HISTORY": "S",
    **dict.fromkeys(("EXAM", "LABS", "IMAGING", "PROCEDURES"), "O"),
    **dict.fromkeys(("ASSESSMENT", "DIAGNOSIS"), "A"),
    **dict.fromkeys(("PLAN", "DISPOSITION"), "P"),
}
_NOT_AN_END = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|vs|approx|No|St|Jr|Sr|Prof|e\.g|i\.e|a\.m|p\.m|etc)|\b[A-Z]|(?:^|\s)\d+)\.$"
)
_BULLET = re.compile(r"^\s*(?:[•\-\u2013*]|\d+[.)])\s*")
_FEWEST_WORDS = 2
_LONGEST_SUBHEADING_WORDS = 3


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence of a public note with the part its heading stands for."""

    note: str
    part: str
    text: str
    hint: str = ""  # the part named by a label inside a combined section, for learning only


def read_notes(folder: Path, split: str) -> list[LabelledSentence]:
    """All labelled sentences of both corpora."""
    return [
        *_aci(folder / f"aci-bench-{split}.csv"),
        *_mts(folder / f"mts-dialog-{split}.csv"),
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _aci(path: Path) -> Iterator[LabelledSentence]:
    for row in _rows(path):
        part = ""
        for line in map(str.strip, row["note"].splitlines()):
            heading = ACI_HEADINGS.get(line.rstrip(":").strip())
            if heading:
                part = heading
            elif line and part and not _is_subheading(line):
                hint = _hint(line) if part == EITHER else ""
                for text in _sentences(line):
                    yield LabelledSentence(f"aci {row['encounter_id']}", part, text, hint)


def _mts(path: Path) -> Iterator[LabelledSentence]:
    for row in _rows(path):
        part = MTS_HEADERS.get(row["section_header"])
        if part:
            for line in row["section_text"].splitlines():
                for text in _sentences(line):
                    yield LabelledSentence(f"mts {row['ID']}", part, text)


def _hint(line: str) -> str:
    label = _BULLET.sub("", line).partition(":")[0].lower()
    if label == "medical reasoning":
        return "A"
    return "P" if "treatment" in label or "testing" in label or label.startswith("patient ") else ""


def _is_subheading(line: str) -> bool:
    """ "Constitutional" or "Medical" on a line of its own."""
    return (
        re.search(r"[.:,;?!\d]", line) is None
        and len(line.split()) <= _LONGEST_SUBHEADING_WORDS
        and not _BULLET.match(line)
    )


def _sentences(line: str) -> list[str]:
    pieces = re.split(r"(?<=[.?!])[\"\u201d\u2019)]*\s+", _BULLET.sub("", line).strip())
    found: list[str] = []
    held = ""
    for piece in pieces:
        held = f"{held} {piece}".strip()
        if not _NOT_AN_END.search(held):
            found.append(held)
            held = ""
    if held:
        found.append(held)
    return [text for text in found if len(re.findall(r"[A-Za-z]+", text)) >= _FEWEST_WORDS]
