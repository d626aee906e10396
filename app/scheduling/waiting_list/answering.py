"""What becomes of an offer: accepted, declined, expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.scheduling import appointments
from app.scheduling.appointments import Appointment, SlotOpened
from app.scheduling.waiting_list import repository
from app.scheduling.waiting_list.errors import OfferBooked
from app.scheduling.waiting_list.holds import Fate, book_held, fate_of, locked_hold
from app.scheduling.waiting_list.lifecycle import TimeOfferStatus, WaitingStatus
from app.scheduling.waiting_list.models import TimeOffer, WaitingListEntry
from app.scheduling.waiting_list.policies import require_keeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An offer that was accepted. `kept`: later appointments of the same kind, left alone."""

    entry: WaitingListEntry
    offer: TimeOffer
    appointment: Appointment
    kept: Sequence[Appointment]


async def accept_offer(uow: UnitOfWork, offer_id: UUID) -> Taken:
    """The patient takes the time: the hold becomes their appointment.

    An offer whose time is up is still taken while nobody has closed it and the time is free.
    Raises `OfferNotFound`, `OfferAnswered`, `SlotTaken`.
    """
    require_keeper(uow)
    entry, offer = await repository.get_offer(uow, offer_id)
    offer.require_open()
    hold = await locked_hold(uow, offer)
    booked = await fate_of(uow, hold, entry) is Fate.BOOKED
    appointment = hold if booked else await book_held(uow, entry, hold)
    await close_as_booked(uow, entry, offer, appointment)
    kept = await repository.later_appointments(
        uow, entry.patient_id, entry.visit_type_id, appointment.ends_at
    )
    return Taken(entry=entry, offer=offer, appointment=appointment, kept=kept)


async def close_as_booked(
    uow: UnitOfWork, entry: WaitingListEntry, offer: TimeOffer, appointment: Appointment
) -> None:
    offer.appointment_id = appointment.id
    offer.answer(TimeOfferStatus.ACCEPTED, at=uow.now)
    uow.db.add(entry.move(WaitingStatus.BOOKED, by=uow.actor.id, at=uow.now))
    await uow.db.flush()
    await trace(uow, "waiting_list.accept", entry, offer)


async def refuse_offer(uow: UnitOfWork, offer_id: UUID) -> tuple[WaitingListEntry, TimeOffer]:
    """The patient does not take the time: it goes on to the next one, and they go on waiting.

    Raises `OfferNotFound`, `OfferAnswered`, `OfferBooked`.
    """
    require_keeper(uow)
    entry, offer = await repository.get_offer(uow, offer_id)
    offer.require_open()
    await let_time_go(uow, entry, offer, TimeOfferStatus.DECLINED)
    await wait_again(uow, entry)
    await trace(uow, "waiting_list.refuse", entry, offer)
    return entry, offer


async def close_unanswered(uow: UnitOfWork, offer_id: UUID) -> bool:
    """Close an offer whose time is up or whose hold is gone or booked; whether there was any."""
    entry, offer = await repository.get_offer(uow, offer_id)
    if offer.status is not TimeOfferStatus.OPEN:
        return False
    hold = await locked_hold(uow, offer)
    fate = await fate_of(uow, hold, entry)
    if fate is Fate.HELD and offer.expires_at > uow.now:
        return False
    if fate is Fate.BOOKED:
        await close_as_booked(uow, entry, offer, hold)
        return True
    await let_time_go(uow, entry, offer, TimeOfferStatus.EXPIRED)
    await wait_again(uow, entry)
    await trace(uow, "waiting_list.expire", entry, offer)
    return True


async def let_time_go(
    uow: UnitOfWork, entry: WaitingListEntry, offer: TimeOffer, answer: TimeOfferStatus
) -> None:
    """Close a locked offer unaccepted: its hold ends, and whoever listens hears of free time."""
    hold = await locked_hold(uow, offer)
    fate = await fate_of(uow, hold, entry)
    if fate is Fate.BOOKED:
        raise OfferBooked(offer_id=offer.id, appointment_id=hold.id)
    if fate is Fate.HELD:
        await appointments.drop_hold(uow, hold.id)
    offer.answer(answer, at=uow.now)
    await uow.db.flush()
    if hold.starts_at > uow.now:
        await uow.publish(
            SlotOpened(
                practitioner_id=hold.practitioner_id,
                visit_type_id=hold.visit_type_id,
                room_id=hold.room_id,
                starts_at=hold.starts_at,
                ends_at=hold.ends_at,
                given_up_by=hold.patient_id,
            )
        )


async def wait_again(uow: UnitOfWork, entry: WaitingListEntry) -> None:
    """They keep the place they had."""
    uow.db.add(entry.move(WaitingStatus.WAITING, by=uow.actor.id, at=uow.now))
    await uow.db.flush()


async def trace(uow: UnitOfWork, action: str, entry: WaitingListEntry, offer: TimeOffer) -> None:
    await audit.record(
        uow,
        action,
        patient_id=entry.patient_id,
        subject=("waiting_list_entry", entry.id),
        detail={"offer": str(offer.id), "appointment": str(offer.appointment_id)},
    )
