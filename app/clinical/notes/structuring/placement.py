"""Which section a sentence belongs to.

The rule, for somebody who dictates:

1. Where no heading is in force, a sure cue ("Blood pressure is 168 over 96", "Start ...") decides.
2. A heading stays in force until the next one. Below "Subjective", "Objective", "Assessment" or
   "Plan" a sentence stays in that part, and the cues choose its section. Only a cue that cannot be
   meant otherwise, of a part that comes *later* in a note, takes a sentence out: a measured vital
   sign is not history, an order is no finding. A cue of an earlier part never does, because
   doctors repeat history in their assessment.
3. Below the heading of one section ("Medications") cues choose among the sections of its part; the
   section itself takes what has no cue, and every sure cue of a later part leads out.
4. "Assessment and plan" leaves two parts open; each sentence goes to the likelier one.
5. Once a cue has led out of a heading, the sentences after it may follow where it led.
6. Without a heading the words decide (weights.json), leaning to the part of the sentence before,
   because notes are told in the order S, O, A, P.
"""

from app.clinical.notes.body import SectionKey
from app.clinical.notes.structuring.cues import Cue, Evidence
from app.clinical.notes.structuring.headings import (
    ALL_PARTS,
    DEFAULT_SECTION,
    Part,
    Scope,
    part_of,
)
from app.clinical.notes.structuring.weights import features, score

_ORDER = {part: at for at, part in enumerate(Part)}
LEAN_TO_SAME_PART = 1.0
LEAN_AGAINST_GOING_BACK = 2.0
LEAN_TO_HEADING = 2.0


class Placer:
    """Places one sentence after the other; knows the heading in force and the part last told."""

    def __init__(self) -> None:
        self._scope: Scope | None = None
        self._previous: Part | None = None
        self._has_left_scope = False
        self._complaint_named = False

    def open(self, scope: Scope) -> None:
        """A heading was spoken."""
        self._scope = scope
        self._has_left_scope = False
        self._previous = None

    def place(self, text: str, evidence: Evidence) -> SectionKey:
        """The section for the next sentence."""
        part = self._part(text, evidence)
        section = self._section(part, evidence)
        self._has_left_scope = self._scope is not None and part not in self._scope.parts
        self._previous = part
        if section is SectionKey.CHIEF_COMPLAINT:
            self._complaint_named = True
        return section

    def _part(self, text: str, evidence: Evidence) -> Part:
        allowed = self._scope.parts if self._scope else ALL_PARTS
        sure = evidence.sure
        if sure is not None and (sure.part in allowed or self._leads_onward(sure)):
            return sure.part
        if len(allowed) == 1 and not self._has_left_scope:
            return next(iter(allowed))
        scores = score(features(text, evidence))
        open_parts = ALL_PARTS if self._has_left_scope else allowed
        return max(
            (part for part in Part if part in open_parts),
            key=lambda part: scores[part] + self._lean(part),
        )

    def _leads_onward(self, cue: Cue) -> bool:
        """Its part comes after everything the heading in force allows, and it is strong enough."""
        if self._scope is None or self._awaits_complaint():
            return False
        later = all(_ORDER[cue.part] > _ORDER[part] for part in self._scope.parts)
        if self._scope.section is not None:
            return later and self._scope.section not in cue.stays_below
        return later and self._scope.parts <= cue.breaks

    def _awaits_complaint(self) -> bool:
        """ "Chief complaint." was said; "Follow up for hypertension." is one."""
        named = self._scope is not None and self._scope.section is SectionKey.CHIEF_COMPLAINT
        return named and not self._complaint_named

    def _lean(self, part: Part) -> float:
        lean = 0.0
        if self._scope is not None and part in self._scope.parts and self._has_left_scope:
            lean += LEAN_TO_HEADING
        if self._previous is None:
            return lean
        if part is self._previous:
            return lean + LEAN_TO_SAME_PART
        if _ORDER[part] < _ORDER[self._previous]:
            return lean - LEAN_AGAINST_GOING_BACK
        return lean

    def _section(self, part: Part, evidence: Evidence) -> SectionKey:
        section = evidence.section_within(part)
        named = self._scope.section if self._scope else None
        if named is not None and part_of(named) is not part:
            named = None
        if part is Part.SUBJECTIVE:
            return self._told(section, named, evidence)
        return section or named or DEFAULT_SECTION[part]

    def _told(
        self, section: SectionKey | None, named: SectionKey | None, evidence: Evidence
    ) -> SectionKey:
        """Within the subjective part: one chief complaint, and the story after it."""
        story = SectionKey.HISTORY_OF_PRESENT_ILLNESS
        opens = named is SectionKey.CHIEF_COMPLAINT or (named is None and evidence.is_complaint)
        if opens and not self._complaint_named and section in {None, story}:
            return SectionKey.CHIEF_COMPLAINT
        if section is None and named is SectionKey.CHIEF_COMPLAINT:
            return story
        if section is story and named not in {None, SectionKey.CHIEF_COMPLAINT}:
            return named or story
        return section or named or story
