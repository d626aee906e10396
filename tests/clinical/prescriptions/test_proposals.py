"""What was dictated in the plan waits for one tap, follows the text, and posts nothing itself."""

import asyncio
from uuid import UUID

import pytest

from app.clinical import notes, prescriptions
from app.clinical.notes import SectionKey
from app.clinical.prescriptions import ItemStatus, ProposalOut, ProposalStatus
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import a_dictated_note, a_typed_note, saved, signed
from tests.builders.prescriptions import LISINOPRIL, a_draft, an_issued
from tests.scheduling.waiting_list.delivering import deliver_everything

pytestmark = pytest.mark.usefixtures("in_force")
PLAN = (
    "subjective",
    "the patient takes aspirin 81 milligrams daily",
    "objective",
    "blood pressure is high",
    "assessment",
    "hypertension",
    "plan",
    "start lisinopril 10 milligrams once daily",
    "increase metoprolol to 50 milligrams twice daily",
    "stop warfarin",
    "do not take ibuprofen",
    "follow up in two weeks",
)


async def told(works: Works) -> None:
    await deliver_everything(works, only="prescriptions.")


async def of_note(works: Works, doctor: Actor, note_id: UUID) -> list[ProposalOut]:
    async with works.begin(doctor) as uow:
        return await prescriptions.list_proposals(uow, note_id)


async def looked(works: Works, doctor: Actor, note_id: UUID) -> list[ProposalOut]:
    """As the page does after each save."""
    async with works.begin(doctor) as uow:
        await prescriptions.examine_note(uow, note_id)
    return await of_note(works, doctor, note_id)


async def taken(works: Works, doctor: Actor, proposal_id: UUID) -> ProposalOut:
    async with works.begin(doctor) as uow:
        return await prescriptions.take_proposal(uow, proposal_id)


async def test_a_dictated_plan_is_proposed_and_only_the_plan(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor, PLAN)
    await told(works)
    found = await of_note(works, doctor, note.id)
    assert [(one.action, one.content.drug_key) for one in found] == [
        ("start", "lisinopril"),
        ("increase", "metoprolol"),
        ("stop", "warfarin"),
    ]
    start = found[0]
    assert (start.status, start.item_id) == (ProposalStatus.PROPOSED, None)
    assert (start.sig_text, start.missing) == ("Use 10 mg once a day.", ["route"])
    assert "lisinopril" in start.quote.lower()
    assert start.sentence_id in {sentence.id for sentence in note.body.sentences()}
    async with works.begin(doctor) as uow:
        assert await prescriptions.drafts_for(uow, note.patient_id) == []
    await told(works)
    assert len(await looked(works, doctor, note.id)) == 3


async def test_one_tap_makes_one_draft_with_what_was_said(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor, PLAN)
    first, second, _ = await looked(works, doctor, note.id)
    outcomes = await asyncio.gather(
        *(taken(works, doctor, first.id) for _ in range(3)), return_exceptions=True
    )
    kinds = sorted(type(each).__name__ for each in outcomes)
    assert kinds == [*["ProposalAnswered"] * 2, "ProposalOut"]
    await taken(works, doctor, second.id)
    async with works.begin(doctor) as uow:
        [draft] = await prescriptions.drafts_for(uow, note.patient_id)
    assert (draft.note_id, draft.encounter_id) == (note.id, note.encounter_id)
    item, other = draft.items
    assert (item.drug_key, item.status, item.missing) == ("lisinopril", "draft", ["route"])
    assert (item.sig.amount, item.sig.unit, item.sig.times_a_day) == (10, "mg", 1)
    assert (item.strength, item.quantity, item.refills) == (None, None, 0)
    assert other.sig_text == "Use 50 mg twice a day."
    assert item.check is not None


async def test_a_stop_stops_what_is_in_use_and_a_change_takes_its_place(
    works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(
        works,
        doctor,
        {SectionKey.TREATMENT: "Stop lisinopril. Hold metformin. Increase metoprolol to 100 mg."},
    )
    stop, hold, increase = await looked(works, doctor, note.id)
    assert [one.action for one in (stop, hold, increase)] == ["stop", "hold", "increase"]
    with pytest.raises(prescriptions.NothingToStop):
        await taken(works, doctor, stop.id)
    in_use = {}
    for name in ("Lisinopril", "Metformin", "Metoprolol"):
        done = await an_issued(works, doctor, note.patient_id, LISINOPRIL | {"name": name})
        in_use[name] = done.items[0].id
    stop, hold, increase = await of_note(works, doctor, note.id)
    assert stop.concerns == in_use["Lisinopril"]
    for proposal in (stop, hold, increase):
        await taken(works, doctor, proposal.id)
    async with works.begin(doctor) as uow:
        found = await prescriptions.medication_list(uow, note.patient_id)
        [draft] = await prescriptions.drafts_for(uow, note.patient_id)
    assert [(one.id, one.status_reason) for one in found.ended] == [
        (in_use["Lisinopril"], f"Dictated: {stop.quote}")
    ]
    assert [one.id for one in found.on_hold] == [in_use["Metformin"]]
    assert [one.id for one in found.active] == [in_use["Metoprolol"]]
    [item] = draft.items
    assert (item.renews_id, item.sig_text) == (in_use["Metoprolol"], "Use 100 mg.")
    assert item.missing == ["route", "times_a_day"]


async def test_proposals_follow_the_text_until_they_are_answered(
    works: Works, doctor: Actor
) -> None:
    plan = "Start lisinopril 10 mg once daily. Start metformin 500 mg twice daily."
    note = await a_typed_note(works, doctor, {SectionKey.TREATMENT: plan})
    lisinopril, metformin = await looked(works, doctor, note.id)
    await taken(works, doctor, metformin.id)
    note = await saved(
        works, doctor, note, {SectionKey.TREATMENT: "Start lisinopril 20 mg once daily."}
    )
    found = await looked(works, doctor, note.id)
    assert {(one.content.name, str(one.content.sig.amount), one.status) for one in found} == {
        ("Lisinopril", "20", ProposalStatus.PROPOSED),
        ("Metformin", "500", ProposalStatus.TAKEN),
    }
    note = await saved(works, doctor, note, {SectionKey.TREATMENT: plan})
    again = await looked(works, doctor, note.id)
    assert (lisinopril.id, ProposalStatus.PROPOSED) in {(one.id, one.status) for one in again}
    await saved(works, doctor, note, {SectionKey.TREATMENT: "Rest."})
    async with works.begin(doctor) as uow:
        current = await notes.get_note(uow, note.id)
    await signed(works, doctor, current)
    await told(works)
    left = await of_note(works, doctor, note.id)
    assert [(one.id, one.status) for one in left] == [(metformin.id, ProposalStatus.TAKEN)]


async def test_a_dismissed_one_stays_dismissed_and_a_wrong_note_takes_all_along(
    works: Works, doctor: Actor
) -> None:
    plan = "Start lisinopril 10 mg once daily. Start metformin 500 mg twice daily."
    note = await a_typed_note(works, doctor, {SectionKey.TREATMENT: plan})
    first, _ = await looked(works, doctor, note.id)
    async with works.begin(doctor) as uow:
        await prescriptions.dismiss_proposal(uow, first.id, reason="Misheard.")
    found = await looked(works, doctor, note.id)
    assert [one.status for one in found] == [ProposalStatus.DISMISSED, ProposalStatus.PROPOSED]
    async with works.begin(doctor) as uow:
        await notes.enter_in_error(uow, note.id, reason="Wrong patient.")
    await told(works)
    assert [one.id for one in await of_note(works, doctor, note.id)] == [first.id]


async def test_to_continue_is_to_have_it_again_or_to_take_over_what_is_recorded(
    works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor, {SectionKey.TREATMENT: "Continue lisinopril."})
    before = (await an_issued(works, doctor, note.patient_id, LISINOPRIL)).items[0]
    [proposal] = await looked(works, doctor, note.id)
    assert proposal.concerns == before.id
    await taken(works, doctor, proposal.id)
    async with works.begin(doctor) as uow:
        [draft] = await prescriptions.drafts_for(uow, note.patient_id)
    [item] = draft.items
    assert (item.renews_id, item.sig_text, item.status) == (
        before.id,
        before.sig_text,
        ItemStatus.DRAFT,
    )
    assert (await a_draft(works, doctor, note.patient_id)).items == []
