"""Talking to the person at the terminal."""

import os
import traceback

from rich.console import Console
from rich.markup import escape

from app.clinical.transcription import ModelUnusable, SoundRefused
from app.infra.embedded import EmbeddedStoreError
from app.infra.migrate import MigrationError
from app.kernel.errors import DomainError

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

EXPLAINED = (
    DomainError,
    EmbeddedStoreError,
    MigrationError,
    ModelUnusable,
    SoundRefused,
    ValueError,
    OSError,
)


def explain(error: Exception) -> None:
    """Say what went wrong and what to do; a trace only when somebody asks for it."""
    facts = ""
    if isinstance(error, DomainError) and error.context:
        facts = " (" + ", ".join(f"{k}: {v}" for k, v in error.context.items()) + ")"
    errors.print(f"[bold red]error:[/] {escape(f'{error}{facts}')}")
    if not isinstance(error, EXPLAINED):
        errors.print(f"  {type(error).__name__}; run `./dra doctor` to see what is wrong,")
        errors.print("  or set DRA_TRACE=1 and try again for the details.")
    if os.environ.get("DRA_TRACE"):
        traceback.print_exception(error)
