"""Reading and creating migration files; no store needed."""

from datetime import UTC, datetime

import pytest

from app.infra import migrate
from tests.infra.migrate.conftest import Line

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_a_version_used_twice_is_refused_over_both_stores(line: Line) -> None:
    line.sql(1, "people", up="select 1")
    line.mongo(1, "letters", up=[], down=[])
    with pytest.raises(migrate.DuplicateVersion, match=r"people\.up\.sql and .*letters\.json"):
        migrate.read_folders(line.folders)


def test_an_up_without_a_down_is_refused(line: Line) -> None:
    path = line.sql(1, "people", up="select 1")
    path.with_name(path.name.replace(".up.", ".down.")).unlink()
    with pytest.raises(migrate.OtherHalfMissing, match=r"people\.down\.sql is missing"):
        migrate.read_folders(line.folders)


def test_a_down_without_an_up_is_refused(line: Line) -> None:
    line.sql(1, "people", up="select 1").unlink()
    with pytest.raises(migrate.OtherHalfMissing, match=r"people\.up\.sql is missing"):
        migrate.read_folders(line.folders)


@pytest.mark.parametrize("name", ["people.up.sql", "20260101000001_People.up.sql", "x.sql"])
def test_a_name_outside_the_agreed_form_is_refused(line: Line, name: str) -> None:
    for half in (name, name.replace(".up.", ".down.")):
        (line.folders.sql / half).write_text("select 1")
    with pytest.raises(migrate.UnreadableFile, match="the name must"):
        migrate.read_folders(line.folders)


@pytest.mark.parametrize("text", ["", "[]", '{"up": []}', '{"up": [{}], "down": []}', "{"])
def test_a_mongo_file_of_another_shape_is_refused(line: Line, text: str) -> None:
    line.mongo(1, "letters", up=[], down=[]).write_text(text)
    with pytest.raises(migrate.UnreadableFile):
        migrate.read_folders(line.folders)


def test_a_mongo_command_that_may_not_be_repeated_is_refused(line: Line) -> None:
    line.mongo(1, "letters", up=[{"insert": "letters", "documents": []}], down=[])
    with pytest.raises(migrate.CommandNotRepeatable, match="'insert'"):
        migrate.read_folders(line.folders)


def test_line_endings_do_not_change_a_checksum(line: Line) -> None:
    path = line.sql(1, "people", up="select 1;\nselect 2;\n")
    (unix,) = migrate.read_folders(line.folders)
    path.write_bytes(b"select 1;\r\nselect 2;\r\n")
    (dos,) = migrate.read_folders(line.folders)
    assert dos.checksum == unix.checksum


def test_missing_folders_are_named(line: Line) -> None:
    line.folders.mongo.rmdir()
    with pytest.raises(migrate.FoldersMissing, match="mongo_init"):
        migrate.read_folders(line.folders)


def test_create_writes_files_that_can_be_read_back(line: Line) -> None:
    sql = migrate.create("Add Patient's phone", now=MOMENT, folders=line.folders)
    assert [path.name for path in sql] == [
        "20260304050607_add_patient_s_phone.up.sql",
        "20260304050607_add_patient_s_phone.down.sql",
    ]
    (mongo,) = migrate.create("letters", now=MOMENT, mongo=True, folders=line.folders)
    assert mongo.name == "20260304050608_letters.json", "a version of its own, after the newest"
    assert [each.store for each in migrate.read_folders(line.folders)] == ["postgres", "mongo"]


def test_a_dry_create_writes_nothing(line: Line) -> None:
    (path, _) = migrate.create("phones", now=MOMENT, folders=line.folders, dry_run=True)
    assert not path.exists()
