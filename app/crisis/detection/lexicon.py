"""The lexicon beside this module, read once: what is looked for, and what decides its meaning."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from app.crisis.detection.mentions import Concept
from app.crisis.detection.patterns import Index, read

GROUPS = ("contexts", "cues", "people", "answers", "subjects")


@dataclass(frozen=True, slots=True)
class Rule:
    """One group of phrases for one danger."""

    id: str
    concept: Concept
    critical: bool
    needs: str | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by rule id; cues by "group.name"."""

    version: str
    rules: Mapping[str, Rule]
    phrases: Index
    cues: Index
    finite: frozenset[str]
    fill: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """Raises `PhraseUnreadable`, which tests would have seen."""
    lists: dict[str, str] = load("words.toml")
    context = load("context.toml")
    rules: dict[str, Rule] = {}
    phrases = Index()
    for entry in load("phrases.toml")["rule"]:
        rule = Rule(
            id=entry["id"],
            concept=Concept(entry["concept"]),
            critical=entry.get("critical", True),
            needs=entry.get("needs"),
        )
        rules[rule.id] = rule
        put(phrases, rule.id, entry["phrases"], lists)
    cues = Index()
    put(cues, "not_meant", context["not_meant"]["phrases"], lists)
    for group in GROUPS:
        for name, lines in context[group].items():
            put(cues, f"{group}.{name}", lines, lists)
    finite, fill = (frozenset(context["words"][name].split()) for name in ("finite", "fill"))
    return Lexicon(context["version"], rules, phrases, cues, finite, fill)


def put(index: Index, name: str, lines: Iterable[str], lists: Mapping[str, str]) -> None:
    for line in lines:
        index.add(name, read(line, lists))


def lexicon_version() -> str:
    """Stored with every signal, so that it stays plain which words were known then."""
    return lexicon().version


def load(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath("lexicons", name).read_text(encoding="utf-8")
    return tomllib.loads(text)
