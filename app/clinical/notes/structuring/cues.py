"""What a sentence gives away about its place: the cues of cues.toml that hold for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.clinical.notes.body import SectionKey
from app.clinical.notes.structuring.headings import Part, part_of
from app.clinical.notes.structuring.lexicon import Terms, load
from app.clinical.notes.structuring.medications import find_medications
from app.clinical.notes.structuring.vitals import is_measurement


@dataclass(frozen=True, slots=True)
class Cue:
    """One entry of cues.toml."""

    name: str
    section: SectionKey
    pattern: re.Pattern[str] | None
    needs: frozenset[str]
    sure: bool
    breaks: frozenset[Part]
    stays_below: frozenset[SectionKey]

    @property
    def part(self) -> Part:
        return part_of(self.section)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The cues that hold for a sentence, in the order of the file, and the kinds of its terms."""

    cues: tuple[Cue, ...]
    kinds: frozenset[str]
    systems: tuple[str, ...]
    is_complaint: bool
    is_filler: bool

    @property
    def sure(self) -> Cue | None:
        return next((cue for cue in self.cues if cue.sure), None)

    def section_within(self, part: Part) -> SectionKey | None:
        """The section of that part which the first fitting cue names; a sure cue goes first."""
        fitting = [cue for cue in self.cues if cue.part is part]
        best = next((cue for cue in fitting if cue.sure), fitting[0] if fitting else None)
        return best.section if best else None


@cache
def _cues() -> tuple[Cue, ...]:
    return tuple(
        Cue(
            name=entry["name"],
            section=SectionKey(entry["section"]),
            pattern=re.compile(entry["pattern"]) if "pattern" in entry else None,
            needs=frozenset(entry.get("needs", ())),
            sure=entry["sure"],
            breaks=frozenset(map(Part, entry.get("breaks", ()))),
            stays_below=frozenset(map(SectionKey, entry.get("stays_below", ()))),
        )
        for entry in load("cues.toml")["cue"]
    )


@cache
def _complaint() -> re.Pattern[str]:
    return re.compile(load("cues.toml")["complaint"]["pattern"])


def evidence_of(text: str, words: Sequence[str]) -> Evidence:
    """Reads a sentence: `text` as written, `words` bare."""
    lowered = " ".join(text.lower().replace("\u2019", "'").split())
    terms = Terms(words)
    kinds = terms.kinds | {f"{kind} only" for kind in terms.whole}
    if find_medications(words):
        kinds.add("medication")
    if is_measurement(text):
        kinds.add("measurement")
    holding = tuple(
        cue
        for cue in _cues()
        if cue.needs <= kinds and (cue.pattern is None or cue.pattern.search(lowered))
    )
    return Evidence(
        cues=holding,
        kinds=frozenset(kinds),
        systems=tuple(terms.systems),
        is_complaint=_complaint().search(lowered) is not None,
        is_filler="filler only" in kinds,
    )
