"""Writes the pages of docs/ that the code itself can tell: run `python -m tools.generate_docs`."""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from inspect import cleandoc
from pathlib import Path

import app
from app.infra.http.problems import STATUS, status_of
from app.infra.orm import Model
from app.kernel.errors import DomainError
from app.kernel.events import DomainEvent
from app.kernel.lifecycle import Lifecycle

DOCS = Path(__file__).parents[1] / "docs"
NOTICE = "<!-- Written by `python -m tools.generate_docs`; change the code instead. -->"
SKIPPED = ("app.cli.__main__", "app.clinical.transcription.engine_child")


def load_everything() -> None:
    """Import every module, so that every error, event, table and lifecycle is known."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name not in SKIPPED:
            importlib.import_module(module.name)


def lifecycles() -> str:
    found: dict[str, Lifecycle] = {}  # type: ignore[type-arg]
    for name, module in sorted(sys.modules.items()):
        if name.startswith("app."):
            found |= {v.name: v for v in vars(module).values() if isinstance(v, Lifecycle)}
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
        for key in sorted(table.foreign_keys, key=lambda k: (k.column.table.name, k.parent.name)):
            lines.append(f"    {key.column.table.name} ||--o{{ {table.name} : {key.parent.name}")
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


PAGES: dict[str, Callable[[], str]] = {
    "lifecycles.md": lifecycles,
    "problems.md": problems,
    "facts.md": facts,
    "erd.md": erd,
}


def stale(pages: Iterable[str] = tuple(PAGES)) -> list[str]:
    """Which pages no longer say what the code says."""
    load_everything()
    return [name for name in pages if (DOCS / name).read_text() != PAGES[name]()]


def main() -> None:
    load_everything()
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
