"""Suggestions follow the text of a note, and become problems only by a doctor's answer."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app import patients
from app.clinical import notes, problems
from app.clinical.notes.body import SectionKey
from app.clinical.problems.models import ProblemSuggestion, ProblemSuggestionMove
from app.clinical.problems.subscribers import OF_NOTES, on_note
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.events import Fact
from tests.builders.notes import a_typed_note, amended, saved, shown, signed
from tests.builders.patients import a_patient
from tests.builders.problems import a_loaded_release, a_problem
from tests.conftest import Client

AT = "/api/v1/problem-suggestions"
RELAY = Actor.system("outbox-relay")
SAID = "Acute bronchitis. Hypertension, well controlled. No pneumonia."


async def a_note(works: Works, doctor: Actor, said: str = SAID) -> notes.NoteOut:
    return await a_typed_note(works, doctor, {SectionKey.DIAGNOSES: said})


async def examined(works: Works, by: Actor, note_id: UUID) -> dict[str, problems.SuggestionOut]:
    async with works.begin(by) as uow:
        found = await problems.examine_note(uow, note_id)
    return {each.code: each for each in found.items}


async def states(works: Works) -> dict[str, str]:
    async with works.sessions() as db:
        return {
            each.code: each.status.value for each in await db.scalars(select(ProblemSuggestion))
        }


async def test_they_follow_the_text_from_draft_to_signature(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works)
    note = await a_note(works, doctor)
    found = await examined(works, doctor, note.id)
    assert {code: each.certainty.value for code, each in found.items()} == {
        "J20.9": "affirmed",
        "I10": "affirmed",
    }
    assert found["I10"].quote == "Hypertension, well controlled."
    assert found["I10"].found == "Hypertension"
    note = await saved(works, doctor, note, {SectionKey.DIAGNOSES: "Possible pneumonia."})
    found = await examined(works, doctor, note.id)
    assert await states(works) == {"J20.9": "withdrawn", "I10": "withdrawn", "J18.9": "suggested"}
    assert found["J18.9"].certainty.value == "uncertain"
    note = await saved(works, doctor, note, {SectionKey.DIAGNOSES: "Pneumonia and hypertension."})
    found = await examined(works, doctor, note.id)
    assert await states(works) == {"J20.9": "withdrawn", "I10": "suggested", "J18.9": "suggested"}
    assert found["J18.9"].certainty.value == "affirmed"
    note = await signed(works, doctor, note)
    await examined(works, RELAY, note.id)
    assert (await states(works))["I10"] == "suggested"
    await amended(works, doctor, note.id, {SectionKey.DIAGNOSES: "Hypertension."})
    await examined(works, RELAY, note.id)
    assert await states(works) == {"J20.9": "withdrawn", "I10": "suggested", "J18.9": "withdrawn"}


async def test_what_was_answered_stays_answered(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works)
    note = await a_note(works, doctor)
    found = await examined(works, doctor, note.id)
    async with works.begin(doctor) as uow:
        await problems.dismiss_suggestion(uow, found["I10"].id)
        taken = await problems.take_suggestion(uow, found["J20.9"].id)
    assert (taken.code, taken.encounter_id) == ("J20.9", note.encounter_id)
    assert taken.verification_status is problems.VerificationStatus.CONFIRMED
    note = await saved(works, doctor, note, {SectionKey.DIAGNOSES: "Nothing."})
    await examined(works, doctor, note.id)
    note = await saved(works, doctor, note, {SectionKey.DIAGNOSES: SAID})
    again = await examined(works, doctor, note.id)
    assert await states(works) == {"J20.9": "taken", "I10": "dismissed"}
    assert again["J20.9"].listed
    async with works.begin(doctor) as uow:
        with pytest.raises(problems.SuggestionAnswered):
            await problems.take_suggestion(uow, found["I10"].id)


async def test_what_is_only_considered_is_taken_as_provisional(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works)
    note = await a_note(works, doctor, "Rule out pneumonia.")
    [found] = (await examined(works, doctor, note.id)).values()
    async with works.begin(doctor) as uow:
        taken = await problems.take_suggestion(uow, found.id)
    assert taken.verification_status is problems.VerificationStatus.PROVISIONAL


async def test_a_code_on_the_list_is_told_and_has_to_be_meant(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    await a_loaded_release(works)
    note = await a_note(works, doctor)
    await a_problem(works, doctor, note.patient_id, code="I10")
    found = (await as_doctor.post(f"{AT}/examinations", json={"note_id": str(note.id)})).json()
    [listed] = [each for each in found["items"] if each["listed"]]
    assert listed["code"] == "I10"
    at = f"{AT}/{listed['id']}/acceptance"
    assert (await as_doctor.post(at, json={})).status_code == 409
    meant = await as_doctor.post(at, json={"allow_duplicate": True})
    assert meant.status_code == 201


async def test_two_who_answer_at_once_make_one_problem(
    works: Works, doctor: Actor, other_doctor: Actor
) -> None:
    await a_loaded_release(works)
    note = await signed(works, doctor, await a_note(works, doctor))
    found = await examined(works, doctor, note.id)

    async def take(by: Actor) -> None:
        async with works.begin(by) as uow:
            await problems.take_suggestion(uow, found["J20.9"].id, allow_duplicate=True)

    tried = await asyncio.gather(
        *(take(by) for by in (doctor, other_doctor, doctor)), return_exceptions=True
    )
    assert sum(each is None for each in tried) == 1, tried
    async with works.begin(doctor) as uow:
        assert len(await problems.problems_of(uow, note.patient_id)) == 1


async def test_two_who_look_at_once_suggest_once(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works)
    note = await a_note(works, doctor)
    await asyncio.gather(*(examined(works, by, note.id) for by in (doctor, RELAY, doctor, RELAY)))
    async with works.sessions() as db:
        moves = list(await db.scalars(select(ProblemSuggestionMove)))
    assert len(moves) == 2


async def test_a_mistaken_note_suggests_nothing_more(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works)
    note = await a_note(works, doctor)
    await examined(works, doctor, note.id)
    async with works.begin(doctor) as uow:
        await notes.enter_in_error(uow, note.id, reason="Wrong patient.")
    event = notes.NoteEnteredInError(
        note_id=note.id, encounter_id=note.encounter_id, patient_id=note.patient_id
    )
    assert isinstance(event, OF_NOTES)
    async with works.begin(RELAY) as uow:
        fact = Fact(id=note.id, event=event, occurred_at=uow.now, actor_id=doctor.id)
        await on_note(uow, fact)
    assert set((await states(works)).values()) == {"withdrawn"}


async def test_without_a_release_nothing_is_searched_and_that_is_told(
    works: Works, doctor: Actor
) -> None:
    note = await a_note(works, doctor)
    async with works.begin(doctor) as uow:
        found = await problems.examine_note(uow, note.id)
    assert (found.searched, found.items) == (False, [])


async def test_taken_over_after_a_merge_it_is_the_survivors(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works)
    note = await a_note(works, doctor)
    found = await examined(works, doctor, note.id)
    survivor = await a_patient(works, doctor, given_name="Maria")
    async with works.begin(doctor) as uow:
        await patients.merge_patients(uow, note.patient_id, survivor.id, "one card")
    async with works.begin(doctor) as uow:
        taken = await problems.take_suggestion(uow, found["I10"].id)
        assert taken.patient_id == survivor.id
    again = await examined(works, doctor, note.id)
    assert again["I10"].listed


async def test_only_doctors_see_and_answer_suggestions(
    as_nurse: Client, as_receptionist: Client, as_doctor: Client, works: Works, doctor: Actor
) -> None:
    await a_loaded_release(works)
    note = await signed(works, doctor, await a_note(works, doctor))
    found = await examined(works, doctor, note.id)
    at = f"{AT}/{found['I10'].id}"
    for client in (as_nurse, as_receptionist):
        assert (await client.get(f"{AT}?note_id={note.id}")).status_code == 403
        asked = await client.post(f"{AT}/examinations", json={"note_id": str(note.id)})
        assert asked.status_code == 403
        for noun in ("acceptance", "dismissal"):
            assert (await client.post(f"{at}/{noun}", json={})).status_code == 403
    listed = (await as_doctor.get(f"{AT}?note_id={note.id}")).json()["items"]
    assert {each["code"] for each in listed} == {"I10", "J20.9"}
    assert (await as_doctor.post(f"{at}/dismissal")).json()["status"] == "dismissed"


async def test_the_database_keeps_answers_and_their_history(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works)
    note = await a_note(works, doctor)
    await examined(works, doctor, note.id)
    assert (await shown(works, doctor, note.id)).status is notes.NoteStatus.DRAFT
    for change in (
        "update problem_suggestions set status = 'taken'",
        "update problem_suggestions set status = 'dismissed'",
        "update problem_suggestion_moves set to_status = 'taken'",
        "delete from problem_suggestion_moves",
    ):
        with pytest.raises(Exception, match=r"violates check|append-only"):
            async with works.sessions.begin() as db:
                await db.execute(text(change))
