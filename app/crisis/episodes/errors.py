"""Why an episode may refuse."""

from enum import StrEnum
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ClosingCheck(StrEnum):
    """What has to be true before an episode is closed."""

    OWNER = "owner"
    SIGNALS = "signals"
    STEPS = "steps"
    CONTACT = "contact"
    LEVEL = "level"
    SAFETY_PLAN = "safety-plan"


class MayNotWorkCrises(Forbidden):
    """Only doctors and nurses see and work crisis episodes."""


class EpisodeNotFound(NotFound):
    """There is no such episode, or you may not see it."""

    episode_id: UUID


class StepNotFound(NotFound):
    """This episode has no such step."""

    episode_id: UUID
    step_id: UUID


class EpisodeClosed(Conflict):
    """This episode is closed: reopen it, or begin with a new sign of danger."""

    episode_id: UUID


class EpisodeOpen(Conflict):
    """There is an open episode of this patient already: go on there."""

    episode_id: UUID


class EpisodeNotClosable(Conflict):
    """Something is still to be done before this episode may be closed: `missing` says what."""

    episode_id: UUID
    missing: list[ClosingCheck]


class OwnerUnfit(Invalid):
    """An episode is owned by a doctor or a nurse with an active account."""

    errors: list[dict[str, object]]


class HappenedUnfit(Invalid):
    """That moment is still to come, or lies more than a month back."""

    errors: list[dict[str, object]]
