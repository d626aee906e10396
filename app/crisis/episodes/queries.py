"""Looking at episodes."""

from uuid import UUID

from app import audit, patients
from app.crisis.episodes import repository
from app.crisis.episodes.closing import checklist
from app.crisis.episodes.models import Episode
from app.crisis.episodes.policies import require_clinician
from app.crisis.episodes.repository import Turn
from app.crisis.episodes.schemas import EntryOut, EpisodeHeader, EpisodeOut, StepOut
from app.crisis.episodes.telling import trace
from app.infra.uow import UnitOfWork
from app.patients import Patient

MOST = 50


async def read_episode(uow: UnitOfWork, episode_id: UUID) -> EpisodeOut:
    """An episode whole; raises `EpisodeNotFound`."""
    require_clinician(uow)
    episode = await repository.get(uow, episode_id)
    await trace(uow, "read", episode)
    return await present(uow, episode)


async def present(uow: UnitOfWork, episode: Episode) -> EpisodeOut:
    """The same for whoever has just changed it."""
    timeline = await repository.entries(uow, episode.id)
    steps = await repository.steps(uow, episode.id)
    shown = [
        StepOut(
            **{name: getattr(step, name) for name in PLAIN},
            explanation=rule.explanation,
            source=rule.source,
            rule_version=rule.version,
        )
        for step, rule in steps
    ]
    found = await checklist(uow, episode, timeline, [step for step, _ in steps])
    header = EpisodeHeader.model_validate(episode)
    return EpisodeOut(
        **header.model_dump(),
        steps=shown,
        timeline=[EntryOut.model_validate(each) for each in timeline],
        checklist=found,
    )


PLAIN = ("id", "code", "title", "status", "due_at", "ended_at", "ended_by", "outcome")


async def board(
    uow: UnitOfWork, *, mine: bool = False, cursor: str | None = None, limit: int = MOST
) -> tuple[list[tuple[Episode, Patient]], str | None]:
    """Open episodes, the gravest and the soonest due first, and the cursor of the next page."""
    require_clinician(uow)
    after = Turn.decode(cursor) if cursor else None
    owner = uow.actor.id if mine else None
    found = await repository.board(uow, owner_id=owner, after=after, limit=limit)
    rows, more = list(found[:limit]), len(found) > limit
    seen = [str(patient.id) for _, patient in rows]
    await audit.record(uow, "crisis_episode.list", detail={"mine": mine, "patients": seen})
    if not (more and rows):
        return rows, None
    last = rows[-1][0]
    return rows, Turn(last.urgency, last.turn_at, last.id).encode()


async def episodes_of(uow: UnitOfWork, patient_id: UUID) -> list[Episode]:
    """All of a patient, the newest first; raises `PatientNotFound`."""
    require_clinician(uow)
    patient = await patients.get_patient(uow, patient_id)
    found = await repository.of_patient(uow, patient.id, MOST)
    await audit.record(
        uow, "crisis_episode.list", patient_id=patient.id, detail={"episodes": len(found)}
    )
    return list(found)


async def open_episode_of(uow: UnitOfWork, patient_id: UUID) -> Episode | None:
    """For the banner of whoever has read this patient already."""
    return await repository.open_of(uow, patient_id)
