"""What episodes tell."""

from uuid import UUID

from app.kernel.events import DomainEvent


class EpisodeOpened(DomainEvent, name="crisis.episode_opened.v1"):
    """A danger is followed from now on; also when a closed episode was opened again."""

    episode_id: UUID
    patient_id: UUID
    reopened: bool


class EpisodeEnded(DomainEvent, name="crisis.episode_closed.v1"):
    """Everything the closing checklist asks for was done, and somebody said so."""

    episode_id: UUID
    patient_id: UUID
