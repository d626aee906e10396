"""Finding notes: by words and their beginnings, one's own drafts, page by page."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.clinical import notes
from app.clinical.notes.body import SectionKey
from app.clinical.notes.typed_text import fold, prefix_query, search_words, snippet_of
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.paging import Cursor, PageRequest
from tests.builders.encounters import an_encounter
from tests.builders.notes import (
    a_signed_note,
    a_typed_note,
    amended,
    saved,
    signed,
    with_addendum,
)
from tests.conftest import FrozenClock

TREATMENT = SectionKey.TREATMENT


async def search(works: Works, actor: Actor, q: str | None = None, **filters: object) -> list[UUID]:
    async with works.begin(actor) as uow:
        found = await notes.search_notes(uow, PageRequest(), q=q, **filters)  # type: ignore[arg-type]
    return [item.id for item in found.items]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("amoxicillin", True),
        ("AMOX", True),
        ("meniere", True),
        ("ménière amox", True),
        ("moxicillin", False),
        ("amoxicillin aspirin", False),
        ("500", True),
        ("!?", False),
        ("' | : * & \\ \x00", False),
        ("   ", True),
        (None, True),
    ],
)
async def test_every_word_of_a_question_begins_a_word_of_the_note(
    works: Works, doctor: Actor, question: str | None, found: bool
) -> None:
    note = await a_signed_note(works, doctor, {TREATMENT: "Amoxicillin 500 mg for Ménière's."})
    assert await search(works, doctor, question) == ([note.id] if found else [])


async def test_drafts_are_found_by_their_author_only(
    works: Works, doctor: Actor, other_doctor: Actor, nurse: Actor
) -> None:
    note = await a_typed_note(works, doctor, {TREATMENT: "Rest."})
    assert await search(works, doctor, "rest") == [note.id]
    assert await search(works, other_doctor, "rest") == []
    assert await search(works, nurse, "rest") == []
    await signed(works, doctor, note)
    assert await search(works, other_doctor, "rest") == [note.id]
    assert await search(works, nurse, "rest") == [note.id]


async def test_the_projection_follows_saves_amendments_and_addenda(
    works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor, {TREATMENT: "Aspirin."})
    note = await saved(works, doctor, note, {TREATMENT: "Ibuprofen."})
    assert await search(works, doctor, "aspirin") == []
    await signed(works, doctor, note)
    await amended(works, doctor, note.id, {TREATMENT: "Naproxen."})
    assert await search(works, doctor, "ibuprofen") == []
    assert await search(works, doctor, "naproxen") == [note.id]
    await with_addendum(works, doctor, note.id, "Potassium was normal.")
    assert await search(works, doctor, "naproxen potassium") == [note.id]


async def test_an_open_amendment_is_found_once_it_is_signed(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor, {TREATMENT: "Aspirin."})
    async with works.begin(doctor) as uow:
        opened = await notes.open_amendment(uow, note.id, reason="Wrong drug.")
    await saved(works, doctor, opened, {TREATMENT: "Naproxen."})
    assert await search(works, doctor, "naproxen") == []
    assert await search(works, doctor, "aspirin") == [note.id]


async def test_filters_by_patient_and_status(works: Works, doctor: Actor) -> None:
    one = await a_signed_note(works, doctor)
    two = await a_typed_note(works, doctor)
    assert await search(works, doctor, patient_id=one.patient_id) == [one.id]
    assert await search(works, doctor, status=notes.NoteStatus.DRAFT) == [two.id]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_pages_are_complete_and_without_repetition(
    works: Works, doctor: Actor, clock: FrozenClock, limit: int
) -> None:
    encounter = await an_encounter(works, doctor)
    made = []
    for at in range(5):
        note = await a_typed_note(works, doctor, {TREATMENT: "Rest."}, encounter_id=encounter.id)
        made.append(note.id)
        clock.advance(seconds=at % 2)  # some at the same moment
    seen: list[UUID] = []
    cursor: str | None = None
    while True:
        request = PageRequest(limit=limit, cursor=Cursor.decode(cursor) if cursor else None)
        async with works.begin(doctor) as uow:
            page = await notes.search_notes(uow, request, q="rest")
        seen += [item.id for item in page.items]
        assert len(page.items) <= limit
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)
    assert seen[0] == made[4]
    assert set(seen[1:3]) == set(made[2:4])


async def test_a_hit_is_shown_with_the_text_around_it(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(
        works, doctor, {TREATMENT: "Rest. " * 40 + "Then Ménière." + " x" * 200}
    )
    async with works.begin(doctor) as uow:
        [found] = (await notes.search_notes(uow, PageRequest(), q="menie")).items
    assert found.id == note.id
    assert found.patient_name == "Mara Okafor-Lind"
    [(start, end)] = found.hits
    assert found.snippet[start:end] == "Ménière"
    assert len(found.snippet) < 250


async def test_the_projection_can_be_rebuilt(works: Works, doctor: Actor) -> None:
    draft = await a_typed_note(works, doctor, {TREATMENT: "Rest."})
    note = await a_signed_note(works, doctor, {TREATMENT: "Rest."})
    await with_addendum(works, doctor, note.id, "Potassium was normal.")
    async with works.begin(doctor) as uow:
        await uow.db.execute(text("truncate note_search"))
    assert await search(works, doctor, "rest") == []
    progress: list[tuple[int, int]] = []
    done = await notes.rebuild_search(works, lambda at, of: progress.append((at, of)))
    assert (done, progress) == (2, [(2, 2)])
    assert set(await search(works, doctor, "rest")) == {draft.id, note.id}
    assert await search(works, doctor, "potassium") == [note.id]


@given(st.text())
def test_a_query_holds_nothing_but_quoted_words(question: str) -> None:
    query = prefix_query(question)
    if query is not None:
        for word in query.split(" & "):
            assert word[0] == "'"
            assert word.endswith("':*")
            assert word[1:-3].isalnum()


@given(st.text(), st.text(max_size=20))
def test_hits_lie_in_the_snippet_and_begin_with_a_sought_word(told: str, question: str) -> None:
    snippet = snippet_of([told], question)
    sought = tuple(search_words([question]))
    for start, end in snippet.hits:
        assert fold(snippet.text[start:end]).startswith(sought)


def test_endless_texts_are_cut_to_what_the_projection_holds() -> None:
    words = search_words(f"word{n}" for n in range(100_000))
    assert len(" ".join(words)) < 700_000
    assert search_words(["x" * 1000]) == ["x" * 60]
