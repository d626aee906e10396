"""Looking at restrictions, and at who broke the glass."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import audit, patients
from app.crisis.access import policies, reading, repository
from app.crisis.access.schemas import GrantPage, RestrictionPage
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

FIRST_PAGE = PageRequest()


@dataclass(frozen=True, slots=True)
class Running:
    """Broken glass of the actor's own; the patient by their record number."""

    grant_id: UUID
    patient_id: UUID
    mrn: str
    expires_at: datetime


async def list_grants(
    uow: UnitOfWork, page: PageRequest = FIRST_PAGE, *, unreviewed: bool = False
) -> GrantPage:
    """Who broke the glass, the latest first; raises `MayNotReviewAccess`."""
    await policies.require_privacy(uow)
    rows = await repository.grants(uow, page, unreviewed=unreviewed)
    kept, following = page_of(rows, page, key=lambda row: Cursor(row[0].granted_at, row[0].id))
    whom = list(dict.fromkeys(str(grant.patient_id) for grant, _ in kept))
    await audit.record(uow, "break-glass.list", detail={"patients": whom})
    return GrantPage(items=await reading.grants_out(uow, kept), next_cursor=following)


async def list_restrictions(uow: UnitOfWork, page: PageRequest = FIRST_PAGE) -> RestrictionPage:
    """Open and lifted ones, the latest first; raises `MayNotRestrict`."""
    await policies.require_keeper(uow)
    rows = await repository.restrictions(uow, page)
    kept, following = page_of(rows, page, key=lambda row: Cursor(row.restricted_at, row.id))
    whom = list(dict.fromkeys(str(row.patient_id) for row in kept))
    await audit.record(uow, "restriction.list", detail={"patients": whom})
    return RestrictionPage(items=await reading.restrictions_out(uow, kept), next_cursor=following)


async def running_grants(uow: UnitOfWork) -> list[Running]:
    """The actor's own broken glass, for every page to say; leaves no trace: each has one."""
    return [
        Running(grant.id, grant.patient_id, patient.mrn, grant.expires_at)
        for grant, patient in await repository.running_grants(uow)
    ]


async def may_ask_for(uow: UnitOfWork, patient_id: UUID) -> bool:
    """Whether it is a restriction that hides this patient from a clinician; nobody else is told.

    Leaves no trace: whoever asked was refused, which left one.
    """
    if not uow.actor.has_any(*policies.CLINICIANS):
        return False
    restriction = await patients.open_restriction(uow, patient_id)
    if restriction is None:
        return False
    return not await patients.seen_among(uow, [restriction.patient_id])
