"""Drafting a prescription: begun, medicines put on and changed, each change checked."""

from collections.abc import Sequence
from uuid import UUID

from app import patients
from app.clinical import encounters, formulary
from app.clinical.prescriptions import knowing, policies, reading, repository, safety
from app.clinical.prescriptions.errors import (
    AnotherMedicine,
    Fault,
    FindingNotFound,
    NotAWarning,
    NotRenewable,
    OfAnotherPatient,
    PrescriptionItemNotFound,
)
from app.clinical.prescriptions.inputs import BeginPrescription, DryCheck
from app.clinical.prescriptions.lifecycle import ItemStatus
from app.clinical.prescriptions.models import Prescription, PrescriptionAnswer, PrescriptionItem
from app.clinical.prescriptions.schemas import (
    DryCheckOut,
    FindingOut,
    ItemContent,
    PrescriptionOut,
)
from app.clinical.prescriptions.sig import sig_text
from app.infra.uow import UnitOfWork


async def begin_prescription(uow: UnitOfWork, new: BeginPrescription) -> PrescriptionOut:
    """A draft of the actor's own.

    Raises `PatientNotFound`, `EncounterNotFound`, `OfAnotherPatient`, `DrugNotFound`,
    `AnotherMedicine`, `NotRenewable`.
    """
    policies.require_doctor(uow)
    patient = await patients.get_patient(uow, new.patient_id)
    await require_own(uow, patient.id, new.encounter_id)
    prescription = await opened(uow, patient.id, encounter_id=new.encounter_id)
    for content in new.items:
        await put_on(uow, prescription, content)
    await checked_again(uow, prescription)
    await record(uow, "begin", prescription)
    return await reading.present(uow, prescription)


async def opened(
    uow: UnitOfWork,
    patient_id: UUID,
    *,
    encounter_id: UUID | None = None,
    note_id: UUID | None = None,
) -> Prescription:
    prescription = Prescription(
        patient_id=patient_id,
        encounter_id=encounter_id,
        note_id=note_id,
        prescriber_id=uow.actor.id,
        version=1,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.db.add(prescription)
    await uow.db.flush()
    return prescription


async def put_on(
    uow: UnitOfWork, prescription: Prescription, content: ItemContent
) -> PrescriptionItem:
    """One more medicine of a draft, whose row is locked or new."""
    there = (await repository.items_of(uow, [prescription.id]))[prescription.id]
    known = await known_by_name(uow, prescription.patient_id, content)
    item = PrescriptionItem(
        prescription_id=prescription.id,
        patient_id=prescription.patient_id,
        position=max((each.position for each in there), default=0) + 1,
        version=1,
        status=ItemStatus.DRAFT,
        status_at=uow.now,
    )
    item.put(known)
    uow.db.add(item)
    await uow.db.flush()
    uow.db.add(item.moved(None, by=uow.actor.id, at=uow.now))
    return item


async def put_again(
    uow: UnitOfWork, prescription: Prescription, content: ItemContent
) -> PrescriptionItem:
    """What was written by an earlier release; a drug that is in it no more goes by its name."""
    try:
        return await put_on(uow, prescription, content)
    except (formulary.DrugNotFound, AnotherMedicine):
        return await put_on(uow, prescription, content.model_copy(update={"drug_key": None}))


async def known_by_name(uow: UnitOfWork, patient_id: UUID, content: ItemContent) -> ItemContent:
    """With the drug that its name means, where that is one; unknown drugs stay unknown.

    Raises `DrugNotFound` for a key that is none, `AnotherMedicine`, `NotRenewable`,
    `OfAnotherPatient`.
    """
    if content.renews_id is not None:
        before = await repository.get_item(uow, content.renews_id)
        if before.status is ItemStatus.DRAFT:
            raise NotRenewable
        whose = await patients.get_patient(uow, before.patient_id)
        if whose.id != (await patients.get_patient(uow, patient_id)).id:
            raise of_another("renews_id", "What is renewed was prescribed for somebody else.")
    meant = (await formulary.recognise(uow, [content.name])).get(content.name)
    if content.drug_key is None:
        return content.model_copy(update={"drug_key": meant})
    await formulary.get_drug(uow, content.drug_key)
    if meant not in {None, content.drug_key}:  # it would be checked as one, and given as the other
        why = "This is the name of another medicine than the one that was chosen."
        raise AnotherMedicine(errors=[Fault(at=["body", "name"], why=why, rule="name_of_drug")])
    return content


async def require_own(uow: UnitOfWork, patient_id: UUID, encounter_id: UUID | None) -> None:
    if encounter_id is None:
        return
    encounter = await encounters.get_encounter(uow, encounter_id)
    whose = await patients.get_patient(uow, encounter.patient_id)
    if whose.id != patient_id:
        raise of_another("encounter_id", "That encounter is with somebody else.")


def of_another(field: str, why: str) -> OfAnotherPatient:
    fault = Fault(at=["body", field], why=why, rule="of_this_patient")
    return OfAnotherPatient(errors=[fault])


async def add_item(
    uow: UnitOfWork, prescription_id: UUID, content: ItemContent, *, version: int
) -> PrescriptionOut:
    """Put one more medicine on a draft.

    Raises `PrescriptionNotFound`, `NotThePrescriber`, `AlreadyIssued`, `PrescriptionChanged`.
    """
    prescription = await own_draft(uow, prescription_id, version=version)
    item = await put_on(uow, prescription, content)
    await checked_again(uow, prescription)
    await record(uow, "add-item", prescription, item=str(item.id))
    return await reading.present(uow, prescription)


async def change_item(
    uow: UnitOfWork, prescription_id: UUID, item_id: UUID, content: ItemContent, *, version: int
) -> PrescriptionOut:
    """Prescribe it otherwise; raises what `add_item` raises and `PrescriptionItemNotFound`."""
    prescription = await own_draft(uow, prescription_id, version=version)
    item = drafted(await items_of(uow, prescription), item_id)
    item.put(await known_by_name(uow, prescription.patient_id, content))
    item.version += 1
    await uow.db.flush()
    await checked_again(uow, prescription)
    await record(uow, "change-item", prescription, item=str(item.id))
    return await reading.present(uow, prescription)


async def own_draft(
    uow: UnitOfWork, prescription_id: UUID, *, version: int | None = None
) -> Prescription:
    """The actor's draft, locked; with a version it counts as changed."""
    policies.require_doctor(uow)
    prescription = await repository.get(uow, prescription_id, lock=True)
    policies.require_prescriber(uow, prescription)
    prescription.require_draft()
    if version is not None:
        prescription.changed(seen=version, at=uow.now)
    return prescription


async def items_of(uow: UnitOfWork, prescription: Prescription) -> list[PrescriptionItem]:
    return (await repository.items_of(uow, [prescription.id]))[prescription.id]


def drafted(items: Sequence[PrescriptionItem], item_id: UUID) -> PrescriptionItem:
    for item in items:
        if item.id == item_id and item.status is ItemStatus.DRAFT:
            return item
    raise PrescriptionItemNotFound(item_id=item_id)


async def checked_again(uow: UnitOfWork, prescription: Prescription) -> None:
    known = await knowing.known_now(uow, prescription.patient_id)
    await safety.check_draft(uow, known, await items_of(uow, prescription))


async def check_prescription(uow: UnitOfWork, prescription_id: UUID) -> PrescriptionOut:
    """Check a draft, or what is active of an issued one, with what is known now; keep it."""
    policies.require_doctor(uow)
    prescription = await repository.get(uow, prescription_id, lock=True)
    if prescription.is_draft:
        policies.require_prescriber(uow, prescription)
        await checked_again(uow, prescription)
    else:
        known = await knowing.known_now(uow, prescription.patient_id)
        taken = [one for one in known.active if one.prescription_id == prescription.id]
        await safety.keep(uow, await safety.check_items(uow, known, taken))
    await record(uow, "check", prescription)
    return await reading.present(uow, prescription)


async def dry_check(uow: UnitOfWork, asked: DryCheck) -> DryCheckOut:
    """What a check would find of a medicine that nobody has put anywhere; nothing is kept.

    Raises `PatientNotFound`, `PrescriptionNotFound`, `DrugNotFound`, `OfAnotherPatient`.
    """
    policies.require_doctor(uow)
    known = await knowing.known_now(uow, asked.patient_id)
    content = await known_by_name(uow, known.patient.id, asked.item)
    together: list[PrescriptionItem] = []
    if asked.prescription_id is not None:
        prescription = await repository.get(uow, asked.prescription_id)
        if (await patients.get_patient(uow, prescription.patient_id)).id != known.patient.id:
            raise of_another("prescription_id", "That prescription is somebody else's.")
        together = await items_of(uow, prescription)
    facts = known.facts_for(content, knowing.beside(together, asked.item_id))
    found = await safety.look(uow, known, content, facts)
    whose = asked.item_id or known.patient.id
    await reading.record(uow, "prescription.check", known.patient.id, kept=False)
    return DryCheckOut(
        drug_key=content.drug_key,
        sig_text=sig_text(content.sig),
        missing=list(content.sig.missing),
        items=[FindingOut(id=safety.finding_id(whose, one), **one.model_dump()) for one in found],
    )


async def override_warning(
    uow: UnitOfWork, item_id: UUID, finding_id: UUID, *, reason: str
) -> PrescriptionOut:
    """Say why it is prescribed all the same. Raises `FindingNotFound`, `NotAWarning`."""
    prescription, item = await own_item(uow, item_id)
    findings = await last_findings(uow, [item])
    if finding_id not in findings:
        raise FindingNotFound(finding_id=finding_id)
    if findings[finding_id] is not formulary.Outcome.WARNING:
        raise NotAWarning(finding_id=finding_id)
    answer(uow, item.id, finding_id, reason)
    await uow.db.flush()
    await record(uow, "override", prescription, item=str(item.id), finding=str(finding_id))
    return await reading.present(uow, prescription)


async def acknowledge_not_checked(
    uow: UnitOfWork, prescription_id: UUID, finding_ids: Sequence[UUID]
) -> PrescriptionOut:
    """Say that one knows what was not checked; exactly what one saw.

    Raises `FindingNotFound` when something of it is no such finding of a draft any more.
    """
    prescription = await own_draft(uow, prescription_id)
    wanted = set(finding_ids)
    for item in await items_of(uow, prescription):
        findings = await last_findings(uow, [item])
        for found, outcome in findings.items():
            if found in wanted and outcome is formulary.Outcome.NOT_CHECKED:
                answer(uow, item.id, found, None)
                wanted.discard(found)
    if wanted:
        raise FindingNotFound(finding_id=min(wanted))
    await uow.db.flush()
    await record(uow, "acknowledge", prescription, findings=len(finding_ids))
    return await reading.present(uow, prescription)


async def own_item(uow: UnitOfWork, item_id: UUID) -> tuple[Prescription, PrescriptionItem]:
    """A medicine that waits for an answer: drafted, or on hold and to be taken up again."""
    policies.require_doctor(uow)
    found = await repository.get_item(uow, item_id)
    prescription = await repository.get(uow, found.prescription_id, lock=True)
    if prescription.is_draft:
        policies.require_prescriber(uow, prescription)
    return prescription, await repository.get_item(uow, item_id)


async def last_findings(
    uow: UnitOfWork, items: Sequence[PrescriptionItem]
) -> dict[UUID, formulary.Outcome]:
    checks = await repository.last_checks(uow, [item.id for item in items])
    return {row.finding_id: row.outcome for _, rows in checks.values() for row in rows}


def answer(uow: UnitOfWork, item_id: UUID, finding_id: UUID, reason: str | None) -> None:
    uow.db.add(
        PrescriptionAnswer(
            item_id=item_id,
            finding_id=finding_id,
            reason=reason,
            answered_by=uow.actor.id,
            answered_at=uow.now,
        )
    )


async def record(
    uow: UnitOfWork, verb: str, prescription: Prescription, **detail: str | int
) -> None:
    subject = ("prescription", prescription.id)
    await reading.record(uow, f"prescription.{verb}", prescription.patient_id, subject, **detail)
