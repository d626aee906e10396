"""The launcher `dra`, with a lock that names nothing, so that no package index is needed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.stores import ROOT

Finished = subprocess.CompletedProcess[str]


class Checkout:
    """A folder with the real launcher, an empty lock and a command line that only echoes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if folder.exists():
            return
        (folder / "app").mkdir(parents=True)
        shutil.copy(ROOT / "dra", folder / "dra")
        (folder / "requirements.lock").write_text("# nothing\n")
        (folder / "app" / "__init__.py").touch()
        (folder / "app" / "cli.py").write_text(
            "import os, sys\n"
            "print(*sys.argv[1:], sep='|')\n"
            "print(os.getcwd(), os.environ['DRA_CALLER_CWD'], sys.prefix, sep='\\n')\n"
            "raise SystemExit(len(sys.argv) - 1)\n"
        )

    def run(
        self, *arguments: str, at: Path | None = None, path: str | None = None, name: str = "dra"
    ) -> Finished:
        # The Python of this test run under the name the launcher looks for first.
        pythons = self.folder.parent / "pythons"
        if not pythons.exists():
            pythons.mkdir()
            (pythons / "python3.12").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        search = path or f"{pythons}:{os.environ['PATH']}"
        return subprocess.run(
            [str(self.folder / name), *arguments],
            cwd=at or self.folder,
            env={"PATH": search, "HOME": str(self.folder.parent)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "my own clinic")


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    root = tmp_path_factory.mktemp("launcher")
    return Checkout(root / "my own clinic").run("transcribe", "a file.wav", at=root)


@pytest.fixture
def installed(first_run: Finished, tmp_path: Path) -> Checkout:
    """A checkout whose environment is made; the folder was moved since, which must not matter."""
    made = Path(first_run.stdout.splitlines()[1])
    shutil.copytree(made, tmp_path / "my own clinic", symlinks=True)
    return Checkout(tmp_path / "my own clinic")


def test_from_anywhere_it_installs_and_hands_everything_on(first_run: Finished) -> None:
    assert first_run.returncode == 2, first_run.stderr
    said, folder, caller, prefix = first_run.stdout.splitlines()
    assert said == "transcribe|a file.wav"
    assert Path(folder).name == "my own clinic"
    assert caller == str(Path(folder).parent)
    assert prefix == f"{folder}/.venv"
    assert "making .venv" in first_run.stderr


def test_what_is_installed_is_not_installed_again(installed: Checkout) -> None:
    again = installed.run()
    assert again.returncode == 0
    assert again.stderr == ""


def test_a_changed_lock_is_installed_into_the_same_environment(installed: Checkout) -> None:
    (installed.folder / ".venv" / "kept").touch()
    (installed.folder / "requirements.lock").write_text("# still nothing, said otherwise\n")
    changed = installed.run()
    assert changed.stderr.splitlines() == ["dra: installing what requirements.lock names"]
    assert (installed.folder / ".venv" / "kept").exists()
    assert installed.run().stderr == ""


def test_an_interrupted_installation_begins_anew(installed: Checkout) -> None:
    venv = installed.folder / ".venv"
    (venv / "dra-installed").unlink()
    (venv / "dra-unfinished").touch()
    (venv / "half a package").touch()
    assert "making .venv" in installed.run().stderr
    assert not (venv / "half a package").exists()


def test_a_failed_installation_says_so_and_is_not_taken_for_done(installed: Checkout) -> None:
    lock = installed.folder / "requirements.lock"
    lock.write_text("./no-such-package\n")
    failed = installed.run()
    assert failed.returncode == 1
    assert "installing failed" in failed.stderr
    assert "no-such-package" in failed.stderr
    assert failed.stdout == ""
    assert not (installed.folder / ".venv" / "dra-installed").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(installed: Checkout) -> None:
    for link in (installed.folder / ".venv" / "bin").glob("python*"):
        link.unlink()
    assert installed.run().returncode == 0


def test_it_can_be_called_through_a_link(installed: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "bin"
    elsewhere.mkdir()
    (elsewhere / "clinic").symlink_to("../my own clinic/dra")
    called = installed.run("status", name="../bin/clinic")
    assert called.stdout.splitlines()[1] == str(installed.folder)


def test_a_python_too_old_is_named(checkout: Checkout, tmp_path: Path) -> None:
    tools = tmp_path / "old tools"
    tools.mkdir()
    for tool in ("sh", "dirname", "cksum", "cat", "readlink"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    old = tools / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    refused = checkout.run(path=str(tools))
    assert refused.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in refused.stderr
    assert "there is: Python 3.9.2" in refused.stderr


def test_a_python_without_venv_is_named(checkout: Checkout, tmp_path: Path) -> None:
    tools = tmp_path / "bare tools"
    tools.mkdir()
    bare = tools / "python3.12"
    real = Path(sys.base_prefix) / "bin" / "python3"
    bare.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec "{real}" "$@"\n')
    bare.chmod(0o755)
    refused = checkout.run(path=f"{tools}:{os.environ['PATH']}")
    assert refused.returncode == 1
    assert "lacks its venv module" in refused.stderr
    assert not (checkout.folder / ".venv").exists()
