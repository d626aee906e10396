"""Run comparisons and keep what they print in `results.md`, each under its own heading.

python -m benchmarks                        all that are kept
python -m benchmarks timeline dashboard     some; the others stay as they are

The one beside GNU Health is run where GNU_HEALTH names its virtual environment.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")
PEER = "booking_against_gnu_health"
KEPT = {
    "dashboard": ["--rounds", "8"],
    "timeline": ["--rounds", "80"],
    "patient_search": [],
    "durable_writes": ["--rounds", "100"],
    "hot_paths": [],
    "calendar_reads": ["--appointments", "200000", "--patients", "50000"],
    "claim_latency": ["--items", "5000"],
    "queue_feed": ["--lines", "500"],
    PEER: ["--seconds", "8"],
}
HEAD = """# What the comparisons printed

Each table is one run: its ways were asked in turns, so the ratios count and the milliseconds are
the machine's. `python -m benchmarks [NAME …]` runs them again and rewrites their parts.
"""
GIB = 1024**3


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{os.cpu_count()} cores, {memory / GIB:.0f} GiB"


def parts() -> dict[str, str]:
    """What is kept already, by name."""
    if not RESULTS.exists():
        return {}
    found = re.split(r"^## (\w+)\n", RESULTS.read_text(), flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


def run(name: str) -> str:
    command = ["-m", f"benchmarks.{name}", *KEPT[name]]
    done = subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE, text=True)
    said = f"python {' '.join(command)}"
    return f"\n`{said}`, {machine()}:\n\n```\n{done.stdout.rstrip()}\n```\n\n"


def main() -> None:
    wanted = sys.argv[1:] or [name for name in KEPT if name != PEER or "GNU_HEALTH" in os.environ]
    if unknown := set(wanted) - set(KEPT):
        raise SystemExit(f"not kept here: {', '.join(sorted(unknown))}; there is {', '.join(KEPT)}")
    kept = parts()
    for name in wanted:
        kept[name] = run(name)
        print(kept[name])
        told = "".join(f"## {each}\n{kept[each]}" for each in KEPT if each in kept)
        RESULTS.write_text(f"{HEAD}\n{told}".rstrip() + "\n")


main()
