"""Learns app/clinical/notes/structuring/lexicons/weights.json from labelled public notes.

    python -m tools.learn_note_weights FOLDER [--folds 5]

A softmax over the four parts, on words, pairs of words, length and the cues of cues.toml. So that
the list can be read and holds nothing of any one note: a feature must occur in at least eight
notes, must not be a name (a word that is mostly capitalised within sentences), and its weights
must matter. Sentences of a combined "assessment and plan" teach the sum of both parts. `--folds`
prints the accuracy in cross-validation over notes instead of writing.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.clinical.notes.structuring.cues import evidence_of
from app.clinical.notes.structuring.tokens import bare
from app.clinical.notes.structuring.weights import features
from tools.labelled_notes import LabelledSentence, read_notes

LETTERS = "SOAP"
FEWEST_NOTES = 8
SMALLEST_WEIGHT = 0.08
STEPS = 400
RATE = 0.05
L2 = 1.0
SECTION_CORPUS_WEIGHT = (
    0.35  # rows of single sections are nearly all history; full notes are what is dictated
)

TARGET = Path("app/clinical/notes/structuring/lexicons/weights.json")

Matrix = NDArray[np.floating[Any]]


def sentence_features(text: str) -> frozenset[str]:
    return features(text, evidence_of(text, [bare(word) for word in text.split()]))


def names_in(sentences: Sequence[LabelledSentence]) -> frozenset[str]:
    """Words that are capitalised more often than not where no sentence begins."""
    capital: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for sentence in sentences:
        for word in re.findall(r"(?<=[a-z,] )[A-Za-z][A-Za-z'-]*", sentence.text):
            total[word.lower()] += 1
            capital[word.lower()] += word[0].isupper() and not word.isupper()
    return frozenset(word for word, count in total.items() if capital[word] * 2 > count)


def vocabulary(sentences: Sequence[LabelledSentence], found: Sequence[frozenset[str]]) -> list[str]:
    notes: dict[str, set[str]] = defaultdict(set)
    for sentence, own in zip(sentences, found, strict=True):
        for feature in own:
            notes[feature].add(sentence.note)
    names = names_in(sentences)
    return sorted(
        feature
        for feature, where in notes.items()
        if len(where) >= FEWEST_NOTES
        and (feature.startswith(("cue:", "kind:")) or not names & set(feature.split()))
    )


def matrix(found: Sequence[frozenset[str]], column: dict[str, int]) -> Matrix:
    table = np.zeros((len(found), len(column) + 1), dtype=np.float32)
    table[:, -1] = 1.0
    for row, own in enumerate(found):
        for feature in own & column.keys():
            table[row, column[feature]] = 1.0
    return table


def allowed(sentences: Sequence[LabelledSentence]) -> Matrix:
    """For each sentence which parts are right."""
    rows = [[float(letter in (s.hint or s.part)) for letter in LETTERS] for s in sentences]
    return np.array(rows, dtype=np.float32)


def fit(table: Matrix, right: Matrix, importance: Matrix) -> Matrix:
    """Adam on the log-likelihood of the right parts; a quadratic penalty on all but the bias."""
    weights: Matrix = np.zeros((table.shape[1], len(LETTERS)), dtype=np.float32)
    mean: Matrix = np.zeros_like(weights)
    square: Matrix = np.zeros_like(weights)
    penalty = np.full((table.shape[1], 1), L2, dtype=np.float32)
    penalty[-1] = 0.0
    for step in range(1, STEPS + 1):
        chance = softmax(table @ weights)
        wanted = chance * right
        wanted /= wanted.sum(axis=1, keepdims=True)
        slope = table.T @ ((chance - wanted) * importance[:, None]) + penalty * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        size = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights -= RATE * (1 - step / STEPS) * size
    return weights


def softmax(scores: Matrix) -> Matrix:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    share: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return share


def learn(sentences: Sequence[LabelledSentence]) -> tuple[list[str], Matrix]:
    found = [sentence_features(sentence.text) for sentence in sentences]
    words = vocabulary(sentences, found)
    column = {feature: at for at, feature in enumerate(words)}
    importance = np.array(
        [1.0 if s.note.startswith("aci") else SECTION_CORPUS_WEIGHT for s in sentences],
        dtype=np.float32,
    )
    weights = fit(matrix(found, column), allowed(sentences), importance)
    return words, weights


def cross_validate(sentences: Sequence[LabelledSentence], folds: int) -> None:
    notes = sorted({sentence.note for sentence in sentences})
    fold_of = {note: at % folds for at, note in enumerate(notes)}
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for fold in range(folds):
        words, weights = learn([s for s in sentences if fold_of[s.note] != fold])
        held = [s for s in sentences if fold_of[s.note] == fold]
        column = {feature: at for at, feature in enumerate(words)}
        scores = matrix([sentence_features(s.text) for s in held], column) @ weights
        for sentence, best in zip(held, scores.argmax(axis=1), strict=True):
            for name in (sentence.part, sentence.note[:3], "all"):
                total[name] += 1
                right[name] += LETTERS[best] in sentence.part
    for name in total:
        print(f"{name:>4} {right[name] / total[name]:.1%} of {total[name]}")


def write(words: Sequence[str], weights: Matrix) -> int:
    kept = {
        feature: [round(float(weight), 2) for weight in row]
        for feature, row in zip(words, weights, strict=False)
        if np.abs(row).max() >= SMALLEST_WEIGHT
    }
    entries: dict[str, list[float]] = {"bias": [round(float(w), 2) for w in weights[-1]], **kept}
    lines = [f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in entries.items()]
    about = {
        "source": "Learnt by tools/learn_note_weights.py from the training splits of ACI-Bench "
        "(Yim et al. 2023) and MTS-Dialog (Ben Abacha et al. 2023), both CC BY 4.0.",
        "columns": ["subjective", "objective", "assessment", "plan"],
        "reading": "# is a number, ^ and $ are the edges of a sentence; cue: names are in "
        "cues.toml, kind: names in terms.toml; length: counts words in fours.",
    }
    head = json.dumps(about, indent=2)[2:-2]
    TARGET.write_text(
        "{\n" + head + ',\n  "weights": {\n' + ",\n".join(lines) + "\n  }\n}\n", encoding="utf-8"
    )
    return len(kept)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    arguments = parser.parse_args()
    sentences = read_notes(arguments.folder, "train")
    if arguments.folds:
        cross_validate(sentences, arguments.folds)
        return 0
    print(f"{write(*learn(sentences))} weights in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
