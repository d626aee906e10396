"""The history of one patient in one list, newest first."""

from app.dashboards.timeline.projection import rebuild, write_headers
from app.dashboards.timeline.queries import (
    Timeline,
    TimelineQuery,
    look_for_news,
    news_since,
    read_timeline,
    vitals_of,
)
from app.dashboards.timeline.schemas import EntryKind
from app.dashboards.timeline.vitals import Measured
from app.dashboards.timeline.walking import Row

__all__ = [
    "EntryKind",
    "Measured",
    "Row",
    "Timeline",
    "TimelineQuery",
    "look_for_news",
    "news_since",
    "read_timeline",
    "rebuild",
    "vitals_of",
    "write_headers",
]
