"""Encounters over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from app.clinical.encounters import queries, service, starting
from app.clinical.encounters.lifecycle import EncounterStatus
from app.clinical.encounters.models import Encounter
from app.clinical.encounters.policies import ARRANGERS, CLINICIANS, sees_reason
from app.clinical.encounters.schemas import (
    CancelEncounter,
    ConsentOut,
    EncounterAtDesk,
    EncounterOut,
    EncounterPage,
    NewEncounter,
    RecordConsent,
)
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork

router = api_router("/encounters", "encounters")

EncounterSeen = EncounterOut | EncounterAtDesk


async def all_seen_by(uow: UnitOfWork, encounters: Sequence[Encounter]) -> list[EncounterSeen]:
    """With the reason for clinicians; for the desk and administrators without."""
    consents = await queries.latest_consents(uow, [encounter.id for encounter in encounters])
    shape = EncounterOut if sees_reason(uow.actor) else EncounterAtDesk
    shown = [shape.model_validate(encounter) for encounter in encounters]
    return [
        one.model_copy(update={"consent": ConsentOut.model_validate(consents[one.id])})
        if one.id in consents
        else one
        for one in shown
    ]


async def seen_by(uow: UnitOfWork, encounter: Encounter) -> EncounterSeen:
    return (await all_seen_by(uow, [encounter]))[0]


@router.post("", status_code=201, dependencies=[allow(*ARRANGERS)])
async def start_encounter(body: NewEncounter, uow: Uow, response: Response) -> EncounterSeen:
    """Start an encounter with a patient who has come.

    With `appointment_id` it is the visit that was planned: the appointment is with the doctor
    from now on, finished when the encounter is completed, and back where it was when cancelled.
    """
    encounter = await starting.start_encounter(uow, body)
    response.headers["Location"] = f"/api/v1/encounters/{encounter.id}"
    return await seen_by(uow, encounter)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which encounters are asked for; what is left out asks for any."""

    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    status: EncounterStatus | None = None
    mine: Annotated[bool, Query(description="Only those in which you are the doctor.")] = False


@router.get("", dependencies=[allow(*STAFF)])
async def list_encounters(
    uow: Uow, page: Paging, wanted: Annotated[Narrowed, Depends()]
) -> EncounterPage:
    """Encounters, newest first."""
    found, next_cursor = await queries.list_encounters(
        uow,
        patient_id=wanted.patient_id,
        appointment_id=wanted.appointment_id,
        status=wanted.status,
        mine=wanted.mine,
        page=page,
    )
    return EncounterPage(items=await all_seen_by(uow, found), next_cursor=next_cursor)


@router.get("/{encounter_id}", dependencies=[allow(*STAFF)])
async def get_encounter(encounter_id: UUID, uow: Uow) -> EncounterSeen:
    """One encounter."""
    return await seen_by(uow, await queries.read_encounter(uow, encounter_id))


@router.post("/{encounter_id}/completion", status_code=201, dependencies=[allow(*CLINICIANS)])
async def complete_encounter(encounter_id: UUID, uow: Uow) -> EncounterSeen:
    """The visit is over."""
    return await seen_by(uow, await service.complete_encounter(uow, encounter_id))


@router.post("/{encounter_id}/cancellation", status_code=201, dependencies=[allow(*ARRANGERS)])
async def cancel_encounter(encounter_id: UUID, body: CancelEncounter, uow: Uow) -> EncounterSeen:
    """The visit does not take place after all."""
    encounter = await service.cancel_encounter(uow, encounter_id, reason=body.reason)
    return await seen_by(uow, encounter)


@router.post("/{encounter_id}/consents", status_code=201, dependencies=[allow(*ARRANGERS)])
async def record_consent(encounter_id: UUID, body: RecordConsent, uow: Uow) -> ConsentOut:
    """Write down what the patient says to being recorded; the latest word counts."""
    consent = await service.record_consent(
        uow, encounter_id, decision=body.decision, method=body.method
    )
    return ConsentOut.model_validate(consent)
