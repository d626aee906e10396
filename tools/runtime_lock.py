"""Print the part of requirements.lock that the application needs at run time, hashes included.

The lock holds the embedded stores and the test tools too; an image should carry neither. A locked
package is needed when it is a dependency of ours, or `# via` something that is needed.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"[A-Za-z0-9._-]+")


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_blocks(lock: str) -> list[tuple[str, str, set[str]]]:
    """Of each locked package: its name, its lines, and the names of what wants it."""
    blocks = []
    for lines in re.findall(r"^[A-Za-z0-9].*\n(?:^[ #].*\n?)*", lock, flags=re.MULTILINE):
        comments = re.findall(r"^ +#(?: +via)? *(.*)$", lines, flags=re.MULTILINE)
        wanted_by = {normalised(m[0]) for each in comments if (m := NAME.match(each))}
        blocks.append((normalised(NAME.match(lines)[0]), lines, wanted_by))  # type: ignore[index]
    return blocks


def runtime_part(lock: str, dependencies: list[str]) -> str:
    """Raises LookupError when a dependency is not locked."""
    needed = {normalised(NAME.match(each)[0]) for each in dependencies}  # type: ignore[index]
    blocks = read_blocks(lock)
    if missing := needed - {name for name, _, _ in blocks}:
        raise LookupError(f"not in requirements.lock: {', '.join(sorted(missing))}")
    while more := {name for name, _, by in blocks if by & needed} - needed:
        needed |= more
    return "".join(lines for name, lines, _ in blocks if name in needed)


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    sys.stdout.write(runtime_part(locked, project["dependencies"]))
