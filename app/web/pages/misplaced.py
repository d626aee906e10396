"""What no longer fits after a change of hours, for the planning pages to show."""

from uuid import UUID

from fastapi import Response

from app import identity
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import PageRequest
from app.scheduling import appointments, availability
from app.scheduling.appointments import MisplacedFilter
from app.web.framing import PageFrame
from app.web.presenters import misplaced as present
from app.web.rendering import render

router = page_router("/fragments/misplaced")

PLANNERS = (Role.RECEPTIONIST, Role.ADMIN)
SHOWN = PageRequest(limit=25)


@router.get("", dependencies=[allow(*PLANNERS)])
async def show_misplaced(uow: Uow, frame: PageFrame) -> Response:
    """Of the whole clinic."""
    return render("schedule/misplaced.html", await misplaced_of(uow, MisplacedFilter()), frame)


@router.get("/{practitioner_id}", dependencies=[allow(*PLANNERS, Role.DOCTOR)])
async def show_misplaced_of_doctor(practitioner_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """Of one doctor; doctors see their own. Raises `NotYourHours`."""
    if not uow.actor.has_any(*PLANNERS) and practitioner_id != uow.actor.id:
        raise availability.NotYourHours(practitioner_id=practitioner_id)
    wanted = MisplacedFilter(practitioner_ids=[practitioner_id])
    return render("schedule/misplaced.html", await misplaced_of(uow, wanted), frame)


async def misplaced_of(uow: UnitOfWork, wanted: MisplacedFilter) -> present.MisplacedView:
    found, next_cursor = await appointments.list_misplaced(uow, wanted, page=SHOWN)
    shown = await appointments.shown(uow, [each.appointment for each in found])
    doctors = {one.id: one.full_name for one in await identity.list_practitioners(uow)}
    rows = [
        present.row(out, each.conflicts, each.alternatives, doctors, uow.zone)
        for out, each in zip(shown, found, strict=True)
    ]
    may_move = uow.actor.has_any(*appointments.BOOKERS)
    return present.view(rows, more=next_cursor is not None, may_move=may_move)
