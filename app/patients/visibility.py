"""Who may see whom: the one place. Care-team rules belong here when they come."""

from sqlalchemy import ColumnElement, false, true

from app.kernel.actors import Actor, Role

# The system's own parts act on records they were handed by somebody who could see them.
SEES_EVERYBODY = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN, Role.SYSTEM)


def visible_patients(actor: Actor) -> ColumnElement[bool]:
    """A filter for every statement that reads patients or joins them."""
    return true() if actor.has_any(*SEES_EVERYBODY) else false()
