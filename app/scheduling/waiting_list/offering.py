"""Offering a time to somebody who waits: by itself when one becomes free, or by hand."""

from datetime import datetime
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.kernel.errors import Invalid
from app.scheduling import availability
from app.scheduling.appointments import Appointment, ObstacleKind, SlotOpened, SlotTaken
from app.scheduling.rules import SchedulingRules
from app.scheduling.waiting_list import repository
from app.scheduling.waiting_list.candidates import Fit, candidates, fits_of, free_time
from app.scheduling.waiting_list.errors import AlreadyOffered
from app.scheduling.waiting_list.holds import hold_for
from app.scheduling.waiting_list.lifecycle import TimeOfferStatus, WaitingStatus
from app.scheduling.waiting_list.matching import FreeTime, offer_ends, suits
from app.scheduling.waiting_list.models import TimeOffer, WaitingListEntry
from app.scheduling.waiting_list.policies import require_keeper
from app.scheduling.waiting_list.schemas import NewOffer

ASKED_AT_MOST = 10


async def offer_freed_time(
    uow: UnitOfWork, freed: SlotOpened, rules: SchedulingRules
) -> TimeOffer | None:
    """Hold a time that became free for the first patient it suits; None: for nobody.

    What their visit leaves of it is told as free in turn.
    """
    expires_at = offer_ends(uow.now, freed.starts_at, rules)
    if expires_at is None:
        return None
    time = await free_time(
        uow,
        freed.practitioner_id,
        freed.starts_at,
        freed.ends_at,
        room_id=freed.room_id,
        given_up_by=freed.given_up_by,
    )
    held = await first_held(uow, time, expires_at)
    if held is None:
        return None
    entry, hold = held
    offer = await open_offer(uow, entry, hold, expires_at)
    if hold.ends_at < freed.ends_at:
        await uow.publish(freed.model_copy(update={"starts_at": hold.ends_at}))
    return offer


async def first_held(
    uow: UnitOfWork, time: FreeTime, expires_at: datetime
) -> tuple[WaitingListEntry, Appointment] | None:
    """The first who still waits and for whom the time can be had.

    Where the doctor or the room cannot take one visit, no visit of that type is tried again.
    """
    types = await availability.list_visit_types(uow, practitioner_id=time.practitioner_id)
    fits = {fit.visit_type_id: fit for fit in fits_of(time, types, uow.zone)}
    tried: set[UUID] = set()
    while fits:
        found = await candidates(uow, time, list(fits.values()), limit=ASKED_AT_MOST)
        fresh = [entry.id for entry in found if entry.id not in tried]
        if not fresh:
            return None
        for entry_id in fresh:
            tried.add(entry_id)
            entry = await repository.get(uow, entry_id, lock=True)
            fit = fits.get(entry.visit_type_id)
            if fit is None or not still_suits(uow, entry, time, fit):
                continue
            try:
                return entry, await hold_freed(uow, entry, time, expires_at)
            except (SlotTaken, Invalid) as refused:
                if not is_of_patient_alone(refused):
                    del fits[entry.visit_type_id]
    return None


async def hold_freed(
    uow: UnitOfWork, entry: WaitingListEntry, time: FreeTime, expires_at: datetime
) -> Appointment:
    return await hold_for(
        uow,
        entry,
        practitioner_id=time.practitioner_id,
        starts_at=time.starts_at,
        expires_at=expires_at,
        room_id=time.room_id,
    )


def still_suits(uow: UnitOfWork, entry: WaitingListEntry, time: FreeTime, fit: Fit) -> bool:
    """Asked again under the lock: somebody may have changed it, or offered them another time."""
    waits = entry.status is WaitingStatus.WAITING
    return waits and suits(entry.wish, time, fit.ends_at, uow.zone)


def is_of_patient_alone(refused: SlotTaken | Invalid) -> bool:
    """Whether the same time may be had for somebody else."""
    if not isinstance(refused, SlotTaken):
        return False
    return all(obstacle["kind"] is ObstacleKind.PATIENT for obstacle in refused.conflicts)


async def offer_by_hand(
    uow: UnitOfWork, entry_id: UUID, new: NewOffer, rules: SchedulingRules
) -> TimeOffer:
    """Hold a chosen time for somebody who waits, whatever they wished; until it begins at most.

    Raises `EntryNotFound`, `EntryClosed`, `AlreadyOffered`, `SlotTaken`, `MayNotOverride`.
    """
    require_keeper(uow)
    entry = await repository.get(uow, entry_id, lock=True)
    entry.require_open()
    if entry.status is WaitingStatus.OFFERED:
        raise AlreadyOffered(entry_id=entry.id)
    expires_at = min(uow.now + rules.offer_for, new.starts_at)
    hold = await hold_for(
        uow,
        entry,
        practitioner_id=new.practitioner_id,
        starts_at=new.starts_at,
        expires_at=expires_at,
        duration_minutes=new.duration_minutes,
        room_id=new.room_id,
        override=new.override,
    )
    return await open_offer(uow, entry, hold, expires_at)


async def open_offer(
    uow: UnitOfWork, entry: WaitingListEntry, hold: Appointment, expires_at: datetime
) -> TimeOffer:
    """The entry is locked; that nobody is offered two times at once, the database sees to."""
    offer = TimeOffer(
        entry_id=entry.id,
        appointment_id=hold.id,
        status=TimeOfferStatus.OPEN,
        offered_by=uow.actor.id,
        offered_at=uow.now,
        expires_at=expires_at,
    )
    uow.db.add(offer)
    uow.db.add(entry.move(WaitingStatus.OFFERED, by=uow.actor.id, at=uow.now))
    await uow.db.flush()
    await audit.record(
        uow,
        "waiting_list.offer",
        patient_id=entry.patient_id,
        subject=("waiting_list_entry", entry.id),
        detail={"offer": str(offer.id), "appointment": str(hold.id)},
    )
    return offer
