"""What the command line refuses, and how it says so."""

import pytest

from app.cli.console import explain
from app.cli.demonstrating import demo


def test_the_demo_is_refused_where_patients_are_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRA_ENVIRONMENT", "production")
    with pytest.raises(ValueError, match="DRA_ENVIRONMENT=production"):
        demo(once=True)


def test_an_error_with_brackets_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    explain(ValueError("there is no file [/visit].ogg"))
    assert "there is no file [/visit].ogg" in capsys.readouterr().err
