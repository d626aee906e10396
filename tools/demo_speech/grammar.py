"""Sentences as they are dictated, drawn from sentences.txt and words.json."""

import json
import re
from functools import cache
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
SLOT = re.compile(r"\{([^}]+)\}")
NUMBERS = re.compile(r"(\d+)-(\d+)")


@cache
def templates() -> list[str]:
    lines = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@cache
def phrases() -> dict[str, list[str]]:
    words: dict[str, list[str]] = json.loads((HERE / "words.json").read_text(encoding="utf-8"))
    return words


def sentence(dice: Random) -> str:
    """Draw one sentence."""
    dice.random()  # the shipped model's vocabulary was drawn with this throw; keep it reproducible
    return SLOT.sub(lambda slot: _filled(slot[1], dice), dice.choice(templates()))


def _filled(slot: str, dice: Random) -> str:
    numbers = NUMBERS.fullmatch(slot)
    if numbers:
        return str(dice.randint(int(numbers[1]), int(numbers[2])))
    if "|" in slot:
        return dice.choice(slot.split("|"))
    phrase = dice.choice(phrases()[slot.removesuffix("^")])
    return phrase.capitalize() if slot.endswith("^") else phrase


def vocabulary() -> set[str]:
    """Every word the grammar can say, numbers included."""
    words: set[str] = set()
    for template in templates():
        for text in (SLOT.sub(" ", template), *_slot_texts(template)):
            words.update(re.findall(r"[a-z0-9\-']+", text.lower()))
    return words


def _slot_texts(template: str) -> list[str]:
    texts: list[str] = []
    for slot in SLOT.findall(template):
        numbers = NUMBERS.fullmatch(slot)
        if numbers:
            texts += map(str, range(int(numbers[1]), int(numbers[2]) + 1))
        else:
            texts += slot.split("|") if "|" in slot else phrases()[slot.removesuffix("^")]
    return texts
