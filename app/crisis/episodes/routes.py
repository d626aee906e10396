"""Crisis episodes over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.crisis.episodes import opening, queries, service
from app.crisis.episodes.models import Episode
from app.crisis.episodes.policies import CLINICIANS
from app.crisis.episodes.schemas import (
    AddContact,
    AddFactor,
    AddIntervention,
    AddRemark,
    EndStep,
    EpisodeHeader,
    EpisodeOut,
    EpisodePage,
    OpenEpisode,
    PassEpisodeOn,
)
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.etags import put_etag
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork

router = api_router("/crisis-episodes", "crisis episodes")
AT = "/{episode_id:uuid}"
WHO = [allow(*CLINICIANS)]


async def shown(uow: UnitOfWork, response: Response, episode: Episode) -> EpisodeOut:
    put_etag(response, episode.version)
    return await queries.present(uow, episode)


@router.get("", dependencies=WHO)
async def list_episodes(
    uow: Uow,
    patient_id: UUID | None = None,
    mine: Annotated[bool, Query(description="Only those you answer for.")] = False,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> EpisodePage:
    """Open episodes, the gravest and soonest due first; of one patient all, the newest first."""
    if patient_id is not None:
        found = await queries.episodes_of(uow, patient_id)
        return EpisodePage(
            items=[EpisodeHeader.model_validate(each) for each in found], next_cursor=None
        )
    rows, next_cursor = await queries.board(uow, mine=mine, cursor=cursor, limit=limit)
    items = [EpisodeHeader.model_validate(each) for each, _ in rows]
    return EpisodePage(items=items, next_cursor=next_cursor)


@router.post("", status_code=201, dependencies=WHO)
async def open_episode(body: OpenEpisode, uow: Uow, response: Response) -> EpisodeOut:
    """Say that somebody is in danger."""
    episode = await opening.open_episode(uow, body)
    response.headers["Location"] = f"/api/v1/crisis-episodes/{episode.id}"
    return await shown(uow, response, episode)


@router.get(AT, dependencies=WHO)
async def get_episode(episode_id: UUID, uow: Uow, response: Response) -> EpisodeOut:
    """An episode with its steps, its timeline and its closing checklist."""
    found = await queries.read_episode(uow, episode_id)
    put_etag(response, found.version)
    return found


@router.post(f"{AT}/ownership", status_code=201, dependencies=WHO)
async def own_episode(episode_id: UUID, uow: Uow, response: Response) -> EpisodeOut:
    """Answer for it from now on."""
    return await shown(uow, response, await service.own(uow, episode_id))


@router.post(f"{AT}/handover", status_code=201, dependencies=WHO)
async def hand_over_episode(
    episode_id: UUID, body: PassEpisodeOn, uow: Uow, response: Response
) -> EpisodeOut:
    """Hand it over to another doctor or nurse, with what they have to know."""
    return await shown(uow, response, await service.pass_on(uow, episode_id, body))


@router.post(f"{AT}/interventions", status_code=201, dependencies=WHO)
async def add_intervention(
    episode_id: UUID, body: AddIntervention, uow: Uow, response: Response
) -> EpisodeOut:
    """Write down what was done, with what came of it."""
    return await shown(uow, response, await service.add_intervention(uow, episode_id, body))


@router.post(f"{AT}/contacts", status_code=201, dependencies=WHO)
async def add_contact(
    episode_id: UUID, body: AddContact, uow: Uow, response: Response
) -> EpisodeOut:
    """Write down who was called or seen, and whether they were reached."""
    return await shown(uow, response, await service.add_contact(uow, episode_id, body))


@router.post(f"{AT}/factors", status_code=201, dependencies=WHO)
async def add_factor(episode_id: UUID, body: AddFactor, uow: Uow, response: Response) -> EpisodeOut:
    """Write down what makes it graver, or what protects."""
    return await shown(uow, response, await service.add_factor(uow, episode_id, body))


@router.post(f"{AT}/remarks", status_code=201, dependencies=WHO)
async def add_remark(episode_id: UUID, body: AddRemark, uow: Uow, response: Response) -> EpisodeOut:
    """Add a line to the timeline."""
    return await shown(uow, response, await service.add_remark(uow, episode_id, body))


@router.post(f"{AT}/steps/{{step_id}}/completion", status_code=201, dependencies=WHO)
async def complete_step(
    episode_id: UUID, step_id: UUID, body: EndStep, uow: Uow, response: Response
) -> EpisodeOut:
    """A step is done; say what came of it."""
    return await shown(uow, response, await service.finish_step(uow, episode_id, step_id, body))


@router.post(f"{AT}/steps/{{step_id}}/waiver", status_code=201, dependencies=WHO)
async def waive_step(
    episode_id: UUID, step_id: UUID, body: EndStep, uow: Uow, response: Response
) -> EpisodeOut:
    """A step is not needed; say why."""
    episode = await service.finish_step(uow, episode_id, step_id, body, needed=False)
    return await shown(uow, response, episode)


@router.post(f"{AT}/closure", status_code=201, dependencies=WHO)
async def close_episode(
    episode_id: UUID, body: AddRemark, uow: Uow, response: Response
) -> EpisodeOut:
    """Close it, once everything on the checklist is done."""
    return await shown(uow, response, await service.close_episode(uow, episode_id, body))


@router.post(f"{AT}/reopening", status_code=201, dependencies=WHO)
async def reopen_episode(
    episode_id: UUID, body: AddRemark, uow: Uow, response: Response
) -> EpisodeOut:
    """Open a closed one again, with the reason."""
    return await shown(uow, response, await service.reopen_episode(uow, episode_id, body))
