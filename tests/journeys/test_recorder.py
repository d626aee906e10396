"""The recorder and the file upload when things go wrong."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from app.clinical import encounters, recordings
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter, an_encounter_to_record, consented
from tests.journeys.person import Person

DICTATIONS = Path(__file__).parents[1] / "fixtures" / "dictations"
HELD = """async () => {
    const database = await new Promise((resolve, reject) => {
        const request = indexedDB.open("dra-recordings", 1);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const count = (store) => new Promise((resolve) => {
        const request = database.transaction(store).objectStore(store).count();
        request.onsuccess = () => resolve(request.result);
    });
    return [await count("sessions"), await count("slices"), await count("tails")];
}"""


async def state_is(person: Person, state: str) -> None:
    recorder = person.page.locator("dra-recorder")
    await expect(recorder).to_have_attribute("data-state", state, timeout=20_000)


async def sound_flows(person: Person, seconds: int = 2) -> None:
    await expect(person.page.locator(".rec-time")).to_have_text(
        re.compile(rf"0:0[{seconds}-9]|0:[1-5]"), timeout=20_000
    )


async def recordings_of(
    works: Works, doctor: Actor, encounter: encounters.Encounter
) -> list[recordings.RecordingOut]:
    async with works.begin(doctor) as uow:
        found, _ = await recordings.list_recordings(uow, encounter_id=encounter.id)
        return await recordings.describe(uow, *found)


async def test_without_consent_nothing_is_recorded(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    await state_is(person, "locked")
    await person.press("F2")
    await state_is(person, "locked")
    await expect(person.page.get_by_label("Or drop a sound file here")).to_have_count(0)
    await person.expect_accessible()


async def test_a_dictation_begun_without_a_network_arrives_whole(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    await state_is(person, "idle")
    await person.page.context.set_offline(True)
    await person.press("F2")
    await state_is(person, "recording")
    await sound_flows(person, 4)
    await person.press("F9")
    await state_is(person, "uploading")
    await expect(person.page.locator(".rec-safe")).to_contain_text("cannot be reached")
    await person.expect_accessible()
    await person.page.context.set_offline(False)
    await state_is(person, "done")
    [recording] = await recordings_of(works, doctor, encounter)
    assert recording.status is recordings.RecordingStatus.COMPLETED
    assert recording.missing == []
    assert recording.byte_count >= 44 + 4 * 32_000
    assert await person.page.evaluate(HELD) == [0, 0, 0]


async def test_leaving_the_page_does_not_stop_the_sending(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    await page.route("**/chunks/*", lambda route: route.abort())
    await person.press("F2")
    await state_is(person, "recording")
    await sound_flows(person, 4)
    await person.press("F9")
    await state_is(person, "uploading")
    await person.go("/")
    await expect(page.locator("#unsent")).to_contain_text("still being sent")
    await person.expect_accessible()
    await person.activate(person.link("Patients"))
    await expect(page.locator("#unsent")).to_contain_text("still being sent")
    await page.unroute("**/chunks/*")
    await expect(page.locator("#unsent")).to_contain_text("has been sent")
    [recording] = await recordings_of(works, doctor, encounter)
    assert recording.status is recordings.RecordingStatus.COMPLETED


async def test_a_forgotten_dictation_is_finished_from_any_page(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    person.page.on("dialog", lambda dialog: dialog.accept())
    await person.press("F2")
    await state_is(person, "recording")
    await sound_flows(person, 5)
    await person.go("/")
    await expect(person.page.locator("#unsent")).to_contain_text("unfinished dictation")
    await person.expect_accessible()
    await person.activate(person.button("Finish it now"))
    await expect(person.page.locator("#unsent")).to_contain_text("has been sent", timeout=20_000)
    [recording] = await recordings_of(works, doctor, encounter)
    assert recording.status is recordings.RecordingStatus.COMPLETED
    assert recording.byte_count >= 44 + 4 * 32_000
    assert await person.page.evaluate(HELD) == [0, 0, 0]


async def test_a_recording_closed_by_the_server_goes_on_in_another(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    await person.press("F2")
    await state_is(person, "recording")
    await expect(person.page.locator(".rec-safe")).to_contain_text("safe", timeout=20_000)
    [first] = await recordings_of(works, doctor, encounter)
    async with works.begin(doctor) as uow:
        closing = recordings.Completion(chunk_count=first.chunk_count)
        await recordings.complete_recording(uow, first.id, closing)
    await sound_flows(person, 8)
    await person.press("F9")
    await state_is(person, "done")
    second, first = await recordings_of(works, doctor, encounter)
    assert second.continues == first.id
    assert second.status is recordings.RecordingStatus.COMPLETED
    assert second.missing == []


async def test_two_windows_do_not_record_the_same_dictation(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    await person.press("F2")
    await state_is(person, "recording")
    other = Person(await person.page.context.new_page())
    await other.go(f"/encounters/{encounter.id}")
    await state_is(other, "elsewhere")
    await other.expect_accessible()


async def test_consent_withdrawn_elsewhere_keeps_the_sound_and_says_so(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    await consented(works, doctor, encounter.id, encounters.ConsentDecision.DENY)
    await person.press("F2")
    alert = person.page.locator(".rec-alert")
    await expect(alert).to_contain_text("has not agreed", timeout=20_000)
    await expect(alert).to_contain_text("kept in this browser")
    await expect(person.button("Save the sound as a file")).to_be_visible()
    await person.expect_accessible()


@pytest.mark.speech
async def test_a_sound_file_becomes_a_draft(
    person: Person, works: Works, doctor: Actor, worker: None
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    page = person.page
    chosen = page.get_by_label("Or drop a sound file here")
    await chosen.set_input_files(DICTATIONS / "s04-ankle-no-headings.ogg")
    await page.wait_for_url(re.compile("/recordings/"))
    await person.settled()
    await person.expect_accessible()
    await expect(person.link("Open the note")).to_be_visible(timeout=90_000)
    await expect(page.locator("dra-transcript")).to_contain_text("ankle")
    await person.expect_accessible()
    word = page.locator("dra-transcript .w").first
    await word.click()
    await expect(person.button("Pause", exact=True)).to_be_visible()
    await person.activate(person.link("Open the note"))
    await person.settled()
    await expect(page.get_by_label("Physical exam", exact=True)).to_have_value(re.compile("ankle"))


async def test_a_file_that_is_no_sound_is_refused_with_a_reason(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    chosen = person.page.get_by_label("Or drop a sound file here")
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    await chosen.set_input_files(letter)  # type: ignore[arg-type]
    await expect(person.page.locator("dra-upload")).to_contain_text("not a sound file")
    await person.expect_accessible()
