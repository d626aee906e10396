"""The words of doctors, from a file a clinician can read."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read() -> dict[str, Any]:
    text = files("app.clinical.problems").joinpath("lexicons/diagnoses.toml").read_text("utf-8")
    return tomllib.loads(text)


def plainly(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", text.casefold().replace("'", "")))


LEXICON_VERSION: str = read()["version"]
SPELLINGS: dict[str, tuple[str, ...]] = {
    said: plainly(meant) for said, meant in read()["spellings"].items()
}
SHORT_FORMS: dict[str, tuple[str, ...]] = {
    said: plainly(meant) for said, meant in read()["short_forms"].items()
}
STOP_WORDS = frozenset(read()["stop_words"])
SAID: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (code, tuple(names)) for code, names in read()["said"].items()
)
