"""Going through the medication with the patient: a decision about every line, kept for ever."""

from uuid import UUID

from app import patients
from app.clinical.prescriptions import drafting, knowing, policies, queries, reading
from app.clinical.prescriptions.errors import Fault, MedicationListChanged
from app.clinical.prescriptions.events import ReconciliationMade
from app.clinical.prescriptions.knowing import Known
from app.clinical.prescriptions.list_schemas import NewLine, Reconcile, ReconciliationOut
from app.clinical.prescriptions.models import (
    PrescriptionItem,
    Reconciliation,
    ReconciliationLine,
)
from app.infra.uow import UnitOfWork

Place = tuple[UUID | None, str | None]


async def reconcile(uow: UnitOfWork, patient_id: UUID, new: Reconcile) -> ReconciliationOut:
    """Write down what the patient says of each medicine; doctors and nurses may.

    Raises `PatientNotFound`, `EncounterNotFound`, `OfAnotherPatient`, and `MedicationListChanged`
    unless there is exactly one decision about each line as it stands now.
    """
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id, lock=True)
    await drafting.require_own(uow, patient.id, new.encounter_id)
    known = await knowing.known_of(uow, patient)
    texts = texts_of(known)
    require_the_list(texts, new.lines)
    made = Reconciliation(
        patient_id=patient.id,
        encounter_id=new.encounter_id,
        author_name=uow.actor.name,
        made_by=uow.actor.id,
        made_at=uow.now,
    )
    uow.db.add(made)
    await uow.db.flush()
    uow.db.add_all(
        ReconciliationLine(
            reconciliation_id=made.id,
            position=position,
            item_id=line.item_id,
            text=texts[line.item_id, line.text],
            decision=line.decision,
            remark=line.remark,
        )
        for position, line in enumerate(new.lines, start=1)
    )
    await uow.db.flush()
    subject = ("reconciliation", made.id)
    await reading.record(uow, "reconciliation.make", patient.id, subject, lines=len(new.lines))
    await uow.publish(
        ReconciliationMade(
            reconciliation_id=made.id, patient_id=patient.id, encounter_id=new.encounter_id
        )
    )
    return (await queries.reconciliations_out(uow, [made]))[0]


def texts_of(known: Known) -> dict[Place, str]:
    """Every line of the list as it reads; an entry that is prescribed here is one line with it."""
    items = (*known.active, *known.on_hold)
    texts: dict[Place, str] = {(item.id, None): text_of(item) for item in items}
    for entry in queries.recorded_out(known) or ():
        if entry.prescribed_as is None:
            texts[None, entry.text] = entry.text
    return texts


def text_of(item: PrescriptionItem) -> str:
    return " ".join(filter(None, (item.name, item.strength, item.form))) + f": {item.sig_text}"


def require_the_list(texts: dict[Place, str], lines: list[NewLine]) -> None:
    said = [(line.item_id, line.text) for line in lines]
    faults = [
        Fault(at=["body", "lines", str(at)], why="This is not on the list.", rule="on_the_list")
        for at, place in enumerate(said)
        if place not in texts or place in said[:at]
    ]
    if missing := len(set(texts) - set(said)):
        why = f"{missing} of the list {'has' if missing == 1 else 'have'} no decision."
        faults.append(Fault(at=["body", "lines"], why=why, rule="whole_list"))
    if faults:
        raise MedicationListChanged(errors=faults)
