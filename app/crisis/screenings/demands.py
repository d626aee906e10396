"""Screenings that are due: asked for once, put off with a reason, answered or withdrawn."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from app import audit, patients
from app.crisis.screenings import repository
from app.crisis.screenings.errors import DemandAnswered
from app.crisis.screenings.instruments import Instrument
from app.crisis.screenings.lifecycle import DemandStatus
from app.crisis.screenings.models import DemandMove, Screening, ScreeningDemand
from app.crisis.screenings.policies import SCREENERS, require_demander, require_screener
from app.crisis.screenings.scoring import Result
from app.infra.uow import UnitOfWork


async def demand_screening(
    uow: UnitOfWork,
    *,
    patient_id: UUID,
    instrument: Instrument,
    because: str,
    source_id: UUID | None = None,
) -> ScreeningDemand:
    """Have a screening be due; where it is already, for the same cause, that one is answered.

    `because` is a word of the caller's (`detection.ideation`), the same for the same cause.
    """
    require_demander(uow)
    patient = await patients.get_patient(uow, patient_id)
    demand, is_new = await demanded(uow, patient.id, instrument, because, source_id)
    if is_new:
        await trace(uow, "screening.demand", demand)
    return demand


async def demanded(
    uow: UnitOfWork,
    patient_id: UUID,
    instrument: Instrument,
    because: str,
    source_id: UUID | None,
) -> tuple[ScreeningDemand, bool]:
    """The demand, and whether it is new; the verb that uses this leaves the trace."""
    while True:
        found = await repository.open_demand(uow, patient_id, instrument, because)
        if found is not None:
            return found, False
        demand = await repository.add_demand(
            uow,
            id=uuid4(),
            patient_id=patient_id,
            instrument=instrument,
            because=because,
            source_id=source_id,
            demanded_by=uow.actor.id,
            demanded_at=uow.now,
        )
        if demand is not None:
            uow.db.add(
                DemandMove(
                    demand_id=demand.id,
                    to_status=demand.status,
                    moved_by=uow.actor.id,
                    moved_at=uow.now,
                )
            )
            return demand, True


async def open_demands(uow: UnitOfWork, patient_id: UUID) -> Sequence[ScreeningDemand]:
    """What is due or put off, oldest first. Leaves no trace: the verb that uses it does."""
    return await repository.open_demands(uow, patient_id)


async def interruption_for(uow: UnitOfWork, patient_id: UUID) -> ScreeningDemand | None:
    """The screening that should be done before anything else, if the actor could do it.

    Leaves no trace in the audit trail: the page that asks does.
    """
    if not uow.actor.has_any(*SCREENERS):
        return None
    found = await repository.open_demands(uow, patient_id)
    return next((demand for demand in found if demand.is_due(uow.now)), None)


async def defer_demand(
    uow: UnitOfWork, demand_id: UUID, *, until: datetime, reason: str
) -> ScreeningDemand:
    """Put it off until a moment; then it is due again.

    Raises `DemandNotFound`, `DemandAnswered`, `DeferralUnfit`.
    """
    require_screener(uow)
    demand = await repository.get_demand(uow, demand_id)
    uow.db.add(demand.defer(until, reason, by=uow.actor.id, at=uow.now))
    await trace(uow, "screening_demand.defer", demand, until=until.isoformat())
    return demand


async def withdraw_demand(uow: UnitOfWork, demand_id: UUID) -> ScreeningDemand:
    """What asked for it is gone. Raises `DemandNotFound`, `DemandAnswered`."""
    require_demander(uow)
    demand = await repository.get_demand(uow, demand_id)
    if demand.status is not DemandStatus.OPEN:
        raise DemandAnswered(demand_id=demand.id)
    move(uow, demand, DemandStatus.WITHDRAWN)
    await trace(uow, "screening_demand.withdraw", demand)
    return demand


async def answer_demands(uow: UnitOfWork, screening: Screening, result: Result) -> list[UUID]:
    """What a completed screening does to demands; returns those it answered.

    One in which something critical stayed open answers nothing, unless it is high all the same.
    """
    if not result.settles:
        return []
    found = await repository.open_for(uow, screening.patient_id, screening.instrument)
    for demand in found:
        move(uow, demand, DemandStatus.ANSWERED, screening_id=screening.id)
    return [demand.id for demand in found]


async def take_back(uow: UnitOfWork, screening: Screening) -> None:
    """A screening was a mistake: what it answered is due again, what it asked for is not."""
    for demand in await repository.asked_by(uow, screening.id):
        move(uow, demand, DemandStatus.WITHDRAWN)
    for demand in await repository.answered_by(uow, screening.id):
        same = await repository.open_demand(
            uow, demand.patient_id, demand.instrument, demand.because
        )
        move(uow, demand, DemandStatus.OPEN if same is None else DemandStatus.WITHDRAWN)
        await uow.db.flush()


def move(
    uow: UnitOfWork,
    demand: ScreeningDemand,
    target: DemandStatus,
    *,
    screening_id: UUID | None = None,
) -> None:
    uow.db.add(demand.move(target, by=uow.actor.id, at=uow.now, screening_id=screening_id))


async def trace(uow: UnitOfWork, action: str, demand: ScreeningDemand, **detail: str) -> None:
    await audit.record(
        uow,
        action,
        patient_id=demand.patient_id,
        subject=("screening_demand", demand.id),
        detail={"instrument": demand.instrument, **detail},
    )
