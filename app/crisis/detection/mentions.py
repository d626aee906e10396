"""What is found in a text: which danger, where, and how it is said."""

from dataclasses import dataclass
from enum import StrEnum


class Concept(StrEnum):
    """What the words are about."""

    WISH_TO_BE_DEAD = "wish_to_be_dead"
    SUICIDAL_IDEATION = "suicidal_ideation"
    SUICIDE_PLAN = "suicide_plan"
    SUICIDAL_INTENT = "suicidal_intent"
    MEANS = "means"
    SUICIDAL_BEHAVIOR = "suicidal_behavior"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    CHILD_ABUSE = "child_abuse"
    ELDER_ABUSE = "elder_abuse"


ABUSE = frozenset({Concept.CHILD_ABUSE, Concept.ELDER_ABUSE})


class Assertion(StrEnum):
    """How it is said, after NegEx (Chapman 2001) and ConText (Harkema 2009).

    `conditional`: the person says what they would do ("if she leaves I will ..."); `hypothetical`:
    advice and what might come ("return if ..."). `other`: it is about somebody else.
    """

    AFFIRMED = "affirmed"
    UNCERTAIN = "uncertain"
    CONDITIONAL = "conditional"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"
    OTHER = "other"
    ASKED = "asked"


CURRENT = frozenset({Assertion.AFFIRMED, Assertion.UNCERTAIN, Assertion.CONDITIONAL})
SIGNALS = CURRENT | {Assertion.HISTORICAL}


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters `start` to `end` of the text. `rule`: which line of the lexicon found it.

    `critical`: somebody has to answer it before the text is signed.
    """

    concept: Concept
    start: int
    end: int
    assertion: Assertion
    critical: bool
    rule: str
