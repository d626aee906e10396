"""What becomes of a medicine that is prescribed: held, taken up again, stopped, ended, renewed."""

from collections.abc import Sequence
from uuid import UUID

from app import patients
from app.clinical.prescriptions import (
    drafting,
    knowing,
    policies,
    reading,
    reconciled,
    repository,
    safety,
)
from app.clinical.prescriptions.errors import AlreadyTaken, NotRenewable
from app.clinical.prescriptions.events import PrescriptionItemMoved
from app.clinical.prescriptions.lifecycle import PRESCRIPTION_ITEM, ItemStatus
from app.clinical.prescriptions.models import Prescription, PrescriptionItem
from app.clinical.prescriptions.schemas import ItemContent, ItemOut, PrescriptionOut
from app.infra.uow import UnitOfWork
from app.kernel.lifecycle import IllegalMove

IN_USE = frozenset({ItemStatus.ACTIVE, ItemStatus.ON_HOLD})
RENEWABLE = IN_USE | {ItemStatus.STOPPED, ItemStatus.COMPLETED}
RENEWED = "Renewed."
REPLACED = "Replaced by a newer prescription."


async def hold_item(uow: UnitOfWork, item_id: UUID, *, reason: str) -> ItemOut:
    """Not to be taken for now; nurses may say so too. Raises `IllegalMove`."""
    policies.require_reader(uow)
    prescription, item = await locked(uow, item_id)
    await move(uow, prescription, item, ItemStatus.ON_HOLD, reason)
    return await told(uow, "hold", item)


async def resume_item(uow: UnitOfWork, item_id: UUID) -> ItemOut:
    """To be taken again, after one more check. Raises `IllegalMove`, `WarningsUnanswered`."""
    policies.require_doctor(uow)
    seen = await repository.get_item(uow, item_id)
    patient = await patients.get_patient(uow, seen.patient_id, lock=True)
    prescription, item = await locked(uow, item_id)
    if item.status is not ItemStatus.ON_HOLD:  # a draft becomes active by being issued
        raise IllegalMove(
            lifecycle=PRESCRIPTION_ITEM.name, current=item.status, target=ItemStatus.ACTIVE
        )
    known = await knowing.known_of(uow, patient)
    checked = await safety.check_items(uow, known, [item])
    await safety.require_answers(uow, checked, warnings_only=True)
    await move(uow, prescription, item, ItemStatus.ACTIVE, None)
    return await told(uow, "resume", item)


async def stop_item(uow: UnitOfWork, item_id: UUID, *, reason: str) -> ItemOut:
    """Not to be taken any more, before all of it was. Raises `IllegalMove`."""
    policies.require_doctor(uow)
    prescription, item = await locked(uow, item_id)
    await move(uow, prescription, item, ItemStatus.STOPPED, reason)
    return await told(uow, "stop", item)


async def complete_item(uow: UnitOfWork, item_id: UUID) -> ItemOut:
    """All of it was taken. Raises `IllegalMove`."""
    policies.require_doctor(uow)
    prescription, item = await locked(uow, item_id)
    await move(uow, prescription, item, ItemStatus.COMPLETED, None)
    return await told(uow, "complete", item)


async def cancel_item(uow: UnitOfWork, item_id: UUID, *, reason: str) -> ItemOut:
    """Taken back before anything of it was taken; so are medicines of a draft.

    Raises `IllegalMove`, `AlreadyTaken`.
    """
    policies.require_doctor(uow)
    seen = await repository.get_item(uow, item_id)
    await patients.get_patient(uow, seen.patient_id, lock=True)  # somebody may be asking them now
    prescription, item = await locked(uow, item_id)
    if await reconciled.was_taken(uow, item.id):
        raise AlreadyTaken(item_id=item.id)
    await move(uow, prescription, item, ItemStatus.CANCELLED, reason)
    return await told(uow, "cancel", item)


async def enter_item_in_error(uow: UnitOfWork, item_id: UUID, *, reason: str) -> ItemOut:
    """It should never have been; it stays readable. Raises `IllegalMove`."""
    policies.require_doctor(uow)
    prescription, item = await locked(uow, item_id)
    await move(uow, prescription, item, ItemStatus.ENTERED_IN_ERROR, reason)
    return await told(uow, "enter-in-error", item)


async def locked(uow: UnitOfWork, item_id: UUID) -> tuple[Prescription, PrescriptionItem]:
    """A medicine under the lock of its prescription; raises `PrescriptionItemNotFound`."""
    seen = await repository.get_item(uow, item_id)
    prescription = await repository.get(uow, seen.prescription_id, lock=True)
    return prescription, await repository.get_item(uow, item_id)


async def move(
    uow: UnitOfWork,
    prescription: Prescription,
    item: PrescriptionItem,
    target: ItemStatus,
    reason: str | None,
) -> None:
    """Of a draft it is a change like any other; of what was issued it is a fact."""
    before = item.move_to(target, by=uow.actor.id, at=uow.now, reason=reason)
    uow.db.add(before)
    if prescription.is_draft:
        policies.require_prescriber(uow, prescription)
        prescription.changed(seen=prescription.version, at=uow.now)
        await uow.db.flush()
        await drafting.checked_again(uow, prescription)
        return
    await uow.publish(
        PrescriptionItemMoved(
            item_id=item.id,
            prescription_id=prescription.id,
            patient_id=item.patient_id,
            encounter_id=prescription.encounter_id,
            status=target,
        )
    )


async def give_way(uow: UnitOfWork, item_id: UUID, *, to: PrescriptionItem) -> None:
    """The earlier medicine ends when the one that renews it is issued, unless it has ended."""
    prescription, item = await locked(uow, item_id)
    if item.status not in IN_USE:
        return
    same = (item.drug_key, item.name, item.strength) == (to.drug_key, to.name, to.strength)
    if same and item.sig_text == to.sig_text:
        await move(uow, prescription, item, ItemStatus.COMPLETED, RENEWED)
    else:
        await move(uow, prescription, item, ItemStatus.STOPPED, REPLACED)


async def renew_item(uow: UnitOfWork, item_id: UUID) -> PrescriptionOut:
    """The same again, as a draft of the actor's own. Raises `NotRenewable`."""
    policies.require_doctor(uow)
    item = await repository.get_item(uow, item_id)
    require_renewable(item)
    return await again(uow, [item], "renew")


async def repeat_prescription(uow: UnitOfWork, prescription_id: UUID) -> PrescriptionOut:
    """All that was in use of it once more, as a draft. Raises `NotRenewable`."""
    policies.require_doctor(uow)
    prescription = await repository.get(uow, prescription_id)
    items = await drafting.items_of(uow, prescription)
    renewable = [item for item in items if item.status in RENEWABLE]
    if not renewable:
        raise NotRenewable
    return await again(uow, renewable, "repeat")


def require_renewable(item: PrescriptionItem) -> None:
    if item.status not in RENEWABLE:
        raise NotRenewable


async def again(uow: UnitOfWork, items: Sequence[PrescriptionItem], verb: str) -> PrescriptionOut:
    patient = await patients.get_patient(uow, items[0].patient_id, lock=True)  # one draft for all
    prescription = await own_draft_for(uow, patient.id)
    there = {item.renews_id for item in await drafting.items_of(uow, prescription)
             if item.status is ItemStatus.DRAFT}  # fmt: skip
    for item in items:
        if item.id not in there:
            await drafting.put_again(uow, prescription, repeated(item))
    prescription.changed(seen=prescription.version, at=uow.now)
    await drafting.checked_again(uow, prescription)
    await drafting.record(uow, verb, prescription, items=len(items))
    return await reading.present(uow, prescription)


def repeated(item: PrescriptionItem) -> ItemContent:
    return item.content.model_copy(update={"renews_id": item.id, "continues": None})


async def own_draft_for(
    uow: UnitOfWork,
    patient_id: UUID,
    *,
    encounter_id: UUID | None = None,
    note_id: UUID | None = None,
) -> Prescription:
    """The actor's draft that is open for this person, else a new one; locked."""
    for draft in await repository.drafts_of_author(uow, patient_id):
        if encounter_id in {None, draft.encounter_id}:
            found = await repository.get(uow, draft.id, lock=True)
            if found.is_draft:
                return found
    return await drafting.opened(uow, patient_id, encounter_id=encounter_id, note_id=note_id)


async def told(uow: UnitOfWork, verb: str, item: PrescriptionItem) -> ItemOut:
    await uow.db.flush()
    subject = ("prescription-item", item.id)
    await reading.record(uow, f"prescription-item.{verb}", item.patient_id, subject)
    return (await reading.items_out(uow, [item]))[item.id]
