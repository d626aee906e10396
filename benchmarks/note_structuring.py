"""Measures the rule structurer on public notes: does each sentence alone land in the right part?

    python -m benchmarks.note_structuring FOLDER [--split valid] [--in-context] [--errors 20]

FOLDER holds aci-bench-<split>.csv (full notes with headings) and mts-dialog-<split>.csv (one
section per row). "Assessment and plan" sentences count as right in either part, and are also left
out in a second total. `--in-context` gives each note to the structurer as one dictation without
its headings.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from app.clinical.notes.body import SectionKey
from app.clinical.notes.structuring import Dictation, RuleStructurer
from tools.labelled_notes import EITHER, LabelledSentence, read_notes

PARTS = ("S", "O", "A", "P", "unplaced")


def place_alone(texts: Sequence[str]) -> list[str]:
    """The part of each sentence when it is all that was dictated."""
    structurer = RuleStructurer()
    placed: list[str] = []
    for text in texts:
        body = structurer.structure(Dictation.of_text(text)).body
        sizes: Counter[str] = Counter()
        for key, section in body.sections.items():
            for sentence in section.sentences:
                sizes[_letter(key)] += len(sentence.text)
            for heading in section.headings:
                sizes[_letter(key)] += len(heading.text)
        placed.append(sizes.most_common(1)[0][0] if sizes else "unplaced")
    return placed


def place_in_context(sentences: Sequence[LabelledSentence]) -> list[str]:
    """The part of each sentence when its whole note is dictated without headings."""
    structurer = RuleStructurer()
    notes: dict[str, list[int]] = defaultdict(list)
    for at, sentence in enumerate(sentences):
        notes[sentence.note].append(at)
    placed = ["unplaced"] * len(sentences)
    for members in notes.values():
        dictation = Dictation.of_text(*(sentences[at].text for at in members))
        body = structurer.structure(dictation).body
        starts = {u.words[0].index: at for u, at in zip(dictation.utterances, members, strict=True)}
        for key, section in body.sections.items():
            spans = [s.words for s in section.sentences] + [h.words for h in section.headings]
            for span in spans:
                if span is not None and span[0] in starts:
                    placed[starts[span[0]]] = _letter(key)
    return placed


def _letter(key: SectionKey) -> str:
    return "unplaced" if key is SectionKey.UNPLACED else key.value[0].upper()


def report(title: str, sentences: Sequence[LabelledSentence], placed: Sequence[str]) -> None:
    confusion: Counter[tuple[str, str]] = Counter(
        (sentence.part, part) for sentence, part in zip(sentences, placed, strict=True)
    )
    print(f"\n{title}: {len(sentences)} sentences")
    print("  told in  " + "".join(f"{part:>10}" for part in PARTS) + "     right")
    for truth in (*PARTS[:4], EITHER):
        row = {part: confusion[truth, part] for part in PARTS}
        if total := sum(row.values()):
            counts = "".join(f"{row[part]:>10}" for part in PARTS)
            right = sum(row[part] for part in PARTS if part in truth)
            print(f"  {truth:<9}{counts}{right / total:>10.1%}")
    for name, kept in (("with", True), ("without", False)):
        counted = {pair: n for pair, n in confusion.items() if kept or pair[0] != EITHER}
        right = sum(n for (truth, part), n in counted.items() if part in truth)
        print(f"  {name} combined sections: {right / max(1, sum(counted.values())):.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--in-context", action="store_true")
    parser.add_argument("--errors", type=int, default=0, help="show this many misplaced sentences")
    arguments = parser.parse_args()
    sentences = read_notes(arguments.folder, arguments.split)
    if arguments.in_context:
        placed = place_in_context(sentences)
    else:
        placed = place_alone([sentence.text for sentence in sentences])
    for corpus in ("aci", "mts"):
        own = [at for at, sentence in enumerate(sentences) if sentence.note.startswith(corpus)]
        report(corpus, [sentences[at] for at in own], [placed[at] for at in own])
    report("both", sentences, placed)
    wrong = [(s, part) for s, part in zip(sentences, placed, strict=True) if part not in s.part]
    for sentence, part in wrong[: arguments.errors]:
        print(f"{sentence.part} -> {part}: {sentence.text}")


if __name__ == "__main__":
    main()
