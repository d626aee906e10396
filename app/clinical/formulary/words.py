"""Names as people say and type them: strengths, forms and salts taken off, one letter forgiven."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib.resources import files

SHORTEST_MISSPELT = 6


@cache
def _word_lists() -> dict[str, str]:
    text = files(__package__).joinpath("data", "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def word_list(name: str) -> frozenset[str]:
    """A list of words that are no names."""
    return frozenset(_word_lists()[name].split())


STRENGTH = re.compile(
    r"(?<![a-z])\d+(?:[.,]\d+)*(?:\s*[-/]\s*\d+(?:[.,]\d+)*)?\s*"
    r"(?:mg|mcg|ug|µg|g|gm|grams?|milligrams?|micrograms?|units?|iu|meq|ml|cc|%|mmol)"
    r"(?:\s*/\s*(?:\d+\s*)?(?:ml|h|hr|hour|dose|kg|puff|actuation|spray))?(?![a-z])"
)
NUMBER = re.compile(r"\b\d+(?:[./]\d+)*\b")
# From here on the text says how it is taken, not what.
SIG = re.compile(
    r"\b(?:once|twice|daily|nightly|weekly|monthly|every|each|as needed|prn|bid|tid|qid|qd|qhs"
    r"|q\d+h?|po|by mouth|at bedtime|at night|in the (?:morning|evening)"
    r"|with (?:food|meals?|breakfast)|before|after|for|take|one|two|three)\b"
)
FORMS = word_list("forms")
SALTS = word_list("salts")
JOINS = re.compile(r"\s*(?:/|\+|&|,|;|\band\b|\bwith\b|\bplus\b)\s*")
INSIDE = re.compile(r"\(([^()]*)\)")
PIECES = re.compile(r"\s*(?:[,;/+&()]|\band\b|\bwith\b|\bplus\b)\s*")
NAME_BEFORE_DOSE = re.compile(r"^(.*?)(?:[\s,(]+\d.*)?$", re.DOTALL)


def name_in(line: str) -> str:
    """The name in "metformin 500 mg twice daily"."""
    found = NAME_BEFORE_DOSE.match(line.strip())
    return (found.group(1).strip() if found else "") or line


def plain(text: str) -> str:
    """Lower case, no accents, one space between words, hyphens and slashes as spaces."""
    folded = unicodedata.normalize("NFKD", text.replace("µ", "u")).lower()
    letters = "".join(c for c in folded if not unicodedata.combining(c)).replace("'", "")
    return " ".join(re.sub(r"[^a-z0-9.%]+", " ", letters).replace(". ", " ").strip(" .").split())


def without(words: str, dropped: frozenset[str]) -> str:
    return " ".join(word for word in words.split() if word not in dropped)


def shapes(text: str) -> Iterator[str]:
    """What the name may be, the most faithful first; never empty."""
    seen: set[str] = set()
    whole = plain(text)
    bare = STRENGTH.sub(" ", text.lower())
    untaken = SIG.split(bare, maxsplit=1)[0] or bare
    unnumbered = plain(NUMBER.sub(" ", untaken))
    formless = without(unnumbered, FORMS)
    for shape in (
        whole,
        plain(bare),
        plain(untaken),
        without(plain(untaken), FORMS),
        unnumbered,
        formless,
        without(formless, SALTS),
    ):
        if shape and shape not in seen:
            seen.add(shape)
            yield shape


def one_letter_apart(a: str, b: str) -> bool:
    """One letter more, less or other, or two neighbours exchanged."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if start is None:
        return len(a) != len(b)
    tails = a[start:], b[start:]
    if len(a) == len(b):
        swapped = tails[0][:2] == tails[1][1::-1] and tails[0][2:] == tails[1][2:]
        return swapped or tails[0][1:] == tails[1][1:]
    return tails[0][1:] == tails[1] or tails[0] == tails[1][1:]


def shortened(word: str) -> Iterator[str]:
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


class Names:
    """Every name there is, and what it is the name of."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        found: dict[str, set[str]] = defaultdict(set)
        for name, key in entries:
            found[plain(name)].add(key)
        found.pop("", None)
        self._keys = {name: frozenset(keys) for name, keys in found.items()}
        self.longest = max((len(name.split()) for name in self._keys), default=1)

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._keys:
            if len(name) >= SHORTEST_MISSPELT - 1:
                for shape in shortened(name):
                    found[shape].append(name)
        return found

    def exactly(self, words: str) -> str | None:
        """By a name that means one thing only; `words` are plain."""
        for shape in (words, words.removesuffix("s"), f"{words}s"):
            keys = self._keys.get(shape, frozenset())
            if len(keys) == 1:
                return next(iter(keys))
            if keys:
                return None
        return None

    def nearly(self, words: str) -> str | None:
        """By a name one letter apart, where only one thing is called so."""
        if len(words) < SHORTEST_MISSPELT or words in self._keys:
            return None
        near = {name for shape in shortened(words) for name in self._shortened.get(shape, ())}
        keys = {key for name in near if one_letter_apart(words, name) for key in self._keys[name]}
        return keys.pop() if len(keys) == 1 else None

    def within(self, words: str) -> tuple[list[str], list[str]]:
        """The things named in plain words, longest names first, and the words left over."""
        tokens, found, left, at = words.split(), list[str](), list[str](), 0
        while at < len(tokens):
            for size in range(min(self.longest, len(tokens) - at), 0, -1):
                key = self.exactly(" ".join(tokens[at : at + size]))
                if key is not None:
                    found.append(key)
                    at += size
                    break
            else:
                left.append(tokens[at])
                at += 1
        return found, left
