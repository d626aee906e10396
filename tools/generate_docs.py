"""Writes the pages of docs/ that the code itself can tell: run `python -m tools.generate_docs`.

It also renews the snapshots of what others rely on: `git diff` then shows what they would notice.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import app
from app.infra.embedded import StoreUrls
from app.infra.http.problems import STATUS, status_of
from app.infra.orm import Model
from app.kernel.errors import DomainError
from app.kernel.events import DomainEvent
from app.kernel.lifecycle import Lifecycle
from app.main import create_app
from app.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
SNAPSHOTS = Path(__file__).parents[1] / "tests" / "house" / "snapshots"
NOWHERE = StoreUrls("postgresql://nowhere/x", "mongodb://nowhere", None)
NOTICE = "<!-- Written by `python -m tools.generate_docs`; change the code instead. -->"
SKIPPED = ("app.cli.__main__", "app.clinical.transcription.engine_child")


def load_everything() -> None:
    """Import every module, so that every error, event, table and lifecycle is known."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name not in SKIPPED:
            importlib.import_module(module.name)


def every_lifecycle() -> dict[str, Lifecycle[Any]]:
    found: dict[str, Lifecycle[Any]] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("app."):
            found |= {v.name: v for v in vars(module).values() if isinstance(v, Lifecycle)}
    return found


def lifecycles() -> str:
    found = every_lifecycle()
    parts = [NOTICE, "# Lifecycles", "", "Every move not drawn here is refused.", ""]
    for name in sorted(found):
        parts += [f"## {name}", "", "```mermaid", found[name].mermaid(), "```", ""]
    return "\n".join(parts)


def problems() -> str:
    rows = []
    for error in sorted(subclasses(DomainError), key=lambda e: e.code):
        if error in STATUS or error.__module__.startswith("tests"):
            continue
        facts = ", ".join(f"`{name}`" for name in getattr(error, "__dataclass_fields__", {}))
        title = cleandoc(error.__doc__ or "").splitlines()[0]
        rows.append(f"| `{error.code}` | {int(status_of(error))} | {title} | {facts} |")
    head = [
        NOTICE,
        "# Problems",
        "",
        "Every refusal is an RFC 9457 problem document whose `type` is `/problems/<code>`.",
        "",
        "| code | status | what is the case | facts |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows, ""])


def facts() -> str:
    parts = [NOTICE, "# Facts", "", "What slices tell each other through the outbox.", ""]
    for name in sorted(DomainEvent.registry):
        event = DomainEvent.registry[name]
        parts += [f"## {name}", "", cleandoc(event.__doc__ or ""), ""]
        parts += [f"- `{field}`" for field in event.model_fields]
        parts.append("")
    return "\n".join(parts)


def erd() -> str:
    lines = [NOTICE, "# Tables", "", "```mermaid", "erDiagram"]
    tables = sorted(Model.metadata.tables.values(), key=lambda t: t.name)
    for table in tables:
        keys = sorted(table.foreign_keys, key=lambda k: (k.column.table.name, k.parent.name))
        lines += [f"    {k.column.table.name} ||--o{{ {table.name} : {k.parent.name}" for k in keys]
    for table in tables:
        lines.append(f"    {table.name} {{")
        for column in table.columns:
            kind = type(column.type).__name__.lower()
            mark = " PK" if column.primary_key else " FK" if column.foreign_keys else ""
            lines.append(f"        {kind} {column.name}{mark}")
        lines.append("    }")
    return "\n".join([*lines, "```", ""])


def subclasses(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from subclasses(sub)


def api_description() -> dict[str, Any]:
    settings = Settings(environment="test", _env_file=None)
    return create_app(settings, NOWHERE).openapi()


def fact_schemas() -> dict[str, Any]:
    registry = DomainEvent.registry
    return {name: registry[name].model_json_schema() for name in sorted(registry)}


def as_json(value: Callable[[], dict[str, Any]]) -> Callable[[], str]:
    return lambda: json.dumps(value(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "lifecycles.md": lifecycles,
    "problems.md": problems,
    "facts.md": facts,
    "erd.md": erd,
}
WRITTEN: dict[Path, Callable[[], str]] = {DOCS / name: page for name, page in PAGES.items()} | {
    SNAPSHOTS / "openapi.json": as_json(api_description),
    SNAPSHOTS / "facts.json": as_json(fact_schemas),
}


def stale() -> list[str]:
    """Which files no longer say what the code says."""
    load_everything()
    return [
        path.name
        for path, content in WRITTEN.items()
        if not path.exists() or path.read_text() != content()
    ]


def main() -> None:
    load_everything()
    for path, content in WRITTEN.items():
        path.write_text(content())
        print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
