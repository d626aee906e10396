"""Word weights: how much a word, a pair of words or a cue speaks for each part of the note.

weights.json is a list to be read: each entry says, for subjective, objective, assessment and
plan, how much is added to the score when it occurs. It was learnt by tools/learn_note_weights.py
from the training splits of two public corpora, and holds only words and pairs that occur in many
different notes.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

from app.clinical.notes.structuring.cues import Evidence
from app.clinical.notes.structuring.headings import Part
from app.clinical.notes.structuring.lexicon import load

_PIECES = re.compile(r"\d+(?:[./]\d+)*|[a-z]+(?:['-][a-z]+)*|[:?,%]")
_VERBS = frozenset(
    [
        *("is", "are", "was", "were", "be", "been", "being", "am", "has", "have", "had", "having"),
        *("does", "do", "did", "will", "would", "can", "could", "should", "may", "might", "must"),
        *("reports", "states", "denies", "notes", "presents", "shows", "reveals", "takes", "uses"),
        *("feels", "lives", "works", "died", "appears", "demonstrates", "complains", "continues"),
        *("start", "continue", "increase", "stop", "order", "obtain", "follow", "return", "refer"),
        *("schedule", "take", "use", "call", "avoid", "smokes", "drinks", "began", "went", "got"),
    ]
)
LONGEST_LENGTH_CLASS = 6
WORDS_PER_LENGTH_CLASS = 4


def features(text: str, evidence: Evidence) -> frozenset[str]:
    """Words, pairs (with the sentence's edges), kinds of terms, cues, form of the sentence."""
    lowered = text.lower().replace("\u2019", "'")
    pieces = ["#" if piece[0].isdigit() else piece for piece in _PIECES.findall(lowered)]
    edged = ["^", *pieces, "$"]
    return frozenset(
        [
            *pieces,
            *(f"{first} {second}" for first, second in pairwise(edged)),
            *(f"cue:{cue.name}" for cue in evidence.cues),
            *(f"kind:{kind}" for kind in evidence.kinds),
            f"length:{min(LONGEST_LENGTH_CLASS, len(pieces) // WORDS_PER_LENGTH_CLASS)}",
            f"form:{_form(pieces)}",
        ]
    )


def _form(pieces: Sequence[str]) -> str:
    """A phrase without a verb, a numbered phrase, or a sentence."""
    if any(piece in _VERBS or piece.endswith("ed") for piece in pieces):
        return "sentence"
    return "numbered phrase" if pieces[:1] == ["#"] else "phrase"


@cache
def _weights() -> Mapping[str, Sequence[float]]:
    weights: Mapping[str, Sequence[float]] = load("weights.json")["weights"]
    return weights


def score(found: Iterable[str]) -> dict[Part, float]:
    """The logarithm of each part's probability."""
    sums = list(_weights()["bias"])
    for feature in found:
        for at, weight in enumerate(_weights().get(feature, ())):
            sums[at] += weight
    highest = max(sums)
    total = highest + math.log(sum(math.exp(each - highest) for each in sums))
    return {part: sums[at] - total for at, part in enumerate(Part)}
