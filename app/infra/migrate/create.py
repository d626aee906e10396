"""New migration files from a template."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.infra.migrate.files import Folders, read_folders

UP_SQL = "-- {name}: what this changes, and why.\n\n"
DOWN_SQL = "-- Takes {name} back.\n\n"
MONGO = '{\n  "up": [],\n  "down": []\n}\n'
VERSION = "%Y%m%d%H%M%S"


def create(
    name: str,
    *,
    now: datetime,
    mongo: bool = False,
    folders: Folders | None = None,
    dry_run: bool = False,
) -> list[Path]:
    """Write the files of a new migration, last in the line; returns their paths."""
    places = folders or Folders()
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not slug:
        raise ValueError("a migration's name needs at least one letter or digit")
    stem = f"{_next_version(places, now)}_{slug}"
    if mongo:
        content = {places.mongo / f"{stem}.json": MONGO}
    else:
        content = {
            places.sql / f"{stem}.up.sql": UP_SQL.format(name=slug),
            places.sql / f"{stem}.down.sql": DOWN_SQL.format(name=slug),
        }
    if not dry_run:
        for path, text in content.items():
            path.write_text(text, encoding="utf-8")
    return list(content)


def _next_version(folders: Folders, now: datetime) -> str:
    """Now, or just after the newest file, whichever is later."""
    moment = now.astimezone(UTC)
    if known := read_folders(folders):
        newest = datetime.strptime(known[-1].version, VERSION).replace(tzinfo=UTC)
        moment = max(moment, newest + timedelta(seconds=1))
    return moment.strftime(VERSION)
