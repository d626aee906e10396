"""`dra transcribe FILE`: transcript and draft without any store."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.console import console, errors
from app.cli.drafts import print_draft
from app.clinical import notes, transcription
from app.settings import Settings

HERE_VARIABLE = "DRA_CALLER_CWD"  # the launcher changes into the project's folder


def transcribe(
    file: Annotated[Path, typer.Argument(help="wav, flac, mp3, m4a, ogg or webm.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Print the transcript of a sound file and the SOAP draft made of it."""
    path = Path(os.environ.get(HERE_VARIABLE, ".")) / file
    if not path.is_file():
        raise ValueError(f"there is no file {file}")
    setting = Settings().effective_speech_model
    if setting is None:
        raise ValueError("set DRA_SPEECH_MODEL to a hub name or a local folder")
    heard = hear(path, setting)
    draft = notes.RuleStructurer().structure(notes.dictation_of(heard.utterances))
    if as_json:
        content = {
            "model": heard.model.model_dump(mode="json"),
            "duration_seconds": heard.duration_seconds,
            "utterances": [each.model_dump(mode="json") for each in heard.utterances],
            "draft": draft.model_dump(mode="json"),
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    console.print("[bold]Transcript[/]")
    for utterance in heard.utterances:
        console.print(f"  {utterance.start:7.1f} s  {utterance.text}", markup=False)
    console.print()
    print_draft(
        draft.body, model=f"{heard.model.name} {heard.model.version}", demo=heard.model.demo
    )


def hear(path: Path, setting: str) -> transcription.FileTranscript:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        listening = progress.add_task("Listening", total=None)

        def show(part: float | None) -> None:
            if part is not None:
                progress.update(listening, total=1.0, completed=part)

        return transcription.transcribe_file(path, setting, show)
