"""Planning hours, exceptions, visit types and rooms."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import RedirectResponse

from app import identity
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling import availability
from app.scheduling.availability import AvailabilityException, ExceptionKind
from app.web.framing import PageFrame
from app.web.presenters import schedule as present
from app.web.presenters.clinic_setup import clinic_page
from app.web.presenters.frame import Frame
from app.web.rendering import render

router = page_router("/schedule")

PLANNERS = (Role.RECEPTIONIST, Role.ADMIN)
MAY_PLAN = (*PLANNERS, Role.DOCTOR)
LOOK_AHEAD = timedelta(days=2 * 366)
Saved = Annotated[str | None, Query(max_length=20)]


@router.get("", dependencies=[allow(*MAY_PLAN)])
async def show_schedule(
    uow: Uow, frame: PageFrame, saved: Saved = None, doctor: UUID | None = None
) -> Response:
    """One's own week; for the desk that of the first doctor, or the clinic where there is none."""
    if doctor is not None:
        return RedirectResponse(f"/schedule/{doctor}", status_code=303)
    if not uow.actor.has_any(*PLANNERS):
        return await hours_of(uow, frame, uow.actor.id, saved=saved)
    doctors = await identity.list_practitioners(uow)
    if not doctors:
        return await clinic(uow, frame, saved)
    return await hours_of(uow, frame, doctors[0].id, saved=saved)


@router.get("/clinic", dependencies=[allow(*PLANNERS)])
async def show_clinic(uow: Uow, frame: PageFrame, saved: Saved = None) -> Response:
    return await clinic(uow, frame, saved)


@router.get("/{practitioner_id}", dependencies=[allow(*MAY_PLAN)])
async def show_hours(
    practitioner_id: UUID,
    uow: Uow,
    frame: PageFrame,
    saved: Saved = None,
    week: Annotated[UUID | None, Query(description="The week to change.")] = None,
) -> Response:
    return await hours_of(uow, frame, practitioner_id, saved=saved, week=week)


async def hours_of(
    uow: UnitOfWork,
    frame: Frame,
    practitioner_id: UUID,
    *,
    saved: str | None,
    week: UUID | None = None,
) -> Response:
    """Raises `NotYourHours` for another doctor's, `PractitionerNotFound` for nobody's."""
    plans_all = uow.actor.has_any(*PLANNERS)
    if not plans_all and practitioner_id != uow.actor.id:
        raise availability.NotYourHours(practitioner_id=practitioner_id)
    doctors = await identity.list_practitioners(uow)
    doctor = next((one for one in doctors if one.id == practitioner_id), None)
    if doctor is None:
        raise availability.PractitionerNotFound(practitioner_id=practitioner_id)
    view = present.hours_page(
        doctor,
        own=practitioner_id == uow.actor.id,
        doctors=doctors if plans_all else (),
        weeks=await availability.list_weekly_hours(uow, practitioner_id),
        wanted=week,
        rooms=await availability.list_rooms(uow),
        exceptions=await exceptions_ahead(uow, practitioner_id),
        schedule=await availability.schedule_of(uow, practitioner_id),
        today=uow.today,
        saved=saved,
        may_plan_clinic=plans_all,
    )
    return render("schedule/hours.html", view, frame)


async def exceptions_ahead(
    uow: UnitOfWork, practitioner_id: UUID | None
) -> Sequence[AvailabilityException]:
    """Those not over yet; with a doctor theirs and the clinic's, else everybody's."""
    return await availability.list_exceptions(
        uow, uow.today, uow.today + LOOK_AHEAD, practitioner_id=practitioner_id
    )


async def clinic(uow: UnitOfWork, frame: Frame, saved: str | None) -> Response:
    visit_types = await availability.list_visit_types(uow, retired=True)
    exceptions = await exceptions_ahead(uow, None)
    view = clinic_page(
        visit_types=visit_types,
        offers=await availability.offers_of(uow, [each.id for each in visit_types]),
        doctors=await identity.list_practitioners(uow),
        rooms=await availability.list_rooms(uow, retired=True),
        closings=[each for each in exceptions if each.kind is ExceptionKind.CLOSED],
        today=uow.today,
        saved=saved,
    )
    return render("schedule/clinic.html", view, frame)
