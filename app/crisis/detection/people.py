"""Whether a phrase is about the patient or about somebody the sentence speaks of."""

from typing import TYPE_CHECKING

from app.crisis.detection.patterns import Hit

if TYPE_CHECKING:
    from app.crisis.detection.meaning import Reading

SEXES = {"he": "people.male", "she": "people.female"}
THEIRS = frozenset("his her their my our".split())
LINKS = frozenset("of in by".split())
OPENINGS = frozenset("his her my their the a an our own older younger late best maternal paternal "
                     "good close ex step twin half".split())  # fmt: skip
MANY = frozenset("children kids friends parents relatives members".split())
FARTHEST_BEHIND = 4
NEXT = 3
DEEDS = frozenset("suicide suicidal attempt attempts attempted self overdose intentional second "
                  "third prior previous recent".split())  # fmt: skip


def is_of_another(read: "Reading", hit: Hit) -> bool:
    """Whether the nearest one who could have done it, before the phrase, is not the patient.

    Whoever tells us ("his wife says"), and whoever something is done to ("told her sister"),
    does not count; "she" after "brother" is the patient again.
    """
    if any(
        cue.first <= hit.first and not read.turns_between(cue.last, hit.first)
        for cue in read.cues("family_history")
    ):
        return True
    known = people(read)
    if any(belongs_to(read, hit, person) for person in known):
        return True
    before = [
        person for person in known if person.last <= hit.first and is_subject(read, person, hit)
    ]
    if not before or read.turns_between(before[-1].last, hit.first, verbs=False):
        return False
    return not is_told_of(read, before[-1]) and still_meant(read, before[-1], hit)


def still_meant(read: "Reading", person: Hit, hit: Hit) -> bool:
    """Whether no word between brings the patient back."""
    selves = [
        word
        for name in ("patient", "he", "she", "they")
        for word in read.by_name.get(f"subjects.{name}", ())
        if person.last <= word.first < hit.last
    ]
    if not selves:
        return True
    name = max(selves, key=lambda each: each.first).name.rpartition(".")[2]
    if name in SEXES:
        if read.tokens[person.last - 1].word in MANY:
            return False
        return person.name in {SEXES[name], "people.any"}
    return name == "they"


def people(read: "Reading") -> list[Hit]:
    found = [
        hit for name in ("male", "female", "any") for hit in read.by_name.get(f"people.{name}", ())
    ]
    return sorted(found, key=lambda hit: (hit.first, hit.last))


def is_subject(read: "Reading", person: Hit, danger: Hit) -> bool:
    """Whether this person may be the one who does it."""
    if any(verb.first == person.last for verb in read.cues("informant_verbs")):
        return False
    if owns_something(read, person, danger):
        return False
    at = person.first
    while at > 0 and read.tokens[at - 1].word in OPENINGS:
        at -= 1
    return not any(cue.last == at for cue in read.cues("towards"))


def owns_something(read: "Reading", person: Hit, danger: Hit) -> bool:
    """The brother in "her brother's gun", not in "her brother's suicide attempt"."""
    tokens = read.tokens
    if person.last >= len(tokens) or tokens[person.last].word != "s":
        return False
    return danger.first - person.last > NEXT or tokens[danger.first].word not in DEEDS


def belongs_to(read: "Reading", hit: Hit, person: Hit) -> bool:
    """The suicide of a coworker, an attempt by her brother."""
    if not hit.last < person.first <= hit.last + FARTHEST_BEHIND:
        return False
    if read.tokens[hit.last].word not in LINKS:
        return False
    possessive = person.last < len(read.tokens) and read.tokens[person.last].word == "s"
    return not possessive


def is_told_of(read: "Reading", person: Hit) -> bool:
    """A mother who tells us about "her son", a daughter about "her father": that is the patient."""
    if person.first == 0 or read.tokens[person.first - 1].word not in THEIRS:
        return False
    return any(
        verb.first == informant.last
        for informant in people(read)
        for verb in read.cues("informant_verbs")
        if informant.last < person.first
    )
