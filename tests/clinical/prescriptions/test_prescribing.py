"""From a draft to what is taken: checked, answered, signed, and never a warning lost."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app import patients
from app.clinical import formulary, notes, prescriptions
from app.clinical.prescriptions import ItemStatus, PrescriptionOut
from app.clinical.prescriptions.models import PrescriptionCheck, PrescriptionItemMove
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.patients import UpdatePatient
from tests.builders.patients import a_patient
from tests.builders.prescriptions import (
    AMOXICILLIN,
    ASPIRIN,
    FOLDER,
    LISINOPRIL,
    SPIRONOLACTONE,
    WARFARIN,
    WHY,
    a_draft,
    an_issued,
    answered,
    content,
    issued,
    not_checked,
    somebody,
    warnings,
)
from tests.conftest import FrozenClock
from tests.fixtures.statements import heard

pytestmark = pytest.mark.usefixtures("in_force")


async def allergic(works: Works, by: Actor, patient_id: UUID, *allergies: str) -> None:
    async with works.begin(by) as uow:
        version = (await patients.get_patient(uow, patient_id)).version
        change = UpdatePatient(allergies=list(allergies))
        await patients.update_patient(uow, patient_id, change, version=version)


async def listed(works: Works, by: Actor, patient_id: UUID) -> prescriptions.MedicationList:
    async with works.begin(by) as uow:
        return await prescriptions.medication_list(uow, patient_id)


def rules(draft: PrescriptionOut) -> set[str | None]:
    """Of all warnings."""
    checks = [item.check for item in draft.items if item.check]
    return {f.rule for check in checks for f in check.findings if f.outcome == "warning"}


async def read(works: Works, by: Actor, prescription_id: UUID) -> PrescriptionOut:
    async with works.begin(by) as uow:
        return await prescriptions.read_prescription(uow, prescription_id)


async def test_what_is_issued_is_signed_and_taken(works: Works, doctor: Actor) -> None:
    patient = await somebody(works, doctor)
    draft = await a_draft(works, doctor, patient, LISINOPRIL)
    [item] = draft.items
    assert item.drug_key is not None
    assert item.sig_text == "Take 1 tablet by mouth once a day."
    done = await issued(works, doctor, await answered(works, doctor, draft))
    assert done.issued_at is not None
    assert (done.prescriber.id, len(done.content_sha256 or "")) == (doctor.id, 64)
    assert [one.status for one in done.items] == [ItemStatus.ACTIVE]
    found = await listed(works, doctor, patient)
    assert [one.id for one in found.active] == [item.id]
    with pytest.raises(prescriptions.AlreadyIssued):
        await issued(works, doctor, done)
    async with works.sessions() as db:
        moves = await db.scalars(select(PrescriptionItemMove).order_by(PrescriptionItemMove.seq))
        assert [(m.from_status, m.to_status) for m in moves] == [
            (None, "draft"),
            ("draft", "active"),
        ]


async def test_a_warning_stands_until_its_reason_is_given(works: Works, doctor: Actor) -> None:
    patient = await somebody(works, doctor, allergies=["penicillin"])
    draft = await a_draft(works, doctor, patient, AMOXICILLIN)
    assert warnings(draft)
    with pytest.raises(prescriptions.WarningsUnanswered) as refused:
        await issued(works, doctor, draft)
    assert sorted(refused.value.findings) == sorted(warnings(draft))
    done = await issued(works, doctor, await answered(works, doctor, draft))
    [check] = [item.check for item in done.items]
    assert check is not None
    said = [f.answer.reason for f in check.findings if f.id in warnings(done) and f.answer]
    assert set(said) == {WHY}
    assert all(f.source and f.as_of for f in check.findings if f.id in warnings(done))


async def test_what_was_not_checked_is_known_or_nothing_is_issued(
    works: Works, doctor: Actor
) -> None:
    patient = await somebody(works, doctor)
    draft = await a_draft(works, doctor, patient, LISINOPRIL | {"name": "Zorblaxine"})
    [item] = draft.items
    assert item.drug_key is None
    assert item.check is not None
    assert {finding.outcome for finding in item.check.findings} == {"not-checked"}
    assert {finding.kind for finding in item.check.findings} >= {"allergy", "interaction", "dose"}
    with pytest.raises(prescriptions.NotCheckedUnacknowledged) as refused:
        await issued(works, doctor, draft)
    assert set(refused.value.findings) == set(not_checked(draft))
    assert (await issued(works, doctor, await answered(works, doctor, draft))).issued_at


async def test_nobody_asked_is_never_nothing_found(works: Works, doctor: Actor) -> None:
    patient = (await a_patient(works, doctor)).id
    draft = await a_draft(works, doctor, patient, LISINOPRIL)
    [check] = [item.check for item in draft.items]
    assert check is not None
    told = {(f.kind, f.outcome) for f in check.findings}
    for kind in ("allergy", "interaction", "duplicate-therapy"):
        assert (kind, "not-checked") in told
        assert (kind, "pass") not in told
    assert (await listed(works, doctor, patient)).recorded is None


async def test_an_allergy_written_down_meanwhile_is_found_when_it_is_issued(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    patient = await somebody(works, doctor)
    draft = await answered(works, doctor, await a_draft(works, doctor, patient, AMOXICILLIN))
    assert warnings(draft) == []
    await allergic(works, nurse, patient, "penicillin")
    [stale] = [item.check for item in (await read(works, doctor, draft.id)).items]
    assert stale is not None
    assert stale.stale
    with pytest.raises(prescriptions.WarningsUnanswered):
        await issued(works, doctor, draft)
    shown = await read(works, doctor, draft.id)  # kept, although it was refused
    assert warnings(shown)
    done = await issued(works, doctor, await answered(works, doctor, shown))
    assert done.issued_at is not None


async def test_an_allergy_at_the_same_moment_is_never_lost(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    """Whichever comes first: it is refused, or the list warns of what is active."""
    for attempt in range(4):
        patient = await somebody(works, doctor, family_name=f"Race{attempt}")
        draft = await answered(works, doctor, await a_draft(works, doctor, patient, AMOXICILLIN))
        outcome, _ = await asyncio.gather(
            issued(works, doctor, draft),
            allergic(works, nurse, patient, "penicillin"),
            return_exceptions=True,
        )
        found = await listed(works, nurse, patient)
        if isinstance(outcome, prescriptions.WarningsUnanswered):
            assert found.active == []
        else:
            assert isinstance(outcome, PrescriptionOut)
            assert [one.finding.kind for one in found.warnings] == ["allergy"]


async def test_a_warning_found_later_is_answered_by_any_doctor(
    works: Works, doctor: Actor, other_doctor: Actor, nurse: Actor
) -> None:
    patient = await somebody(works, doctor)
    done = await an_issued(works, doctor, patient, AMOXICILLIN)
    await allergic(works, nurse, patient, "penicillin")
    assert (await listed(works, nurse, patient)).warnings
    async with works.begin(other_doctor) as uow:
        checked = await prescriptions.check_prescription(uow, done.id)
    await answered(works, other_doctor, checked, reason="Was no allergy: took it in May.")
    found = await listed(works, nurse, patient)
    assert found.warnings == []
    [check] = [item.check for item in found.active]
    assert check is not None
    assert {f.answer.by.id for f in check.findings if f.answer and f.answer.reason} == {
        other_doctor.id
    }


async def test_two_doctors_at_once_and_one_of_them_is_warned(
    works: Works, doctor: Actor, other_doctor: Actor
) -> None:
    patient = await somebody(works, doctor)
    one = await answered(works, doctor, await a_draft(works, doctor, patient, WARFARIN))
    other = await answered(
        works, other_doctor, await a_draft(works, other_doctor, patient, ASPIRIN)
    )
    assert warnings(one) == warnings(other) == []
    outcomes = await asyncio.gather(
        issued(works, doctor, one), issued(works, other_doctor, other), return_exceptions=True
    )
    kinds = sorted(type(each).__name__ for each in outcomes)
    assert kinds == ["PrescriptionOut", "WarningsUnanswered"], outcomes


async def test_the_same_draft_is_issued_once(works: Works, doctor: Actor) -> None:
    patient = await somebody(works, doctor)
    draft = await answered(works, doctor, await a_draft(works, doctor, patient, LISINOPRIL))
    outcomes = await asyncio.gather(
        *(issued(works, doctor, draft) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in outcomes) == [
        *["AlreadyIssued"] * 3,
        "PrescriptionOut",
    ]
    assert len((await listed(works, doctor, patient)).active) == 1


async def test_medicines_of_one_draft_are_checked_beside_each_other_and_an_answer_stays(
    works: Works, doctor: Actor
) -> None:
    patient = await somebody(works, doctor)
    draft = await a_draft(works, doctor, patient, LISINOPRIL)
    assert warnings(draft) == []
    async with works.begin(doctor) as uow:
        draft = await prescriptions.add_item(
            uow, draft.id, content(**SPIRONOLACTONE), version=draft.version
        )
    assert len(warnings(draft)) >= 2  # told at both
    draft = await answered(works, doctor, draft)
    async with works.begin(doctor) as uow:
        changed = await prescriptions.change_item(
            uow, draft.id, draft.items[0].id, content(refills=3), version=draft.version
        )
    assert warnings(changed) == warnings(draft)
    assert all(
        finding.answer
        for item in changed.items
        for finding in (item.check.findings if item.check else ())
        if finding.outcome == "warning"
    )
    async with works.begin(doctor) as uow:
        with pytest.raises(prescriptions.PrescriptionChanged):
            await prescriptions.change_item(
                uow, draft.id, draft.items[0].id, content(), version=draft.version
            )
    async with works.begin(doctor) as uow:
        await prescriptions.cancel_item(uow, draft.items[1].id, reason="Not with lisinopril.")
    left = await read(works, doctor, draft.id)
    [drafted] = [item for item in left.items if item.status is ItemStatus.DRAFT]
    assert drafted.check is not None
    assert [f for f in drafted.check.findings if f.outcome == "warning"] == []


async def test_what_was_not_said_is_asked(works: Works, doctor: Actor) -> None:
    patient = await somebody(works, doctor)
    said = LISINOPRIL | {"sig": {"amount": 10, "unit": "mg", "times_a_day": 1}}
    draft = await answered(works, doctor, await a_draft(works, doctor, patient, said))
    with pytest.raises(prescriptions.ItemsIncomplete) as refused:
        await issued(works, doctor, draft)
    assert [fault["at"][-1] for fault in refused.value.errors] == ["route"]
    empty = await a_draft(works, doctor, patient)
    with pytest.raises(prescriptions.NothingPrescribed):
        await issued(works, doctor, empty)


async def test_held_taken_up_again_renewed_and_stopped(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    patient = await somebody(works, doctor)
    first = (await an_issued(works, doctor, patient, LISINOPRIL)).items[0]
    async with works.begin(nurse) as uow:
        held = await prescriptions.hold_item(uow, first.id, reason="Blood pressure 88/50.")
    assert (held.status, held.status_reason) == (ItemStatus.ON_HOLD, "Blood pressure 88/50.")
    await an_issued(works, doctor, patient, SPIRONOLACTONE)
    async with works.begin(doctor) as uow:
        with pytest.raises(prescriptions.WarningsUnanswered) as refused:
            await prescriptions.resume_item(uow, first.id)
    async with works.begin(doctor) as uow:
        for finding in refused.value.findings:
            await prescriptions.override_warning(uow, first.id, finding, reason=WHY)
    async with works.begin(doctor) as uow:
        assert (await prescriptions.resume_item(uow, first.id)).status is ItemStatus.ACTIVE
        renewal = await prescriptions.renew_item(uow, first.id)
    assert [item.renews_id for item in renewal.items] == [first.id]
    again = await issued(works, doctor, await answered(works, doctor, renewal))
    found = await listed(works, doctor, patient)
    assert found.warnings == []  # answered at one of the two
    assert again.items[0].id in [one.id for one in found.active]
    assert [(one.id, one.status, one.status_reason) for one in found.ended] == [
        (first.id, ItemStatus.COMPLETED, "Renewed.")
    ]
    async with works.begin(doctor) as uow:
        with pytest.raises(IllegalMove):
            await prescriptions.stop_item(uow, first.id, reason="Cough with it.")
    async with works.begin(doctor) as uow:
        stopped = await prescriptions.stop_item(uow, again.items[0].id, reason="Cough with it.")
    assert stopped.status is ItemStatus.STOPPED


async def test_a_recorded_medicine_is_seen_and_can_be_taken_over(
    works: Works, doctor: Actor
) -> None:
    patient = await somebody(
        works, doctor, medications=["spironolactone 25 mg daily", "green drops"]
    )
    draft = await a_draft(works, doctor, patient, LISINOPRIL)
    assert warnings(draft)
    over = SPIRONOLACTONE | {"continues": "spironolactone 25 mg daily"}
    draft = await a_draft(works, doctor, patient, over)
    assert "duplicate-therapy" not in {
        f.kind
        for f in draft.items[0].check.findings
        if f.outcome == "warning"  # type: ignore[union-attr]
    }
    await issued(works, doctor, await answered(works, doctor, draft))
    found = await listed(works, doctor, patient)
    assert found.recorded is not None
    assert [(one.text, one.prescribed_as) for one in found.recorded] == [
        ("spironolactone 25 mg daily", draft.items[0].id),
        ("green drops", None),
    ]


async def test_a_recorded_line_of_two_medicines_is_both(works: Works, doctor: Actor) -> None:
    line = "aspirin 81 mg, warfarin 5 mg daily"
    patient = await somebody(works, doctor, medications=[line])
    draft = await a_draft(works, doctor, patient, LISINOPRIL | {"name": "Ibuprofen"})
    assert "interaction.warfarin.ibuprofen" in rules(draft)
    found = await listed(works, doctor, patient)
    assert [(one.text, one.prescribed_as) for one in found.recorded or ()] == [(line, None)]
    over = await a_draft(works, doctor, patient, ASPIRIN | {"continues": line})
    assert "interaction.warfarin.aspirin" in rules(over)  # only the aspirin of it is taken over


async def test_nothing_is_forgotten_by_taking_it_over_as_something_else(
    works: Works, doctor: Actor
) -> None:
    patient = await somebody(works, doctor, medications=["warfarin 5 mg daily"])
    draft = await a_draft(works, doctor, patient, ASPIRIN | {"continues": "warfarin 5 mg daily"})
    assert "interaction.warfarin.aspirin" in rules(draft)
    await issued(works, doctor, await answered(works, doctor, draft))
    found = await listed(works, doctor, patient)
    assert [one.prescribed_as for one in found.recorded or ()] == [None]


async def test_the_release_is_read_as_often_for_one_medicine_as_for_four(
    works: Works, doctor: Actor
) -> None:
    patient = await somebody(works, doctor)
    read = []
    for items in ([LISINOPRIL], [LISINOPRIL, WARFARIN, ASPIRIN, SPIRONOLACTONE]):
        draft = await a_draft(works, doctor, patient, *items)
        async with heard(works) as sent, works.begin(doctor) as uow:
            await prescriptions.check_prescription(uow, draft.id)
        read.append(sum("from formulary_releases" in one.sql.lower() for one in sent))
    assert read[0] == read[1]


async def test_a_medicine_is_not_checked_as_another_than_it_is_called(
    works: Works, doctor: Actor
) -> None:
    patient = await somebody(works, doctor)
    with pytest.raises(prescriptions.AnotherMedicine):
        await a_draft(works, doctor, patient, WARFARIN | {"drug_key": "metformin"})
    brand = LISINOPRIL | {"name": "Coumadin", "drug_key": "warfarin"}
    own = LISINOPRIL | {"name": "Blood thinner", "drug_key": "warfarin"}
    draft = await a_draft(works, doctor, patient, brand, own)
    assert [item.drug_key for item in draft.items] == ["warfarin", "warfarin"]


async def test_a_draft_takes_the_place_of_no_draft(works: Works, doctor: Actor) -> None:
    """Neither of itself nor of its neighbour: issued, it would have ended what begins."""
    patient = await somebody(works, doctor)
    draft = await a_draft(works, doctor, patient, WARFARIN)
    item, version = draft.items[0].id, draft.version
    itself, neighbour = (content(**one | {"renews_id": item}) for one in (WARFARIN, ASPIRIN))
    with pytest.raises(prescriptions.NotRenewable):
        async with works.begin(doctor) as uow:
            await prescriptions.change_item(uow, draft.id, item, itself, version=version)
    with pytest.raises(prescriptions.NotRenewable):
        async with works.begin(doctor) as uow:
            await prescriptions.add_item(uow, draft.id, neighbour, version=version)
    done = await issued(works, doctor, await answered(works, doctor, draft))
    assert [one.status for one in done.items] == [ItemStatus.ACTIVE]


async def test_what_the_next_release_does_not_know_is_renewed_unchecked(
    works: Works, doctor: Actor
) -> None:
    patient = await somebody(works, doctor)
    [item] = (await an_issued(works, doctor, patient, LISINOPRIL)).items
    head, contents = formulary.read_folder(FOLDER)
    without = replace(
        contents,
        drugs=tuple(one for one in contents.drugs if one.key != "lisinopril"),
        dose_rules=tuple(one for one in contents.dose_rules if one.drug != "lisinopril"),
        interactions=tuple(one for one in contents.interactions if one.first != "lisinopril"),
    )
    async with works.begin(Actor.system("formulary")) as uow:
        later = replace(head, version="2")
        await formulary.import_release(uow, later, without, replace=True)
    async with works.begin(doctor) as uow:
        draft = await prescriptions.renew_item(uow, item.id)
    [again] = draft.items
    assert (again.renews_id, again.drug_key) == (item.id, None)
    assert again.check is not None
    assert {finding.outcome for finding in again.check.findings} == {"not-checked"}


async def test_what_somebody_is_just_heard_to_take_is_not_cancelled(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    patient = await somebody(works, doctor)
    [item] = (await an_issued(works, doctor, patient, LISINOPRIL)).items

    async def cancelled() -> None:
        async with works.begin(doctor) as uow:
            await prescriptions.cancel_item(uow, item.id, reason="Chosen by mistake.")

    async with works.begin(nurse) as uow:
        line = prescriptions.NewLine(item_id=item.id, decision="as-prescribed")
        await prescriptions.reconcile(uow, patient, prescriptions.Reconcile(lines=[line]))
        cancelling = asyncio.create_task(cancelled())
        await until_it_waits(works, cancelling)
    with pytest.raises(prescriptions.AlreadyTaken):
        await cancelling


async def until_it_waits(works: Works, task: asyncio.Task[None]) -> None:
    """Until a transaction in this database waits for another one, or the task has not waited."""
    waiting = text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    while not task.done():
        async with works.asides.engine.connect() as db:
            if (await db.execute(waiting)).scalar_one():
                return


async def test_everything_follows_a_merge(works: Works, doctor: Actor, nurse: Actor) -> None:
    one = await somebody(works, doctor)
    other = await somebody(works, doctor)
    item = (await an_issued(works, doctor, other, WARFARIN)).items[0]
    draft = await answered(works, doctor, await a_draft(works, doctor, one, ASPIRIN))
    async with works.begin(doctor) as uow:
        await patients.merge_patients(uow, other, one, "Two cards.")
    found = await listed(works, nurse, one)
    assert [each.id for each in found.active] == [item.id]
    with pytest.raises(prescriptions.WarningsUnanswered):
        await issued(works, doctor, draft)


async def test_a_signature_needs_a_person_who_was_just_here(
    works: Works, doctor: Actor, other_doctor: Actor, clock: FrozenClock
) -> None:
    patient = await somebody(works, doctor)
    draft = await answered(works, doctor, await a_draft(works, doctor, patient, LISINOPRIL))
    with pytest.raises(prescriptions.NotThePrescriber):
        await issued(works, other_doctor, draft)
    clock.advance(minutes=6)
    with pytest.raises(notes.ReauthenticationRequired):
        await issued(works, doctor, draft)


async def test_what_was_found_answered_and_moved_cannot_be_changed(
    works: Works, doctor: Actor
) -> None:
    patient = await somebody(works, doctor, allergies=["penicillin"])
    await an_issued(works, doctor, patient, AMOXICILLIN)
    async with works.sessions() as db:
        assert (await db.scalars(select(PrescriptionCheck))).all()
    for table in ("item_moves", "checks", "findings", "answers"):
        for change in (
            f"delete from prescription_{table}",
            f"truncate prescription_{table} cascade",
        ):
            with pytest.raises(Exception, match="append-only"):
                async with works.sessions.begin() as db:
                    await db.execute(text(change))
