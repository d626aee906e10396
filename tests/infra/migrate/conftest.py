"""A small line of versions over both stores, in a folder of the test's own."""

import json
from pathlib import Path

import pytest

from app.infra.migrate import Folders


class Line:
    """Writes migration files; versions are given by their last digits."""

    def __init__(self, root: Path) -> None:
        self.folders = Folders(sql=root / "sql", mongo=root / "mongo_init")
        self.folders.sql.mkdir()
        self.folders.mongo.mkdir()

    def sql(self, number: int, name: str, *, up: str, down: str = "select 1") -> Path:
        path = self.folders.sql / f"202601010000{number:02}_{name}.up.sql"
        path.write_text(up)
        path.with_name(path.name.replace(".up.", ".down.")).write_text(down)
        return path

    def mongo(self, number: int, name: str, *, up: list[object], down: list[object]) -> Path:
        path = self.folders.mongo / f"202601010000{number:02}_{name}.json"
        path.write_text(json.dumps({"up": up, "down": down}))
        return path


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


@pytest.fixture
def clinic(line: Line) -> Line:
    """People, their letters, and an index over people: versions 1, 2 and 3."""
    line.sql(
        1,
        "people",
        up="create table people (id int primary key); insert into people values (1), (2);",
        down="drop table people;",
    )
    line.mongo(
        2,
        "letters",
        up=[
            {"create": "letters", "validator": {"$jsonSchema": {"required": ["text"]}}},
            {
                "createIndexes": "letters",
                "indexes": [{"key": {"person": 1}, "name": "person_1", "unique": True}],
            },
        ],
        down=[{"drop": "letters"}],
    )
    line.sql(3, "names", up="alter table people add name text", down="alter table people drop name")
    return line
