"""Every page of every role: shown, without dead links, without anything inline."""

from uuid import UUID, uuid4

import pytest

from app.clinical.encounters import Encounter
from app.clinical.notes import NoteOut
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.encounters import an_encounter_to_record
from tests.builders.identity import a_user
from tests.builders.notes import (
    a_dictated_note,
    a_typed_note,
    amended,
    shown,
    signed,
    with_addendum,
)
from tests.builders.patients import a_patient
from tests.conftest import Client
from tests.web.conftest import browsing
from tests.web.page import Page

STAFF = [
    (Role.DOCTOR, True),
    (Role.NURSE, True),
    (Role.RECEPTIONIST, False),
    (Role.ADMIN, False),
]


@pytest.fixture
async def clinic(works: Works, doctor: Actor) -> tuple[NoteOut, NoteOut, Encounter]:
    """A draft with doubts, a note signed, amended and added to, and an open encounter."""
    draft = await a_dictated_note(works, doctor, doubtful=("bronchitis",))
    first = await signed(works, doctor, await a_typed_note(works, doctor))
    await amended(works, doctor, first.id, first_texts(first))
    await with_addendum(works, doctor, first.id)
    return draft, await shown(works, doctor, first.id), await an_encounter_to_record(works, doctor)


def first_texts(note: NoteOut) -> dict:  # type: ignore[type-arg]
    key = next(key for key, section in note.body.sections.items() if section.text)
    return {key: "Something else, and not the left side."}


@pytest.mark.parametrize(("role", "sees_notes"), STAFF)
async def test_every_link_leads_somewhere(
    client: Client,
    works: Works,
    clinic: tuple[NoteOut, NoteOut, Encounter],
    role: Role,
    sees_notes: bool,
) -> None:
    """Walk the site from the first page, following every link there is."""
    if role is not Role.DOCTOR:
        await a_user(works, role)
    waiting, seen = ["/"], set()
    async with browsing(client, role.value) as somebody:
        while waiting:
            path = waiting.pop()
            answer = await somebody.get(path)
            assert answer.status_code == 200, path
            page = Page(answer.text)
            assert page.inline == [], path
            seen.add(path)
            paths = {link.partition("#")[0] for link in page.pages}
            waiting += paths - seen - set(waiting)
    assert any(path.startswith("/patients/") for path in seen)
    assert any(path.startswith("/notes/") for path in seen) is sees_notes


async def test_a_draft_shows_where_its_words_come_from(
    doctors_browser: Client, clinic: tuple[NoteOut, NoteOut, Encounter]
) -> None:
    draft, _, _ = clinic
    html = (await doctors_browser.get(f"/notes/{draft.id}")).text
    assert "First draft written by scripted 1: a demo model" in html
    assert f"/api/v1/recordings/{draft.recording_id}/audio" in html
    assert "acute bronchitis" in html.lower()


async def test_a_colleague_reads_a_draft_and_cannot_change_it(
    client: Client, other_doctor: Actor, clinic: tuple[NoteOut, NoteOut, Encounter]
) -> None:
    draft, _, _ = clinic
    async with browsing(client, "doctor-two") as colleague:
        html = (await colleague.get(f"/notes/{draft.id}")).text
    assert "nobody has signed it" in html
    assert "<dra-note-editor>" not in html
    assert "Sign the addendum" not in html


async def test_a_nurse_reads_notes_from_their_first_signature_on(
    nurses_browser: Client, clinic: tuple[NoteOut, NoteOut, Encounter]
) -> None:
    draft, note, _ = clinic
    assert (await nurses_browser.get(f"/notes/{draft.id}")).status_code == 404
    html = (await nurses_browser.get(f"/notes/{note.id}")).text
    assert "I amended this note" in html
    assert "Start an amendment" not in html


async def test_the_print_view_holds_the_text_the_signature_and_every_addendum(
    doctors_browser: Client, clinic: tuple[NoteOut, NoteOut, Encounter]
) -> None:
    _, note, _ = clinic
    html = (await doctors_browser.get(f"/notes/{note.id}/print")).text
    assert "Something else, and not the left side." in html
    assert note.addenda[0].text in html
    assert note.content_sha256 is not None
    assert note.content_sha256 in html
    assert "14-Jul-1945" in html


async def test_the_difference_names_what_matters_first(
    doctors_browser: Client, clinic: tuple[NoteOut, NoteOut, Encounter]
) -> None:
    _, note, _ = clinic
    html = (await doctors_browser.get(f"/notes/{note.id}/diff?from=1&to=2")).text
    assert "Changes that may matter clinically" in html
    assert "<ins>" in html
    assert "<del>" in html


async def test_the_desk_sees_who_came_and_not_why(
    desk_browser: Client, clinic: tuple[NoteOut, NoteOut, Encounter]
) -> None:
    _, _, encounter = clinic
    html = (await desk_browser.get(f"/encounters/{encounter.id}")).text
    assert "cough" not in html
    assert "Allergies" not in html
    assert "dra-recorder" not in html


async def test_allergies_are_always_said(
    doctors_browser: Client, works: Works, doctor: Actor
) -> None:
    unasked = await a_patient(works, doctor)
    none = await a_patient(works, doctor, given_name="Noor", allergies=[])
    known = await a_patient(works, doctor, given_name="Kenji", allergies=["penicillin"])
    assert "not recorded" in await banner(doctors_browser, unasked.id)
    assert "none known" in await banner(doctors_browser, none.id)
    assert "penicillin" in await banner(doctors_browser, known.id)


async def banner(browser: Client, patient_id: UUID) -> str:
    html = (await browser.get(f"/patients/{patient_id}")).text
    return html.partition('aria-label="Patient"')[2].partition("</section>")[0]


async def test_typed_text_is_never_markup(
    doctors_browser: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor, given_name="<b onclick=x>Mara</b>")
    html = (await doctors_browser.get(f"/patients/{patient.id}")).text
    assert "<b onclick" not in html
    assert "&lt;b onclick" in html


async def test_a_note_cannot_break_out_of_its_data_block(
    doctors_browser: Client, works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor)
    text = "</script><script>alert(1)</script>"
    token = Page((await doctors_browser.get("/")).text).metas["csrf-token"]
    answer = await doctors_browser.put(
        f"/api/v1/notes/{note.id}/draft",
        json={"sections": {"plan.treatment": text}},
        headers={"X-CSRF-Token": token, "If-Match": f'"{note.version}"'},
    )
    assert answer.status_code == 200
    html = (await doctors_browser.get(f"/notes/{note.id}")).text
    assert "<script>alert" not in html


async def test_search_answers_htmx_with_rows_and_others_with_a_page(
    doctors_browser: Client, works: Works, doctor: Actor
) -> None:
    await a_patient(works, doctor)
    rows = (await doctors_browser.get("/patients?q=okaf", headers={"HX-Request": "true"})).text
    page = (await doctors_browser.get("/patients?q=okaf")).text
    assert "Okafor-Lind, Mara" in rows
    assert "<html" not in rows
    assert rows.strip() in page
    nobody = (await doctors_browser.get("/patients?q=zzzz", headers={"HX-Request": "true"})).text
    assert "No patient matches" in nobody


async def test_what_is_not_there_gets_a_page_and_in_the_api_a_problem(
    doctors_browser: Client,
) -> None:
    for path in ("/nothing", "/patients/not-an-id", f"/patients/{uuid4()}", f"/notes/{uuid4()}"):
        answer = await doctors_browser.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
    problem = await doctors_browser.get("/api/v1/nothing")
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"


async def test_a_page_that_is_not_for_a_role_says_so(desk_browser: Client) -> None:
    answer = await desk_browser.get("/notes")
    assert answer.status_code == 403
    assert "Your role does not include this." in answer.text
    assert 'href="/"' in answer.text


async def test_the_chosen_colours_are_there_from_the_first_byte(doctors_browser: Client) -> None:
    doctors_browser.cookies.set("dra_theme", "dark")
    assert 'data-theme="dark"' in (await doctors_browser.get("/")).text
    doctors_browser.cookies.set("dra_theme", '"><script>')
    assert "data-theme" not in (await doctors_browser.get("/")).text


async def test_pages_are_not_stored_and_scripts_are_asked_for_again(
    doctors_browser: Client,
) -> None:
    page = await doctors_browser.get("/")
    script = await doctors_browser.get("/static/js/app.js")
    assert page.headers["cache-control"] == "no-store"
    assert script.headers["cache-control"] == "no-cache"
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
