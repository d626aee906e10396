"""Appointments follow their patient: into another name, into another record, and back."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from app import patients
from app.infra import relay
from app.infra.outbox import Delivery
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments import SlotTaken
from app.scheduling.appointments.models import share_of
from app.scheduling.appointments.shares import lane_of
from tests.builders.appointments import a_cancellation, an_appointment, at
from tests.builders.availability import Clinic
from tests.builders.patients import a_patient
from tests.scheduling.appointments.seeing import fresh


async def deliver(works: Works, *, latest_first: bool = False) -> None:
    """Everything the appointment book has not heard of yet."""
    async with works.sessions() as db:
        waiting = select(Delivery).where(
            Delivery.done_at.is_(None), Delivery.subscriber.startswith("appointments.")
        )
        rows = (await db.scalars(waiting.order_by(Delivery.seq))).all()
    for row in reversed(rows) if latest_first else rows:
        await relay.deliver(works, {"seq": row.seq, "subscriber": row.subscriber})


async def merge(works: Works, by: Actor, absorbed_id: UUID, survivor_id: UUID) -> UUID:
    async with works.begin(by) as uow:
        merged = await patients.merge_patients(uow, absorbed_id, survivor_id, "the same person")
        return merged.id


async def reverse(works: Works, by: Actor, merge_id: UUID) -> None:
    async with works.begin(by) as uow:
        await patients.reverse_merge(uow, merge_id)


@pytest.fixture
async def elsewhere(clinic: Clinic, other_doctor: Actor) -> Clinic:
    return replace(clinic, doctor=other_doctor)


async def test_a_new_name_is_on_every_appointment(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    booked = await an_appointment(works, receptionist, clinic, patient_id=patient.id)
    cancelled = await an_appointment(
        works, receptionist, clinic, at("11:00"), patient_id=patient.id
    )
    await a_cancellation(works, receptionist, cancelled.id)
    other = await an_appointment(works, receptionist, clinic, at("11:00"))
    async with works.begin(receptionist) as uow:
        update = patients.UpdatePatient(family_name="Okafor")
        await patients.update_patient(uow, patient.id, update, version=1)
    await deliver(works)
    found = [await fresh(works, receptionist, each.id) for each in (booked, cancelled, other)]
    assert [each.patient_name for each in found] == [
        "Mara Okafor", "Mara Okafor", "Mara Okafor-Lind",
    ]  # fmt: skip
    assert [each.version for each in found] == [2, 3, 1]


async def test_appointments_come_along_with_a_record_and_go_back_with_it(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    absorbed = await a_patient(works, receptionist)
    survivor = await a_patient(works, receptionist, given_name="Tamara")
    theirs = await an_appointment(works, receptionist, clinic, patient_id=absorbed.id)
    own = await an_appointment(works, receptionist, clinic, at("11:00"), patient_id=survivor.id)
    merge_id = await merge(works, receptionist, absorbed.id, survivor.id)
    async with works.begin(receptionist) as uow:  # nobody waits for the news
        wanted = appointments.AppointmentFilter(patient_id=survivor.id)
        found, _ = await appointments.list_appointments(uow, wanted)
        assert [each.id for each in found] == [theirs.id, own.id]
    await deliver(works)
    came = await fresh(works, receptionist, theirs.id)
    assert (came.patient_id, came.patient_name) == (survivor.id, "Tamara Okafor-Lind")
    since = await an_appointment(works, receptionist, clinic, at("14:00"), patient_id=absorbed.id)
    await reverse(works, receptionist, merge_id)
    await deliver(works)
    found = [await fresh(works, receptionist, each.id) for each in (theirs, own, since)]
    assert [each.patient_id for each in found] == [absorbed.id, survivor.id, survivor.id]
    assert found[0].patient_name == "Mara Okafor-Lind"


async def test_two_appointments_at_once_of_what_is_one_person_stand_beside_each_other(
    works: Works, receptionist: Actor, clinic: Clinic, elsewhere: Clinic
) -> None:
    absorbed = await a_patient(works, receptionist)
    survivor = await a_patient(works, receptionist)
    theirs = await an_appointment(works, receptionist, clinic, patient_id=absorbed.id)
    own = await an_appointment(works, receptionist, elsewhere, patient_id=survivor.id)
    merge_id = await merge(works, receptionist, absorbed.id, survivor.id)
    await deliver(works)
    came = await fresh(works, receptionist, theirs.id)
    assert lane_of(share_of(came.patient_share)) == 1
    assert came.overridden == ["patient"]
    assert came.override_reason == "two records of this patient became one"
    with pytest.raises(SlotTaken):
        await an_appointment(works, receptionist, clinic, at("10:15"), patient_id=survivor.id)
    await reverse(works, receptionist, merge_id)
    await deliver(works)
    back = await fresh(works, receptionist, theirs.id)
    assert (back.patient_id, back.overridden, back.override_reason) == (absorbed.id, [], None)
    assert lane_of(share_of(back.patient_share)) == 0
    assert (await fresh(works, receptionist, own.id)).version == 1


async def test_news_in_the_wrong_order_end_the_same(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    absorbed = await a_patient(works, receptionist)
    survivor = await a_patient(works, receptionist, given_name="Tamara")
    theirs = await an_appointment(works, receptionist, clinic, patient_id=absorbed.id)
    merge_id = await merge(works, receptionist, absorbed.id, survivor.id)
    await reverse(works, receptionist, merge_id)
    await deliver(works, latest_first=True)
    assert (await fresh(works, receptionist, theirs.id)).patient_id == absorbed.id


async def test_a_chain_of_merges_leads_to_the_record_that_counts(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    first = await a_patient(works, receptionist)
    second = await a_patient(works, receptionist)
    third = await a_patient(works, receptionist, given_name="Tamara")
    theirs = await an_appointment(works, receptionist, clinic, patient_id=first.id)
    await merge(works, receptionist, first.id, second.id)
    last = await merge(works, receptionist, second.id, third.id)
    await deliver(works, latest_first=True)
    assert (await fresh(works, receptionist, theirs.id)).patient_id == third.id
    await reverse(works, receptionist, last)
    await deliver(works)
    assert (await fresh(works, receptionist, theirs.id)).patient_id == second.id
