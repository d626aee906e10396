"""Signals over HTTP."""

from uuid import UUID

from fastapi import Response

from app.crisis.signals import answering, examining, proposing, queries
from app.crisis.signals.lifecycle import SignalStatus
from app.crisis.signals.models import Signal
from app.crisis.signals.policies import CLINICIANS
from app.crisis.signals.schemas import (
    DismissSignal,
    ExamineNote,
    RaiseSignal,
    SignalList,
    SignalOut,
    SignalPage,
)
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork

router = api_router("/signals", "signals")
WHO = [allow(*CLINICIANS)]


async def shown(uow: UnitOfWork, signal: Signal) -> SignalOut:
    return (await queries.describe(uow, signal))[0]


@router.get("", dependencies=WHO)
async def list_signals(
    *,
    uow: Uow,
    page: Paging,
    patient_id: UUID | None = None,
    encounter_id: UUID | None = None,
    note_id: UUID | None = None,
    status: SignalStatus | None = None,
) -> SignalPage:
    """What may mean danger, newest first."""
    found, next_cursor = await queries.list_signals(
        uow,
        patient_id=patient_id,
        encounter_id=encounter_id,
        note_id=note_id,
        status=status,
        page=page,
    )
    return SignalPage(items=await queries.describe(uow, *found), next_cursor=next_cursor)


@router.post("", status_code=201, dependencies=WHO)
async def raise_signal(body: RaiseSignal, uow: Uow, response: Response) -> SignalOut:
    """Raise a concern about a patient; it is confirmed at once."""
    signal = await proposing.raise_signal(uow, body)
    response.headers["Location"] = f"/api/v1/signals/{signal.id}"
    return await shown(uow, signal)


@router.post("/examinations", status_code=201, dependencies=WHO)
async def examine_note(body: ExamineNote, uow: Uow) -> SignalList:
    """Look through the text of a note as it is saved now; all its signals."""
    found = await examining.examine_note(uow, body.note_id)
    return SignalList(items=await queries.describe(uow, *queries.in_order(found)))


# Only ids, or "examinations" would be a signal for the verbs that it does not have itself.
@router.get("/{signal_id:uuid}", dependencies=WHO)
async def get_signal(signal_id: UUID, uow: Uow) -> SignalOut:
    """One signal."""
    return await shown(uow, await queries.read_signal(uow, signal_id))


@router.post("/{signal_id:uuid}/confirmation", status_code=201, dependencies=WHO)
async def confirm_signal(signal_id: UUID, uow: Uow) -> SignalOut:
    """It is a sign of danger."""
    return await shown(uow, await answering.confirm(uow, signal_id))


@router.post("/{signal_id:uuid}/dismissal", status_code=201, dependencies=WHO)
async def dismiss_signal(signal_id: UUID, body: DismissSignal, uow: Uow) -> SignalOut:
    """It is none, and why."""
    return await shown(uow, await answering.dismiss(uow, signal_id, reason=body.reason))
