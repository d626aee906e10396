"""Looking at feeds, and reading what one of them shows."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from uuid import UUID

from app import audit, identity
from app.infra.uow import UnitOfWork
from app.kernel.errors import NotFound
from app.kernel.paging import Cursor, PageRequest, page_of
from app.scheduling.calendar_feeds import repository
from app.scheduling.calendar_feeds.calendar_file import Contents
from app.scheduling.calendar_feeds.models import CalendarFeed
from app.scheduling.calendar_feeds.schemas import CalendarFeedOut
from app.scheduling.calendar_feeds.tokens import digest
from app.scheduling.rules import DEFAULT_RULES, SchedulingRules

DAYS_BACK = 30
DAYS_AHEAD = 180
FIRST_PAGE = PageRequest()


async def list_feeds(
    uow: UnitOfWork, *, practitioner_id: UUID | None = None, page: PageRequest = FIRST_PAGE
) -> tuple[list[CalendarFeed], str | None]:
    """Feeds the actor may keep, newest first, revoked ones too, and the cursor of the next page."""
    rows = await repository.page(uow, practitioner_id, page)
    found, next_cursor = page_of(rows, page, key=lambda f: Cursor(at=f.created_at, id=f.id))
    await audit.record(uow, "calendar_feed.list", detail={"feeds": len(found)})
    return found, next_cursor


async def shown(uow: UnitOfWork, *feeds: CalendarFeed) -> list[CalendarFeedOut]:
    """With the names of their doctors."""
    names = await identity.names_of(uow, {feed.practitioner_id for feed in feeds})
    return [
        CalendarFeedOut(
            id=feed.id,
            practitioner_id=feed.practitioner_id,
            practitioner_name=names[feed.practitioner_id],
            label=feed.label,
            created_at=feed.created_at,
            last_read_at=feed.last_read_at,
            revoked_at=feed.revoked_at,
        )
        for feed in feeds
    ]


async def read_feed(
    uow: UnitOfWork,
    token: str,
    *,
    known: Collection[str] = (),
    rules: SchedulingRules = DEFAULT_RULES,
) -> Contents:
    """What somebody who holds the token sees: 30 days back, 180 ahead, in days of the clinic.

    `known`: ETags they have; an unchanged file shows them nothing new. Raises `NotFound`
    alike for a token that never was, was revoked, or belongs to somebody who left.
    """
    feed = await repository.live_feed(uow, digest(token))
    if feed is None:
        raise NotFound
    entries = await repository.entries_of(
        uow,
        feed.practitioner_id,
        midnight(uow, -DAYS_BACK),
        midnight(uow, DAYS_AHEAD + 1),
        people=rules.feed_initials,
    )
    contents = Contents(
        label=feed.label, zone=uow.zone, day_began=midnight(uow, 0), entries=entries
    )
    feed.last_read_at = uow.now
    await note_reading(uow, feed, contents, is_new=contents.etag not in known)
    return contents


async def note_reading(
    uow: UnitOfWork, feed: CalendarFeed, contents: Contents, *, is_new: bool
) -> None:
    """Whoever reads initials saw these patients; without them nobody was shown."""
    seen = dict.fromkeys(str(each.patient_id) for each in contents.entries if each.patient_id)
    await audit.record(
        uow,
        "calendar_feed.read",
        subject=("calendar_feed", feed.id),
        detail={
            "appointments": len(contents.entries) if is_new else 0,
            "patients": list(seen) if is_new else [],
        },
    )


def midnight(uow: UnitOfWork, days: int) -> datetime:
    """The beginning of a day of the clinic, so many days from today."""
    return datetime.combine(uow.today + timedelta(days=days), time(), tzinfo=uow.zone)
