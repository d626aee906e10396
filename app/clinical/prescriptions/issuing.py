"""Issuing: checked once more with what is known at this very moment, signed, and in use.

The patient's record is locked first. Whoever issues for the same person, or writes down an allergy,
comes before (and is seen) or after (and sees); so no warning is lost between two transactions.
"""

import hashlib
import json
from collections.abc import Sequence
from uuid import UUID

from app import identity, patients
from app.clinical import notes
from app.clinical.prescriptions import (
    drafting,
    knowing,
    moving,
    policies,
    reading,
    repository,
    safety,
)
from app.clinical.prescriptions.errors import Fault, ItemsIncomplete, NothingPrescribed
from app.clinical.prescriptions.events import PrescriptionIssued
from app.clinical.prescriptions.lifecycle import ItemStatus
from app.clinical.prescriptions.models import Prescription, PrescriptionItem
from app.clinical.prescriptions.schemas import PrescriptionOut
from app.infra.uow import UnitOfWork

MISSING = {
    "amount": "How much each time was not said.",
    "unit": "The unit of the dose was not said.",
    "route": "The route was not said.",
    "times_a_day": "How often was not said.",
}


async def issue_prescription(
    uow: UnitOfWork, prescription_id: UUID, *, version: int, password: str | None = None
) -> PrescriptionOut:
    """Sign exactly the version that was seen; every medicine of it is active from now on.

    Raises `ReauthenticationRequired`, `PasswordWrong`, `NotThePrescriber`, `AlreadyIssued`,
    `PrescriptionChanged`, `NothingPrescribed`, `ItemsIncomplete`, `WarningsUnanswered`,
    `NotCheckedUnacknowledged`.
    """
    policies.require_doctor(uow)
    seen = await repository.get(uow, prescription_id)
    policies.require_prescriber(uow, seen)
    await require_reauthenticated(uow, password)
    patient = await patients.get_patient(uow, seen.patient_id, lock=True)
    prescription = await drafting.own_draft(uow, prescription_id)
    prescription.require_version(version)
    items = await drafting.items_of(uow, prescription)
    drafts = [item for item in items if item.status is ItemStatus.DRAFT]
    require_complete(prescription, drafts)
    known = await knowing.known_of(uow, patient)
    await safety.require_answers(uow, await safety.check_items(uow, known, drafts))
    await put_into_use(uow, prescription, drafts)
    await drafting.record(uow, "issue", prescription, items=len(drafts))
    return await reading.present(uow, prescription)


async def require_reauthenticated(uow: UnitOfWork, password: str | None) -> None:
    """A signature is given by a person who has just proved who they are."""
    if password is not None:
        await identity.verify_password(uow, password)
    elif not identity.is_fresh(uow):
        raise notes.ReauthenticationRequired


def require_complete(prescription: Prescription, drafts: Sequence[PrescriptionItem]) -> None:
    if not drafts:
        raise NothingPrescribed(prescription_id=prescription.id)
    faults = [
        Fault(
            at=["items", str(item.position), "sig", name],
            why=f"Medicine {item.position}: {MISSING[name]}",
            rule="required",
        )
        for item in drafts
        for name in item.content.sig.missing
    ]
    if faults:
        raise ItemsIncomplete(errors=faults)


async def put_into_use(
    uow: UnitOfWork, prescription: Prescription, drafts: Sequence[PrescriptionItem]
) -> None:
    prescription.issue(
        by=uow.actor.name, at=uow.now, content_sha256=content_sha256(prescription, drafts)
    )
    for item in drafts:
        uow.db.add(item.move_to(ItemStatus.ACTIVE, by=uow.actor.id, at=uow.now))
        if item.renews_id is not None:
            await moving.give_way(uow, item.renews_id, to=item)
    await uow.db.flush()
    await uow.publish(
        PrescriptionIssued(
            prescription_id=prescription.id,
            patient_id=prescription.patient_id,
            encounter_id=prescription.encounter_id,
            prescriber_id=prescription.prescriber_id,
        )
    )


def content_sha256(prescription: Prescription, drafts: Sequence[PrescriptionItem]) -> str:
    """Over what is signed: JSON with sorted keys, no spaces, UTF-8."""
    told = {
        "prescription": str(prescription.id),
        "patient": str(prescription.patient_id),
        "prescriber": str(prescription.prescriber_id),
        "items": [
            item.content.model_dump(mode="json") | {"id": str(item.id), "text": item.sig_text}
            for item in drafts
        ],
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
