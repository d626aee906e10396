"""Giving a doctor's calendar an address, and taking it back."""

from uuid import UUID

from app import audit, identity
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling.calendar_feeds import repository
from app.scheduling.calendar_feeds.errors import FeedOwnerMissing, NoCalendarOfTheirs
from app.scheduling.calendar_feeds.models import CalendarFeed
from app.scheduling.calendar_feeds.policies import require_keeper
from app.scheduling.calendar_feeds.schemas import NewCalendarFeed
from app.scheduling.calendar_feeds.tokens import digest, new_token

PRACTITIONER_FIELD = ["body", "practitioner_id"]


async def create_feed(uow: UnitOfWork, new: NewCalendarFeed) -> tuple[CalendarFeed, str]:
    """Make a private address; returns the feed and its token, which nobody learns again.

    Raises `MayNotKeepFeeds`, `FeedOwnerMissing`, `NoCalendarOfTheirs`.
    """
    practitioner_id = new.practitioner_id or own_calendar(uow)
    require_keeper(uow, practitioner_id)
    await require_practitioner(uow, practitioner_id)
    token = new_token()
    feed = CalendarFeed(
        practitioner_id=practitioner_id,
        label=new.label,
        token_sha256=digest(token),
        created_by=uow.actor.id,
        created_at=uow.now,
    )
    uow.db.add(feed)
    await uow.db.flush()
    await trace(uow, "calendar_feed.create", feed)
    return feed, token


async def revoke_feed(uow: UnitOfWork, feed_id: UUID) -> CalendarFeed:
    """Its address stops answering at once; raises `CalendarFeedNotFound`."""
    feed = await repository.get(uow, feed_id)
    feed.revoke(at=uow.now)
    await trace(uow, "calendar_feed.revoke", feed)
    return feed


def own_calendar(uow: UnitOfWork) -> UUID:
    if not uow.actor.has_any(Role.DOCTOR):
        why = "Say whose calendar it is."
        raise FeedOwnerMissing(
            errors=[{"at": PRACTITIONER_FIELD, "why": why, "rule": "practitioner_required"}]
        )
    return uow.actor.id


async def require_practitioner(uow: UnitOfWork, practitioner_id: UUID) -> None:
    if practitioner_id not in {user.id for user in await identity.list_practitioners(uow)}:
        why = "Nobody who sees patients here has that id."
        raise NoCalendarOfTheirs(
            errors=[{"at": PRACTITIONER_FIELD, "why": why, "rule": "practitioner_known"}]
        )


async def trace(uow: UnitOfWork, action: str, feed: CalendarFeed) -> None:
    await audit.record(
        uow,
        action,
        subject=("calendar_feed", feed.id),
        detail={"practitioner": str(feed.practitioner_id)},
    )
