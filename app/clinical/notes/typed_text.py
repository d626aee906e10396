"""Typed text in one form, and folded for searching."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def composed(text: str) -> str:
    """Unicode NFC with plain line ends, so that equal texts are equal bytes."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


MOST_QUERY_WORDS = 16
MOST_LETTERS_OF_A_WORD = 60
MOST_LETTERS_OF_A_NOTE = 500_000  # a tsvector holds a megabyte
SNIPPET_BEFORE = 60
SNIPPET_AFTER = 120

WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case without accents: "Ménière" becomes "meniere"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def search_words(texts: Iterable[str]) -> list[str]:
    """Each word of some texts once, folded, as far as the projection can hold them."""
    found: dict[str, None] = {}
    room = MOST_LETTERS_OF_A_NOTE
    for text in texts:
        for word in WORD.findall(fold(text)):
            cut = word[:MOST_LETTERS_OF_A_WORD]
            if cut not in found and (room := room - len(cut.encode())) > 0:
                found[cut] = None
    return list(found)


def prefix_query(question: str) -> str | None:
    """A tsquery in which every word of the question must begin a word of the note."""
    words = search_words([question])[:MOST_QUERY_WORDS]
    return " & ".join(f"'{word}':*" for word in words) or None


@dataclass(frozen=True, slots=True)
class Snippet:
    """Some text around the first hit, and where the sought words stand in it."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()


def snippet_of(texts: Sequence[str], question: str) -> Snippet:
    """From the first text in which one of the words stands; the beginning when there is none."""
    sought = tuple(search_words([question]))
    for text in texts:
        hits = [m.span() for m in WORD.finditer(text) if sought and fold(m[0]).startswith(sought)]
        if hits:
            return cut_around(text, hits)
    first = next((text for text in texts if text.strip()), "")
    return cut_around(first, [])


def cut_around(text: str, hits: Sequence[tuple[int, int]]) -> Snippet:
    at = hits[0][0] if hits else 0
    start = 0 if at <= SNIPPET_BEFORE else text.rfind(" ", 0, at - SNIPPET_BEFORE) + 1
    end = min(len(text), at + SNIPPET_AFTER)
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    inside = [(s, e) for s, e in hits if start <= s and e <= end]
    shift = len(lead) - start
    return Snippet(
        text=lead + text[start:end].replace("\n", " ") + tail,
        hits=tuple((s + shift, e + shift) for s, e in inside),
    )
