"""Being put on the waiting list, changed, taken off, and following a merge of records."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app import audit, patients
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.errors import DomainError
from app.kernel.lifecycle import IllegalMove
from app.scheduling import availability, waiting_list
from app.scheduling.waiting_list import WaitingListEntry, WaitingListMove, WaitingStatus
from tests.builders.availability import a_visit_type
from tests.builders.patients import a_patient
from tests.builders.waiting_list import a_specialist, somebody_waiting
from tests.conftest import FrozenClock
from tests.scheduling.waiting_list.delivering import deliver_everything


@pytest.fixture
async def visit_type(works: Works, admin: Actor) -> availability.VisitType:
    return await a_visit_type(works, admin)


@pytest.fixture
async def patient(works: Works, receptionist: Actor) -> patients.Patient:
    return await a_patient(works, receptionist)


async def refused(works: Works, by: Actor, verb: Any, *args: Any, **named: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        async with works.begin(by) as uow:
            await verb(uow, *args, **named)
    return error.value


async def faults(works: Works, by: Actor, **told: Any) -> list[tuple[str, str]]:
    new = waiting_list.NewEntry(**told)
    error = await refused(works, by, waiting_list.add_entry, new)
    assert isinstance(error, waiting_list.WishUnfit)
    return [(fault["at"][-1], fault["rule"]) for fault in error.errors]


async def test_somebody_waits(
    works: Works,
    receptionist: Actor,
    patient: patients.Patient,
    visit_type: availability.VisitType,
) -> None:
    entry = await somebody_waiting(
        works,
        receptionist,
        visit_type.id,
        patient_id=patient.id,
        urgency="soon",
        weekdays=[3, 1, 3],
        from_time="08:30",
        until_time="24:00",
        not_after="2026-04-01",
        note="comes by bus",
    )
    async with works.sessions() as db:
        row = await db.get_one(WaitingListEntry, entry.id)
        [move] = list(await db.scalars(select(WaitingListMove)))
        [trace] = list(
            await db.scalars(
                select(audit.AuditEvent).where(audit.AuditEvent.action == "waiting_list.add")
            )
        )
    assert (row.status, row.weekdays, row.from_minute, row.until_minute) == (
        WaitingStatus.WAITING,
        [1, 3],
        510,
        1440,
    )
    assert (row.not_after, row.note, row.version) == (date(2026, 4, 1), "comes by bus", 1)
    assert (move.from_status, move.to_status, move.moved_by) == (None, "waiting", receptionist.id)
    assert (trace.patient_id, trace.subject_id, trace.detail) == (
        patient.id,
        entry.id,
        {"urgency": "soon"},
    )


async def test_nobody_waits_twice_for_the_same(
    works: Works,
    receptionist: Actor,
    doctor: Actor,
    patient: patients.Patient,
    visit_type: availability.VisitType,
) -> None:
    told = {"patient_id": patient.id, "visit_type_id": visit_type.id}
    first = await somebody_waiting(works, receptionist, visit_type.id, patient_id=patient.id)
    error = await refused(
        works, receptionist, waiting_list.add_entry, waiting_list.NewEntry(**told)
    )
    assert isinstance(error, waiting_list.AlreadyWaiting)
    assert error.entry_id == first.id
    await somebody_waiting(
        works, receptionist, visit_type.id, patient_id=patient.id, practitioner_id=doctor.id
    )
    async with works.begin(receptionist) as uow:
        await waiting_list.withdraw_entry(uow, first.id)
    await somebody_waiting(works, receptionist, visit_type.id, patient_id=patient.id)


async def test_a_wish_nobody_can_fulfil_names_every_field(
    *,
    works: Works,
    receptionist: Actor,
    admin: Actor,
    doctor: Actor,
    other_doctor: Actor,
    patient: patients.Patient,
    visit_type: availability.VisitType,
) -> None:
    told = {"patient_id": patient.id, "visit_type_id": visit_type.id}
    hers = await a_visit_type(works, admin, "Echo", offered_by=[doctor.id])
    assert await faults(works, receptionist, **told, practitioner_id=uuid4()) == [
        ("practitioner_id", "practitioner_known")
    ]
    assert await faults(works, receptionist, **told, practitioner_id=admin.id) == [
        ("practitioner_id", "practitioner_known")
    ]
    assert await faults(works, receptionist, **told, specialty="Astrology") == [
        ("specialty", "specialty_known")
    ]
    both = {"practitioner_id": doctor.id, "specialty": "Cardiology"}
    assert await faults(works, receptionist, **told, **both) == [("specialty", "one_of_both")]
    assert await faults(
        works,
        receptionist,
        patient_id=patient.id,
        visit_type_id=hers.id,
        practitioner_id=other_doctor.id,
        from_time="08:00",
        until_time="08:20",
        not_before="2026-03-10",
        not_after="2026-03-09",
    ) == [
        ("visit_type_id", "visit_type_offered"),
        ("until_time", "long_enough"),
        ("not_after", "days_in_order"),
    ]
    assert await faults(works, receptionist, **told, not_after="2026-03-01") == [
        ("not_after", "date_not_in_past")
    ]
    assert await faults(works, receptionist, patient_id=patient.id, visit_type_id=uuid4()) == [
        ("visit_type_id", "visit_type_known")
    ]


async def test_the_specialty_is_written_as_the_clinic_writes_it(
    works: Works, receptionist: Actor, visit_type: availability.VisitType
) -> None:
    await a_specialist(works)
    entry = await somebody_waiting(works, receptionist, visit_type.id, specialty="cardiology")
    assert entry.specialty == "Cardiology"


async def changed(works: Works, by: Actor, entry: WaitingListEntry, **told: Any) -> Any:
    async with works.begin(by) as uow:
        return await waiting_list.change_entry(
            uow, entry.id, waiting_list.ChangeEntry(**told), version=entry.version
        )


async def test_only_what_was_said_changes(
    works: Works, receptionist: Actor, doctor: Actor, visit_type: availability.VisitType
) -> None:
    entry = await somebody_waiting(
        works, receptionist, visit_type.id, practitioner_id=doctor.id, from_time="08:00", note="bus"
    )
    entry = await changed(
        works, receptionist, entry, urgency="urgent", until_time="12:00", note=None, weekdays=[5]
    )
    assert (entry.urgency, entry.from_minute, entry.until_minute) == ("urgent", 480, 720)
    assert (entry.note, entry.weekdays, entry.practitioner_id) == (None, [5], doctor.id)
    assert entry.version == 2
    await a_specialist(works)
    entry = await changed(works, receptionist, entry, practitioner_id=None, specialty="CARDIOLOGY")
    assert (entry.practitioner_id, entry.specialty) == (None, "Cardiology")


async def test_a_change_of_what_somebody_else_changed_is_refused(
    works: Works, receptionist: Actor, visit_type: availability.VisitType
) -> None:
    entry = await somebody_waiting(works, receptionist, visit_type.id)
    change = waiting_list.ChangeEntry(urgency="urgent")
    async with works.begin(receptionist) as uow:
        await waiting_list.change_entry(uow, entry.id, change, version=1)
    error = await refused(
        works, receptionist, waiting_list.change_entry, entry.id, change, version=1
    )
    assert isinstance(error, waiting_list.EntryChanged)
    assert (error.expected_version, error.current_version) == (1, 2)


async def test_a_change_that_makes_no_sense_is_refused(
    works: Works,
    receptionist: Actor,
    doctor: Actor,
    clock: FrozenClock,
    visit_type: availability.VisitType,
) -> None:
    entry = await somebody_waiting(
        works,
        receptionist,
        visit_type.id,
        practitioner_id=doctor.id,
        from_time="08:00",
        not_after="2026-03-03",
    )
    for told in ({"specialty": "Cardiology"}, {"until_time": "08:10"}):
        error = await refused(
            works,
            receptionist,
            waiting_list.change_entry,
            entry.id,
            waiting_list.ChangeEntry(**told),
            version=1,
        )
        assert isinstance(error, waiting_list.WishUnfit)
    clock.advance(days=3)  # the last day is over, which is no reason to refuse another change
    assert (await changed(works, receptionist, entry, from_time=None)).from_minute is None


async def test_whoever_was_taken_off_stays_off(
    works: Works, receptionist: Actor, visit_type: availability.VisitType
) -> None:
    entry = await somebody_waiting(works, receptionist, visit_type.id)
    async with works.begin(receptionist) as uow:
        await waiting_list.withdraw_entry(uow, entry.id, reason="found help elsewhere")
    error = await refused(works, receptionist, waiting_list.withdraw_entry, entry.id)
    assert isinstance(error, IllegalMove)
    error = await refused(
        works,
        receptionist,
        waiting_list.change_entry,
        entry.id,
        waiting_list.ChangeEntry(urgency="soon"),
        version=2,
    )
    assert isinstance(error, waiting_list.EntryClosed)
    async with works.sessions() as db:
        rows = select(WaitingListMove).order_by(WaitingListMove.seq)
        moves = list(await db.scalars(rows))
    assert [(move.from_status, move.to_status, move.reason) for move in moves] == [
        (None, "waiting", None),
        ("waiting", "withdrawn", "found help elsewhere"),
    ]


async def test_administrators_look_and_keep_nothing(
    works: Works, receptionist: Actor, admin: Actor, visit_type: availability.VisitType
) -> None:
    entry = await somebody_waiting(works, receptionist, visit_type.id)
    async with works.begin(admin) as uow:
        assert (await waiting_list.read_entry(uow, entry.id)).id == entry.id
    error = await refused(works, admin, waiting_list.withdraw_entry, entry.id)
    assert isinstance(error, waiting_list.MayNotKeepWaitingList)


async def ids(works: Works, by: Actor, **filters: Any) -> list[UUID]:
    async with works.begin(by) as uow:
        found, _ = await waiting_list.list_entries(uow, **filters)
    return [entry.id for entry in found]


async def test_the_urgent_come_first_then_those_who_wait_longest(
    works: Works,
    receptionist: Actor,
    doctor: Actor,
    clock: FrozenClock,
    visit_type: availability.VisitType,
) -> None:
    made = {}
    for urgency in ("routine", "soon", "urgent", "routine", "soon", "urgent"):
        entry = await somebody_waiting(works, receptionist, visit_type.id, urgency=urgency)
        made.setdefault(urgency, []).append(entry.id)
        clock.advance(minutes=1)
    expected = made["urgent"] + made["soon"] + made["routine"]
    assert await ids(works, receptionist) == expected
    assert await ids(works, receptionist, status=WaitingStatus.WAITING) == expected
    async with works.begin(receptionist) as uow:
        await waiting_list.withdraw_entry(uow, expected[0])
    assert await ids(works, receptionist) == expected[1:]
    assert await ids(works, receptionist, status=WaitingStatus.WITHDRAWN) == expected[:1]
    hers = await somebody_waiting(
        works, receptionist, visit_type.id, practitioner_id=doctor.id, urgency="urgent"
    )
    assert await ids(works, receptionist, practitioner_id=doctor.id) == [hers.id]
    assert await ids(works, receptionist, patient_id=hers.patient_id) == [hers.id]


async def merged(works: Works, by: Actor, absorbed: UUID, survivor: UUID) -> UUID:
    async with works.begin(by) as uow:
        merge = await patients.merge_patients(uow, absorbed, survivor, "the same person")
    await deliver_everything(works)
    return merge.id


async def test_entries_follow_a_merge_and_go_back(
    works: Works, receptionist: Actor, clock: FrozenClock, visit_type: availability.VisitType
) -> None:
    first = await somebody_waiting(works, receptionist, visit_type.id)
    clock.advance(minutes=1)
    second = await somebody_waiting(works, receptionist, visit_type.id)
    merge_id = await merged(works, receptionist, first.patient_id, second.patient_id)
    for patient_id in (first.patient_id, second.patient_id):
        assert await ids(works, receptionist, patient_id=patient_id) == [first.id, second.id]
    async with works.sessions() as db:
        assert (await db.get_one(WaitingListEntry, first.id)).patient_id == second.patient_id
    clock.advance(hours=1)
    await a_specialist(works)
    since = await somebody_waiting(
        works,
        receptionist,
        visit_type.id,
        patient_id=second.patient_id,
        specialty="Cardiology",
    )
    async with works.begin(receptionist) as uow:
        await patients.reverse_merge(uow, merge_id)
    await deliver_everything(works)
    assert await ids(works, receptionist, patient_id=first.patient_id) == [first.id]
    assert await ids(works, receptionist, patient_id=second.patient_id) == [second.id, since.id]


async def test_before_the_fact_of_a_merge_arrives_the_record_that_counts_is_shown(
    works: Works, receptionist: Actor, visit_type: availability.VisitType
) -> None:
    entry = await somebody_waiting(works, receptionist, visit_type.id)
    survivor = await a_patient(works, receptionist, given_name="Tamara")
    async with works.begin(receptionist) as uow:
        await patients.merge_patients(uow, entry.patient_id, survivor.id, "the same person")
    async with works.begin(receptionist) as uow:
        found = await waiting_list.read_entry(uow, entry.id)
        [seen] = await waiting_list.describe(uow, found)
    assert (seen.patient_id, seen.patient_name) == (survivor.id, "Tamara Okafor-Lind")


async def test_a_merge_taken_back_before_it_was_heard_of_moves_nobody(
    works: Works, receptionist: Actor, visit_type: availability.VisitType
) -> None:
    entry = await somebody_waiting(works, receptionist, visit_type.id)
    survivor = await a_patient(works, receptionist)
    async with works.begin(receptionist) as uow:
        merge = await patients.merge_patients(uow, entry.patient_id, survivor.id, "the same")
    async with works.begin(receptionist) as uow:
        await patients.reverse_merge(uow, merge.id)
    await deliver_everything(works, latest_first=True)
    assert await ids(works, receptionist, patient_id=entry.patient_id) == [entry.id]
    assert await ids(works, receptionist, patient_id=survivor.id) == []
