"""Who may do what with notes."""

from app import identity
from app.clinical.notes.errors import (
    NotADoctor,
    NotesNotForYourRole,
    NotTheAuthor,
    ReauthenticationRequired,
)
from app.clinical.notes.models import Note
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role


def require_reader(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(Role.DOCTOR, Role.NURSE, Role.SYSTEM):
        raise NotesNotForYourRole


def require_doctor(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(Role.DOCTOR):
        raise NotADoctor


def require_author(uow: UnitOfWork, note: Note) -> None:
    """A note has one author, and a working copy one pair of hands."""
    require_doctor(uow)
    if note.author_id != uow.actor.id:
        raise NotTheAuthor(note_id=note.id)


async def require_reauthenticated(uow: UnitOfWork, password: str | None) -> None:
    """A signature is given by a person who has just proved who they are."""
    if password is not None:
        await identity.verify_password(uow, password)
    elif not identity.is_fresh(uow):
        raise ReauthenticationRequired


def sees_working_copy(uow: UnitOfWork, note: Note) -> bool:
    """The author works on it; colleagues see a draft, but an amendment only once it is signed."""
    return note.is_open and (note.author_id == uow.actor.id or note.revision == 0)
