"""The banner over every page about a patient: who it is, and what must not be missed."""

from uuid import UUID

from app import patients
from app.crisis import episodes, risk
from app.infra.uow import UnitOfWork
from app.patients import Patient, sees_clinical_fields
from app.web.presenters.formats import moment
from app.web.presenters.patients import PatientBanner, RiskFlag, banner
from app.web.presenters.risk_levels import LEVELS, NOT_ASSESSED


async def banner_of(uow: UnitOfWork, patient: Patient) -> PatientBanner:
    """With allergies and risk for those who may see them."""
    clinical = sees_clinical_fields(uow.actor)
    flag = await risk_flag(uow, patient) if uow.actor.has_any(*risk.ASSESSORS) else None
    return banner(patient, uow.today, clinical=clinical, risk=flag)


async def banner_by_id(uow: UnitOfWork, patient_id: UUID) -> PatientBanner:
    """Raises `PatientNotFound`."""
    return await banner_of(uow, await patients.get_patient(uow, patient_id))


async def risk_flag(uow: UnitOfWork, patient: Patient) -> RiskFlag:
    """The level that counts, never a bare colour; leads to the open episode where there is one."""
    state = await risk.risk_of(uow, patient.id)
    episode = await episodes.open_episode_of(uow, patient.id)
    review = state.next_review_at if state else None
    return RiskFlag(
        state=LEVELS[state.level] if state else NOT_ASSESSED,
        href=f"/crisis/{episode.id}" if episode else f"/patients/{patient.id}/risk",
        episode=episode is not None,
        review=moment(review) if review else None,
    )
