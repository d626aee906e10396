"""The risk board, and one episode with everything about it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app import identity, patients
from app.crisis import episodes, reports, risk
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.web.banners import banner_of
from app.web.framing import PageFrame
from app.web.presenters import crisis_board, crisis_episode, crisis_risk
from app.web.presenters.queue_times import Watch
from app.web.rendering import render

router = page_router()

WHO = [allow(*episodes.CLINICIANS)]


@router.get("/crisis", dependencies=WHO)
async def show_board(
    uow: Uow,
    frame: PageFrame,
    mine: Annotated[str, Query(pattern="^(yes)?$")] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Open episodes, the gravest and soonest due first."""
    found, next_cursor = await episodes.board(uow, mine=bool(mine), cursor=cursor)
    names = await identity.names_of(uow, {each.owner_id for each, _ in found if each.owner_id})
    watch = Watch(uow.now, uow.zone)
    view = crisis_board.board(found, names, watch, mine=bool(mine), next_cursor=next_cursor)
    return render("crisis/board.html", view, frame)


@router.get("/crisis/{episode_id:uuid}", dependencies=WHO)
async def show_episode(
    episode_id: UUID, uow: Uow, frame: PageFrame, saved: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Raises `EpisodeNotFound`."""
    episode = await episodes.read_episode(uow, episode_id)
    patient = await patients.get_patient(uow, episode.patient_id)
    view = crisis_episode.page(
        episode,
        await risk.present(uow, patient.id),
        await banner_of(uow, patient),
        Watch(uow.now, uow.zone),
        names=await identity.names_of(uow, crisis_episode.named_in(episode)),
        people={each.id: each.full_name for each in await identity.list_clinicians(uow)},
        reports=await reports.reports_about(uow, patient.id),
        me=uow.actor.id,
        saved=saved,
    )
    return render("crisis/episode.html", view, frame)


@router.get("/patients/{patient_id}/risk", dependencies=WHO)
async def show_risk(
    patient_id: UUID, uow: Uow, frame: PageFrame, saved: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """How great the danger is and how that came about; raises `PatientNotFound`."""
    found = await risk.read_risk(uow, patient_id)
    patient = await patients.get_patient(uow, patient_id)
    view = crisis_risk.page(
        found,
        await banner_of(uow, patient),
        await identity.names_of(uow, {each.moved_by for each in found.history}),
        Watch(uow.now, uow.zone),
        saved=saved,
    )
    return render("crisis/risk.html", view, frame)
