"""What root changes so that Postgres may run as somebody else; others change nothing."""

import os
from pathlib import Path

import pytest

from app.infra.embedded.privileges import has_name, let_pass, let_read, unprivileged_uid

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends Postgres to another user")


def test_postgres_never_runs_as_root() -> None:
    assert unprivileged_uid() != 0
    assert has_name(unprivileged_uid())
    assert not has_name(2_000_000_001)


@only_root
def test_closed_folders_are_opened_for_walking_through_and_not_for_listing(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    data = closed / "data"
    data.mkdir(parents=True)
    closed.chmod(0o700)
    assert closed in let_pass(unprivileged_uid(), [data])
    assert closed.stat().st_mode & 0o777 == 0o701
    assert let_pass(unprivileged_uid(), [data]) == []


@only_root
def test_programs_installed_for_root_alone_become_readable(tmp_path: Path) -> None:
    program, library = tmp_path / "bin" / "postgres", tmp_path / "bin" / "libpq"
    program.parent.mkdir(mode=0o700)
    program.touch(mode=0o700)
    library.touch(mode=0o600)
    let_read(unprivileged_uid(), tmp_path / "bin")
    modes = [path.stat().st_mode & 0o777 for path in (program.parent, program, library)]
    assert modes == [0o705, 0o705, 0o604]


def test_our_own_user_needs_no_changes(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert let_pass(os.geteuid(), [closed / "data"]) == []
    let_read(os.geteuid(), closed)
    assert closed.stat().st_mode & 0o777 == 0o700
