"""What loose ends need: somebody who transcribes, and facts that are delivered."""

from tests.clinical.transcription.conftest import hire

__all__ = ["hire"]
