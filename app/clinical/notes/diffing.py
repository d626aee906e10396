"""What changed between two texts of a note: by section, by word, what matters clinically first.

Rule-based: a change that touches a number, a unit, a word of negation or a side is named as such.
The lists are short on purpose; a change they do not know is still shown, as text.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from app.clinical.notes.body import NoteBody, SectionKey

WORD_AND_GAP = re.compile(r"(\S+)(\s*)")
CORE = re.compile(r"^\W+|\W+$")
HAS_DIGIT = re.compile(r"\d")
LARGE = 1_000_000  # pairs of words; above it frequent words no longer anchor the comparison

NUMBER_WORDS = frozenset(
    "half quarter zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
    "eighty ninety hundred thousand once twice thrice single double triple".split()
)
UNITS = frozenset(
    "mg mcg ug g kg ml l unit units meq mmol percent milligram milligrams microgram micrograms "
    "gram grams kilogram kilograms milliliter milliliters liter liters tablet tablets capsule "
    "capsules puff puffs drop drops daily weekly monthly hourly nightly bid tid qid prn".split()
)
NEGATIONS = frozenset(
    "no not none never without denies denied deny denying negative absent nor neither "
    "cannot".split()
)
SIDES = frozenset("left right bilateral bilaterally unilateral unilaterally".split())


class ChangeKind(StrEnum):
    """What a change touches, the gravest first."""

    DOSE = "dose"
    NEGATION = "negation"
    SIDE = "side"
    TEXT = "text"


class Operation(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Part(BaseModel):
    """A stretch of a section: kept, removed or added."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: Operation
    text: str


class SectionDiff(BaseModel):
    """A section that changed, as parts in reading order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: SectionKey
    parts: tuple[Part, ...]


class Change(BaseModel):
    """One replacement of words by others; either may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: SectionKey
    kind: ChangeKind
    before: str
    after: str


class NoteDiff(BaseModel):
    """All changes, what matters clinically first; then the sections that changed, whole."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "changes": [
                        {
                            "section": "plan.treatment",
                            "kind": "dose",
                            "before": "5",
                            "after": "50",
                        }
                    ],
                    "sections": [
                        {
                            "section": "plan.treatment",
                            "parts": [
                                {"operation": "same", "text": "Lisinopril "},
                                {"operation": "removed", "text": "5 "},
                                {"operation": "added", "text": "50 "},
                                {"operation": "same", "text": "mg daily."},
                            ],
                        }
                    ],
                }
            ]
        },
    )

    changes: tuple[Change, ...]
    sections: tuple[SectionDiff, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A word and the white space after it; the leading space of a text is a token without word."""

    word: str
    gap: str

    @property
    def text(self) -> str:
        return self.word + self.gap


def diff_bodies(before: NoteBody, after: NoteBody) -> NoteDiff:
    changes: list[Change] = []
    sections: list[SectionDiff] = []
    for key in SectionKey:
        old, new = before.sections[key].text, after.sections[key].text
        if old == new:
            continue
        parts = diff_texts(old, new)
        sections.append(SectionDiff(section=key, parts=parts))
        changes += [
            Change(section=key, kind=kind_of(b, a), before=b, after=a) for b, a in replaced(parts)
        ]
    gravest_first = sorted(changes, key=lambda change: list(ChangeKind).index(change.kind))
    return NoteDiff(changes=tuple(gravest_first), sections=tuple(sections))


def diff_texts(before: str, after: str) -> tuple[Part, ...]:
    """Parts whose kept and removed text is `before`, whose kept and added text is `after`."""
    old, new = tokens_of(before), tokens_of(after)
    matcher = SequenceMatcher(
        None, [t.word for t in old], [t.word for t in new], autojunk=len(old) * len(new) > LARGE
    )
    row = Row()
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            row.put(Operation.REMOVED, joined(old[i1:i2]))
            row.put(Operation.ADDED, joined(new[j1:j2]))
            continue
        for was, now in zip(old[i1:i2], new[j1:j2], strict=True):
            row.put(Operation.SAME, was.word)
            if was.gap == now.gap:
                row.put(Operation.SAME, was.gap)
            else:
                row.put(Operation.REMOVED, was.gap)
                row.put(Operation.ADDED, now.gap)
    return tuple(row.parts)


class Row:
    """Parts in reading order; neighbours of one kind become one."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    def put(self, operation: Operation, text: str) -> None:
        if not text:
            return
        if self.parts and self.parts[-1].operation is operation:
            text = self.parts.pop().text + text
        self.parts.append(Part(operation=operation, text=text))


def side_of(parts: Sequence[Part], side: Operation) -> str:
    """The text before (removed) or after (added), put together again from the parts."""
    return "".join(part.text for part in parts if part.operation in {Operation.SAME, side})


def tokens_of(text: str) -> list[Token]:
    lead = text[: len(text) - len(text.lstrip())]
    tokens = [Token(m[1], m[2]) for m in WORD_AND_GAP.finditer(text)]
    return [Token("", lead), *tokens] if lead else tokens


def joined(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def replaced(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Each stretch between kept ones, as it was and as it became; white space is no change."""
    before = after = ""
    for part in (*parts, Part(operation=Operation.SAME, text="")):
        if part.operation is Operation.REMOVED:
            before += part.text
        elif part.operation is Operation.ADDED:
            after += part.text
        else:
            if before.split() != after.split():
                yield before.strip(), after.strip()
            before = after = ""


def kind_of(before: str, after: str) -> ChangeKind:
    """What a replacement touches: the gravest kind of which the words differ."""
    old, new = words_of(before), words_of(after)
    if counted(old, is_amount) != counted(new, is_amount):
        return ChangeKind.DOSE
    if counted(old, is_negation) != counted(new, is_negation):
        return ChangeKind.NEGATION
    if counted(old, SIDES.__contains__) != counted(new, SIDES.__contains__):
        return ChangeKind.SIDE
    return ChangeKind.TEXT


def words_of(text: str) -> list[str]:
    words = [CORE.sub("", word.lower().replace("\u2019", "'")) for word in text.split()]
    return [
        piece for word in words for piece in ([word] if HAS_DIGIT.search(word) else word.split("-"))
    ]


def counted(words: Sequence[str], matters: Callable[[str], bool]) -> Counter[str]:
    return Counter(word for word in words if matters(word))


def is_amount(word: str) -> bool:
    return HAS_DIGIT.search(word) is not None or word in NUMBER_WORDS or word in UNITS


def is_negation(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")
