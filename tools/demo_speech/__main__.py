"""The command line, `python -m tools.demo_speech`; see the README beside this file."""

# ruff: noqa: PLC0415 - each command imports what it needs, and most need no torch

import argparse
from pathlib import Path
from random import Random

from app.clinical.transcription import load_manifest

TOKENIZER = Path(load_manifest("demo").source, "tokenizer.json")
DICTATIONS = Path("tests/fixtures/dictations")


def grammar(options: argparse.Namespace) -> None:
    from tools.demo_speech.grammar import sentence, vocabulary

    dice = Random(options.seed)
    for _ in range(options.count):
        print(sentence(dice))
    print(f"({len(vocabulary())} words can be said)")


def tokens(options: argparse.Namespace) -> None:
    from tools.demo_speech.tokens import build

    build().save(str(options.tokenizer))


def speech(options: argparse.Namespace) -> None:
    from tools.demo_speech.speech import Engine, make_corpus

    counts: dict[Engine, int] = {
        "espeak": options.espeak,
        "flite": options.flite,
        "slt": options.slt,
    }
    for done in make_corpus(options.corpus, counts=counts, seed=options.seed):
        if done % 500 == 0:
            print(f"{done} clips")


def train(options: argparse.Namespace) -> None:
    from tools.demo_speech.train import train as run

    run(
        options.corpus,
        options.tokenizer,
        options.weights,
        steps=options.steps,
        batch_seconds=options.batch_seconds,
        seed=options.seed,
    )


def export(options: argparse.Namespace) -> None:
    from tools.demo_speech.export import export as run

    run(options.weights, options.tokenizer, options.folder, quantization=options.quantization)


def evaluate(options: argparse.Namespace) -> None:
    from tools.demo_speech.evaluate import evaluate as run

    errors = words = 0
    for result in run(options.folder, options.model):
        errors, words = errors + result.errors, words + result.words
        print(f"{result.name:<28}{result.voice:<12}{result.errors / result.words:.3f}")
        if options.verbose:
            print(f"    {result.heard}")
    print(f"word error rate together: {errors / words:.3f}")


def speak(options: argparse.Namespace) -> None:
    from tools.demo_speech.speech import speak_dictations

    for path in speak_dictations(options.folder):
        print(path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make and measure the demo speech model.")
    commands = parser.add_subparsers(required=True)

    one = commands.add_parser("grammar", help="print sentences")
    one.add_argument("--count", type=int, default=20)
    one.add_argument("--seed", type=int, default=0)
    one.set_defaults(run=grammar)

    one = commands.add_parser("tokens", help="learn the vocabulary")
    one.add_argument("tokenizer", type=Path)
    one.set_defaults(run=tokens)

    one = commands.add_parser("speech", help="speak clips to train on")
    one.add_argument("corpus", type=Path)
    one.add_argument("--espeak", type=int, default=26_000)
    one.add_argument("--flite", type=int, default=9_000)
    one.add_argument("--slt", type=int, default=3_000)
    one.add_argument("--seed", type=int, default=0)
    one.set_defaults(run=speech)

    one = commands.add_parser("train", help="train all stages")
    one.add_argument("corpus", type=Path)
    one.add_argument("weights", type=Path)
    one.add_argument("--tokenizer", type=Path, default=TOKENIZER)
    one.add_argument("--steps", type=int, help="so many per stage, for a trial")
    one.add_argument("--batch-seconds", type=float, default=240)
    one.add_argument("--seed", type=int, default=0)
    one.set_defaults(run=train)

    one = commands.add_parser("export", help="write the folder for faster-whisper")
    one.add_argument("weights", type=Path)
    one.add_argument("folder", type=Path)
    one.add_argument("--tokenizer", type=Path, default=TOKENIZER)
    one.add_argument("--quantization", choices=("int8", "float32"), default="int8")
    one.set_defaults(run=export)

    one = commands.add_parser("evaluate", help="word error rate over spoken dictations")
    one.add_argument("folder", type=Path, nargs="?", default=DICTATIONS)
    one.add_argument("--model", default="demo")
    one.add_argument("--verbose", action="store_true")
    one.set_defaults(run=evaluate)

    one = commands.add_parser("speak", help="speak a folder's dictations.json into Ogg files")
    one.add_argument("folder", type=Path)
    one.set_defaults(run=speak)

    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
