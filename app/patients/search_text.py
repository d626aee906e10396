"""How a patient is put into words for searching, and a question into the words to look for.

Both sides pass through the same letters: lower case, no accents, no punctuation. A birth
date is kept as digits in the three usual orders, so 14.07.1945, 07/14/1945 and 1945-07-14
are all found once their punctuation is gone; a month written out is turned into digits first.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

MONTHS = {
    month: number
    for number, months in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for month in months
}
APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4"
UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
GAP = r"[ ./,-]{1,3}"
DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?{GAP}([a-z]{{3,9}}){GAP}(\d{{4}})\b")
MONTH_FIRST = re.compile(rf"\b([a-z]{{3,9}}){GAP}(\d{{1,2}})(?:st|nd|rd|th)?{GAP}(\d{{4}})\b")
NUMERIC = re.compile(r"(?<!\S)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\S)")
YEAR_FIRST = re.compile(r"(?<!\S)(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\S)")
MOST_WORDS = 12


def fold(text: str) -> str:
    """Lower case without accents: "Łukasz Ångström" becomes "lukasz angstrom"."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(UNDECOMPOSED)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """The words of a text; one made of digits and punctuation only becomes its digits."""
    words: list[str] = []
    for word in fold(text).split():
        if any(c.isalpha() for c in word):
            words += letters_of(word)
        elif digits := digits_of(word):
            words.append(digits)
    return words


def letters_of(word: str) -> list[str]:
    """O'Brien is one word, Okafor-Lind two; marks that spell a vowel stay where they are."""
    joined = (c for c in word if c not in APOSTROPHES)
    spaced = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in joined)
    return "".join(spaced).split()


def digits_of(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def same_words(one: str, other: str) -> bool:
    return words_of(one) == words_of(other)


def describe(*, given: str, family: str, birth: date, phone: str | None, mrn: str) -> str:
    """The text a patient is searched by; it begins with the family name, to sort by."""
    days = (f"{birth:%Y%m%d}", f"{birth:%d%m%Y}", f"{birth:%m%d%Y}")
    return " ".join([*words_of(f"{family} {given}"), *days, digits_of(phone or ""), *words_of(mrn)])


def wanted_words(question: str) -> list[str]:
    """The words that must all be part of what a patient is searched by."""
    text = DAY_FIRST.sub(lambda m: spelled_day(m, m[1], m[2], m[3]), fold(question))
    text = MONTH_FIRST.sub(lambda m: spelled_day(m, m[2], m[1], m[3]), text)
    text = NUMERIC.sub(lambda m: f"{m[1]:0>2}{m[3]:0>2}{m[4]}", text)
    text = YEAR_FIRST.sub(lambda m: f"{m[1]}{m[3]:0>2}{m[4]:0>2}", text)
    return list(dict.fromkeys(words_of(text)))[:MOST_WORDS]


def spelled_day(match: re.Match[str], day: str, month: str, year: str) -> str:
    number = MONTHS.get(month)
    return f" {year}{number:02}{day:0>2} " if number else match[0]


def grams_of(words: Iterable[str]) -> list[str]:
    """What search_grams() makes of a text that holds these words: enough to find it by GIN.

    Shorter words than three letters are found at the beginning of a word only.
    """
    grams: set[str] = set()
    for word in words:
        windows = {word[i : i + 3] for i in range(len(word) - 2)}
        grams |= windows or {f"^{word}"}
    return sorted(grams)
