"""Who may record, add to, and hear a dictation."""

from uuid import UUID

from app.clinical.recordings.errors import NotADictatingDoctor, NotAListener, NotYourRecording
from app.clinical.recordings.models import Recording
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

LISTENERS = (Role.DOCTOR, Role.NURSE, Role.SYSTEM)


def require_doctor(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(Role.DOCTOR):
        raise NotADictatingDoctor


def require_listener(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*LISTENERS):
        raise NotAListener


def require_owner(uow: UnitOfWork, recording: Recording, practitioner_id: UUID) -> None:
    """The doctor who dictates, or the one whose encounter it is."""
    if uow.actor.id not in {recording.started_by, practitioner_id}:
        raise NotYourRecording(recording_id=recording.id)
