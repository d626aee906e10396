"""Texts to which nothing points go away; all others stay."""

import pytest

from app.clinical import notes
from app.clinical.notes.tasks import remove_orphans
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import (
    Crash,
    a_signed_note,
    a_transcribed_recording,
    a_typed_note,
    crash_after,
    drafted,
    shown,
    with_addendum,
)
from tests.conftest import FrozenClock

KEPT = ("note_drafts", "note_revisions", "note_addenda")


async def stored(works: Works) -> list[int]:
    return [await works.stores.documents[name].count_documents({}) for name in KEPT]


async def test_only_old_orphans_are_removed(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    draft = await a_typed_note(works, doctor)
    note = await a_signed_note(works, doctor)
    await with_addendum(works, doctor, note.id)
    before = await stored(works)
    with pytest.raises(Crash):
        await crash_after(
            works,
            doctor,
            lambda uow: notes.sign_note(uow, draft.id, version=2, accept_empty_sections=True),
        )
    with pytest.raises(Crash):
        await crash_after(
            works, doctor, lambda uow: notes.add_addendum(uow, note.id, text="Patient informed.")
        )
    orphaned = [before[0], before[1] + 1, before[2] + 1]
    assert await stored(works) == orphaned
    assert await remove_orphans(works) == 0
    clock.advance(hours=25)
    assert await remove_orphans(works) == 2
    assert await stored(works) == before
    assert (await shown(works, doctor, draft.id)).body == draft.body


async def test_a_draft_tried_again_after_a_day_is_not_swept_away(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    recording = await a_transcribed_recording(works, doctor)
    with pytest.raises(Crash):
        await crash_after(
            works,
            doctor,
            lambda uow: notes.draft_from_transcript(uow, recording.id, notes.RuleStructurer()),
        )
    clock.advance(hours=25)
    note = await drafted(works, doctor, recording.id)
    assert await remove_orphans(works) == 0
    assert (await shown(works, doctor, note.id)).version == 1
