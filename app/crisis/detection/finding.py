"""Looking a text through: which phrases stand in it, and how each is meant."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.crisis.detection.lexicon import Rule, lexicon
from app.crisis.detection.meaning import Reading, meaning_of
from app.crisis.detection.mentions import CURRENT, SIGNALS, Assertion, Concept, Mention
from app.crisis.detection.patterns import Count, Hit
from app.crisis.detection.tokens import Token, Words, sentences

ROOMY_WORDS = 80  # a dictation without full stops is cut where a new clause may begin,
LONGEST_WORDS = 120  # and here at the latest, so that the work stays in proportion
CLAUSE = frozenset("and but because so".split())


def find(text: str, *, of_relatives: bool = False, count: Count | None = None) -> list[Mention]:
    """Every phrase of the lexicon, in the order of the text, with how it is meant.

    `of_relatives`: it stands under a heading that makes it about the family. `count` is told how
    much was compared. Two mentions of one danger never overlap.
    """
    counted = count or Count()
    read = [reading(words, counted) for words in pieces(text)]
    found: list[Mention] = []
    for this, after in pairwise([*read, None]):
        assert this is not None
        for hit in this.dangers:
            rule = lexicon().rules[hit.name]
            assertion = meaning_of(this, hit, rule.concept, after, of_relatives=of_relatives)
            found.append(mention(this.tokens, hit, rule, assertion))
    return found


def is_signal(mention: Mention) -> bool:
    """Whether a person should be shown it: said of the patient, now or in the past, or unclear.

    Abuse of a child or an elder, and a threat, count whoever does it. What others than the
    patient think of doing to themselves does not.
    """
    if mention.concept is Concept.MEANS and mention.assertion is Assertion.HISTORICAL:
        return False
    return mention.assertion in SIGNALS


def mention(tokens: Sequence[Token], hit: Hit, rule: Rule, assertion: Assertion) -> Mention:
    return Mention(
        concept=rule.concept,
        start=tokens[hit.first].start,
        end=tokens[hit.last - 1].end,
        assertion=assertion,
        critical=rule.critical and assertion in CURRENT,
        rule=rule.id,
    )


def pieces(text: str) -> Iterator[Words]:
    """Sentences, the endless ones in parts."""
    for words in sentences(text):
        rest = words.tokens
        while len(rest) > LONGEST_WORDS:
            cut = next(
                (at for at in range(ROOMY_WORDS, LONGEST_WORDS) if may_cut(rest[at])),
                LONGEST_WORDS,
            )
            yield Words(rest[:cut], "")
            rest = rest[cut:]
        yield Words(rest, words.closing)


def may_cut(token: Token) -> bool:
    return token.word in CLAUSE or "," in token.before


def reading(words: Words, count: Count) -> Reading:
    """A sentence with the cues and the dangers that stand in it."""
    known = lexicon()
    cues = known.cues.hits(words.tokens, count)
    read = Reading(words, tuple(cues))
    kept: list[Hit] = []
    for hit in sorted(known.phrases.hits(words.tokens, count), key=lambda h: h.first - h.last):
        rule = known.rules[hit.name]
        needed = rule.needs is None or read.has_context(rule.needs, beside=hit)
        if needed and not read.ends_within("not_meant", hit) and not doubled(kept, hit):
            kept.append(hit)
    read.dangers = tuple(sorted(kept, key=lambda hit: (hit.first, hit.last)))
    return read


def doubled(kept: Sequence[Hit], hit: Hit) -> bool:
    """Whether a longer phrase of the same danger stands there already."""
    rules = lexicon().rules
    return any(
        rules[other.name].concept is rules[hit.name].concept
        and other.first < hit.last
        and hit.first < other.last
        for other in kept
    )
