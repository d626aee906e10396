"""Every statement that touches proposals and favourites."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from app.clinical.prescriptions.errors import FavouriteNotFound, ProposalNotFound
from app.clinical.prescriptions.lifecycle import ProposalStatus
from app.clinical.prescriptions.models import PrescriptionFavourite
from app.clinical.prescriptions.proposal_models import PrescriptionProposal
from app.infra.uow import UnitOfWork
from app.patients import joined_to_patient, visible_patients


def visible(uow: UnitOfWork) -> Select[PrescriptionProposal]:
    joined = joined_to_patient(select(PrescriptionProposal), PrescriptionProposal.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, proposal_id: UUID, *, lock: bool = False) -> PrescriptionProposal:
    statement = visible(uow).where(PrescriptionProposal.id == proposal_id)
    if lock:
        statement = statement.with_for_update(of=PrescriptionProposal)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise ProposalNotFound(proposal_id=proposal_id)
    return found


async def of_note(uow: UnitOfWork, note_id: UUID) -> Sequence[PrescriptionProposal]:
    """All of a note, whatever became of them, as they are now."""
    statement = (
        select(PrescriptionProposal)
        .where(PrescriptionProposal.note_id == note_id)
        .order_by(PrescriptionProposal.position, PrescriptionProposal.created_at)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def shown_of_note(uow: UnitOfWork, note_id: UUID) -> Sequence[PrescriptionProposal]:
    """Those of a note that the actor may see, without withdrawn ones."""
    statement = (
        visible(uow)
        .where(
            PrescriptionProposal.note_id == note_id,
            PrescriptionProposal.status != ProposalStatus.WITHDRAWN,
        )
        .order_by(PrescriptionProposal.position, PrescriptionProposal.created_at)
    )
    return (await uow.db.scalars(statement)).all()


async def locked(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[PrescriptionProposal]:
    """In one order, so that nobody waits for one another."""
    statement = (
        select(PrescriptionProposal)
        .where(PrescriptionProposal.id.in_(ids))
        .order_by(PrescriptionProposal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def add_once(uow: UnitOfWork, values: dict[str, Any]) -> bool:
    """Insert a proposal unless it is there already; False when it was."""
    statement = insert(PrescriptionProposal).values(**values).on_conflict_do_nothing()
    added = await uow.db.execute(statement.returning(PrescriptionProposal.id))
    return added.scalar_one_or_none() is not None


async def favourites_of(uow: UnitOfWork, owner_id: UUID) -> Sequence[PrescriptionFavourite]:
    statement = select(PrescriptionFavourite).where(PrescriptionFavourite.owner_id == owner_id)
    return (await uow.db.scalars(statement.order_by(PrescriptionFavourite.created_at))).all()


async def own_favourite(uow: UnitOfWork, favourite_id: UUID) -> PrescriptionFavourite:
    statement = select(PrescriptionFavourite).where(
        PrescriptionFavourite.id == favourite_id, PrescriptionFavourite.owner_id == uow.actor.id
    )
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise FavouriteNotFound(favourite_id=favourite_id)
    return found


async def add_favourite(uow: UnitOfWork, values: dict[str, Any]) -> bool:
    statement = insert(PrescriptionFavourite).values(**values).on_conflict_do_nothing()
    added = await uow.db.execute(statement.returning(PrescriptionFavourite.id))
    return added.scalar_one_or_none() is not None
