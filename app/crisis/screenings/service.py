"""Beginning a screening, answering, and bringing it to an end."""

from uuid import UUID

from app import patients
from app.clinical import encounters
from app.crisis.screenings import repository
from app.crisis.screenings.asking import fault, faults_of
from app.crisis.screenings.definitions import Answers
from app.crisis.screenings.demands import answer_demands, demanded, take_back
from app.crisis.screenings.errors import (
    AnswersMissing,
    AnswersUnfit,
    EncounterOfAnotherPatient,
    Fault,
)
from app.crisis.screenings.events import ScreeningCompleted, ScreeningEnteredInError
from app.crisis.screenings.lifecycle import ScreeningStatus
from app.crisis.screenings.models import (
    Screening,
    ScreeningInstrument,
    ScreeningMove,
    ScreeningResult,
)
from app.crisis.screenings.policies import require_screener
from app.crisis.screenings.schemas import NewScreening
from app.crisis.screenings.scoring import Result
from app.crisis.screenings.tracing import trace
from app.infra.uow import UnitOfWork


async def start_screening(uow: UnitOfWork, new: NewScreening) -> tuple[Screening, bool]:
    """Begin, with the version in effect; or go on with the one under way, whoever began it.

    Returns whether it is new. The patient's record is locked, so that nobody begins twice.
    Raises `PatientNotFound`, `InstrumentNotFound`, `EncounterNotFound`,
    `EncounterOfAnotherPatient`.
    """
    require_screener(uow)
    patient = await patients.get_patient(uow, new.patient_id, lock=True)
    if new.encounter_id is not None:
        await require_same_patient(uow, new.encounter_id, patient.id)
    begun = await repository.under_way(uow, patient.id, new.instrument)
    if begun is not None:
        await trace(uow, "screening.resume", begun)
        return begun, False
    instrument = await repository.instrument(uow, new.instrument)
    screening = Screening(
        patient_id=patient.id,
        encounter_id=new.encounter_id,
        instrument=instrument.key,
        instrument_version=instrument.version,
        status=ScreeningStatus.IN_PROGRESS,
        answers={},
        started_by=uow.actor.id,
        started_at=uow.now,
        answered_by=uow.actor.id,
        updated_at=uow.now,
    )
    uow.db.add(screening)
    await uow.db.flush()
    uow.db.add(
        ScreeningMove(
            screening_id=screening.id,
            to_status=screening.status,
            moved_by=uow.actor.id,
            moved_at=uow.now,
        )
    )
    await trace(uow, "screening.start", screening)
    return screening, True


async def require_same_patient(uow: UnitOfWork, encounter_id: UUID, patient_id: UUID) -> None:
    encounter = await encounters.get_encounter(uow, encounter_id)
    if (await patients.get_patient(uow, encounter.patient_id)).id != patient_id:
        raise EncounterOfAnotherPatient(encounter_id=encounter_id)


async def save_answers(
    uow: UnitOfWork, screening_id: UUID, answers: Answers, *, version: int
) -> Screening:
    """Put these in the place of the answers of exactly the version somebody read.

    Raises `ScreeningNotFound`, `ScreeningOver`, `ScreeningChanged`, `AnswersUnfit`.
    """
    require_screener(uow)
    screening = await repository.get(uow, screening_id, lock=True)
    screening.require_version(version)
    instrument = await instrument_of(uow, screening)
    if faults := faults_of(instrument.questions, answers):
        raise AnswersUnfit(errors=faults)
    screening.answer(answers, by=uow.actor.id, at=uow.now)
    await uow.db.flush()
    await trace(uow, "screening.answer", screening, answered=len(answers))
    return screening


async def complete_screening(
    uow: UnitOfWork, screening_id: UUID, *, version: int, accept_missing: bool = False
) -> Screening:
    """Decide, once and for good, by the version it was begun with.

    Whatever asked for this instrument is answered, and what the result asks for is due, in the
    same unit of work. Raises `ScreeningNotFound`, `ScreeningOver`, `ScreeningChanged`,
    `AnswersMissing`.
    """
    require_screener(uow)
    screening = await repository.get(uow, screening_id, lock=True)
    screening.require_version(version)
    instrument = await instrument_of(uow, screening)
    result = instrument.result(screening.answers)
    if not result.complete and not accept_missing:
        raise AnswersMissing(screening_id=screening.id, errors=missing_faults(result))
    uow.db.add(screening.move(ScreeningStatus.COMPLETED, by=uow.actor.id, at=uow.now))
    uow.db.add(
        ScreeningResult(
            screening_id=screening.id,
            patient_id=screening.patient_id,
            instrument=screening.instrument,
            instrument_version=screening.instrument_version,
            answers=screening.answers,
            result=result.model_dump(mode="json"),
            level=result.level,
            positive=result.positive,
            decided_by=uow.actor.id,
            decided_at=uow.now,
        )
    )
    answered = await answer_demands(uow, screening, result)
    asked_for = await ask_for_follow_ups(uow, screening, result)
    await trace(
        uow,
        "screening.complete",
        screening,
        level=result.level,
        positive=result.positive,
        missing=len(result.missing),
        answered=[str(each) for each in answered],
        demanded=[str(each) for each in asked_for],
    )
    await uow.publish(
        ScreeningCompleted(
            screening_id=screening.id,
            patient_id=screening.patient_id,
            encounter_id=screening.encounter_id,
            instrument=screening.instrument,
            level=result.level,
            positive=result.positive,
        )
    )
    return screening


def missing_faults(result: Result) -> list[Fault]:
    return [
        fault(link_id, "This question is not answered.", "answered") for link_id in result.missing
    ]


async def ask_for_follow_ups(uow: UnitOfWork, screening: Screening, result: Result) -> list[UUID]:
    found = []
    for rule in result.follow_ups:
        if rule.demanded:
            because = f"{screening.instrument}.{rule.rule}"
            demand, _ = await demanded(
                uow, screening.patient_id, rule.instrument, because, screening.id
            )
            found.append(demand.id)
    return found


async def abandon_screening(uow: UnitOfWork, screening_id: UUID, *, reason: str) -> Screening:
    """It comes to no result. Raises `ScreeningNotFound`, `IllegalMove`."""
    require_screener(uow)
    screening = await repository.get(uow, screening_id, lock=True)
    uow.db.add(
        screening.move(ScreeningStatus.ABANDONED, by=uow.actor.id, at=uow.now, reason=reason)
    )
    await trace(uow, "screening.abandon", screening)
    return screening


async def enter_screening_in_error(
    uow: UnitOfWork, screening_id: UUID, *, reason: str
) -> Screening:
    """It was a mistake, such as the wrong patient's; it stays readable, and counts for nothing.

    What it answered is due again; what it asked for is withdrawn where it is still open.
    Raises `ScreeningNotFound`, `IllegalMove`.
    """
    require_screener(uow)
    screening = await repository.get(uow, screening_id, lock=True)
    move = screening.move(
        ScreeningStatus.ENTERED_IN_ERROR, by=uow.actor.id, at=uow.now, reason=reason
    )
    uow.db.add(move)
    if move.from_status is ScreeningStatus.COMPLETED:
        await take_back(uow, screening)
        await uow.publish(
            ScreeningEnteredInError(screening_id=screening.id, patient_id=screening.patient_id)
        )
    await trace(uow, "screening.enter_in_error", screening)
    return screening


async def instrument_of(uow: UnitOfWork, screening: Screening) -> ScreeningInstrument:
    found = await repository.rules_of(uow, [screening])
    return found[screening.instrument, screening.instrument_version]
