"""How a phrase is meant, from the words around it (after NegEx and ConText)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.crisis.detection.lexicon import lexicon
from app.crisis.detection.mentions import ABUSE, Assertion, Concept
from app.crisis.detection.patterns import Hit
from app.crisis.detection.people import is_of_another
from app.crisis.detection.tokens import Token, Words

FARTHEST_NEGATION = 20  # words a list of denied things may have
FARTHEST_PAST = 8
FARTHEST_DOUBT = 8
NEAR = 4
ASKS = frozenset(
    "are do does have has any how what is did when ever who can could would were was".split()
)
FOLLOWS_DENIAL = frozenset(
    "by at today currently and this on now or since after per but when during".split()
)
ABSENT = frozenset("no not never".split())
LOOKS_AHEAD = frozenset("history hx h".split())
OPENS_TIME = frozenset("as when in at during while growing back by".split())
OF_ANYBODY = ABUSE | {Concept.VIOLENCE}


@dataclass(slots=True)
class Reading:
    """A sentence and what stands in it: cues by name, and dangers."""

    words: Words
    hits: tuple[Hit, ...]
    dangers: tuple[Hit, ...] = ()
    by_name: dict[str, list[Hit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for hit in self.hits:
            self.by_name.setdefault(hit.name, []).append(hit)

    @property
    def tokens(self) -> Sequence[Token]:
        return self.words.tokens

    def cues(self, *names: str) -> list[Hit]:
        return [hit for name in names for hit in self.by_name.get(f"cues.{name}", ())]

    def covers(self, name: str, hit: Hit) -> bool:
        """Whether something of that name covers all of the hit."""
        return any(
            other.first <= hit.first and hit.last <= other.last
            for other in self.by_name.get(name, ())
        )

    def ends_within(self, name: str, hit: Hit) -> bool:
        """Whether the hit runs into something of that name: "thoughts of [hanging out]"."""
        return any(
            other.first < hit.last <= other.last and not hit.first < other.first == hit.last - 1
            for other in self.by_name.get(name, ())
        )

    def has_context(self, name: str, *, beside: Hit) -> bool:
        return any(
            not self.covers("not_meant", hit) and not (beside.first <= hit.first < beside.last)
            for hit in self.by_name.get(f"contexts.{name}", ())
        ) or any(
            hit.first >= beside.first and hit.last <= beside.last and name != "suicide"
            for hit in self.by_name.get(f"contexts.{name}", ())
        )

    def turns_between(self, start: int, end: int, *, verbs: bool = True) -> bool:
        """Whether something new begins between two places."""
        names = ("turns", "verbs") if verbs else ("turns",)
        return any(start <= hit.first < end for hit in self.cues(*names)) or any(
            ";" in token.before for token in self.tokens[start + 1 : end + 1]
        )


def meaning_of(
    read: Reading, hit: Hit, concept: Concept, after: Reading | None, *, of_relatives: bool
) -> Assertion:
    """The first of these that applies; what nothing speaks against is affirmed."""
    of_another = concept not in OF_ANYBODY and (of_relatives or is_of_another(read, hit))
    return (
        answered(read, after)
        or (Assertion.NEGATED if is_negated(read, hit) else None)
        or (Assertion.OTHER if of_another else None)
        or (Assertion.HYPOTHETICAL if is_hypothetical(read, hit) else None)
        or under_condition(read, hit)
        or (Assertion.HISTORICAL if is_past(read, hit) else None)
        or (Assertion.UNCERTAIN if is_doubtful(read, hit) else Assertion.AFFIRMED)
    )


def answered(read: Reading, after: Reading | None) -> Assertion | None:
    """What became of a question; None where nothing was asked."""
    if read.words.closing != "?":
        return None
    first = [token.word for token in read.tokens]
    if "i" in first and "you" not in first:
        return None
    if len(first) <= NEAR and first[0] not in ASKS and "any" not in first:
        return Assertion.UNCERTAIN
    if after is not None:
        openings = {name: hits for name, hits in after.by_name.items() if name.startswith("answ")}
        if any(hit.first == 0 for hit in openings.get("answers.yes", ())):
            return Assertion.AFFIRMED
        if any(hit.first == 0 for hit in openings.get("answers.maybe", ())):
            return Assertion.UNCERTAIN
    return Assertion.ASKED


def is_negated(read: Reading, hit: Hit) -> bool:
    return any(denies(read, cue, hit) for cue in read.cues("negated", "negated_whole")) or any(
        denies_after(read, cue, hit) for cue in read.cues("negated_after")
    )


def denies(read: Reading, cue: Hit, hit: Hit) -> bool:
    """Whether a word of absence before the phrase reaches it."""
    if not cue.first < hit.first or hit.first - cue.last > FARTHEST_NEGATION:
        return False
    if cue.last > hit.first and read.tokens[hit.first].word in ABSENT:
        return False  # the "not" of "does not want to live" belongs to the phrase
    if covered(read.cues("not_absence"), cue):
        return False
    if read.turns_between(cue.last, hit.first):
        return False
    known = lexicon()
    if cue.name == "cues.negated" and read.tokens[hit.first].word in known.finite:
        between = [token.word for token in read.tokens[cue.last : hit.first]]
        return all(word in known.fill for word in between)
    return True


def covered(by: Iterable[Hit], cue: Hit) -> bool:
    return any(other.first <= cue.first and cue.last <= other.last for other in by)


def denies_after(read: Reading, cue: Hit, hit: Hit) -> bool:
    """Whether what follows says that it is absent: "SI: denied", "ideation has resolved"."""
    gap = cue.first - hit.last
    if not 0 <= gap <= NEAR or read.turns_between(hit.last, cue.first):
        return False
    tokens = read.tokens
    separated = any(set(",;") & set(token.before) for token in tokens[hit.last : cue.first + 1])
    if separated and gap and not within_dangers(read, hit.last, cue.first):
        return False
    if cue.last == len(tokens):
        return True
    following = tokens[cue.last]
    return bool(following.before) or following.word in FOLLOWS_DENIAL


def within_dangers(read: Reading, start: int, end: int) -> bool:
    return all(any(hit.first <= at < hit.last for hit in read.dangers) for at in range(start, end))


def is_hypothetical(read: Reading, hit: Hit) -> bool:
    """Whether it is advice, teaching, or what somebody looks for; not what somebody said."""
    before = [
        cue
        for cue in read.cues("hypothetical")
        if cue.first < hit.first and not read.turns_between(cue.last, hit.first)
    ]
    after = [
        cue
        for cue in read.cues("hypothetical_after")
        if hit.last <= cue.first <= hit.last + 1 and not read.turns_between(hit.last, cue.first)
    ]
    if not before and not after:
        return False
    return not admitted(read, hit)


def admitted(read: Reading, hit: Hit) -> bool:
    """Whether the same sentence says that the answer was yes."""
    yes = read.by_name.get("answers.yes", ())
    return any(0 < hit.last <= answer.first for answer in yes)


def under_condition(read: Reading, hit: Hit) -> Assertion | None:
    """What stands under an "if": a resolve counts, what might befall somebody does not."""
    conditions = read.cues("condition")
    before = [cue for cue in conditions if cue.first < hit.first]
    after = [cue for cue in conditions if cue.first >= hit.last]
    resolved = any(
        hit.first - NEAR < cue.last <= hit.last and (not before or cue.first > before[-1].first)
        for cue in read.cues("resolve")
    )
    addressed = any(token.word == "yourself" for token in read.tokens[hit.first : hit.last])
    if (before or after) and resolved and not addressed:
        return Assertion.CONDITIONAL
    if (
        not before
        or admitted(read, hit)
        or read.turns_between(before[-1].last, hit.first, verbs=False)
    ):
        return None
    if any(cue.first <= before[-1].first for cue in read.cues("uncertain")):
        return Assertion.UNCERTAIN
    return Assertion.HYPOTHETICAL


def is_past(read: Reading, hit: Hit) -> bool:
    """Whether the nearest word about time is one of long ago."""
    past = nearest(read, hit, "past")
    if past is None:
        return False
    recent = nearest(read, hit, "recent")
    return recent is None or past <= recent


def nearest(read: Reading, hit: Hit, name: str) -> int | None:
    """How many words away the nearest such cue stands, on either side."""
    found: list[int] = []
    for cue in read.cues(name):
        if name == "past" and covered(read.cues("not_past", "recent"), cue):
            continue
        if cue.last <= hit.first:
            away = hit.first - cue.last
            opens = away <= NEAR and read.tokens[cue.first].word in OPENS_TIME
            if not read.turns_between(cue.last, hit.first, verbs=not opens):
                found.append(away)
        elif cue.first >= hit.last:
            if read.tokens[cue.first].word in LOOKS_AHEAD:
                continue  # "without a history of trauma" says nothing of what stands before it
            if not read.turns_between(hit.last, cue.first, verbs=False):
                found.append(cue.first - hit.last)
        else:
            found.append(0)
    return min((away for away in found if away <= FARTHEST_PAST), default=None)


def is_doubtful(read: Reading, hit: Hit) -> bool:
    return any(
        cue.first < hit.last
        and hit.first - cue.last <= FARTHEST_DOUBT
        and not read.turns_between(cue.last, hit.first, verbs=False)
        for cue in read.cues("uncertain")
    )
