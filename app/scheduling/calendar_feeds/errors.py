"""Why a calendar feed may refuse."""

from uuid import UUID

from app.kernel.errors import Forbidden, Invalid, NotFound


class CalendarFeedNotFound(NotFound):
    """There is no such calendar feed, or it is not yours."""

    feed_id: UUID


class FeedOwnerMissing(Invalid):
    """Say whose calendar it is: send practitioner_id."""

    errors: list[dict[str, object]]


class NoCalendarOfTheirs(Invalid):
    """Nobody who sees patients here has that practitioner_id."""

    errors: list[dict[str, object]]


class MayNotKeepFeeds(Forbidden):
    """Doctors keep feeds of their own calendar, administrators those of any doctor."""
