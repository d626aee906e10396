"""What clinicians do with an episode."""

from datetime import datetime, timedelta
from uuid import UUID

from app import identity
from app.crisis.episodes import repository
from app.crisis.episodes.closing import require_closable
from app.crisis.episodes.errors import EpisodeOpen, HappenedUnfit, OwnerUnfit
from app.crisis.episodes.events import EpisodeEnded
from app.crisis.episodes.lifecycle import StepStatus
from app.crisis.episodes.models import Episode
from app.crisis.episodes.opening import announce, unowned_of
from app.crisis.episodes.policies import CLINICIANS, require_clinician
from app.crisis.episodes.schemas import (
    AddContact,
    AddFactor,
    AddIntervention,
    AddRemark,
    EndStep,
    EntryKind,
    PassEpisodeOn,
)
from app.crisis.episodes.steps import end_step
from app.crisis.episodes.telling import trace, write
from app.infra.uow import UnitOfWork
from app.work_queues import alerts, rosters

LONGEST_AGO = timedelta(days=31)
CLOCKS_DIFFER_BY = timedelta(minutes=1)


async def workable(uow: UnitOfWork, episode_id: UUID) -> Episode:
    """Raises `MayNotWorkCrises`, `EpisodeNotFound`, `EpisodeClosed`."""
    require_clinician(uow)
    episode = await repository.get(uow, episode_id, lock=True)
    episode.require_open()
    return episode


async def own(uow: UnitOfWork, episode_id: UUID) -> Episode:
    """Answer for it from now on."""
    episode = await workable(uow, episode_id)
    await give_to(uow, episode, uow.actor.id)
    await write(uow, episode, EntryKind.OWNER, detail={"owner": str(uow.actor.id)})
    await trace(uow, "own", episode)
    return episode


async def pass_on(uow: UnitOfWork, episode_id: UUID, said: PassEpisodeOn) -> Episode:
    """Hand it over to another clinician, with what they have to know. Raises `OwnerUnfit`."""
    episode = await workable(uow, episode_id)
    await require_owner(uow, said.user_id)
    await give_to(uow, episode, said.user_id)
    detail = {"owner": str(said.user_id)}
    await write(uow, episode, EntryKind.HANDOVER, remark=said.remark, detail=detail)
    await trace(uow, "hand-over", episode, to=str(said.user_id))
    return episode


async def require_owner(uow: UnitOfWork, user_id: UUID) -> None:
    fits = await rosters.can_receive(uow, user_id)
    if not fits or (await identity.get_user(uow, user_id)).role not in CLINICIANS:
        why = "No doctor or nurse with an active account has that id."
        raise OwnerUnfit(errors=[{"at": ["body", "user_id"], "why": why, "rule": "owner_fit"}])


async def give_to(uow: UnitOfWork, episode: Episode, user_id: UUID) -> None:
    episode.owner_id = user_id
    episode.version += 1
    await uow.db.flush()
    await alerts.resolve_cause(uow, unowned_of(episode.id))


async def add_intervention(uow: UnitOfWork, episode_id: UUID, said: AddIntervention) -> Episode:
    """Something was done, with what came of it. Raises `HappenedUnfit`."""
    return await add_entry(uow, episode_id, EntryKind.INTERVENTION, said)


async def add_contact(uow: UnitOfWork, episode_id: UUID, said: AddContact) -> Episode:
    """Somebody was called, seen or written to. Raises `HappenedUnfit`."""
    return await add_entry(uow, episode_id, EntryKind.CONTACT, said)


async def add_entry(
    uow: UnitOfWork, episode_id: UUID, kind: EntryKind, said: AddIntervention | AddContact
) -> Episode:
    episode = await workable(uow, episode_id)
    happened = moment_of(uow, said)
    await write(
        uow,
        episode,
        kind,
        code=said.code.value,
        outcome=said.outcome.value,
        remark=said.remark,
        happened_at=happened,
    )
    episode.version += 1
    await trace(uow, f"add-{kind}", episode, code=said.code, outcome=said.outcome)
    return episode


def moment_of(uow: UnitOfWork, said: AddIntervention | AddContact) -> datetime:
    at = said.happened_at or uow.now
    if not uow.now - LONGEST_AGO <= at <= uow.now + CLOCKS_DIFFER_BY:
        why = "Send a moment of the last 31 days."
        where = ["body", "happened_at"]
        raise HappenedUnfit(errors=[{"at": where, "why": why, "rule": "moment_past"}])
    return min(at, uow.now)


async def add_factor(uow: UnitOfWork, episode_id: UUID, said: AddFactor) -> Episode:
    """What makes it graver, or protects; the last word on each counts."""
    episode = await workable(uow, episode_id)
    await write(
        uow,
        episode,
        EntryKind.FACTOR,
        code=said.code.value,
        outcome="present" if said.present else "absent",
        remark=said.remark,
        detail={"protects": said.code.protects},
    )
    episode.version += 1
    await trace(uow, "add-factor", episode, code=said.code, present=said.present)
    return episode


async def add_remark(uow: UnitOfWork, episode_id: UUID, said: AddRemark) -> Episode:
    episode = await workable(uow, episode_id)
    await write(uow, episode, EntryKind.REMARK, remark=said.remark)
    episode.version += 1
    await trace(uow, "add-remark", episode)
    return episode


async def finish_step(
    uow: UnitOfWork, episode_id: UUID, step_id: UUID, said: EndStep, *, needed: bool = True
) -> Episode:
    """It was done, or (`needed` false) why not. Raises `StepNotFound`, `IllegalMove`."""
    episode = await workable(uow, episode_id)
    step = await repository.step(uow, episode_id, step_id)
    target = StepStatus.DONE if needed else StepStatus.NOT_NEEDED
    await end_step(uow, episode, step, target, said.outcome)
    await trace(uow, "end-step", episode, step=step.code, status=target)
    return episode


async def close_episode(uow: UnitOfWork, episode_id: UUID, said: AddRemark) -> Episode:
    """Everything on the checklist is done. Raises `EpisodeNotClosable` with what is missing."""
    episode = await workable(uow, episode_id)
    await require_closable(uow, episode)
    episode.close(by=uow.actor.id, at=uow.now)
    await write(uow, episode, EntryKind.CLOSED, remark=said.remark)
    await trace(uow, "close", episode)
    await uow.publish(EpisodeEnded(episode_id=episode.id, patient_id=episode.patient_id))
    return episode


async def reopen_episode(uow: UnitOfWork, episode_id: UUID, said: AddRemark) -> Episode:
    """It was closed too early. Raises `IllegalMove` while it is open, `EpisodeOpen` for another."""
    require_clinician(uow)
    episode = await repository.get(uow, episode_id, lock=True)
    there = await repository.open_of(uow, episode.patient_id)
    if there is not None and there.id != episode.id:
        raise EpisodeOpen(episode_id=there.id)
    episode.reopen()
    await announce(uow, episode, EntryKind.REOPENED)
    await write(uow, episode, EntryKind.REMARK, remark=said.remark)
    return episode
