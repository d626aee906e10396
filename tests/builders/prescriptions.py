"""Prescriptions for tests: literal medicines of a small formulary."""

from pathlib import Path
from typing import Any
from uuid import UUID

from app.clinical import formulary, prescriptions
from app.clinical.formulary import Outcome
from app.clinical.prescriptions import ItemContent, PrescriptionOut
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient

FOLDER = Path(__file__).parent / "small_formulary"
ONCE_DAILY: dict[str, Any] = {"amount": 1, "unit": "{tbl}", "route": "oral", "times_a_day": 1}
LISINOPRIL: dict[str, Any] = {
    "name": "Lisinopril",
    "strength": "10 mg",
    "form": "tablet",
    "sig": ONCE_DAILY,
    "quantity": 30,
    "quantity_unit": "tablets",
    "reason": "high blood pressure",
}
SPIRONOLACTONE = LISINOPRIL | {"name": "Spironolactone", "strength": "25 mg", "reason": None}
WARFARIN = LISINOPRIL | {"name": "Warfarin", "strength": "5 mg", "reason": None}
ASPIRIN = LISINOPRIL | {"name": "Aspirin", "strength": "81 mg", "reason": None}
AMOXICILLIN = LISINOPRIL | {
    "name": "Amoxicillin",
    "strength": "500 mg",
    "form": "capsule",
    "sig": ONCE_DAILY
    | {"unit": "{capsule}", "times_a_day": 3, "duration": 7, "duration_period": "days"},
    "reason": None,
}
WHY = "Known, and watched closely."


async def somebody(works: Works, by: Actor, **fields: Any) -> UUID:
    """A patient who was asked about everything, and has nothing."""
    asked: dict[str, Any] = {"allergies": [], "medications": []}
    return (await a_patient(works, by, **asked | fields)).id


async def a_draft(
    works: Works, doctor: Actor, patient_id: UUID, *items: dict[str, Any], **fields: Any
) -> PrescriptionOut:
    new = prescriptions.BeginPrescription.model_validate(
        {"patient_id": patient_id, "items": list(items), **fields}
    )
    async with works.begin(doctor) as uow:
        return await prescriptions.begin_prescription(uow, new)


async def answered(
    works: Works, doctor: Actor, draft: PrescriptionOut, *, reason: str = WHY
) -> PrescriptionOut:
    """Every warning overridden, everything not checked known."""
    async with works.begin(doctor) as uow:
        for item in draft.items:
            for finding in item.check.findings if item.check else ():
                if finding.outcome is Outcome.WARNING:
                    draft = await prescriptions.override_warning(
                        uow, item.id, finding.id, reason=reason
                    )
        unchecked = not_checked(draft)
        if unchecked and draft.issued_at is None:
            draft = await prescriptions.acknowledge_not_checked(uow, draft.id, unchecked)
    return draft


def not_checked(draft: PrescriptionOut) -> list[UUID]:
    return found(draft, Outcome.NOT_CHECKED)


def warnings(draft: PrescriptionOut) -> list[UUID]:
    return found(draft, Outcome.WARNING)


def found(draft: PrescriptionOut, outcome: Outcome) -> list[UUID]:
    return [
        finding.id
        for item in draft.items
        for finding in (item.check.findings if item.check else ())
        if finding.outcome is outcome
    ]


async def issued(works: Works, doctor: Actor, draft: PrescriptionOut) -> PrescriptionOut:
    async with works.begin(doctor) as uow:
        return await prescriptions.issue_prescription(uow, draft.id, version=draft.version)


async def an_issued(
    works: Works, doctor: Actor, patient_id: UUID, *items: dict[str, Any]
) -> PrescriptionOut:
    draft = await a_draft(works, doctor, patient_id, *items)
    return await issued(works, doctor, await answered(works, doctor, draft))


def content(**fields: Any) -> ItemContent:
    return ItemContent.model_validate(LISINOPRIL | fields)


async def a_formulary(works: Works) -> None:
    """The small formulary of the tests, in force."""
    head, contents = formulary.read_folder(FOLDER)
    async with works.begin(Actor.system("formulary")) as uow:
        await formulary.import_release(uow, head, contents)
