"""Whose day there is."""

from app.dashboards.day.errors import OnlyDoctorsHaveDays
from app.kernel.actors import Actor, Role


def require_doctor(actor: Actor) -> None:
    if not actor.has_any(Role.DOCTOR):
        raise OnlyDoctorsHaveDays
