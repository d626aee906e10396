"""What has to be true before an episode may be closed."""

from collections.abc import Sequence
from datetime import datetime

from app.crisis import signals
from app.crisis.episodes import repository
from app.crisis.episodes.errors import ClosingCheck, EpisodeNotClosable
from app.crisis.episodes.lifecycle import StepStatus
from app.crisis.episodes.models import Entry, Episode, Step
from app.crisis.episodes.schemas import CheckOut, ContactOutcome, EntryKind
from app.crisis.risk import RiskLevel, is_judged_since
from app.infra.uow import UnitOfWork

GRAVE = RiskLevel.MODERATE.rank
CALM = frozenset({RiskLevel.NEGATIVE, RiskLevel.LOW})


async def checklist(
    uow: UnitOfWork, episode: Episode, timeline: Sequence[Entry], steps: Sequence[Step]
) -> list[CheckOut]:
    """Every condition and whether it holds."""
    begun = await repository.begun_at(uow, episode)
    since = [each for each in timeline if each.recorded_at >= begun]
    judged = await is_judged_since(uow, episode.patient_id, begun)
    unanswered = await signals.count_unanswered(uow, episode.patient_id)
    checks = [
        (ClosingCheck.OWNER, "Somebody answers for it", episode.owner_id is not None),
        (ClosingCheck.SIGNALS, "Every sign of danger is confirmed or dismissed", not unanswered),
        (
            ClosingCheck.STEPS,
            "Every step is done, or not needed with a reason",
            all(step.status is not StepStatus.DUE for step in steps),
        ),
        (
            ClosingCheck.CONTACT,
            "Somebody was reached since it began",
            any(reached(each, since=begun) for each in since),
        ),
        (
            ClosingCheck.LEVEL,
            "A clinician has judged the risk since then, and finds it low or negative",
            judged and episode.level in CALM,
        ),
    ]
    if episode.highest_level.rank >= GRAVE:
        planned = any(each.kind is EntryKind.SAFETY_PLAN for each in since)
        checks.append(
            (
                ClosingCheck.SAFETY_PLAN,
                "There is a safety plan, or a reason why not",
                planned or waived(steps, since=begun),
            )
        )
    return [CheckOut(code=code, label=label, ok=ok) for code, label, ok in checks]


def reached(entry: Entry, *, since: datetime) -> bool:
    """Moments are typed to the minute, so the minute in which it began counts."""
    within = entry.happened_at >= since.replace(second=0, microsecond=0)
    spoken = entry.kind is EntryKind.CONTACT and entry.outcome == ContactOutcome.REACHED
    return spoken and within


def waived(steps: Sequence[Step], *, since: datetime) -> bool:
    return any(
        step.code == "safety-plan"
        and step.status is StepStatus.NOT_NEEDED
        and step.ended_at is not None
        and step.ended_at >= since
        for step in steps
    )


async def require_closable(uow: UnitOfWork, episode: Episode) -> None:
    """Raises `EpisodeNotClosable` with the codes of what is missing."""
    steps = [step for step, _ in await repository.steps(uow, episode.id)]
    found = await checklist(uow, episode, await repository.entries(uow, episode.id), steps)
    missing = [each.code for each in found if not each.ok]
    if missing:
        raise EpisodeNotClosable(episode_id=episode.id, missing=missing)
