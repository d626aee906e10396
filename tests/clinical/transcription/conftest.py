"""Somebody to do the transcribing, tidied up afterwards."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.clinical.transcription.scripted_engine import ScriptedEngine
from app.clinical.transcription.tasks import Engine, Transcribing
from app.infra.uow import Works
from tests.builders.transcription import LINES

Hire = Callable[..., Transcribing]


@pytest.fixture
def hire(works: Works, tmp_path: Path) -> Iterator[Hire]:
    """Hire another worker, by default with an engine that knows LINES."""
    with ExitStack() as ending:

        def hired(engine: Engine | None = None, *, turn_seconds: float = 5.0) -> Transcribing:
            worker = Transcribing(
                works,
                engine or ScriptedEngine(LINES),
                tmp_path / "spool",
                turn_seconds=turn_seconds,
            )
            ending.callback(worker.close)
            return worker

        yield hired
