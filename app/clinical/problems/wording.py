"""How names of illnesses are put into words to be found by, and how questions are read.

Both sides pass through the same letters: lower case, no accents, no punctuation, one spelling.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.clinical.problems.lexicon import SPELLINGS, STOP_WORDS

WORD = re.compile(r"[a-z0-9]+")
APOSTROPHES = str.maketrans("", "", "'\u2019\u2018\u02bc`\u00b4")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
UNSAID = re.compile(
    r",? (?:unspecified as to [a-z -]+|unspecified(?: [a-z]+)?|not otherwise specified"
    r"|site not specified|NOS)$|^Unspecified |, initial encounter.*$",
)
HYPHENED = re.compile(r"[a-z]+(?:-[a-z]+)+")
LONGEST_SINGULAR = 3
MOST_WORDS = 12


def fold(text: str) -> str:
    """Lower case without accents: "Ménière's" becomes "menieres"."""
    if text.isascii():  # of a whole release nearly everything is
        return text.lower().replace("'", "").replace("`", "")
    plain = unicodedata.normalize("NFKD", text).casefold().translate(APOSTROPHES)
    return "".join(c for c in plain if not unicodedata.combining(c))


def singular(word: str) -> str:
    """The same for both sides, so that it need not be good English."""
    keeps = len(word) <= LONGEST_SINGULAR or word.endswith(("ss", "us", "is"))
    return word if keeps or not word.endswith("s") else word[:-1]


def words_of(text: str) -> list[str]:
    """Plain words in their order, in one spelling."""
    return [plain for word in WORD.findall(fold(text)) for plain in plainly(word)]


@lru_cache(maxsize=50_000)  # bounded: words of notes pass through here
def plainly(word: str) -> tuple[str, ...]:
    return tuple(singular(each) for each in SPELLINGS.get(word, (word,)))


def index_words(texts: Iterable[str]) -> list[str]:
    """Every word by which something is found, a hyphened one also written together."""
    found: set[str] = set()
    for text in texts:
        found.update(words_of(text))
        if "-" in text:
            found.update(singular(each.replace("-", "")) for each in HYPHENED.findall(fold(text)))
    return sorted(found)


def phrase_of(text: str) -> str:
    return " ".join(words_of(text))


def phrases_of(descriptions: Iterable[str]) -> list[str]:
    """Whole names as people say them: without asides, and without what was left unsaid."""
    found: set[str] = set()
    for text in descriptions:
        plain = ASIDE.sub(" ", text)
        while (shorter := UNSAID.sub("", plain)) != plain:
            found.add(phrase_of(plain))
            plain = shorter
        found.add(phrase_of(plain))
    return sorted(found - {""})


def wanted_words(question: str) -> list[str]:
    """The words of a question that must all be found; the little ones only where there are none."""
    words = list(dict.fromkeys(words_of(question)))[:MOST_WORDS]
    return [word for word in words if word not in STOP_WORDS] or words


def bare_code(text: str) -> str | None:
    """E11.9, e119 or "E11." without its dot; None where this cannot begin a code."""
    bare = text.strip().upper().replace(".", "").replace(" ", "")
    return bare if re.fullmatch(r"[A-Z]([0-9]|[A-Z][0-9])[0-9A-Z]{0,5}", bare) else None


def word_query(words: Sequence[str], expanded: dict[str, tuple[str, ...]]) -> str:
    """A tsquery: the beginning of every word; a short form also by what it stands for."""
    parts = []
    for word in words:
        ways = [f"{word}:*"]
        if word in expanded:
            ways.append("(" + " & ".join(f"{each}:*" for each in expanded[word]) + ")")
        parts.append("(" + " | ".join(ways) + ")")
    return " & ".join(parts)
