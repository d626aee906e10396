"""A signal comes to be: found in words, given by a questionnaire, or raised by a clinician."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from app import audit, patients
from app.clinical import encounters
from app.crisis.detection import Assertion, Concept
from app.crisis.signals import policies, repository
from app.crisis.signals.errors import NoConcern
from app.crisis.signals.lifecycle import SignalStatus
from app.crisis.signals.models import Signal, SignalMove
from app.crisis.signals.schemas import LONGEST_QUOTE, RaiseSignal, SignalSource
from app.crisis.signals.telling import tell
from app.infra.uow import UnitOfWork

NAMESPACE = UUID("7c0f0c1a-2a6e-4d55-8d0e-4b8e0c6a3f52")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignal:
    """`dedupe_key`: in our own words, what was said where; the same key is the same signal."""

    dedupe_key: str
    patient_id: UUID
    concept: Concept
    critical: bool
    quote: str
    source: SignalSource
    assertion: Assertion = Assertion.AFFIRMED
    encounter_id: UUID | None = None
    note_id: UUID | None = None
    recording_id: UUID | None = None
    section: str | None = None
    sentence_index: int | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    rule: str | None = None
    lexicon_version: str | None = None

    @property
    def id(self) -> UUID:
        """Known before it is stored: whoever refuses because of it can name it."""
        return uuid5(NAMESPACE, self.dedupe_key)


async def propose(uow: UnitOfWork, new: NewSignal) -> Signal:
    """A signal that a person has to answer, or the one there is; a withdrawn one waits again."""
    policies.require_finder(uow)
    if await repository.add_once(uow, columns_of(uow, new, SignalStatus.PROPOSED)):
        signal = await repository.get(uow, new.id, lock=True)
        uow.db.add(first_move(uow, signal))
        await told(uow, signal, "signal.propose")
        return signal
    signal = (await repository.locked(uow, [new.id]))[0]
    if signal.status is SignalStatus.WITHDRAWN:
        uow.db.add(signal.move(SignalStatus.PROPOSED, by=uow.actor.id, at=uow.now))
        signal.section, signal.sentence_index = new.section, new.sentence_index
        await told(uow, signal, "signal.propose")
    return signal


async def raise_signal(uow: UnitOfWork, new: RaiseSignal) -> Signal:
    """A clinician's own concern, confirmed by being raised.

    Raises `PatientNotFound`, `EncounterNotFound`, `NoConcern`.
    """
    policies.require_clinician(uow)
    patient = await patients.get_patient(uow, new.patient_id)
    if new.encounter_id is not None:
        await require_same_patient(uow, new.encounter_id, patient.id)
    raised = NewSignal(
        dedupe_key=f"clinician:{uuid4()}",
        patient_id=patient.id,
        encounter_id=new.encounter_id,
        concept=new.concept,
        critical=True,
        quote=new.words,
        source=SignalSource.CLINICIAN,
    )
    values = columns_of(uow, raised, SignalStatus.CONFIRMED)
    values |= {"answered_by": uow.actor.id, "answered_at": uow.now}
    await repository.add_once(uow, values)
    signal = await repository.get(uow, raised.id)
    uow.db.add(first_move(uow, signal))
    await told(uow, signal, "signal.raise")
    return signal


async def require_same_patient(uow: UnitOfWork, encounter_id: UUID, patient_id: UUID) -> None:
    encounter = await encounters.get_encounter(uow, encounter_id)
    whose = await patients.get_patient(uow, encounter.patient_id)
    if whose.id != patient_id:
        why = "That encounter is with somebody else."
        at = ["body", "encounter_id"]
        raise NoConcern(errors=[{"at": at, "why": why, "rule": "encounter_of_patient"}])


def columns_of(uow: UnitOfWork, new: NewSignal, status: SignalStatus) -> dict[str, Any]:
    return {
        "id": new.id,
        "patient_id": new.patient_id,
        "encounter_id": new.encounter_id,
        "note_id": new.note_id,
        "recording_id": new.recording_id,
        "concept": new.concept,
        "assertion": new.assertion,
        "critical": new.critical,
        "quote": new.quote[:LONGEST_QUOTE],
        "section": new.section,
        "sentence_index": new.sentence_index,
        "start_ms": new.start_ms,
        "end_ms": new.end_ms,
        "source": new.source,
        "dedupe_key": new.dedupe_key,
        "rule": new.rule,
        "lexicon_version": new.lexicon_version,
        "status": status,
        "created_by": uow.actor.id,
        "created_at": uow.now,
        "updated_at": uow.now,
    }


def first_move(uow: UnitOfWork, signal: Signal) -> SignalMove:
    return SignalMove(
        signal_id=signal.id,
        from_status=None,
        to_status=signal.status,
        reason=None,
        moved_by=uow.actor.id,
        moved_at=uow.now,
    )


async def told(uow: UnitOfWork, signal: Signal, action: str) -> None:
    detail = {"concept": signal.concept, "critical": signal.critical, "source": signal.source}
    await audit.record(
        uow, action, patient_id=signal.patient_id, subject=("signal", signal.id), detail=detail
    )
    await tell(uow, signal)
