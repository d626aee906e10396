"""Danger in words: phrases, and whether they are affirmed, denied, past, or about somebody else.

Pure: text in, mentions out. What is known stands in `lexicons/`, for clinicians to read.
"""

from app.crisis.detection.finding import find, is_signal
from app.crisis.detection.lexicon import lexicon_version
from app.crisis.detection.mentions import Assertion, Concept, Mention

__all__ = ["Assertion", "Concept", "Mention", "find", "is_signal", "lexicon_version"]
