"""The command line: `./dra COMMAND`."""

import sys

import typer

from app.cli import (
    checking,
    coding,
    demonstrating,
    diagnosing,
    filling,
    formulary,
    importing_results,
    migrating,
    rebuilding,
    serving,
    transcribing,
    users,
)
from app.cli.console import explain
from app.infra.logging import configure_logging

cli = typer.Typer(
    name="dra",
    help="Dr. Assistant: dictate, check, sign.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command("demo")(demonstrating.demo)
cli.command("serve")(serving.serve)
cli.command("api", hidden=True)(serving.api)
cli.command("worker")(serving.worker)
cli.command("transcribe")(transcribing.transcribe)
cli.command("doctor")(diagnosing.doctor)
cli.command("seed")(filling.fill)
cli.command("check")(checking.check)
cli.command("test")(checking.test)
cli.add_typer(migrating.group, name="migrate")
cli.add_typer(coding.group, name="icd10")
cli.add_typer(users.group, name="user")
cli.add_typer(rebuilding.group, name="rebuild")
cli.add_typer(formulary.group, name="formulary")
cli.add_typer(importing_results.group, name="results")


def main() -> None:
    """Run one command; every failure says what to do instead of showing a trace."""
    configure_logging()
    try:
        cli()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last stop before the person at the terminal
        explain(error)
        sys.exit(1)
