"""Prescriptions and what becomes of their medicines, over HTTP."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import Response

from app.clinical.prescriptions import drafting, issuing, moving, queries
from app.clinical.prescriptions.inputs import (
    AcknowledgeNotChecked,
    BeginPrescription,
    DryCheck,
    GiveReason,
    IssuePrescription,
    OverrideWarning,
)
from app.clinical.prescriptions.policies import PRESCRIBERS, READERS
from app.clinical.prescriptions.schemas import (
    DryCheckOut,
    ItemContent,
    ItemHistory,
    ItemOut,
    PrescriptionOut,
    PrescriptionPage,
)
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router

router = api_router("/prescriptions", "prescriptions")

DOCTORS = [allow(*PRESCRIBERS)]
CLINICIANS = [allow(*READERS)]
CHANGED: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "prescription-changed: this prescription was changed since you read it",
    ),
}
MISSING: dict[int | str, dict[str, Any]] = {
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}


def told(response: Response, prescription: PrescriptionOut) -> PrescriptionOut:
    put_etag(response, prescription.version)
    response.headers["Location"] = f"/api/v1/prescriptions/{prescription.id}"
    return prescription


@router.get("", dependencies=CLINICIANS)
async def list_prescriptions(patient_id: UUID, uow: Uow, page: Paging) -> PrescriptionPage:
    """A patient's prescriptions and your own drafts, newest first."""
    return await queries.list_prescriptions(uow, patient_id, page)


@router.post("", status_code=201, dependencies=DOCTORS)
async def begin_prescription(
    body: BeginPrescription, uow: Uow, response: Response
) -> PrescriptionOut:
    """Begin a draft, perhaps with medicines; each is checked."""
    return told(response, await drafting.begin_prescription(uow, body))


@router.post("/checks", status_code=201, dependencies=DOCTORS)
async def check_dry(body: DryCheck, uow: Uow) -> DryCheckOut:
    """What a check of this medicine for this patient finds; nothing is kept."""
    return await drafting.dry_check(uow, body)


# Only ids, or "checks" and "items" would be prescriptions for verbs that they do not have.
@router.get("/{prescription_id:uuid}", dependencies=CLINICIANS)
async def get_prescription(prescription_id: UUID, uow: Uow, response: Response) -> PrescriptionOut:
    """A prescription with its medicines and their last checks."""
    return told(response, await queries.read_prescription(uow, prescription_id))


@router.post(
    "/{prescription_id:uuid}/items",
    status_code=201,
    dependencies=DOCTORS,
    responses=CHANGED | MISSING,
)
async def add_prescription_item(
    prescription_id: UUID, body: ItemContent, version: IfMatch, uow: Uow, response: Response
) -> PrescriptionOut:
    """Put one more medicine on a draft; all of the draft is checked again."""
    return told(response, await drafting.add_item(uow, prescription_id, body, version=version))


@router.put(
    "/{prescription_id:uuid}/items/{item_id:uuid}",
    dependencies=DOCTORS,
    responses=CHANGED | MISSING,
)
async def change_prescription_item(
    *,
    prescription_id: UUID,
    item_id: UUID,
    body: ItemContent,
    version: IfMatch,
    uow: Uow,
    response: Response,
) -> PrescriptionOut:
    """Prescribe a medicine of a draft otherwise; all of the draft is checked again."""
    changed = await drafting.change_item(uow, prescription_id, item_id, body, version=version)
    return told(response, changed)


@router.post("/{prescription_id:uuid}/checks", status_code=201, dependencies=DOCTORS)
async def check_prescription(
    prescription_id: UUID, uow: Uow, response: Response
) -> PrescriptionOut:
    """Check a draft, or what is active of an issued one, with what is known now."""
    return told(response, await drafting.check_prescription(uow, prescription_id))


@router.post("/{prescription_id:uuid}/acknowledgement", status_code=201, dependencies=DOCTORS)
async def acknowledge_not_checked(
    prescription_id: UUID, body: AcknowledgeNotChecked, uow: Uow, response: Response
) -> PrescriptionOut:
    """Say that you know what was not checked."""
    known = await drafting.acknowledge_not_checked(uow, prescription_id, body.findings)
    return told(response, known)


@router.post(
    "/{prescription_id:uuid}/issuance", status_code=201, dependencies=DOCTORS, responses=CHANGED
)
async def issue_prescription(
    prescription_id: UUID, body: IssuePrescription, uow: Uow, response: Response
) -> PrescriptionOut:
    """Sign exactly the version you saw; it is checked once more in this very moment."""
    issued = await issuing.issue_prescription(
        uow, prescription_id, version=body.version, password=body.password
    )
    return told(response, issued)


@router.post("/{prescription_id:uuid}/repetition", status_code=201, dependencies=DOCTORS)
async def repeat_prescription(
    prescription_id: UUID, uow: Uow, response: Response
) -> PrescriptionOut:
    """All that was in use of it once more, as a draft."""
    return told(response, await moving.repeat_prescription(uow, prescription_id))


@router.get("/items/{item_id:uuid}", dependencies=CLINICIANS)
async def get_prescription_item(item_id: UUID, uow: Uow) -> ItemHistory:
    """One medicine with every change of its state."""
    return await queries.item_history(uow, item_id)


@router.post("/items/{item_id:uuid}/overrides", status_code=201, dependencies=DOCTORS)
async def override_warning(
    item_id: UUID, body: OverrideWarning, uow: Uow, response: Response
) -> PrescriptionOut:
    """Say why it is prescribed in spite of a warning; the nurse reads it."""
    answered = await drafting.override_warning(uow, item_id, body.finding_id, reason=body.reason)
    return told(response, answered)


@router.post("/items/{item_id:uuid}/hold", status_code=201, dependencies=CLINICIANS)
async def hold_prescription_item(item_id: UUID, body: GiveReason, uow: Uow) -> ItemOut:
    """Not to be taken for now, and why; nurses may say so too."""
    return await moving.hold_item(uow, item_id, reason=body.reason)


@router.post("/items/{item_id:uuid}/resumption", status_code=201, dependencies=DOCTORS)
async def resume_prescription_item(item_id: UUID, uow: Uow) -> ItemOut:
    """To be taken again, after one more check."""
    return await moving.resume_item(uow, item_id)


@router.post("/items/{item_id:uuid}/stop", status_code=201, dependencies=DOCTORS)
async def stop_prescription_item(item_id: UUID, body: GiveReason, uow: Uow) -> ItemOut:
    """Not to be taken any more, and why."""
    return await moving.stop_item(uow, item_id, reason=body.reason)


@router.post("/items/{item_id:uuid}/completion", status_code=201, dependencies=DOCTORS)
async def complete_prescription_item(item_id: UUID, uow: Uow) -> ItemOut:
    """All of it was taken."""
    return await moving.complete_item(uow, item_id)


@router.post("/items/{item_id:uuid}/cancellation", status_code=201, dependencies=DOCTORS)
async def cancel_prescription_item(item_id: UUID, body: GiveReason, uow: Uow) -> ItemOut:
    """Take it back before anything of it was taken; also off a draft."""
    return await moving.cancel_item(uow, item_id, reason=body.reason)


@router.post("/items/{item_id:uuid}/entered-in-error", status_code=201, dependencies=DOCTORS)
async def enter_prescription_item_in_error(item_id: UUID, body: GiveReason, uow: Uow) -> ItemOut:
    """It should never have been; it stays readable."""
    return await moving.enter_item_in_error(uow, item_id, reason=body.reason)


@router.post("/items/{item_id:uuid}/renewal", status_code=201, dependencies=DOCTORS)
async def renew_prescription_item(item_id: UUID, uow: Uow, response: Response) -> PrescriptionOut:
    """The same again, as a draft that takes its place when it is issued."""
    return told(response, await moving.renew_item(uow, item_id))
