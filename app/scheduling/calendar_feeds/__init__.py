"""A doctor's appointments at a private address, for the calendar program of their own."""

from app.scheduling.calendar_feeds.errors import (
    CalendarFeedNotFound,
    FeedOwnerMissing,
    MayNotKeepFeeds,
    NoCalendarOfTheirs,
)
from app.scheduling.calendar_feeds.models import CalendarFeed
from app.scheduling.calendar_feeds.queries import list_feeds, read_feed
from app.scheduling.calendar_feeds.schemas import NewCalendarFeed
from app.scheduling.calendar_feeds.service import create_feed, revoke_feed

__all__ = [
    "CalendarFeed",
    "CalendarFeedNotFound",
    "FeedOwnerMissing",
    "MayNotKeepFeeds",
    "NewCalendarFeed",
    "NoCalendarOfTheirs",
    "create_feed",
    "list_feeds",
    "read_feed",
    "revoke_feed",
]
