"""What espeak-ng would say, as phonemes: the first thing the encoder learns to hear."""

import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

MARKS = "',%=;|!~-: "  # stress, length and joins


def phonemes(text: str) -> list[str]:
    spelled = subprocess.run(
        ["espeak-ng", "-q", "-x", "--sep=_", "-v", "en-us", text],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    sounds = (sound.strip(MARKS) for word in spelled.split() for sound in word.split("_"))
    return [sound for sound in sounds if sound]


def phoneme_table(texts: Iterable[str]) -> dict[str, list[str]]:
    """Spell each text once."""
    distinct = sorted(set(texts))
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(distinct, pool.map(phonemes, distinct, chunksize=64), strict=True))
