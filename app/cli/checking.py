"""`dra check` and `dra test`: what must hold before a change is shared."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import console, errors

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CODE = ["app", "tests", "tools", "benchmarks"]
FAST = "not journey and not fault and not speech and not fuzz"
CHROMIUM_PACKAGES = ["chromium", "fonts-liberation"]

STEPS: list[tuple[str, list[str]]] = [
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", *CODE]),
    ("lint", [str(BIN / "ruff"), "check", "--quiet", *CODE]),
    ("types", [str(BIN / "mypy"), "--no-error-summary"]),
    ("contracts", [str(BIN / "lint-imports"), "--no-logo"]),
]


def check() -> None:
    """Format, lint, types, contracts and the fast tests."""
    run_steps()
    pytest(["-m", FAST, "-n", "2", "-q"])


def test(
    arguments: Annotated[list[str] | None, typer.Argument(help="For pytest.")] = None,  # noqa: PT028
) -> None:
    """Everything: what `check` does and every test, browser and crashes included."""
    install_browser()
    if arguments:
        pytest(arguments)
        return
    run_steps()
    pytest(["-n", "2", "-q", "--durations", "10"])


def run_steps() -> None:
    for name, command in STEPS:
        with console.status(name):
            done = subprocess.run(  # noqa: S603 - our own tools
                command, cwd=ROOT, check=False, capture_output=True, text=True
            )
        if done.returncode:
            errors.print(done.stdout + done.stderr, markup=False)
            errors.print(f"[bold red]{name} failed[/]")
            raise typer.Exit(done.returncode)
        console.print(f"[green]ok[/] {name}")


def pytest(arguments: list[str]) -> None:
    """Runs in the foreground, so that its own progress shows."""
    command = [sys.executable, "-m", "pytest", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - our own tools
    if done.returncode:
        raise typer.Exit(done.returncode)


def install_browser() -> None:
    """Debian's chromium for the journeys, when it is missing and we may install it."""
    if shutil.which("chromium"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        errors.print("chromium is missing: the browser journeys will be skipped.")
        errors.print("  To run them: apt-get install chromium")
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with console.status("Installing chromium for the browser journeys…"):
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *CHROMIUM_PACKAGES],
        ):
            done = subprocess.run(  # noqa: S603 - fixed words only
                command, check=False, capture_output=True, text=True, env=environment
            )
            if done.returncode:
                errors.print(done.stderr[-2000:], markup=False)
                errors.print("chromium could not be installed: the journeys will be skipped.")
                return
