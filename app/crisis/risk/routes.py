"""The risk of a patient over HTTP."""

from uuid import UUID

from fastapi import Response

from app.crisis.risk import service
from app.crisis.risk.policies import ASSESSORS
from app.crisis.risk.schemas import AssessRisk, RiskOut
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.etags import put_etag
from app.infra.http.routing import api_router

router = api_router("/patients/{patient_id}/risk", "risk")


@router.get("", dependencies=[allow(*ASSESSORS)])
async def get_risk(patient_id: UUID, uow: Uow, response: Response) -> RiskOut:
    """The level that counts with its history; `level` null says that nobody has assessed it."""
    found = await service.read_risk(uow, patient_id)
    put_etag(response, found.version)
    return found


@router.post("", status_code=201, dependencies=[allow(*ASSESSORS)])
async def assess_risk(patient_id: UUID, body: AssessRisk, uow: Uow) -> RiskOut:
    """Judge the risk: raise it freely, lower it with a reason."""
    state = await service.assess(uow, patient_id, body)
    return await service.present(uow, state.patient_id)
