"""A time becomes free and goes from one who waits to the next, until it is booked or free again."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.errors import DomainError
from app.scheduling import appointments, availability, waiting_list
from app.scheduling.appointments import AppointmentStatus, ObstacleKind
from app.scheduling.appointments.tasks import cancel_expired_holds
from app.scheduling.rules import DEFAULT_RULES
from app.scheduling.waiting_list import TimeOffer, TimeOfferStatus, WaitingListEntry
from app.scheduling.waiting_list.tasks import expire_offers
from tests.builders.appointments import a_cancellation, a_hold, an_appointment, at
from tests.builders.availability import Clinic, a_visit_type, an_exception
from tests.builders.waiting_list import a_specialist, somebody_waiting
from tests.conftest import FrozenClock
from tests.scheduling.waiting_list.delivering import deliver_everything
from tests.scheduling.waiting_list.seeing import look

TUESDAY_TEN = at("10:00", day=3)


async def waiting(
    works: Works, by: Actor, clinic: Clinic, clock: FrozenClock, *urgencies: str
) -> list[WaitingListEntry]:
    """One entry for each urgency, a minute apart."""
    made = []
    for urgency in urgencies:
        made.append(await somebody_waiting(works, by, clinic.visit_type.id, urgency=urgency))
        clock.advance(minutes=1)
    return made


async def a_time_opens(
    works: Works, by: Actor, clinic: Clinic, starts_at: Any = TUESDAY_TEN, **fields: Any
) -> None:
    """Somebody had it, and cancels."""
    booked = await an_appointment(works, by, clinic, starts_at, **fields)
    await a_cancellation(works, by, booked.id)
    await deliver_everything(works)


async def accepted(works: Works, by: Actor, offer: TimeOffer) -> waiting_list.Taken:
    async with works.begin(by) as uow:
        return await waiting_list.accept_offer(uow, offer.id)


async def declined(works: Works, by: Actor, offer: TimeOffer) -> None:
    async with works.begin(by) as uow:
        await waiting_list.refuse_offer(uow, offer.id)
    await deliver_everything(works)


async def refused(works: Works, by: Actor, verb: Any, *args: Any, **named: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        async with works.begin(by) as uow:
            await verb(uow, *args, **named)
    return error.value


async def test_a_time_that_opens_is_held_for_the_most_urgent_who_waits_longest(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    made = await waiting(works, receptionist, clinic, clock, "routine", "soon", "soon", "routine")
    await a_time_opens(works, receptionist, clinic)
    seen = await look(works)
    [offer] = seen.open_offers
    assert offer.entry_id == made[1].id
    assert seen.status(made[1]) == "offered"
    hold = seen.appointments[offer.appointment_id]
    assert (hold.status, hold.starts_at, hold.patient_id) == (
        AppointmentStatus.PENDING,
        TUESDAY_TEN,
        made[1].patient_id,
    )
    assert hold.expires_at == offer.expires_at == clock.now() + DEFAULT_RULES.offer_for
    refusal = await refused(
        works,
        receptionist,
        appointments.book_appointment,
        appointments.BookAppointment(
            practitioner_id=clinic.doctor.id,
            visit_type_id=clinic.visit_type.id,
            patient_id=made[0].patient_id,
            starts_at=TUESDAY_TEN,
        ),
    )
    assert isinstance(refusal, appointments.SlotTaken)
    assert [(each["kind"], each["held"]) for each in refusal.conflicts] == [
        (ObstacleKind.PRACTITIONER, True)
    ]
    seen.require_consistency()


async def test_who_accepts_has_the_appointment(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    [entry] = await waiting(works, receptionist, clinic, clock, "routine")
    later = await an_appointment(
        works, receptionist, clinic, at("11:00", day=12), patient_id=entry.patient_id
    )
    await a_time_opens(works, receptionist, clinic)
    [offer] = (await look(works)).open_offers
    taken = await accepted(works, receptionist, offer)
    assert taken.appointment.id == offer.appointment_id
    assert [each.id for each in taken.kept] == [later.id]
    seen = await look(works)
    assert seen.status(entry) == "booked"
    booked = seen.appointments[offer.appointment_id]
    assert (booked.status, booked.starts_at, booked.expires_at) == (
        AppointmentStatus.BOOKED,
        TUESDAY_TEN,
        None,
    )
    assert (booked.booked_by, booked.patient_name) == (receptionist.id, "Mara Okafor-Lind")
    assert seen.appointments[later.id].status is AppointmentStatus.BOOKED
    assert seen.holds == []
    seen.require_consistency()


async def test_a_refused_time_goes_on_until_nobody_is_left_and_is_free_then(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    made = await waiting(works, receptionist, clinic, clock, "urgent", "routine", "routine")
    await a_time_opens(works, receptionist, clinic)
    for entry in made:
        seen = await look(works)
        [offer] = seen.open_offers
        assert offer.entry_id == entry.id
        seen.require_consistency()
        clock.advance(minutes=1)
        await declined(works, receptionist, offer)
    seen = await look(works)
    assert seen.offered == [entry.id for entry in made]
    assert [seen.status(entry) for entry in made] == ["waiting"] * 3
    assert {each.status for each in seen.offers} == {TimeOfferStatus.DECLINED}
    assert seen.live == []
    seen.require_consistency()
    await an_appointment(works, receptionist, clinic, TUESDAY_TEN)


async def test_an_offer_nobody_answers_expires_and_the_next_one_is_asked(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    first, second = await waiting(works, receptionist, clinic, clock, "soon", "routine")
    await a_time_opens(works, receptionist, clinic)
    clock.advance(minutes=119)
    assert await expire_offers(works) == 0
    clock.advance(minutes=1)
    assert await expire_offers(works) == 1
    await deliver_everything(works)
    seen = await look(works)
    assert seen.offered == [first.id, second.id]
    assert [each.status for each in seen.offers] == ["expired", "open"]
    assert seen.status(first) == "waiting"
    seen.require_consistency()
    clock.advance(hours=2)
    assert await expire_offers(works) == 1
    await deliver_everything(works)
    assert (await look(works)).live == []
    assert await expire_offers(works) == 0


async def test_an_expired_hold_that_somebody_booked_over_closes_its_offer(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    """Whoever books over a hold that is over cancels it; the sweep finds the offer without it."""
    [entry] = await waiting(works, receptionist, clinic, clock, "routine")
    await a_time_opens(works, receptionist, clinic)
    [offer] = (await look(works)).open_offers
    clock.advance(hours=3)
    booked = await an_appointment(works, receptionist, clinic, TUESDAY_TEN)
    error = await refused(works, receptionist, waiting_list.accept_offer, offer.id)
    assert isinstance(error, appointments.SlotTaken)
    assert error.alternatives
    assert await expire_offers(works) == 1
    await deliver_everything(works)
    seen = await look(works)
    assert (seen.status(entry), seen.offers[0].status) == ("waiting", "expired")
    assert [each.id for each in seen.live] == [booked.id]
    seen.require_consistency()


async def test_a_hold_given_back_by_hand_closes_its_offer_and_goes_on(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    first, second = await waiting(works, receptionist, clinic, clock, "soon", "routine")
    await a_time_opens(works, receptionist, clinic)
    [offer] = (await look(works)).open_offers
    async with works.begin(receptionist) as uow:
        await appointments.drop_hold(uow, offer.appointment_id)
    clock.advance(minutes=1)
    assert await expire_offers(works) == 1
    await deliver_everything(works)
    seen = await look(works)
    assert seen.offered == [first.id, second.id]
    seen.require_consistency()


async def test_an_offer_is_still_taken_late_while_the_time_is_free(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    [entry] = await waiting(works, receptionist, clinic, clock, "routine")
    await a_time_opens(works, receptionist, clinic)
    [offer] = (await look(works)).open_offers
    clock.advance(hours=3)
    await cancel_expired_holds(works)
    taken = await accepted(works, receptionist, offer)
    seen = await look(works)
    assert seen.status(entry) == "booked"
    assert [each.id for each in seen.live] == [taken.appointment.id]
    assert seen.offers[0].appointment_id == taken.appointment.id != offer.appointment_id
    seen.require_consistency()


async def test_a_hold_booked_without_its_offer_counts_as_accepted(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    [entry] = await waiting(works, receptionist, clinic, clock, "routine")
    await a_time_opens(works, receptionist, clinic)
    [offer] = (await look(works)).open_offers
    async with works.begin(receptionist) as uow:
        booked = await appointments.book_appointment(
            uow,
            appointments.BookAppointment(
                hold_id=offer.appointment_id,
                practitioner_id=clinic.doctor.id,
                visit_type_id=clinic.visit_type.id,
                patient_id=entry.patient_id,
                starts_at=TUESDAY_TEN,
            ),
        )
    error = await refused(works, receptionist, waiting_list.refuse_offer, offer.id)
    assert isinstance(error, waiting_list.OfferBooked)
    assert error.appointment_id == booked.id
    assert await expire_offers(works) == 1
    seen = await look(works)
    assert (seen.status(entry), seen.offers[0].status) == ("booked", "accepted")
    assert [each.id for each in seen.live] == [booked.id]
    seen.require_consistency()


async def test_a_hold_booked_for_somebody_else_ends_the_offer(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    entry, other = await waiting(works, receptionist, clinic, clock, "soon", "routine")
    await a_time_opens(works, receptionist, clinic)
    [offer] = (await look(works)).open_offers
    await an_appointment(
        works,
        receptionist,
        clinic,
        TUESDAY_TEN,
        hold_id=offer.appointment_id,
        patient_id=other.patient_id,
    )
    assert await expire_offers(works) == 1
    await deliver_everything(works)
    seen = await look(works)
    assert (seen.status(entry), seen.status(other)) == ("waiting", "waiting")
    assert [each.status for each in seen.live] == [AppointmentStatus.BOOKED]


@pytest.mark.parametrize("answer", ["accept_offer", "refuse_offer"])
async def test_an_answer_is_given_once(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock, answer: str
) -> None:
    await waiting(works, receptionist, clinic, clock, "routine")
    await a_time_opens(works, receptionist, clinic)
    [offer] = (await look(works)).open_offers
    async with works.begin(receptionist) as uow:
        await getattr(waiting_list, answer)(uow, offer.id)
    for again in (waiting_list.accept_offer, waiting_list.refuse_offer):
        error = await refused(works, receptionist, again, offer.id)
        assert isinstance(error, waiting_list.OfferAnswered)
    error = await refused(works, receptionist, waiting_list.accept_offer, uuid4())
    assert isinstance(error, waiting_list.OfferNotFound)


async def test_who_gave_the_time_up_is_not_offered_it(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    canceller, next_one = await waiting(works, receptionist, clinic, clock, "urgent", "routine")
    await a_time_opens(works, receptionist, clinic, patient_id=canceller.patient_id)
    assert (await look(works)).offered == [next_one.id]


async def test_who_was_moved_away_is_not_offered_the_time_again(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    moved, next_one = await waiting(works, receptionist, clinic, clock, "urgent", "routine")
    booked = await an_appointment(
        works, receptionist, clinic, TUESDAY_TEN, patient_id=moved.patient_id
    )
    async with works.begin(receptionist) as uow:
        await appointments.reschedule(
            uow, booked.id, appointments.Reschedule(starts_at=at("15:00", day=20))
        )
    await deliver_everything(works)
    assert (await look(works)).offered == [next_one.id]


async def test_a_time_that_is_past_or_too_soon_is_offered_to_nobody(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    [entry] = await waiting(works, receptionist, clinic, clock, "urgent")
    await a_time_opens(works, receptionist, clinic, at("09:30"))
    assert (await look(works)).offers == []
    await a_time_opens(works, receptionist, clinic, at("09:45"))
    [offer] = (await look(works)).offers
    assert offer.entry_id == entry.id
    assert offer.expires_at - clock.now() == timedelta(minutes=22)


async def test_a_fact_that_arrives_when_the_time_is_over_offers_nobody(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    await waiting(works, receptionist, clinic, clock, "urgent")
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await a_cancellation(works, receptionist, booked.id)
    clock.advance(hours=2)
    await deliver_everything(works)
    assert (await look(works)).offers == []


async def test_a_time_somebody_booked_in_between_is_offered_to_nobody(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    await waiting(works, receptionist, clinic, clock, "urgent", "soon")
    booked = await an_appointment(works, receptionist, clinic, TUESDAY_TEN)
    await a_cancellation(works, receptionist, booked.id)
    again = await an_appointment(works, receptionist, clinic, TUESDAY_TEN)
    await deliver_everything(works)
    seen = await look(works)
    assert (seen.offers, [each.id for each in seen.live]) == ([], [again.id])


async def test_a_day_that_was_closed_meanwhile_is_offered_to_nobody(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    await waiting(works, receptionist, clinic, clock, "urgent", "soon")
    await an_exception(
        works,
        receptionist,
        kind="closed",
        starts_local="2026-03-04T00:00",
        ends_local="2026-03-05T00:00",
    )
    override = {"override": {"reason": "agreed before"}}
    await a_time_opens(works, receptionist, clinic, at("10:00", day=4), **override)
    assert (await look(works)).offers == []


async def test_what_a_shorter_visit_leaves_goes_to_the_next(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    first, second, third = await waiting(works, receptionist, clinic, clock, *["routine"] * 3)
    hour = await a_visit_type(works, receptionist, "First visit", 60)
    await a_time_opens(works, receptionist, clinic, visit_type_id=hour.id)
    seen = await look(works)
    held = {each.entry_id: seen.appointments[each.appointment_id] for each in seen.open_offers}
    assert {key: hold.starts_at for key, hold in held.items()} == {
        first.id: TUESDAY_TEN,
        second.id: at("10:30", day=3),
    }
    assert seen.status(third) == "waiting"
    seen.require_consistency()


async def test_one_whom_it_does_not_suit_is_passed_over(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    hour = await a_visit_type(works, receptionist, "First visit", 60)
    specialist = await a_specialist(works)
    visit = clinic.visit_type.id
    for wish in (
        {"visit_type_id": hour.id},
        {"visit_type_id": visit, "weekdays": [1, 3]},
        {"visit_type_id": visit, "practitioner_id": specialist.id},
        {"visit_type_id": visit, "specialty": "Cardiology"},
        {"visit_type_id": visit, "until_time": "10:00"},
        {"visit_type_id": visit, "not_before": "2026-03-04"},
    ):
        await somebody_waiting(works, receptionist, urgency="urgent", **wish)
    suited = await somebody_waiting(works, receptionist, visit, weekdays=[2])
    await a_time_opens(works, receptionist, clinic)
    assert (await look(works)).offered == [suited.id]


async def test_a_seat_in_a_group_goes_to_who_waits_for_the_group(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    """A visit alone does not fit beside the others of the group, whatever its urgency."""
    group = await a_visit_type(works, receptionist, "Group", 60, parallel=3)
    seats = [
        await an_appointment(works, receptionist, clinic, TUESDAY_TEN, visit_type_id=group.id)
        for _ in range(3)
    ]
    await waiting(works, receptionist, clinic, clock, *["urgent"] * 12)
    member = await somebody_waiting(works, receptionist, group.id)
    await a_cancellation(works, receptionist, seats[1].id)
    await deliver_everything(works)
    seen = await look(works)
    assert seen.offered == [member.id]
    assert len(seen.live) == 3


async def test_the_room_that_became_free_comes_with_the_time(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    await waiting(works, receptionist, clinic, clock, "routine")
    await a_time_opens(works, receptionist, clinic, room_id=clinic.room.id)
    [hold] = (await look(works)).holds
    assert hold.room_id == clinic.room.id


async def test_a_room_retired_meanwhile_stops_nothing_but_the_offer(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    await waiting(works, receptionist, clinic, clock, "routine")
    booked = await an_appointment(works, receptionist, clinic, TUESDAY_TEN, room_id=clinic.room.id)
    await a_cancellation(works, receptionist, booked.id)
    async with works.begin(receptionist) as uow:
        await availability.retire_room(uow, clinic.room.id)
    await deliver_everything(works)
    assert (await look(works)).offers == []


async def test_who_is_taken_off_the_list_gives_the_held_time_to_the_next(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    first, second = await waiting(works, receptionist, clinic, clock, "soon", "routine")
    await a_time_opens(works, receptionist, clinic)
    async with works.begin(receptionist) as uow:
        await waiting_list.withdraw_entry(uow, first.id)
    clock.advance(minutes=1)
    await deliver_everything(works)
    seen = await look(works)
    assert seen.status(first) == "withdrawn"
    assert [(each.entry_id, each.status) for each in seen.offers] == [
        (first.id, "declined"),
        (second.id, "open"),
    ]
    seen.require_consistency()


def by_hand(clinic: Clinic, **fields: Any) -> waiting_list.NewOffer:
    told = {"practitioner_id": clinic.doctor.id, "starts_at": TUESDAY_TEN}
    return waiting_list.NewOffer.model_validate(told | fields)


async def offered(works: Works, by: Actor, entry_id: UUID, new: waiting_list.NewOffer) -> TimeOffer:
    async with works.begin(by) as uow:
        return await waiting_list.offer_by_hand(uow, entry_id, new, DEFAULT_RULES)


async def test_a_time_is_offered_by_hand_whatever_they_wished(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id, weekdays=[5])
    offer = await offered(works, receptionist, entry.id, by_hand(clinic, duration_minutes=20))
    seen = await look(works)
    hold = seen.appointments[offer.appointment_id]
    assert hold.ends_at - hold.starts_at == timedelta(minutes=20)
    assert offer.expires_at == hold.expires_at == clock.now() + timedelta(hours=2)
    error = await refused(
        works,
        receptionist,
        waiting_list.offer_by_hand,
        entry.id,
        by_hand(clinic, starts_at=at("14:00", day=3)),
        DEFAULT_RULES,
    )
    assert isinstance(error, waiting_list.AlreadyOffered)
    taken = await accepted(works, receptionist, offer)
    assert taken.appointment.ends_at - taken.appointment.starts_at == timedelta(minutes=20)
    (await look(works)).require_consistency()


async def test_a_time_offered_by_hand_is_held_until_it_begins_at_most(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    offer = await offered(works, receptionist, entry.id, by_hand(clinic, starts_at=at("09:15")))
    assert offer.expires_at == at("09:15")
    clock.advance(minutes=15)
    assert await expire_offers(works) == 1
    await deliver_everything(works)
    assert (await look(works)).live == []


async def test_what_is_in_the_way_of_an_offer_by_hand_is_told(
    works: Works, receptionist: Actor, nurse: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    await a_hold(works, receptionist, clinic, TUESDAY_TEN)
    for new, kinds in (
        (by_hand(clinic), [ObstacleKind.PRACTITIONER]),
        (by_hand(clinic, starts_at=at("19:00", day=3)), [ObstacleKind.OUTSIDE_HOURS]),
        (by_hand(clinic, starts_at=at("08:00")), [ObstacleKind.IN_THE_PAST]),
    ):
        error = await refused(
            works, receptionist, waiting_list.offer_by_hand, entry.id, new, DEFAULT_RULES
        )
        assert isinstance(error, appointments.SlotTaken)
        assert [each["kind"] for each in error.conflicts] == kinds
        assert len(error.alternatives) == 3
    override = by_hand(clinic, override={"reason": "the doctor agreed"})
    error = await refused(
        works, nurse, waiting_list.offer_by_hand, entry.id, override, DEFAULT_RULES
    )
    assert isinstance(error, appointments.MayNotOverride)
    offer = await offered(works, receptionist, entry.id, override)
    taken = await accepted(works, receptionist, offer)
    assert taken.appointment.overridden == ["practitioner"]
    assert taken.appointment.override_reason == "the doctor agreed"


async def test_who_no_longer_waits_is_offered_nothing_by_hand(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    async with works.begin(receptionist) as uow:
        await waiting_list.withdraw_entry(uow, entry.id)
    error = await refused(
        works,
        receptionist,
        waiting_list.offer_by_hand,
        entry.id,
        by_hand(clinic),
        DEFAULT_RULES,
    )
    assert isinstance(error, waiting_list.EntryClosed)


async def test_open_offers_are_listed_by_when_they_expire(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    first, second = await waiting(works, receptionist, clinic, clock, "soon", "routine")
    await a_time_opens(works, receptionist, clinic, at("15:00", day=3))
    await a_time_opens(works, receptionist, clinic, at("10:30"))
    async with works.begin(receptionist) as uow:
        listed = await waiting_list.open_offers(uow)
    assert [(entry.id, hold.starts_at) for entry, _, hold in listed] == [
        (second.id, at("10:30")),
        (first.id, at("15:00", day=3)),
    ]
