"""Every statement that touches prescriptions, their medicines and checks."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from app.clinical.prescriptions.errors import PrescriptionItemNotFound, PrescriptionNotFound
from app.clinical.prescriptions.lifecycle import ItemStatus
from app.clinical.prescriptions.models import (
    Prescription,
    PrescriptionAnswer,
    PrescriptionCheck,
    PrescriptionFinding,
    PrescriptionItem,
    PrescriptionItemMove,
)
from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role
from app.kernel.paging import PageRequest
from app.patients import joined_to_patient, records_of, visible_patients

READS_DRAFTS = (Role.DOCTOR, Role.SYSTEM)
TAKEN = (ItemStatus.ACTIVE, ItemStatus.ON_HOLD)
ENDED = (ItemStatus.STOPPED, ItemStatus.COMPLETED, ItemStatus.CANCELLED)


def readable(actor: Actor) -> ColumnElement[bool]:
    """Drafts are for doctors; nurses see what was issued."""
    return true() if actor.has_any(*READS_DRAFTS) else Prescription.issued_at.is_not(None)


def visible(uow: UnitOfWork) -> Select[Prescription]:
    joined = joined_to_patient(select(Prescription), Prescription.patient_id)
    return joined.where(visible_patients(uow), readable(uow.actor))


def visible_items(uow: UnitOfWork) -> Select[PrescriptionItem]:
    joined = joined_to_patient(select(PrescriptionItem), PrescriptionItem.patient_id)
    joined = joined.join(Prescription, Prescription.id == PrescriptionItem.prescription_id)
    return joined.where(visible_patients(uow), readable(uow.actor))


async def get(uow: UnitOfWork, prescription_id: UUID, *, lock: bool = False) -> Prescription:
    """Whoever changes a prescription or one of its medicines locks it first."""
    statement = visible(uow).where(Prescription.id == prescription_id)
    if lock:
        statement = statement.with_for_update(of=Prescription, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise PrescriptionNotFound(prescription_id=prescription_id)
    return found


async def get_item(uow: UnitOfWork, item_id: UUID) -> PrescriptionItem:
    statement = visible_items(uow).where(PrescriptionItem.id == item_id)
    statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise PrescriptionItemNotFound(item_id=item_id)
    return found


async def of_patient(
    uow: UnitOfWork, patient_id: UUID, request: PageRequest
) -> Sequence[Prescription]:
    """One row more than the page holds, newest first; of drafts only the actor's own."""
    mine = or_(Prescription.issued_at.is_not(None), Prescription.prescriber_id == uow.actor.id)
    statement = visible(uow).where(Prescription.patient_id.in_(records_of(patient_id)), mine)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(
            tuple_(Prescription.created_at, Prescription.id) < tuple_(*last)
        )
    newest_first = (Prescription.created_at.desc(), Prescription.id.desc())
    return (await uow.db.scalars(statement.order_by(*newest_first).limit(request.limit + 1))).all()


async def drafts_of_author(uow: UnitOfWork, patient_id: UUID) -> Sequence[Prescription]:
    """The actor's own open drafts for this person, the newest first."""
    statement = visible(uow).where(
        Prescription.issued_at.is_(None),
        Prescription.prescriber_id == uow.actor.id,
        Prescription.patient_id.in_(records_of(patient_id)),
    )
    return (await uow.db.scalars(statement.order_by(Prescription.created_at.desc()))).all()


async def by_ids(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Prescription]:
    statement = visible(uow).where(Prescription.id.in_(ids))
    return {found.id: found for found in await uow.db.scalars(statement)}


async def items_of(
    uow: UnitOfWork, prescription_ids: Collection[UUID]
) -> dict[UUID, list[PrescriptionItem]]:
    """By prescription, in the order in which they stand there, as they are now."""
    statement = (
        select(PrescriptionItem)
        .where(PrescriptionItem.prescription_id.in_(prescription_ids))
        .order_by(PrescriptionItem.prescription_id, PrescriptionItem.position)
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[PrescriptionItem]] = {each: [] for each in prescription_ids}
    for item in await uow.db.scalars(statement):
        found[item.prescription_id].append(item)
    return found


async def taken_by(uow: UnitOfWork, patient_id: UUID) -> Sequence[PrescriptionItem]:
    """What is active or on hold, in the order of names, as it is now."""
    statement = (
        select(PrescriptionItem)
        .where(
            PrescriptionItem.patient_id.in_(records_of(patient_id)),
            PrescriptionItem.status.in_(TAKEN),
        )
        .order_by(func.lower(PrescriptionItem.name), PrescriptionItem.status_at)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def ended_of(uow: UnitOfWork, patient_id: UUID, *, limit: int) -> Sequence[PrescriptionItem]:
    """What ended last, the latest first; without what never left its draft."""
    statement = (
        select(PrescriptionItem)
        .join(Prescription, Prescription.id == PrescriptionItem.prescription_id)
        .where(
            PrescriptionItem.patient_id.in_(records_of(patient_id)),
            PrescriptionItem.status.in_(ENDED),
            Prescription.issued_at.is_not(None),
        )
        .order_by(PrescriptionItem.status_at.desc(), PrescriptionItem.id)
        .limit(limit)
    )
    return (await uow.db.scalars(statement)).all()


async def moves_of(uow: UnitOfWork, item_id: UUID) -> Sequence[PrescriptionItemMove]:
    statement = select(PrescriptionItemMove).where(PrescriptionItemMove.item_id == item_id)
    return (await uow.db.scalars(statement.order_by(PrescriptionItemMove.seq))).all()


async def last_reasons(uow: UnitOfWork, item_ids: Collection[UUID]) -> dict[UUID, str | None]:
    """Why each is what it is now."""
    statement = (
        select(PrescriptionItemMove)
        .ext(distinct_on(PrescriptionItemMove.item_id))
        .where(PrescriptionItemMove.item_id.in_(item_ids))
        .order_by(PrescriptionItemMove.item_id, PrescriptionItemMove.seq.desc())
    )
    return {move.item_id: move.reason for move in await uow.db.scalars(statement)}


async def last_checks(
    uow: UnitOfWork, item_ids: Collection[UUID]
) -> dict[UUID, tuple[PrescriptionCheck, list[PrescriptionFinding]]]:
    """Of each medicine the last check, with its findings in order."""
    if not item_ids:
        return {}
    statement = (
        select(PrescriptionCheck)
        .ext(distinct_on(PrescriptionCheck.item_id))
        .where(PrescriptionCheck.item_id.in_(item_ids))
        .order_by(PrescriptionCheck.item_id, PrescriptionCheck.seq.desc())
    )
    checks = {check.seq: check for check in await uow.db.scalars(statement)}
    rows = (
        select(PrescriptionFinding)
        .where(PrescriptionFinding.check_seq.in_(checks))
        .order_by(PrescriptionFinding.check_seq, PrescriptionFinding.position)
    )
    found: dict[int, list[PrescriptionFinding]] = {seq: [] for seq in checks}
    for row in await uow.db.scalars(rows):
        found[row.check_seq].append(row)
    return {check.item_id: (check, found[seq]) for seq, check in checks.items()}


async def answers_of(
    uow: UnitOfWork, item_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], PrescriptionAnswer]:
    """The last answer by medicine and finding."""
    statement = (
        select(PrescriptionAnswer)
        .where(PrescriptionAnswer.item_id.in_(item_ids))
        .order_by(PrescriptionAnswer.item_id, PrescriptionAnswer.seq)
    )
    return {(row.item_id, row.finding_id): row for row in await uow.db.scalars(statement)}


async def prescriptions_of(uow: UnitOfWork, item_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """On which prescription each medicine stands."""
    statement = select(PrescriptionItem.id, PrescriptionItem.prescription_id)
    rows = await uow.db.execute(statement.where(PrescriptionItem.id.in_(item_ids)))
    return {row.id: row.prescription_id for row in rows}
