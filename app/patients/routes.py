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
from app.patients import merging, queries, service
from app.patients.models import Patient
from app.patients.pages import NamePage
from app.patients.policies import MERGERS, REGISTRARS, sees_clinical_fields
from app.patients.schemas import (
    MergeList,
    MergeOut,
    NewMerge,
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
MERGED: Responses = {
    409: described(
        HTTPStatus.CONFLICT,
        "already-merged: this record was merged into another, which counts in its place",
    ),
    412: STALE[412],
}
NOT_REVERSIBLE: Responses = {
    409: described(
        HTTPStatus.CONFLICT, "too-late-to-reverse: a merge can be taken back for one day"
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
    """One patient; the ETag is the version to send when changing them.

    Of a record that was merged into another, that other: look at its id.
    """
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


@router.post(
    "/{patient_id}/merges", status_code=201, dependencies=[allow(*MERGERS)], responses=MERGED
)
async def merge_patients(patient_id: UUID, body: NewMerge, uow: Uow) -> MergeOut:
    """Merge another record of the same person into this one; reversible for a day.

    Everything that was or will be written under the other record is found under this one,
    whose demographics count; allergies, medications and problems of both are united.
    """
    merge = await merging.merge_patients(
        uow,
        body.absorbed_id,
        patient_id,
        body.reason,
        absorbed_version=body.absorbed_version,
        survivor_version=body.version,
    )
    return MergeOut.model_validate(merge)


@router.get("/{patient_id}/merges", dependencies=[allow(*STAFF)])
async def list_merges(patient_id: UUID, uow: Uow) -> MergeList:
    """Every merge this person's records were part of, the latest first, reversed ones too."""
    found = await merging.list_merges(uow, patient_id)
    return MergeList(items=[MergeOut.model_validate(merge) for merge in found])


@router.post(
    "/merges/{merge_id}/reversal",
    status_code=201,
    dependencies=[allow(*MERGERS)],
    responses=NOT_REVERSIBLE,
)
async def reverse_merge(merge_id: UUID, uow: Uow) -> MergeOut:
    """Take a merge back: each record has again what was written under it.

    What was written under the record that stayed since then stays there.
    """
    return MergeOut.model_validate(await merging.reverse_merge(uow, merge_id))
