"""What a sentence of a note says is to be ordered. Pure: words and names in, findings out.

A sentence is read once, from left to right: the last word that says what is to happen counts for
the names that follow it; what follows a name may still take it back. The words are in
`data/verbs.toml`, the names in the catalogue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from app.clinical.orders.lexicon import Lexicon, Name, cues
from app.clinical.orders.schemas import OrderCertainty, OrderKind
from app.clinical.orders.words import Later, later_in, tokens_of

AND_NOW = ("and", "then")


class Mood(Enum):
    """What the sentence says is to happen, so far."""

    BARE = auto()
    ORDER = auto()
    REFER = auto()
    BEGIN = auto()
    MEDICINE = auto()
    NEVER = auto()
    PERHAPS = auto()
    PAST = auto()
    ASIDE = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to order. `later`: how long after the note."""

    key: str
    certainty: OrderCertainty
    detail: str | None
    later: Later | None

    def wanted_on(self, said_on: date) -> date | None:
        return self.later.after(said_on) if self.later else None


@dataclass(slots=True)
class Mention:
    """A name in the sentence, from its first token to behind its last."""

    name: Name
    start: int
    end: int
    mood: Mood
    group: int  # how many words that ask for something came before it
    under_if: bool
    earlier: bool
    side: str | None


def find_orders(text: str, lexicon: Lexicon, *, in_plan: bool) -> list[Finding]:
    """What the sentence asks for, in its order; outside the plan only what it says in a verb."""
    tokens = tokens_of(text)
    mentions = read(tokens, lexicon)
    verdicts = [verdict(tokens, mentions, place) for place in range(len(mentions))]
    for place in reversed(range(len(mentions) - 1)):  # a list shares what is said behind it
        between = tokens[mentions[place].end : mentions[place + 1].start]
        if verdicts[place] is None and all(word in cues().links for word in between):
            verdicts[place] = verdicts[place + 1]
    found: dict[str, Finding] = {}
    for mention, behind in zip(mentions, verdicts, strict=True):
        certainty = certainty_of(mention, behind, in_plan=in_plan)
        if certainty is None or mention.name.key in found:
            continue
        found[mention.name.key] = Finding(mention.name.key, certainty, mention.side, None)
    return with_times(tokens, mentions, found)


def read(tokens: Sequence[str], lexicon: Lexicon) -> list[Mention]:
    """Every name with what the words before it say."""
    mood, group, under_if, broken = Mood.BARE, 0, False, True
    mentions: list[Mention] = []
    at = 0
    while at < len(tokens):
        named = lexicon.match(tokens, at)
        cue, length = cues().at(tokens, at)
        if named is not None and (cue is None or named[1] - at >= length):
            name, end = named
            before = tokens[max(0, at - 2) : at]
            side = side_in(tokens[max(0, at - 2) : end])
            earlier = bool(before) and any(word in cues().earlier for word in before[-1:])
            mentions.append(Mention(name, at, end, mood, group, under_if, earlier, side))
            at = end
            continue
        if cue == "if":
            under_if = True
            for mention in mentions:
                mention.under_if = mention.under_if or mention.group == group
        elif cue is not None:
            after = changed(mood, cue, broken=broken)
            if after is not mood or cue in ("order", "refer"):
                mood, broken = after, False
                group += cue in ("order", "refer", "perhaps")
        elif tokens[at] in cues().breaks:
            broken = True
            if mood is Mood.ASIDE or (mood is not Mood.BARE and tokens[at] in (";", ".", "but")):
                mood = Mood.BARE
        elif tokens[at] in AND_NOW and cues().at(tokens, at + 1)[0] in ("order", "refer"):
            broken = True
        at += length
    return mentions


def changed(mood: Mood, cue: str, *, broken: bool) -> Mood:
    """What is to happen after that word; a no and a perhaps hold until another thought begins."""
    target = {
        "order": Mood.ORDER,
        "refer": Mood.REFER,
        "begin": Mood.BEGIN,
        "medicine": Mood.MEDICINE,
        "never": Mood.NEVER,
        "perhaps": Mood.PERHAPS,
        "past": Mood.PAST,
        "aside": Mood.ASIDE,
    }[cue]
    if mood in (Mood.NEVER, Mood.PERHAPS) and not broken and target is not Mood.NEVER:
        return mood
    if mood is Mood.ORDER and target is Mood.PAST and not broken:
        return mood
    return target


def verdict(tokens: Sequence[str], mentions: Sequence[Mention], place: int) -> Mood | None:
    """What the words behind a name say of it, up to the next name or thought."""
    mention = mentions[place]
    end = mentions[place + 1].start if place + 1 < len(mentions) else len(tokens)
    at = mention.end
    if is_value(tokens, at):
        return Mood.PAST
    while at < end:
        for words, mood in (("unwanted", Mood.NEVER), ("asked", Mood.REFER), ("found", Mood.PAST)):
            if cues().behind(words, tokens, at):
                return mood
        cue, _ = cues().at(tokens, at)
        if tokens[at] in cues().breaks or cue in ("order", "refer", "aside", "if", "begin"):
            return None
        at += 1
    return None


def is_value(tokens: Sequence[str], at: int) -> bool:
    """Whether a number stands there, which is a result: no count of times, days or hours."""
    while at < len(tokens) and tokens[at] in ("of", "at"):
        at += 1
    if at >= len(tokens) or not tokens[at].replace(".", "").isdigit():
        return False
    return "." in tokens[at] or at + 1 >= len(tokens) or tokens[at + 1] not in cues().counted


def certainty_of(mention: Mention, behind: Mood | None, *, in_plan: bool) -> OrderCertainty | None:
    """None: it is not to be ordered."""
    mood = mention.mood
    if behind is Mood.REFER and mention.name.kind is OrderKind.REFERRAL:
        mood = Mood.REFER if mood in (Mood.BARE, Mood.BEGIN, Mood.ASIDE) else mood
    elif behind in (Mood.NEVER, Mood.PAST):
        return None
    if mention.earlier or not is_asked(mention.name, mood, in_plan=in_plan):
        return None
    conditional = mood is Mood.PERHAPS or mention.under_if
    return OrderCertainty.CONDITIONAL if conditional else OrderCertainty.STATED


def is_asked(name: Name, mood: Mood, *, in_plan: bool) -> bool:
    if name.kind is OrderKind.REFERRAL:
        return mood in (Mood.REFER, Mood.PERHAPS) or (mood is Mood.BEGIN and name.treats)
    if mood is Mood.BARE:
        return in_plan and not name.needs_verb
    return mood in (Mood.ORDER, Mood.REFER, Mood.PERHAPS)


def side_in(words: Sequence[str]) -> str | None:
    return next((word for word in words if word in cues().sides), None)


def with_times(
    tokens: Sequence[str], mentions: Sequence[Mention], found: dict[str, Finding]
) -> list[Finding]:
    """A time counts for what was asked for in the same breath before it, else for what follows."""
    for place, end, later in later_in(tokens):
        before = [one for one in mentions if one.start < place]
        group = before[-1].group if before else None
        same: Callable[[Mention], bool] = lambda one: one.start < place and one.group == group  # noqa: B023, E731
        concerned = [one for one in mentions if same(one)] or [
            one for one in mentions if one.start >= end
        ]
        for one in concerned:
            finding = found.get(one.name.key)
            if finding is not None and finding.later is None:
                found[one.name.key] = replace(finding, later=later)
    return list(found.values())
