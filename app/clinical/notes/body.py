"""The body of a note: sixteen sections, each sentence with the words and seconds it rests on."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

WordRange = tuple[int, int]


class SectionKey(StrEnum):
    """Every section of a note, in the order in which it is read."""

    CHIEF_COMPLAINT = "subjective.chief_complaint"
    HISTORY_OF_PRESENT_ILLNESS = "subjective.history_of_present_illness"
    REVIEW_OF_SYSTEMS = "subjective.review_of_systems"
    PAST_MEDICAL_HISTORY = "subjective.past_medical_history"
    MEDICATIONS = "subjective.medications"
    ALLERGIES = "subjective.allergies"
    FAMILY_HISTORY = "subjective.family_history"
    SOCIAL_HISTORY = "subjective.social_history"
    VITALS = "objective.vitals"
    PHYSICAL_EXAM = "objective.physical_exam"
    RESULTS = "objective.results"
    CLINICAL_IMPRESSION = "assessment.clinical_impression"
    DIAGNOSES = "assessment.diagnoses"
    TREATMENT = "plan.treatment"
    FOLLOW_UP = "plan.follow_up"
    EDUCATION = "plan.education"
    UNPLACED = "unplaced"


class Origin(StrEnum):
    """How a sentence came into the note."""

    DICTATED = "dictated"
    EDITED = "edited"
    TYPED = "typed"


class Action(StrEnum):
    """What is to happen with a medication."""

    START = "start"
    CONTINUE = "continue"
    INCREASE = "increase"
    DECREASE = "decrease"
    STOP = "stop"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MedicationMention(_Part):
    """A medication as it was said; what was not said stays None. `dose` is the number as heard."""

    kind: Literal["medication"] = "medication"
    name: str
    dose: str | None = None
    unit: str | None = None
    route: str | None = None
    frequency: str | None = None
    duration: str | None = None
    action: Action | None = None
    words: WordRange | None = None


class NegatedFinding(_Part):
    """A finding that was said to be absent, with the word that said so."""

    kind: Literal["negation"] = "negation"
    cue: str
    finding: str
    words: WordRange | None = None


Annotation = Annotated[MedicationMention | NegatedFinding, Field(discriminator="kind")]


class Sentence(_Part):
    """One sentence. `words` are the first and last transcript word, `start` and `end` seconds.

    A spoken comma lies inside `words`, but is a command: heard in the sound, not in the text.
    """

    id: str
    text: str
    words: WordRange | None = None
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    origin: Origin = Origin.DICTATED
    annotations: tuple[Annotation, ...] = ()


class Heading(_Part):
    """A heading the doctor spoke; it opened the section in which it is kept."""

    text: str
    words: WordRange


class Vital(_Part):
    """A measured vital sign: LOINC code, value as heard, UCUM unit."""

    code: str
    label: str
    value: float
    unit: str
    sentence_id: str
    unit_inferred: bool = False
    plausible: bool = True


class Section(_Part):
    """A section's text and what it is made of; `systems` only in the review of systems."""

    text: str = ""
    sentences: tuple[Sentence, ...] = ()
    headings: tuple[Heading, ...] = ()
    systems: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    vitals: tuple[Vital, ...] = ()


class NoteBody(_Part):
    """A whole note body; every section is there, also when it is empty."""

    sections: dict[SectionKey, Section]

    @model_validator(mode="after")
    def _has_every_section_in_order(self) -> Self:
        if list(self.sections) != list(SectionKey):
            full = {key: self.sections.get(key, Section()) for key in SectionKey}
            object.__setattr__(self, "sections", full)
        return self

    @model_validator(mode="after")
    def _names_each_sentence_once(self) -> Self:
        ids = [sentence.id for sentence in self.sentences()]
        if len(ids) != len(set(ids)):
            raise ValueError("a sentence id occurs twice in one note body")
        return self

    @classmethod
    def empty(cls) -> Self:
        return cls(sections={})

    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences, section by section."""
        return tuple(s for section in self.sections.values() for s in section.sentences)
