"""The code as text: small files that say what they are, and nothing of any machine."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted((ROOT / "app/web/templates").rglob("*.html"))
LONGEST_FILE = 350
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base", "manager", "constants", "core"}
VAGUE_VERBS = ("handle_", "process_", "manage_")
# Written in pieces, so that this file does not find itself.
MACHINE_PATHS = re.compile("/" + "root/|/" + "home/[a-z]|/" + "Users/|/" + "work/")
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
            ("jsdelivr", "net"), ("unpkg", "com"), ("artifact" + "ory",), ("nexus", ""),
        )
    )
)  # fmt: skip
BINARY = {".ogg", ".onnx", ".bin", ".woff2", ".png", ".wav", ".npz", ".ico", ".flac", ".mp3"}
COMMITS_ALLOWED = {"app/infra/lines.py"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked_texts() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in BINARY:
            yield path


@pytest.mark.parametrize("path", APP, ids=name_of)
def test_every_module_says_what_it_is_and_is_small(path: Path) -> None:
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), "a module begins with one line about itself"
    assert len(text.splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", APP, ids=name_of)
def test_names_say_something(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert not node.name.startswith(VAGUE_VERBS), node.name


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_form_says_how_it_is_sent(path: Path) -> None:
    """One that a script sends is a "dialog": before the script is there it sends nothing.

    A form that says nothing puts what was typed into the address.
    """
    for form in re.findall(r"<form[^>]*>", path.read_text()):
        assert "method=" in form


def test_nothing_commits_but_the_line_of_a_unit_of_work() -> None:
    found = [
        name_of(path)
        for path in APP
        for node in ast.walk(ast.parse(path.read_text()))
        if commits(node)
    ]
    assert set(found) == COMMITS_ALLOWED


def commits(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and node.value.lower().rstrip(";") == "commit"
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr == "commit"
            or (node.func.attr == "begin" and ast.unparse(node.func.value).endswith("sessions"))
        )
    )


def test_no_text_names_a_machine_or_a_registry() -> None:
    found = [
        f"{name_of(path)}: {match[0]}"
        for path in tracked_texts()
        for pattern in (MACHINE_PATHS, REGISTRIES)
        if (match := pattern.search(path.read_text(errors="replace")))
    ]
    assert found == []
