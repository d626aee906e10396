"""The level of a patient: a floor by rule, a judgement by a clinician.

C-SSRS triage gives a floor; estimating risk is a clinical judgement (SAFE-T). So findings raise a
level by themselves, and only a person lowers it, who says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app import audit, patients
from app.crisis.risk import repository
from app.crisis.risk.errors import ReasonToLowerMissing, ReviewUnfit
from app.crisis.risk.events import RiskDecided
from app.crisis.risk.levels import RiskLevel
from app.crisis.risk.models import RiskMove, RiskState
from app.crisis.risk.policies import require_assessor
from app.crisis.risk.schemas import AssessRisk, RiskChange, RiskMoveOut, RiskOut
from app.infra.uow import UnitOfWork

MOST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says of a screening or a signal. `replaces`: of the kind that stands by itself,
    as a newer screen does; others only ever raise the floor.
    """

    level: RiskLevel
    reasons: Sequence[dict[str, Any]]
    source: tuple[str, UUID]
    replaces: bool = False


async def take_finding(uow: UnitOfWork, patient_id: UUID, finding: Finding) -> RiskState:
    """Have a finding count, once however often it is told; the level never falls by it."""
    require_assessor(uow)
    patient_id = (await patients.get_patient(uow, patient_id)).id
    state, is_new = await repository.locked(uow, patient_id, finding.level)
    if await repository.is_told(uow, *finding.source):
        return state
    before = None if is_new else state.level
    if not is_new:
        floor = finding.level if finding.replaces else highest(state.floor, finding.level)
        level, review = highest(state.level, floor), state.next_review_at
        state.decide(level, floor=floor, by=uow.actor.id, at=uow.now, review=review)
    await write_down(
        uow,
        state,
        before,
        RiskChange.COMPUTED,
        reasons=finding.reasons,
        source=finding.source,
    )
    return state


async def assess(uow: UnitOfWork, patient_id: UUID, said: AssessRisk) -> RiskState:
    """A clinician's judgement counts from now on.

    Raises `PatientNotFound`, `ReasonToLowerMissing`, `ReviewUnfit`.
    """
    require_assessor(uow)
    if said.next_review_at and not uow.now < said.next_review_at <= uow.now + MOST_AHEAD:
        raise ReviewUnfit(errors=[fault("next_review_at", "A moment ahead, within a year.")])
    patient_id = (await patients.get_patient(uow, patient_id)).id
    state, is_new = await repository.locked(uow, patient_id, said.level)
    before = None if is_new else state.level
    change = change_of(before, said.level)
    if change is RiskChange.LOWERED and said.reason is None:
        raise ReasonToLowerMissing(errors=[fault("reason", "Say why the level is lower now.")])
    if is_new:
        state.floor = RiskLevel.NEGATIVE  # no rule has said anything
    else:
        state.decide(
            said.level, floor=state.floor, by=uow.actor.id, at=uow.now, review=said.next_review_at
        )
    state.next_review_at = said.next_review_at
    await write_down(uow, state, before, change, reason=said.reason)
    return state


def change_of(before: RiskLevel | None, level: RiskLevel) -> RiskChange:
    if before is None or level.rank > before.rank:
        return RiskChange.RAISED
    return RiskChange.KEPT if level is before else RiskChange.LOWERED


def highest(*levels: RiskLevel) -> RiskLevel:
    return max(levels, key=lambda each: each.rank)


def fault(field: str, why: str) -> dict[str, object]:
    return {"at": ["body", field], "why": why, "rule": f"{field}_fit"}


async def write_down(
    uow: UnitOfWork,
    state: RiskState,
    before: RiskLevel | None,
    change: RiskChange,
    *,
    reasons: Sequence[dict[str, Any]] = (),
    reason: str | None = None,
    source: tuple[str, UUID] | None = None,
) -> None:
    uow.db.add(
        RiskMove(
            patient_id=state.patient_id,
            from_level=before,
            to_level=state.level,
            floor=state.floor,
            change=change,
            reasons=list(reasons),
            reason=reason,
            source_type=source[0] if source else None,
            source_id=source[1] if source else None,
            next_review_at=state.next_review_at,
            moved_by=uow.actor.id,
            moved_at=uow.now,
        )
    )
    await uow.db.flush()
    await audit.record(
        uow,
        "risk.assess",
        patient_id=state.patient_id,
        subject=("patient", state.patient_id),
        detail={"from": before, "to": state.level, "change": change},
    )
    await uow.publish(
        RiskDecided(patient_id=state.patient_id, level=state.level.value, version=state.version)
    )


async def read_risk(uow: UnitOfWork, patient_id: UUID) -> RiskOut:
    """The level that counts and how it came about; raises `PatientNotFound`."""
    require_assessor(uow)
    patient = await patients.get_patient(uow, patient_id)
    await audit.record(uow, "risk.read", patient_id=patient.id, subject=("patient", patient.id))
    return await present(uow, patient.id)


async def present(uow: UnitOfWork, patient_id: UUID) -> RiskOut:
    """The same for whoever has just decided."""
    state = await risk_of(uow, patient_id)
    found = await repository.moves(uow, patient_id)
    return RiskOut(
        patient_id=patient_id,
        level=state and state.level,
        floor=state and state.floor,
        decided_by=state and state.decided_by,
        decided_at=state and state.decided_at,
        next_review_at=state and state.next_review_at,
        version=state.version if state else 0,
        history=[RiskMoveOut.model_validate(each) for each in found],
    )


async def risk_of(uow: UnitOfWork, patient_id: UUID) -> RiskState | None:
    """For whoever has read this patient already. None: nobody has assessed it."""
    found = await repository.states(uow, patient_id)
    return max(found, key=lambda each: each.level.rank) if found else None
