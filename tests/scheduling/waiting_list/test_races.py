"""Many at once: one answer counts, and no time is lost or given twice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.errors import DomainError
from app.scheduling import appointments, waiting_list
from app.scheduling.appointments import Appointment, AppointmentStatus
from app.scheduling.appointments.tasks import cancel_expired_holds
from app.scheduling.rules import DEFAULT_RULES
from app.scheduling.waiting_list import TimeOffer, TimeOfferStatus, WaitingListEntry
from app.scheduling.waiting_list.tasks import expire_offers
from tests.builders.appointments import a_cancellation, an_appointment, at
from tests.builders.availability import Clinic
from tests.builders.waiting_list import somebody_waiting
from tests.conftest import FrozenClock
from tests.scheduling.waiting_list.delivering import deliver_everything
from tests.scheduling.waiting_list.seeing import look

TUESDAY_TEN = at("10:00", day=3)
Act = Callable[[UnitOfWork], Awaitable[Any]]


async def attempt(works: Works, by: Actor, act: Act) -> object:
    """What came of it: the result, or the refusal."""
    try:
        async with works.begin(by) as uow:
            return await act(uow)
    except DomainError as refusal:
        return refusal


async def an_open_offer(
    works: Works, by: Actor, clinic: Clinic, *, beside: int = 0
) -> tuple[WaitingListEntry, TimeOffer]:
    """A time opened and is offered; so many others wait behind."""
    entry = await somebody_waiting(works, by, clinic.visit_type.id, urgency="urgent")
    for _ in range(beside):
        await somebody_waiting(works, by, clinic.visit_type.id)
    booked = await an_appointment(works, by, clinic, TUESDAY_TEN)
    await a_cancellation(works, by, booked.id)
    await deliver_everything(works)
    [offer] = (await look(works)).open_offers
    return entry, offer


def accept(offer_id: UUID) -> Act:
    return lambda uow: waiting_list.accept_offer(uow, offer_id)


def refuse(offer_id: UUID) -> Act:
    return lambda uow: waiting_list.refuse_offer(uow, offer_id)


async def test_of_two_who_accept_and_refuse_one_is_heard(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic
) -> None:
    entry, offer = await an_open_offer(works, receptionist, clinic)
    results = await asyncio.gather(
        *(attempt(works, receptionist, accept(offer.id)) for _ in range(3)),
        *(attempt(works, nurse, refuse(offer.id)) for _ in range(3)),
    )
    heard = [each for each in results if not isinstance(each, DomainError)]
    assert len(heard) == 1
    others = [each for each in results if isinstance(each, DomainError)]
    assert {type(each) for each in others} == {waiting_list.OfferAnswered}
    await deliver_everything(works)
    seen = await look(works)
    booked = isinstance(heard[0], waiting_list.Taken)
    assert seen.status(entry) == ("booked" if booked else "waiting")
    assert len(seen.live) == int(booked)
    seen.require_consistency()


async def test_accepted_is_booked_exactly_once(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry, offer = await an_open_offer(works, receptionist, clinic)
    results = await asyncio.gather(
        *(attempt(works, receptionist, accept(offer.id)) for _ in range(8))
    )
    assert sum(isinstance(each, waiting_list.Taken) for each in results) == 1
    seen = await look(works)
    assert [each.status for each in seen.live] == [AppointmentStatus.BOOKED]
    assert seen.status(entry) == "booked"
    seen.require_consistency()


async def test_the_sweep_expires_while_somebody_accepts(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    entry, offer = await an_open_offer(works, receptionist, clinic, beside=1)
    clock.advance(hours=2)
    taken, *_ = await asyncio.gather(
        attempt(works, receptionist, accept(offer.id)),
        expire_offers(works),
        cancel_expired_holds(works),
        expire_offers(works),
    )
    await expire_offers(works)
    await deliver_everything(works)
    seen = await look(works)
    if isinstance(taken, waiting_list.Taken):
        assert seen.status(entry) == "booked"
        assert [each.status for each in seen.live] == [AppointmentStatus.BOOKED]
    else:
        assert isinstance(taken, waiting_list.OfferAnswered)
        assert seen.status(entry) == "waiting"
        assert len(seen.open_offers) == 1
    assert len(seen.live) == 1
    seen.require_consistency()


async def test_two_sweeps_close_an_offer_once(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    await an_open_offer(works, receptionist, clinic)
    clock.advance(hours=2)
    closed = await asyncio.gather(*(expire_offers(works) for _ in range(4)))
    assert sum(closed) == 1
    assert await deliver_everything(works) == 1
    seen = await look(works)
    assert seen.live == []
    seen.require_consistency()


async def test_two_times_that_open_at_once_are_not_both_offered_to_one(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id, urgency="urgent")
    other = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    hours = [at(clock, day=3) for clock in ("08:00", "09:00", "10:00", "11:00")]
    await asyncio.gather(
        *(
            attempt(
                works,
                Actor.system("outbox-relay"),
                lambda uow, hour=hour: waiting_list.offer_freed_time(
                    uow, a_freed_time(clinic, hour), DEFAULT_RULES
                ),
            )
            for hour in hours
        )
    )
    seen = await look(works)
    assert {each.entry_id for each in seen.open_offers} == {entry.id, other.id}
    assert len(seen.live) == 2
    seen.require_consistency()


def a_freed_time(clinic: Clinic, starts_at: Any) -> appointments.SlotOpened:
    return appointments.SlotOpened(
        practitioner_id=clinic.doctor.id,
        visit_type_id=clinic.visit_type.id,
        room_id=None,
        starts_at=starts_at,
        ends_at=starts_at.replace(minute=30),
    )


async def test_the_database_refuses_a_second_open_offer(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry, offer = await an_open_offer(works, receptionist, clinic)
    other = await an_appointment(works, receptionist, clinic, at("14:00", day=3))
    with pytest.raises(IntegrityError, match="uq_waiting_list_offers_open"):
        async with works.begin(receptionist) as uow:
            uow.db.add(
                TimeOffer(
                    entry_id=entry.id,
                    appointment_id=other.id,
                    status=TimeOfferStatus.OPEN,
                    offered_by=receptionist.id,
                    offered_at=uow.now,
                    expires_at=offer.expires_at,
                )
            )


async def test_one_time_that_is_told_of_twice_is_offered_once(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    for _ in range(4):
        await somebody_waiting(works, receptionist, clinic.visit_type.id)
    freed = a_freed_time(clinic, TUESDAY_TEN)
    await asyncio.gather(
        *(
            attempt(
                works,
                Actor.system("outbox-relay"),
                lambda uow: waiting_list.offer_freed_time(uow, freed, DEFAULT_RULES),
            )
            for _ in range(4)
        )
    )
    seen = await look(works)
    assert len(seen.open_offers) == len(seen.live) == 1
    seen.require_consistency()


async def test_the_desk_books_while_the_time_is_being_offered(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    walk_up = await somebody_waiting(works, receptionist, clinic.visit_type.id, weekdays=[7])
    booking = appointments.BookAppointment(
        practitioner_id=clinic.doctor.id,
        visit_type_id=clinic.visit_type.id,
        patient_id=walk_up.patient_id,
        starts_at=TUESDAY_TEN,
    )
    freed = a_freed_time(clinic, TUESDAY_TEN)
    booked, _ = await asyncio.gather(
        attempt(works, receptionist, lambda uow: appointments.book_appointment(uow, booking)),
        attempt(
            works,
            Actor.system("outbox-relay"),
            lambda uow: waiting_list.offer_freed_time(uow, freed, DEFAULT_RULES),
        ),
    )
    seen = await look(works)
    assert len(seen.live) == 1
    taken = isinstance(booked, Appointment)
    assert seen.status(entry) == ("waiting" if taken else "offered")
    assert isinstance(booked, (Appointment, appointments.SlotTaken))
    seen.require_consistency()


async def test_taken_off_and_accepted_at_once(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry, offer = await an_open_offer(works, receptionist, clinic)
    await asyncio.gather(
        attempt(works, receptionist, accept(offer.id)),
        attempt(works, receptionist, lambda uow: waiting_list.withdraw_entry(uow, entry.id)),
    )
    seen = await look(works)
    expected = {"booked": 1, "withdrawn": 0}
    assert len(seen.live) == expected[seen.status(entry)]
    seen.require_consistency()
