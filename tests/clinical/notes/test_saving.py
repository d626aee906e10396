"""Typing in a working copy: nothing typed is lost, nothing is overwritten unseen."""

import asyncio

import pytest

from app.clinical import notes
from app.clinical.notes.body import Origin, SectionKey
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import (
    Crash,
    a_dictated_note,
    a_signed_note,
    a_typed_note,
    crash_after,
    saved,
    shown,
    signed,
)

PLAN = SectionKey.FOLLOW_UP


async def save(works: Works, doctor: Actor, note: notes.NoteOut, version: int, text: str) -> int:
    async with works.begin(doctor) as uow:
        after = await notes.save_draft(uow, note.id, version=version, sections={PLAN: text})
    assert after.version is not None
    return after.version


async def test_only_the_sections_given_change(works: Works, doctor: Actor) -> None:
    before = await a_dictated_note(works, doctor)
    after = await saved(works, doctor, before, {PLAN: "Follow up in three weeks"})
    assert after.version == 2
    sentence = after.body.sections[PLAN].sentences[0]
    assert (sentence.origin, sentence.start) == (Origin.EDITED, 15.0)
    others = set(SectionKey) - {PLAN}
    assert all(after.body.sections[key] == before.body.sections[key] for key in others)


async def test_a_stale_save_is_answered_with_both_texts(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    await save(works, doctor, note, 2, "In two weeks.")
    with pytest.raises(notes.NoteChanged) as refused:
        await save(works, doctor, note, 2, "In three weeks.")
    assert refused.value.current["version"] == 3
    assert refused.value.current["sections"][PLAN] == "In two weeks."
    assert refused.value.yours == {"sections": {PLAN.value: "In three weeks."}}
    assert "weeks" not in repr(refused.value)
    kept = await shown(works, doctor, note.id)
    assert (kept.version, kept.body.sections[PLAN].text) == (3, "In two weeks.")


async def test_the_same_save_sent_twice_is_one_save(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    assert await save(works, doctor, note, 2, "In two weeks.") == 3
    assert await save(works, doctor, note, 2, "In two weeks.") == 3


async def test_of_two_tabs_saving_at_once_one_wins(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)

    async def tab(text: str) -> str:
        try:
            await save(works, doctor, note, 2, text)
        except notes.NoteChanged as refused:
            return refused.code
        return "saved"

    answers = await asyncio.gather(tab("In two weeks."), tab("In three weeks."))
    assert sorted(answers) == ["note-changed", "saved"]


async def test_a_crash_after_mongo_blocks_nothing(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    with pytest.raises(Crash):
        await crash_after(
            works,
            doctor,
            lambda uow: notes.save_draft(uow, note.id, version=2, sections={PLAN: "In two weeks."}),
        )
    assert await save(works, doctor, note, 2, "In two weeks.") == 3  # the client tries again
    after = await signed(works, doctor, await shown(works, doctor, note.id))
    assert after.body.sections[PLAN].text == "In two weeks."


async def test_a_note_can_be_signed_after_a_crash_although_the_header_lags(
    works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor)
    with pytest.raises(Crash):
        await crash_after(
            works,
            doctor,
            lambda uow: notes.save_draft(uow, note.id, version=2, sections={PLAN: "In two weeks."}),
        )
    reloaded = await shown(works, doctor, note.id)
    assert reloaded.version == 3
    assert (await signed(works, doctor, reloaded)).status is notes.NoteStatus.SIGNED


async def test_accepted_words_stay_accepted(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor, doubtful=["dry", "bronchitis"])
    dry, bronchitis = note.open.words
    after = await saved(works, doctor, note, {}, accepted_words=[dry, 999])
    assert after.open.words == [bronchitis]
    after = await saved(works, doctor, after, {}, accepted_words=[bronchitis])
    assert after.open.words == []
    assert all(word.accepted for word in after.open.low_confidence_words)


async def test_a_doubtful_word_that_was_edited_away_is_doubtful_no_more(
    works: Works, doctor: Actor
) -> None:
    note = await a_dictated_note(works, doctor, doubtful=["dry"])
    [section] = {word.section for word in note.open.low_confidence_words}
    still = await saved(works, doctor, note, {section: "The patient has a very dry cough"})
    assert len(still.open.words) == 1
    rid = await saved(works, doctor, still, {section: "The patient has a wet cough"})
    assert rid.open.words == []


async def test_a_sentence_cut_here_and_pasted_there_keeps_its_sound_and_its_doubts(
    works: Works, doctor: Actor
) -> None:
    note = await a_dictated_note(works, doctor, doubtful=["dry"])
    [word] = note.open.low_confidence_words
    [sentence] = [s for s in note.body.sections[word.section].sentences if s.words]
    cut = await saved(works, doctor, note, {word.section: ""})
    assert cut.open.words == []
    pasted = await saved(works, doctor, cut, {PLAN: f"Rest. {sentence.text}"})
    [typed, moved] = pasted.body.sections[PLAN].sentences
    assert (moved.words, moved.start, moved.origin) == (sentence.words, sentence.start, "dictated")
    assert typed.words is None
    assert pasted.open.words == note.open.words


async def test_words_that_were_not_placed_are_open_until_touched(
    works: Works, doctor: Actor
) -> None:
    note = await a_dictated_note(works, doctor, ("plan", "rest", "thank you"))
    unplaced = note.body.sections[SectionKey.UNPLACED]
    assert unplaced.text
    assert len(note.open.words) == len(unplaced.text.split())
    with pytest.raises(notes.DoubtsOpen):
        await signed(works, doctor, note)
    cleared = await saved(works, doctor, note, {SectionKey.UNPLACED: ""})
    assert cleared.open.words == []


async def test_nobody_but_the_author_types(
    works: Works, doctor: Actor, other_doctor: Actor, nurse: Actor
) -> None:
    note = await a_typed_note(works, doctor)
    with pytest.raises(notes.NotTheAuthor):
        await save(works, other_doctor, note, 2, "In two weeks.")
    with pytest.raises(notes.NotADoctor):
        await save(works, nurse, note, 2, "In two weeks.")


async def test_a_signed_note_takes_no_typing(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    with pytest.raises(notes.NoteNotOpen):
        await save(works, doctor, note, 2, "In two weeks.")


async def test_typed_text_is_kept_in_one_unicode_form() -> None:
    decomposed = "Me\u0301nie\u0300re\r\n"
    body = notes.SaveDraft.model_validate({"sections": {PLAN.value: decomposed}})
    assert body.sections[PLAN] == "M\u00e9ni\u00e8re\n"


async def test_a_note_too_long_for_its_store_is_refused(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    longest = "\N{WHITE HEAVY CHECK MARK}\N{VARIATION SELECTOR-16}" * 100_000
    with pytest.raises(notes.NoteTooLong):
        await saved(works, doctor, note, dict.fromkeys(list(SectionKey)[:12], longest))
    assert await shown(works, doctor, note.id) == note


async def test_the_summary_follows_the_text(works: Works, doctor: Actor) -> None:
    before = await a_dictated_note(works, doctor)
    assert before.summary
    after = await saved(works, doctor, before, {PLAN: "Follow up in three weeks."})
    assert "Follow up in three weeks." in (after.summary or "")
    assert before.body.sections[PLAN].text not in (after.summary or "")
