"""The tool that makes the demo model still makes the one that is shipped."""

import json
from pathlib import Path
from random import Random

from app.clinical.transcription import load_manifest
from tests.clinical.transcription.engine.sounds import dictations
from tools.demo_speech.evaluate import errors_between, words_of
from tools.demo_speech.grammar import sentence, vocabulary
from tools.demo_speech.tokens import build


def test_the_grammar_says_as_many_words_as_the_manifest_claims():
    assert f"{len(vocabulary())} words" in load_manifest("demo").manifest.vocabulary


def test_a_seed_gives_the_same_sentences_each_time():
    first, again = Random(5), Random(5)
    assert [sentence(first) for _ in range(20)] == [sentence(again) for _ in range(20)]


def test_the_grammar_knows_every_word_of_the_dictations():
    spoken = " ".join(text for one in dictations() for _, text in one["soap"])
    assert set(words_of(spoken)) <= {part for word in vocabulary() for part in words_of(word)}


def test_the_vocabulary_learnt_is_the_one_shipped(tmp_path):
    build().save(str(tmp_path / "tokenizer.json"))
    shipped = Path(load_manifest("demo").source, "tokenizer.json")
    assert json.loads((tmp_path / "tokenizer.json").read_text()) == json.loads(shipped.read_text())


def test_errors_are_insertions_omissions_and_replacements():
    spoken = words_of("Lungs are clear to auscultation.")
    assert errors_between(spoken, words_of("lungs are clear")) == 2
    assert errors_between(spoken, words_of("Lungs are not clear to percussion")) == 2
    assert errors_between(spoken, spoken) == 0
