"""Signing in, and one's own account."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.identity import Session, SessionKind, User
from app.scheduling.calendar_feeds import CalendarFeed
from app.web.presenters.formats import Fact, Moment, moment

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = ("Windows", "Macintosh", "Android", "iPhone", "iPad", "Linux")
SAFE_NEXT = re.compile(r"^/[A-Za-z0-9/_-]*$")


@dataclass(frozen=True, slots=True)
class SignInPage:
    next: str
    username: str = ""
    problem: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: UUID
    device: str
    address: str
    since: Moment
    last_used: Moment
    current: bool


@dataclass(frozen=True, slots=True)
class FeedRow:
    """An address of a calendar; `last_read` None: no program has asked for it yet."""

    id: UUID
    label: str
    created: Moment
    last_read: Moment | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`feeds` is None for those who have no calendar of their own."""

    facts: tuple[Fact, ...]
    sessions: tuple[SessionRow, ...]
    changed: bool
    feeds: tuple[FeedRow, ...] | None
    feeds_show: str


def safe_next(path: str | None) -> str:
    """Only a page of this site, and never its query: that may hold somebody's name."""
    path = (path or "/").partition("?")[0]
    return path if SAFE_NEXT.match(path) and not path.startswith("//") else "/"


def device_of(session: Session) -> str:
    agent = session.user_agent or ""
    browser = next((name for mark, name in BROWSERS if mark in agent), None)
    system = next((name for name in SYSTEMS if name in agent), None)
    if session.kind is SessionKind.API and browser is None:
        return "A program with a token"
    return " on ".join(part for part in (browser or "A browser", system) if part)


def feed_rows(feeds: Sequence[CalendarFeed]) -> tuple[FeedRow, ...]:
    """Those that still answer."""
    return tuple(
        FeedRow(
            id=feed.id,
            label=feed.label,
            created=moment(feed.created_at),
            last_read=moment(feed.last_read_at) if feed.last_read_at else None,
        )
        for feed in feeds
        if feed.revoked_at is None
    )


def account(
    user: User,
    sessions: Sequence[Session],
    *,
    current: UUID,
    changed: bool,
    feeds: Sequence[CalendarFeed] | None = None,
    initials: bool = False,
) -> AccountPage:
    facts = [Fact("Name", user.full_name), Fact("User name", user.username)]
    facts.append(Fact("Role", user.role))
    if user.specialty:
        facts.append(Fact("Specialty", user.specialty))
    return AccountPage(
        facts=tuple(facts),
        sessions=tuple(
            SessionRow(
                id=session.id,
                device=device_of(session),
                address=session.address or "address not known",
                since=moment(session.created_at),
                last_used=moment(session.last_seen_at),
                current=session.id == current,
            )
            for session in sessions
        ),
        changed=changed,
        feeds=None if feeds is None else feed_rows(feeds),
        feeds_show="with the initials of patients" if initials else "without patients",
    )
