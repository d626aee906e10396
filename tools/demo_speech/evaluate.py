"""Word error rate over a folder of spoken dictations, heard the way the product hears them."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from app.clinical.transcription import transcribe_file


class Result(NamedTuple):
    """One dictation and how many words of it went wrong."""

    name: str
    voice: str
    errors: int
    words: int
    heard: str


def evaluate(folder: Path, setting: str) -> Iterator[Result]:
    """Transcribe every dictation of the folder's dictations.json with the model named."""
    for dictation in json.loads((folder / "dictations.json").read_text(encoding="utf-8")):
        spoken = words_of(" ".join(text for _, text in dictation["soap"]))
        transcript = transcribe_file(folder / f"{dictation['id']}.ogg", setting)
        heard = " ".join(utterance.text for utterance in transcript.utterances)
        wrong = errors_between(spoken, words_of(heard))
        yield Result(dictation["id"], dictation["voice"], wrong, len(spoken), heard)


def words_of(text: str) -> list[str]:
    """Lower case, without punctuation; "38.2" counts as two."""
    return re.findall(r"[a-z0-9'\-]+", text.lower())


def errors_between(spoken: Sequence[str], heard: Sequence[str]) -> int:
    """Count words inserted, left out or replaced."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(spoken, 1):
        above, row[0] = row[:], count
        for place, other in enumerate(heard, 1):
            replaced = above[place - 1] + (word != other)
            row[place] = min(above[place] + 1, row[place - 1] + 1, replaced)
    return row[-1]
