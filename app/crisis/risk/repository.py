"""Every statement that touches risk levels."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.crisis.risk.levels import RiskLevel
from app.crisis.risk.models import RiskMove, RiskState
from app.crisis.risk.schemas import RiskChange
from app.infra.uow import UnitOfWork
from app.patients import records_of

MOST_MOVES = 200


async def locked(uow: UnitOfWork, patient_id: UUID, floor: RiskLevel) -> tuple[RiskState, bool]:
    """The state of this patient under a lock, made where there was none; and whether it was."""
    new = {
        "patient_id": patient_id,
        "level": floor,
        "floor": floor,
        "decided_by": uow.actor.id,
        "decided_at": uow.now,
        "version": 1,
    }
    made = insert(RiskState).values(new).on_conflict_do_nothing().returning(RiskState.patient_id)
    is_new = (await uow.db.execute(made)).first() is not None
    found = select(RiskState).where(RiskState.patient_id == patient_id).with_for_update()
    state = await uow.db.scalars(found.execution_options(populate_existing=True))
    return state.one(), is_new


async def states(uow: UnitOfWork, patient_id: UUID) -> Sequence[RiskState]:
    """Of all records of this person; more than one after two were merged."""
    found = select(RiskState).where(RiskState.patient_id.in_(records_of(patient_id)))
    return (await uow.db.scalars(found)).all()


async def is_told(uow: UnitOfWork, source_type: str, source_id: UUID) -> bool:
    told = select(RiskMove.seq).where(
        RiskMove.source_type == source_type, RiskMove.source_id == source_id
    )
    return (await uow.db.execute(told)).first() is not None


async def is_judged_since(uow: UnitOfWork, patient_id: UUID, moment: datetime) -> bool:
    """Whether a person, and not a rule, has said something about it from then on."""
    found = select(RiskMove.seq).where(
        RiskMove.patient_id.in_(records_of(patient_id)),
        RiskMove.moved_at >= moment,
        RiskMove.change != RiskChange.COMPUTED,
    )
    return (await uow.db.execute(found.limit(1))).first() is not None


async def moves(uow: UnitOfWork, patient_id: UUID) -> Sequence[RiskMove]:
    """The newest first, and no more than somebody reads."""
    found = select(RiskMove).where(RiskMove.patient_id.in_(records_of(patient_id)))
    return (await uow.db.scalars(found.order_by(RiskMove.seq.desc()).limit(MOST_MOVES))).all()
