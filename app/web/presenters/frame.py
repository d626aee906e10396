"""What surrounds every page: who is signed in, and where they may go."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.actors import Actor, Caller, Role
from app.web.presenters.access import GlassBanner

THEMES = ("light", "dark")
CLINICIANS = (Role.DOCTOR, Role.NURSE)
STAFF = (*CLINICIANS, Role.RECEPTIONIST, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class NavItem:
    href: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class FrameUser:
    id: UUID
    name: str
    role: str
    username: str


@dataclass(frozen=True, slots=True)
class Frame:
    path: str
    theme: str | None
    csrf_token: str
    user: FrameUser | None
    nav: tuple[NavItem, ...]
    glass: tuple[GlassBanner, ...] = ()
    may_restrict: bool = False


def nav_for(actor: Actor, path: str, *, restricts: bool = False) -> tuple[NavItem, ...]:
    """Only places the actor may see."""
    places = [("/", "Home", True)]
    places.append(("/queue", "Queue", actor.has_any(*STAFF)))
    places.append(("/calendar", "Calendar", actor.has_any(*STAFF)))
    places.append(("/patients", "Patients", actor.has_any(*STAFF)))
    places.append(("/notes", "Notes", actor.has_any(*CLINICIANS)))
    places.append(("/waiting-list", "Waiting list", actor.has_any(*STAFF)))
    places.append(("/crisis", "Crisis", actor.has_any(*CLINICIANS)))
    places.append(("/reports", "Reports", actor.has_any(*STAFF)))
    places.append(("/schedule", "Schedule setup", actor.has_any(Role.RECEPTIONIST, Role.ADMIN)))
    places.append(("/schedule", "My hours", actor.has_any(Role.DOCTOR)))
    places.append(("/access", "Access", restricts))
    return tuple(
        NavItem(href=href, label=label, current=is_here(href, path))
        for href, label, allowed in places
        if allowed
    )


def is_here(href: str, path: str) -> bool:
    return path == href if href == "/" else path.startswith(href)


def role_of(actor: Actor) -> str:
    return ", ".join(sorted(actor.roles))


def frame(
    path: str,
    *,
    theme: str | None = None,
    caller: Caller | None = None,
    username: str = "",
    glass: tuple[GlassBanner, ...] = (),
    may_restrict: bool = False,
) -> Frame:
    known_theme = theme if theme in THEMES else None
    if caller is None:
        return Frame(path=path, theme=known_theme, csrf_token="", user=None, nav=())
    actor = caller.actor
    return Frame(
        path=path,
        theme=known_theme,
        csrf_token=caller.csrf_token,
        user=FrameUser(id=actor.id, name=actor.name, role=role_of(actor), username=username),
        nav=nav_for(actor, path, restricts=may_restrict),
        glass=glass,
        may_restrict=may_restrict,
    )
