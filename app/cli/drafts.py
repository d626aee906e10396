"""A SOAP draft on a terminal, with the seconds of sound each sentence rests on."""

from app.cli.console import console
from app.clinical import notes


def print_draft(body: notes.NoteBody, *, model: str, demo: bool) -> None:
    console.print(f"[bold]Draft[/] by {model}, to be checked by a doctor")
    if demo:
        console.print("  [dim]The demo model knows a small vocabulary and synthetic voices.[/]")
    for key, section in body.sections.items():
        if not section.sentences:
            continue
        console.print(f"  [bold]{key.value}[/]")
        for sentence in section.sentences:
            seconds = "      typed      "
            if sentence.start is not None and sentence.end is not None:
                seconds = f"{sentence.start:6.1f}-{sentence.end:5.1f} s"
            console.print(f"    {seconds}  {sentence.text}", markup=False)
