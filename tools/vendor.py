"""Fetch the browser libraries with `npm pack`, check them, and write VENDOR.lock.json beside them.

Run by a developer when a version changes; users of the project never need Node:
    python -m tools.vendor
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package: what to take out of it, and where that goes.

    `ours`: files of `tools/licences` that go beside it, for packages that carry no licence text.
    """

    name: str
    version: str
    licence: str
    files: dict[str, str]
    folder: Path
    ours: dict[str, str] = field(default_factory=dict)


SITE = ROOT / "app" / "web" / "static" / "vendor"
TESTS = ROOT / "tests" / "journeys" / "vendor"
LICENCES = Path(__file__).resolve().parent / "licences"

PACKAGES = (
    Package(
        name="htmx.org",
        version="2.0.11",
        licence="0BSD",
        files={"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE"},
        folder=SITE,
    ),
    Package(
        name="@event-calendar/build",
        version="5.10.1",
        licence="MIT",
        files={
            "dist/event-calendar.min.js": "event-calendar.min.js",
            "dist/event-calendar.min.css": "event-calendar.min.css",
        },
        ours={"event-calendar.LICENSE": "event-calendar.LICENSE"},
        folder=SITE,
    ),
    Package(
        name="axe-core",
        version="4.14.1",
        licence="MPL-2.0",
        files={"axe.min.js": "axe.min.js", "LICENSE": "axe.LICENSE"},
        folder=TESTS,
    ),
)


class VendorMismatch(Exception):
    """The packed file is not the one the registry described."""


def pack(package: Package, into: Path) -> tuple[Path, str]:
    """Download one package; returns the tarball and its integrity string."""
    wanted = f"{package.name}@{package.version}"
    done = subprocess.run(
        ["npm", "pack", wanted, "--json", "--silent"],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    answer = json.loads(done.stdout)[0]
    return into / answer["filename"], answer["integrity"]


def check(tarball: Path, integrity: str) -> None:
    """Raise VendorMismatch unless the tarball has the stated sha512."""
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if integrity != f"sha512-{digest}":
        raise VendorMismatch(tarball.name)


def take(package: Package, tarball: Path) -> dict[str, str]:
    """Copy the wanted files out of the tarball; returns file name to sha256."""
    package.folder.mkdir(parents=True, exist_ok=True)
    hashes: dict[str, str] = {}
    with tarfile.open(tarball) as archive:
        for inside, outside in package.files.items():
            member = archive.extractfile(f"package/{inside}")
            if member is None:
                raise VendorMismatch(inside)
            hashes[outside] = put(package.folder / outside, member.read())
    for inside, outside in package.ours.items():
        hashes[outside] = put(package.folder / outside, (LICENCES / inside).read_bytes())
    return hashes


def put(path: Path, content: bytes) -> str:
    """Write a file; returns its sha256."""
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def vendor(package: Package) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        tarball, integrity = pack(package, Path(folder))
        check(tarball, integrity)
        hashes = take(package, tarball)
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "integrity": integrity,
        "files": hashes,
    }


def main() -> int:
    for folder in sorted({package.folder for package in PACKAGES}):
        entries = [vendor(package) for package in PACKAGES if package.folder == folder]
        (folder / "VENDOR.lock.json").write_text(json.dumps(entries, indent=2) + "\n")
        sys.stdout.write(f"{folder.relative_to(ROOT)}: {len(entries)} package(s)\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
