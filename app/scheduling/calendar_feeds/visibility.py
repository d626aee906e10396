"""Whose feeds somebody sees."""

from sqlalchemy import ColumnElement, false, true

from app.kernel.actors import Actor, Role
from app.scheduling.calendar_feeds.models import CalendarFeed


def kept_by(actor: Actor) -> ColumnElement[bool]:
    """A filter for every statement that reads feeds on somebody's behalf."""
    if actor.has_any(Role.ADMIN):
        return true()
    return CalendarFeed.practitioner_id == actor.id if actor.has_any(Role.DOCTOR) else false()
