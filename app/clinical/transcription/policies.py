"""Who may read transcripts and ask for another try."""

from app.clinical.transcription.errors import NotATranscriptReader, NotYoursToRepeat
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role


def require_reader(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(Role.DOCTOR, Role.NURSE, Role.SYSTEM):
        raise NotATranscriptReader


def require_doctor(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(Role.DOCTOR, Role.SYSTEM):
        raise NotYoursToRepeat
