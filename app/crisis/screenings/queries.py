"""Looking at screenings and at what is due."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import audit, patients
from app.crisis.screenings import repository
from app.crisis.screenings.asking import Interview
from app.crisis.screenings.instruments import Instrument
from app.crisis.screenings.models import (
    Screening,
    ScreeningDemand,
    ScreeningInstrument,
    ScreeningResult,
)
from app.crisis.screenings.policies import require_screener
from app.crisis.screenings.schemas import DemandOut, ScreeningOut
from app.crisis.screenings.tracing import trace
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

FIRST_PAGE = PageRequest()


async def reasons_of(uow: UnitOfWork, screening_id: UUID) -> list[dict[str, Any]]:
    """Why a completed screening gives the level it gives: sentences with their rules."""
    found = await uow.db.get(ScreeningResult, screening_id)
    told = found.result.get("reasons", []) if found else []
    return [{"rule": each["rule"], "why": each["says"]} for each in told]


async def list_instruments(uow: UnitOfWork) -> Sequence[ScreeningInstrument]:
    """Those with which a screening may begin now."""
    require_screener(uow)
    return await repository.instruments(uow)


async def read_screening(uow: UnitOfWork, screening_id: UUID) -> Screening:
    """Somebody looks at a screening; raises `ScreeningNotFound`."""
    require_screener(uow)
    screening = await repository.get(uow, screening_id)
    await trace(uow, "screening.read", screening)
    return screening


async def list_screenings(
    uow: UnitOfWork, patient_id: UUID, page: PageRequest = FIRST_PAGE
) -> tuple[list[Screening], str | None]:
    """A patient's screenings, newest first, and the cursor of the next page.

    Raises `PatientNotFound`.
    """
    require_screener(uow)
    patient = await patients.get_patient(uow, patient_id)
    rows = await repository.page(uow, patient.id, page)
    await audit.record(
        uow, "screening.list", patient_id=patient.id, subject=("patient", patient.id)
    )
    return page_of(rows, page, key=lambda one: Cursor(at=one.started_at, id=one.id))


async def list_demands(
    uow: UnitOfWork, patient_id: UUID, page: PageRequest = FIRST_PAGE
) -> tuple[list[ScreeningDemand], str | None]:
    """What is due or put off, oldest first. Raises `PatientNotFound`."""
    require_screener(uow)
    patient = await patients.get_patient(uow, patient_id)
    rows = await repository.open_demands(uow, patient.id, page)
    await audit.record(
        uow, "screening_demand.list", patient_id=patient.id, subject=("patient", patient.id)
    )
    return page_of(rows, page, key=lambda one: Cursor(at=one.demanded_at, id=one.id))


async def describe(uow: UnitOfWork, *screenings: Screening) -> list[ScreeningOut]:
    """With what is asked now and the result: the stored one once there is one, else so far."""
    rules = await repository.rules_of(uow, screenings)
    results = await repository.results_of(uow, [one.id for one in screenings])
    shown = []
    for one in screenings:
        instrument = rules[one.instrument, one.instrument_version]
        stored = results.get(one.id)
        shown.append(
            ScreeningOut(
                id=one.id,
                patient_id=one.patient_id,
                encounter_id=one.encounter_id,
                instrument=one.instrument,
                instrument_version=one.instrument_version,
                title=instrument.title,
                status=one.status,
                answers=one.answers,
                asked=Interview(instrument.questions, one.answers).asked,
                result=stored.said if stored else instrument.result(one.answers),
                version=one.version,
                reason=one.reason,
                started_by=one.started_by,
                started_at=one.started_at,
                ended_by=one.ended_by,
                ended_at=one.ended_at,
            )
        )
    return shown


async def under_way(uow: UnitOfWork, patient_id: UUID, instrument: Instrument) -> Screening | None:
    """The screening to go on with. Leaves no trace: the page that asks does."""
    require_screener(uow)
    return await repository.under_way(uow, patient_id, instrument)


async def instrument_in_effect(uow: UnitOfWork, key: Instrument) -> ScreeningInstrument:
    """The version with which a screening would begin now; raises `InstrumentNotFound`."""
    return await repository.instrument(uow, key)


def asked_first(instrument: ScreeningInstrument) -> list[str]:
    """What is asked before anything is answered."""
    return Interview(instrument.questions, {}).asked


def shown_demand(uow: UnitOfWork, demand: ScreeningDemand) -> DemandOut:
    return DemandOut(
        id=demand.id,
        patient_id=demand.patient_id,
        instrument=demand.instrument,
        because=demand.because,
        source_id=demand.source_id,
        status=demand.status,
        deferred_until=demand.deferred_until,
        due=demand.is_due(uow.now),
        screening_id=demand.screening_id,
        demanded_at=demand.demanded_at,
    )
