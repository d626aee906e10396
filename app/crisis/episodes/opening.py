"""One open episode for each patient, whatever arrives at the same time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app import patients
from app.crisis.episodes import repository
from app.crisis.episodes.errors import EpisodeOpen
from app.crisis.episodes.events import EpisodeOpened
from app.crisis.episodes.lifecycle import EpisodeStatus
from app.crisis.episodes.models import Episode
from app.crisis.episodes.policies import require_clinician
from app.crisis.episodes.schemas import EntryKind, OpenEpisode
from app.crisis.episodes.steps import ask_for_steps
from app.crisis.episodes.telling import trace, write
from app.crisis.risk import RiskLevel, RiskState, risk_of
from app.infra.uow import UnitOfWork
from app.work_queues import alerts, rosters

UNOWNED = "crisis.unowned"  # a kind of work the migration made
REOPENS_WITHIN = timedelta(days=30)


def unowned_of(episode_id: UUID) -> str:
    return f"crisis-unowned:{episode_id}"


async def open_episode(uow: UnitOfWork, said: OpenEpisode) -> Episode:
    """A clinician sees danger. Raises `PatientNotFound`, `EpisodeOpen` with the one there is."""
    require_clinician(uow)
    patient = await patients.get_patient(uow, said.patient_id)
    found = await repository.open_of(uow, patient.id)
    if found is not None:
        raise EpisodeOpen(episode_id=found.id)
    episode = await open_or_feed(uow, patient.id)
    await write(uow, episode, EntryKind.REMARK, remark=said.remark)
    return episode


async def open_or_feed(uow: UnitOfWork, patient_id: UUID) -> Episode:
    """The open episode of this patient under its lock: there before, reopened, or new."""
    episode = await repository.latest(uow, patient_id)
    if episode is None or is_long_over(uow, episode):
        begun = await repository.begin(uow, patient_id, await level_of(uow, patient_id))
        if begun is not None:
            await announce(uow, begun, EntryKind.OPENED)
            return begun
        episode = await repository.latest(uow, patient_id)  # a rival's, committed just now
    assert episode is not None
    if episode.status is EpisodeStatus.CLOSED:
        episode.reopen()
        await announce(uow, episode, EntryKind.REOPENED)
    return episode


def is_long_over(uow: UnitOfWork, episode: Episode) -> bool:
    return episode.closed_at is not None and uow.now - episode.closed_at > REOPENS_WITHIN


async def level_of(uow: UnitOfWork, patient_id: UUID) -> RiskLevel:
    """What counts, or undetermined while nobody has assessed it."""
    state = await risk_of(uow, patient_id)
    return state.level if state else RiskLevel.UNDETERMINED


async def announce(uow: UnitOfWork, episode: Episode, kind: EntryKind) -> None:
    episode.stand_at(await level_of(uow, episode.patient_id))
    await write(uow, episode, kind)
    await ask_for_steps(uow, episode, episode.level)
    if episode.owner_id is not None and not await rosters.can_receive(uow, episode.owner_id):
        episode.owner_id = None  # whose account is locked by now answers for nothing
    if episode.owner_id is None:
        await alert_unowned(uow, episode)
    await trace(uow, "open" if kind is EntryKind.OPENED else "reopen", episode)
    reopened = kind is EntryKind.REOPENED
    await uow.publish(
        EpisodeOpened(episode_id=episode.id, patient_id=episode.patient_id, reopened=reopened)
    )


async def alert_unowned(uow: UnitOfWork, episode: Episode) -> None:
    await alerts.raise_alert(
        uow,
        alerts.NewAlert(
            type=UNOWNED,
            patient_id=episode.patient_id,
            subject=("crisis-episode", episode.id),
            cause_key=unowned_of(episode.id),
        ),
    )


async def feed(
    uow: UnitOfWork,
    episode: Episode,
    kind: EntryKind,
    source: tuple[str, UUID],
    *,
    code: str | None = None,
    detail: dict[str, Any] | None = None,
) -> bool:
    """A line about a fact, once however often it is told; returns whether it was news."""
    if await repository.is_written(uow, episode.id, source):
        return False
    await write(uow, episode, kind, code=code, detail=detail, source=source)
    return True


async def follow_level(uow: UnitOfWork, episode: Episode, state: RiskState) -> None:
    """The episode stands at the level that counts, with the steps it asks for."""
    level, before = state.level, episode.level
    if before is level:
        return
    episode.stand_at(level)
    detail = {"from": before.value, "decided_by": str(state.decided_by)}
    await write(uow, episode, EntryKind.LEVEL, code=level.value, detail=detail)
    await ask_for_steps(uow, episode, level)
    await trace(uow, "follow-level", episode, level=level)
