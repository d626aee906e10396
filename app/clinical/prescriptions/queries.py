"""Looking at prescriptions, and at all that a patient takes."""

from collections.abc import Sequence
from uuid import UUID

from app import identity, patients
from app.clinical.formulary import Outcome
from app.clinical.prescriptions import (
    knowing,
    policies,
    reading,
    reconciled,
    repository,
    safety,
)
from app.clinical.prescriptions.knowing import Known, Recorded
from app.clinical.prescriptions.list_schemas import (
    Decision,
    LineOut,
    MedicationList,
    ReconciliationOut,
    ReconciliationPage,
    RecordedOut,
    WarningNow,
)
from app.clinical.prescriptions.models import PrescriptionItem, Reconciliation
from app.clinical.prescriptions.schemas import (
    FindingOut,
    ItemHistory,
    ItemOut,
    MoveOut,
    Person,
    PrescriptionOut,
    PrescriptionPage,
)
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

FIRST_PAGE = PageRequest()
ENDED_SHOWN = 20


async def read_prescription(uow: UnitOfWork, prescription_id: UUID) -> PrescriptionOut:
    """Raises `PrescriptionNotFound`."""
    policies.require_reader(uow)
    prescription = await repository.get(uow, prescription_id)
    subject = ("prescription", prescription.id)
    await reading.record(uow, "prescription.read", prescription.patient_id, subject)
    return await reading.present(uow, prescription)


async def list_prescriptions(
    uow: UnitOfWork, patient_id: UUID, page: PageRequest = FIRST_PAGE
) -> PrescriptionPage:
    """A patient's prescriptions and the actor's own drafts, newest first."""
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id)
    rows = await repository.of_patient(uow, patient.id, page)
    found, following = page_of(rows, page, key=lambda one: Cursor(one.created_at, one.id))
    await reading.record(uow, "prescription.list", patient.id, prescriptions=reading.ids_of(found))
    return PrescriptionPage(items=await reading.put_together(uow, found), next_cursor=following)


async def drafts_for(uow: UnitOfWork, patient_id: UUID) -> list[PrescriptionOut]:
    """The actor's own open drafts for this patient; the trace is that of who asks.

    Raises `PatientNotFound`.
    """
    policies.require_doctor(uow)
    patient = await patients.get_patient(uow, patient_id)
    found = await repository.drafts_of_author(uow, patient.id)
    return await reading.put_together(uow, found)


async def item_history(uow: UnitOfWork, item_id: UUID) -> ItemHistory:
    """Raises `PrescriptionItemNotFound`."""
    policies.require_reader(uow)
    item = await repository.get_item(uow, item_id)
    moves = await repository.moves_of(uow, item_id)
    names = await identity.names_of(uow, {move.moved_by for move in moves})
    subject = ("prescription-item", item.id)
    await reading.record(uow, "prescription-item.read", item.patient_id, subject)
    return ItemHistory(
        item=(await reading.items_out(uow, [item]))[item.id],
        moves=[
            MoveOut(
                from_status=move.from_status,
                to_status=move.to_status,
                reason=move.reason,
                by=Person(id=move.moved_by, name=names.get(move.moved_by, "")),
                at=move.moved_at,
            )
            for move in moves
        ],
    )


async def medication_list(uow: UnitOfWork, patient_id: UUID) -> MedicationList:
    """What is taken, held, ended and recorded, with the warnings of this moment.

    Raises `PatientNotFound`.
    """
    policies.require_reader(uow)
    known = await knowing.known_now(uow, patient_id)
    whose = known.patient.id
    ended = await repository.ended_of(uow, whose, limit=ENDED_SHOWN)
    shown = await reading.items_out(uow, [*known.active, *known.on_hold, *ended])
    last = await reconciled.of_patient(uow, whose, PageRequest(limit=1))
    await reading.record(uow, "medication.read", whose, items=len(shown))
    return MedicationList(
        patient_id=whose,
        active=[shown[item.id] for item in known.active],
        on_hold=[shown[item.id] for item in known.on_hold],
        ended=[shown[item.id] for item in ended],
        recorded=recorded_out(known),
        warnings=await warnings_now(uow, known, shown),
        reconciliation=(await reconciliations_out(uow, last[:1]))[0] if last else None,
    )


def recorded_out(known: Known) -> list[RecordedOut] | None:
    if known.recorded is None:
        return None
    items = (*known.on_hold, *known.active)
    return [
        RecordedOut(
            text=entry.text,
            drug_key=entry.drug_key,
            prescribed_as=prescribed_as(entry, items),
        )
        for entry in known.recorded
    ]


def prescribed_as(entry: Recorded, items: Sequence[PrescriptionItem]) -> UUID | None:
    """The medicine here that the entry is: what took it over, or else what is the same drug."""
    over = [item.id for item in items if entry.taken_over_by(item)]
    same = [item.id for item in items if entry.drug_key and item.drug_key == entry.drug_key]
    return next(reversed([*same, *over]), None)


async def warnings_now(
    uow: UnitOfWork, known: Known, shown: dict[UUID, ItemOut]
) -> list[WarningNow]:
    """Of what is active: what was found since, or was never answered.

    What stands between two medicines is answered by the reason given at either of them.
    """
    answered = await repository.answers_of(uow, list(shown))
    both = {
        pair_of(item.name, finding.rule, finding.about)
        for item in shown.values()
        for finding in (item.check.findings if item.check else ())
        if finding.answer and finding.answer.reason and finding.kind in safety.OF_OTHER_MEDICINES
    }
    return [
        WarningNow(item_id=one.item_id, finding=FindingOut(id=key, **one.ids[key].model_dump()))
        for one in await safety.check_items(uow, known, known.active)
        for key in one.waiting(Outcome.WARNING, answered)
        if pair_of(shown[one.item_id].name, one.ids[key].rule, one.ids[key].about) not in both
    ]


def pair_of(name: str, rule: str | None, about: str | None) -> tuple[str | None, frozenset[str]]:
    return rule, frozenset({name.casefold(), (about or "").casefold()})


async def list_reconciliations(
    uow: UnitOfWork, patient_id: UUID, page: PageRequest = FIRST_PAGE
) -> ReconciliationPage:
    """What was heard of the medication, the latest first. Raises `PatientNotFound`."""
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id)
    rows = await reconciled.of_patient(uow, patient.id, page)
    found, following = page_of(rows, page, key=lambda one: Cursor(one.made_at, one.id))
    await reading.record(uow, "reconciliation.list", patient.id, found=reading.ids_of(found))
    items = await reconciliations_out(uow, found)
    return ReconciliationPage(items=items, next_cursor=following)


async def reconciliations_out(
    uow: UnitOfWork, found: Sequence[Reconciliation]
) -> list[ReconciliationOut]:
    lines = await reconciled.lines_of(uow, [one.id for one in found])
    return [
        ReconciliationOut(
            id=one.id,
            patient_id=one.patient_id,
            encounter_id=one.encounter_id,
            made_by=Person(id=one.made_by, name=one.author_name),
            made_at=one.made_at,
            lines=[
                LineOut(
                    item_id=line.item_id,
                    text=line.text,
                    decision=Decision(line.decision),
                    remark=line.remark,
                )
                for line in lines[one.id]
            ],
        )
        for one in found
    ]
