"""Putting somebody on the waiting list, changing what suits them, taking them off."""

from uuid import UUID

from app import audit, patients
from app.infra.uow import UnitOfWork
from app.scheduling.waiting_list import repository
from app.scheduling.waiting_list.answering import let_time_go
from app.scheduling.waiting_list.errors import AlreadyWaiting
from app.scheduling.waiting_list.lifecycle import TimeOfferStatus, WaitingStatus
from app.scheduling.waiting_list.models import WaitingListEntry, WaitingListMove
from app.scheduling.waiting_list.policies import require_keeper
from app.scheduling.waiting_list.schemas import ChangeEntry, NewEntry
from app.scheduling.waiting_list.wishes import WISHES, require_sense


async def add_entry(uow: UnitOfWork, new: NewEntry) -> WaitingListEntry:
    """Somebody waits. Raises `PatientNotFound`, `WishUnfit`, `AlreadyWaiting`.

    The patient's record is locked, so that nobody waits twice, and nobody under a record that
    is just being merged into another.
    """
    require_keeper(uow)
    patient = await patients.get_patient(uow, new.patient_id, lock=True)
    told = new.columns | {"patient_id": patient.id}
    await require_sense(uow, told)
    for other in await repository.open_entries_of(uow, patient.id):
        same = (other.visit_type_id, other.practitioner_id, other.specialty)
        if same == (told["visit_type_id"], told["practitioner_id"], told["specialty"]):
            raise AlreadyWaiting(entry_id=other.id)
    entry = WaitingListEntry(
        **told,
        status=WaitingStatus.WAITING,
        created_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.db.add(entry)
    await uow.db.flush()
    uow.db.add(
        WaitingListMove(
            entry_id=entry.id, to_status=entry.status, moved_by=uow.actor.id, moved_at=uow.now
        )
    )
    await trace(uow, "waiting_list.add", entry, urgency=entry.urgency)
    return entry


async def change_entry(
    uow: UnitOfWork, entry_id: UUID, change: ChangeEntry, *, version: int
) -> WaitingListEntry:
    """Change what was said and nothing else; an offer that is open stays as it is.

    Raises `EntryNotFound`, `EntryClosed`, `EntryChanged`, `WishUnfit`.
    """
    require_keeper(uow)
    entry = await repository.get(uow, entry_id, lock=True)
    changes = change.columns
    if WISHES & set(changes):
        told = {name: getattr(entry, name) for name in WISHES} | changes
        await require_sense(uow, told, said=changes)
        changes |= {name: told[name] for name in WISHES & set(changes)}
    entry.change(changes, version=version, at=uow.now)
    await uow.db.flush()
    await trace(uow, "waiting_list.change", entry, fields=sorted(changes))
    return entry


async def withdraw_entry(
    uow: UnitOfWork, entry_id: UUID, *, reason: str | None = None
) -> WaitingListEntry:
    """The patient waits no longer; a time held for them goes on to the next one.

    Raises `EntryNotFound`, `IllegalMove`, `OfferBooked`.
    """
    require_keeper(uow)
    entry = await repository.get(uow, entry_id, lock=True)
    offer = await repository.open_offer_of(uow, entry.id)
    if offer is not None:
        await let_time_go(uow, entry, offer, TimeOfferStatus.DECLINED)
    move = entry.move(WaitingStatus.WITHDRAWN, by=uow.actor.id, at=uow.now, reason=reason)
    uow.db.add(move)
    await trace(uow, "waiting_list.withdraw", entry)
    return entry


async def trace(uow: UnitOfWork, action: str, entry: WaitingListEntry, **detail: object) -> None:
    await audit.record(
        uow,
        action,
        patient_id=entry.patient_id,
        subject=("waiting_list_entry", entry.id),
        detail=detail,
    )
