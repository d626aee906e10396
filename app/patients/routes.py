"""Patients over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.kernel.paging import MAX_PAGE
from app.patients import queries, service
from app.patients.models import Patient
from app.patients.pages import NamePage
from app.patients.policies import REGISTRARS, sees_clinical_fields
from app.patients.schemas import (
    NewPatient,
    PatientDemographics,
    PatientPage,
    PatientRecord,
    UpdatePatient,
)

router = api_router("/patients", "patients")

PatientSeen = PatientRecord | PatientDemographics

Responses = dict[int | str, dict[str, Any]]

STALE: Responses = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "patient-changed: somebody changed this patient since you read them",
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}
DUPLICATE: Responses = {
    409: described(
        HTTPStatus.CONFLICT,
        "possible-duplicate: we may already have this patient; patient_ids says who",
    )
}


def get_name_page(
    cursor: Annotated[str | None, Query(max_length=200, description="From next_cursor.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 25,
) -> NamePage:
    return NamePage.read(cursor, limit)


NamePaging = Annotated[NamePage, Depends(get_name_page)]
Question = Annotated[
    str | None,
    Query(
        max_length=200,
        description="Words that must all match: any part of a name, a birth date in any usual "
        "spelling, digits of a phone, a record number.",
        examples=["okafor 14-Jul-1945"],
    ),
]


def seen_by(uow: UnitOfWork, patient: Patient) -> PatientSeen:
    """The whole record for clinicians; for the desk and administrators who somebody is."""
    seen = PatientRecord if sees_clinical_fields(uow.actor) else PatientDemographics
    return seen.model_validate(patient)


@router.post("", status_code=201, dependencies=[allow(*REGISTRARS)], responses=DUPLICATE)
async def register_patient(body: NewPatient, uow: Uow, response: Response) -> PatientSeen:
    """Register a patient.

    Somebody born the same day who shares a name is answered with a `possible-duplicate`
    problem naming them; send `confirm_not_duplicate` to register all the same.
    """
    patient = await service.register_patient(uow, body)
    response.headers["Location"] = f"/api/v1/patients/{patient.id}"
    put_etag(response, patient.version)
    return seen_by(uow, patient)


@router.get("", dependencies=[allow(*STAFF)])
async def find_patients(uow: Uow, page: NamePaging, q: Question = None) -> PatientPage:
    """Find patients, in the order of their names."""
    found, next_cursor = await queries.find_patients(uow, q, page)
    return PatientPage(items=[seen_by(uow, p) for p in found], next_cursor=next_cursor)


@router.get("/{patient_id}", dependencies=[allow(*STAFF)])
async def get_patient(patient_id: UUID, uow: Uow, response: Response) -> PatientSeen:
    """One patient; the ETag is the version to send when changing them."""
    patient = await service.read_patient(uow, patient_id)
    put_etag(response, patient.version)
    return seen_by(uow, patient)


@router.patch("/{patient_id}", dependencies=[allow(*REGISTRARS)], responses=STALE)
async def update_patient(
    patient_id: UUID, body: UpdatePatient, version: IfMatch, uow: Uow, response: Response
) -> PatientSeen:
    """Change what is sent; what is left out stays, null clears."""
    patient = await service.update_patient(uow, patient_id, body, version=version)
    put_etag(response, patient.version)
    return seen_by(uow, patient)
