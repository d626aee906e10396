"""A patient's safety plan: written together, printed for them, compared with earlier versions."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import RedirectResponse

from app import patients
from app.crisis import safety_plans
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.kernel.actors import Role
from app.web.banners import banner_by_id
from app.web.framing import PageFrame
from app.web.presenters import safety_plan as present
from app.web.presenters.formats import full_name
from app.web.rendering import render

router = page_router("/patients/{patient_id}/safety-plan")

CLINICIANS = [allow(Role.DOCTOR, Role.NURSE)]
VERSIONS_SHOWN = 50
Number = Annotated[int | None, Query(ge=1, le=100_000)]


@router.get("", dependencies=CLINICIANS)
async def show_safety_plan(
    patient_id: UUID, uow: Uow, frame: PageFrame, plan: UUID | None = None
) -> Response:
    """Without a plan, the question whether to begin one: looking begins nothing."""
    whose = await banner_by_id(uow, patient_id)
    found = await safety_plans.plans_of(uow, patient_id)
    shown = chosen(found, plan)
    if shown is None:
        return render("safety_plan/edit.html", present.no_plan(whose), frame)
    versions = await safety_plans.list_versions(uow, shown.id, limit=VERSIONS_SHOWN)
    view = present.plan_page(
        shown,
        banner=whose,
        versions=versions.items,
        services=await safety_plans.crisis_services(uow),
        others=[one.id for one in found if one.id != shown.id],
    )
    return render("safety_plan/edit.html", view, frame)


@router.get("/print", dependencies=CLINICIANS)
async def print_safety_plan(
    patient_id: UUID, uow: Uow, frame: PageFrame, plan: UUID | None = None, number: Number = None
) -> Response:
    """The patient's copy of the version in use, or of an earlier one; a draft is not handed out."""
    patient = await patients.get_patient(uow, patient_id)
    shown = chosen(await safety_plans.plans_of(uow, patient_id), plan)
    wanted = number or (shown.current.number if shown and shown.current else None)
    if shown is None or wanted is None:
        return RedirectResponse(present.address(patient.id), status_code=303)
    version = await safety_plans.read_version(uow, shown.id, wanted)
    name = full_name(patient.given_name, patient.family_name)
    view = present.printed(version, name=name, patient_id=patient.id)
    return render("safety_plan/print.html", view, frame)


@router.get("/compare", dependencies=CLINICIANS)
async def compare_safety_plan(
    patient_id: UUID,
    uow: Uow,
    frame: PageFrame,
    *,
    number: Annotated[int, Query(ge=1, le=100_000)],
    plan: UUID | None = None,
    to: Number = None,
) -> Response:
    """An earlier version beside what is written now, or beside a later version."""
    shown = chosen(await safety_plans.plans_of(uow, patient_id), plan)
    if shown is None:
        return RedirectResponse(present.address(patient_id), status_code=303)
    before = await safety_plans.read_version(uow, shown.id, number)
    now, now_is = shown.content, "what is written now"
    if to is not None:
        now = (await safety_plans.read_version(uow, shown.id, to)).content
        now_is = f"version {to}"
    view = present.comparison(
        before, now, banner=await banner_by_id(uow, patient_id), now_is=now_is
    )
    return render("safety_plan/compare.html", view, frame)


def chosen(
    found: list[safety_plans.SafetyPlanOut], plan_id: UUID | None
) -> safety_plans.SafetyPlanOut | None:
    """The plan asked for, else the one that counts; None: there is none."""
    asked = [one for one in found if one.id == plan_id]
    return next(iter([*asked, *found]), None)
