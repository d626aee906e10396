"""The first page after signing in."""

from zoneinfo import ZoneInfo

from fastapi import Request, Response

from app import identity
from app.clinical import encounters
from app.dashboards import day
from app.infra.http.access import ANYONE_SIGNED_IN, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.web.framing import PageFrame
from app.web.pages.today import todays_list
from app.web.presenters import home as present
from app.web.presenters.day import DayView, day_view
from app.web.presenters.encounters import EncounterRow, encounter_row
from app.web.presenters.formats import full_name
from app.web.presenters.queue_card import waiting_card
from app.web.rendering import render
from app.work_queues import queues

router = page_router()

REGISTRARS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST)


@router.get("/", dependencies=[allow(*ANYONE_SIGNED_IN)])
async def show_home(request: Request, uow: Uow, frame: PageFrame) -> Response:
    zone: ZoneInfo = request.state.clinic_zone
    if uow.actor.has_any(Role.DOCTOR):
        search = present.empty_search(can_register=True, autofocus=False)  # keys are for the day
        view = present.DoctorHome(search=search, day=await days_view(request, uow))
        return render("home/doctor.html", view, frame)
    if uow.actor.has_any(Role.NURSE, Role.RECEPTIONIST, Role.ADMIN):
        return render("home/desk.html", await desk_home(uow, zone), frame)
    return render("home/patient.html", None, frame)


@router.get("/fragments/day", dependencies=[allow(Role.DOCTOR)])
async def show_day(request: Request, uow: Uow, frame: PageFrame) -> Response:
    """A doctor's day alone, for a page that is open already."""
    return render("home/day.html", await days_view(request, uow), frame)


async def days_view(request: Request, uow: UnitOfWork) -> DayView:
    """From the same bytes as the API serves."""
    days: day.Days = request.state.days
    entry = await days.read(uow.actor, uow.origin)
    return day_view(day.DoctorDay.model_validate_json(entry.body), uow.now, uow.zone)


async def desk_home(uow: UnitOfWork, zone: ZoneInfo) -> present.DeskHome:
    return present.DeskHome(
        search=present.empty_search(can_register=uow.actor.has_any(*REGISTRARS)),
        today=await todays_list(uow),
        waiting=waiting_card(await queues.counts(uow)),
        encounters=await encounters_today(uow, zone),
    )


async def encounters_today(uow: UnitOfWork, zone: ZoneInfo) -> tuple[EncounterRow, ...]:
    """Everybody's, for the desk; the reason only for those who may see it."""
    today = uow.now.astimezone(zone).date()
    rows = await encounters.encounters_of_day(uow, None, today, zone=zone)
    names = await identity.names_of(uow, {one.practitioner_id for one, _ in rows})
    sees_reason = encounters.sees_reason(uow.actor)
    return tuple(
        encounter_row(
            encounter,
            patient=full_name(patient.given_name, patient.family_name),
            practitioner=names[encounter.practitioner_id],
            sees_reason=sees_reason,
        )
        for encounter, patient in rows
    )
