"""Signing, addenda, amendments: deliberate, exact, and never undone."""

import asyncio

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app import audit, identity
from app.clinical import notes
from app.clinical.notes.body import SectionKey
from app.clinical.notes.models import NoteMove
from app.infra.outbox import OutboxRow
from app.infra.relay import deliver
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.identity import PASSWORD
from tests.builders.notes import (
    TYPED,
    Crash,
    a_dictated_note,
    a_signed_note,
    a_typed_note,
    amended,
    crash_after,
    saved,
    shown,
    signed,
    with_addendum,
)
from tests.conftest import FrozenClock

PLAN = SectionKey.FOLLOW_UP


async def test_signing_freezes_what_the_doctor_saw(works: Works, doctor: Actor) -> None:
    draft = await a_dictated_note(works, doctor)
    note = await signed(works, doctor, draft, accept_empty_sections=False)
    assert (note.status, note.revision, note.version) == (notes.NoteStatus.SIGNED, 1, None)
    assert note.body == draft.body
    assert note.signed_by is not None
    assert note.signed_by.name == "Dr. Ada Winter"
    async with works.begin(doctor) as uow:
        [revision] = (await notes.list_revisions(uow, note.id)).items
        moves = (await uow.db.scalars(select(NoteMove).order_by(NoteMove.seq))).all()
        facts = (await uow.db.scalars(select(OutboxRow.name).order_by(OutboxRow.seq))).all()
    assert revision.content_sha256 == note.content_sha256
    assert revision.meaning == "authorship"
    assert [move.to_status for move in moves] == ["draft", "signed"]
    assert "clinical.note_signed.v1" in facts


async def test_an_old_session_needs_the_password(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    note = await a_typed_note(works, doctor)
    clock.advance(minutes=20)
    with pytest.raises(notes.ReauthenticationRequired):
        await signed(works, doctor, note)
    with pytest.raises(identity.PasswordWrong):
        await sign(works, doctor, note, password=PASSWORD + "!")
    await sign(works, doctor, note, password=PASSWORD)
    assert (await shown(works, doctor, note.id)).revision == 1


async def sign(
    works: Works,
    doctor: Actor,
    note: notes.NoteOut,
    *,
    version: int = 2,
    password: str | None = None,
    accepted_words: tuple[int, ...] = (),
) -> notes.NoteOut:
    async with works.begin(doctor) as uow:
        return await notes.sign_note(
            uow,
            note.id,
            version=version,
            password=password,
            accepted_words=accepted_words,
            accept_empty_sections=True,
        )


async def test_another_version_than_the_one_seen_is_not_signed(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    await saved(works, doctor, note, {PLAN: "In two weeks."})
    with pytest.raises(notes.NoteChanged) as refused:
        await sign(works, doctor, note, version=2)
    assert refused.value.current["version"] == 3


async def test_open_doubts_stop_a_signature(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor, doubtful=["dry"])
    with pytest.raises(notes.DoubtsOpen) as refused:
        await sign(works, doctor, note, version=1)
    assert refused.value.words == [5]
    after = await sign(works, doctor, note, version=1, accepted_words=(5,))
    assert after.status is notes.NoteStatus.SIGNED


async def test_empty_parts_stop_a_signature_until_accepted(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor, {SectionKey.TREATMENT: "Rest."})
    with pytest.raises(notes.EmptySections) as refused:
        await signed(works, doctor, note, accept_empty_sections=False)
    assert refused.value.keys == ["subjective", "objective", "assessment"]
    await signed(works, doctor, note, accept_empty_sections=True)


async def test_an_empty_note_is_not_signed(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor, {})
    with pytest.raises(notes.NoteEmpty):
        await signed(works, doctor, note)


async def test_only_the_author_signs(works: Works, doctor: Actor, other_doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    with pytest.raises(notes.NotTheAuthor):
        await signed(works, other_doctor, note)


async def test_of_two_signatures_at_once_one_succeeds(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)

    async def tab() -> str:
        try:
            await sign(works, doctor, note)
        except notes.NoteNotOpen as refused:
            return refused.code
        return "signed"

    assert sorted(await asyncio.gather(tab(), tab())) == ["note-not-open", "signed"]
    async with works.begin(doctor) as uow:
        assert len((await notes.list_revisions(uow, note.id)).items) == 1


async def test_a_crash_while_signing_leaves_the_draft(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    with pytest.raises(Crash):
        await crash_after(
            works,
            doctor,
            lambda uow: notes.sign_note(uow, note.id, version=2, accept_empty_sections=True),
        )
    assert await shown(works, doctor, note.id) == note
    assert (await sign(works, doctor, note)).revision == 1


async def test_the_working_copy_goes_after_the_signature(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    drafts = works.stores.documents["note_drafts"]
    assert await drafts.count_documents({"_id": note.id}) == 1
    async with works.begin(doctor) as uow:
        last = await uow.db.scalar(select(func.max(OutboxRow.seq)))
    await deliver(works, {"seq": last, "subscriber": "notes.clear_working_copy"})
    assert await drafts.count_documents({"_id": note.id}) == 0
    assert (await shown(works, doctor, note.id)).body == note.body


@pytest.mark.parametrize("table", ["note_revisions", "note_addenda"])
@pytest.mark.parametrize(
    "statement",
    [
        "update {} set signer_name = 'Somebody Else'",
        "delete from {}",
        "truncate {}",
    ],
)
async def test_the_database_refuses_to_change_what_was_signed(
    works: Works, doctor: Actor, table: str, statement: str
) -> None:
    note = await a_signed_note(works, doctor)
    await with_addendum(works, doctor, note.id)
    with pytest.raises(DBAPIError):
        async with works.begin(doctor) as uow:
            await uow.db.execute(text(statement.format(table)))


@pytest.mark.parametrize(
    "change",
    [
        "content_sha256 = 'x'",
        "signed_at = now()",
        "revision = 0, signed_at = null, content_sha256 = null",
        "status = 'draft', working_version = 1",
        "author_id = gen_random_uuid()",
        "type = 'discharge'",
    ],
)
async def test_the_database_guards_the_header_of_a_signed_note(
    works: Works, doctor: Actor, change: str
) -> None:
    await a_signed_note(works, doctor)
    with pytest.raises(DBAPIError):
        async with works.begin(doctor) as uow:
            await uow.db.execute(text(f"update notes set {change}"))


async def test_addenda_are_numbered_and_come_after_the_original(
    works: Works, doctor: Actor, other_doctor: Actor
) -> None:
    note = await a_signed_note(works, doctor)
    await with_addendum(works, doctor, note.id, "Potassium was normal.")
    after = await with_addendum(works, other_doctor, note.id, "Patient informed.")
    assert [(a.sequence, a.text) for a in after.addenda] == [
        (1, "Potassium was normal."),
        (2, "Patient informed."),
    ]
    assert after.addenda[1].signed_by.name == "Dr. Berta Summer"
    assert (after.body, after.status) == (note.body, notes.NoteStatus.SIGNED)


async def test_two_addenda_at_once_are_both_kept(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await asyncio.gather(*(with_addendum(works, doctor, note.id, t) for t in ("One.", "Two.")))
    after = await shown(works, doctor, note.id)
    assert sorted(a.text for a in after.addenda) == ["One.", "Two."]
    assert [a.sequence for a in after.addenda] == [1, 2]


async def test_a_draft_takes_no_addendum_and_no_amendment(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    with pytest.raises(notes.NoteNotSigned):
        await with_addendum(works, doctor, note.id)
    with pytest.raises(notes.NoteNotSigned):
        await amended(works, doctor, note.id, {PLAN: "In two weeks."})


async def test_an_amendment_is_a_new_revision_and_the_old_one_stays(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    first = await a_signed_note(works, doctor)
    async with works.begin(doctor) as uow:
        opened = await notes.open_amendment(uow, first.id, reason="Wrong plan.")
    assert (opened.version, opened.amendment_reason) == (3, "Wrong plan.")
    edited = await saved(works, doctor, opened, {SectionKey.TREATMENT: "Antibiotics."})
    assert (await shown(works, nurse, first.id)).body == first.body
    second = await signed(works, doctor, edited)
    assert (second.status, second.revision) == (notes.NoteStatus.AMENDED, 2)
    async with works.begin(nurse) as uow:
        old = await notes.read_revision(uow, first.id, 1)
        new = await notes.read_revision(uow, first.id, 2)
    assert old.body == first.body
    assert (new.body, new.reason, new.meaning) == (second.body, "Wrong plan.", "amendment")


async def test_one_amendment_at_a_time_and_it_can_be_dropped(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    async with works.begin(doctor) as uow:
        opened = await notes.open_amendment(uow, note.id, reason="Wrong plan.")
    with pytest.raises(notes.AmendmentOpen):
        await amended(works, doctor, note.id, {})
    with pytest.raises(notes.AmendmentOpen):
        await put_in_error(works, doctor, note)
    async with works.begin(doctor) as uow:
        dropped = await notes.drop_amendment(uow, note.id)
    assert (dropped.body, dropped.version, dropped.status) == (
        note.body,
        None,
        notes.NoteStatus.SIGNED,
    )
    with pytest.raises(notes.NoAmendmentOpen):
        async with works.begin(doctor) as uow:
            await notes.drop_amendment(uow, note.id)
    async with works.begin(doctor) as uow:
        again = await notes.open_amendment(uow, note.id, reason="Wrong plan after all.")
    assert opened.version is not None
    assert again.version == opened.version + 1  # a page of the dropped one cannot save here
    with pytest.raises(notes.NoteChanged):
        await saved(works, doctor, opened, {PLAN: "In two weeks."})


async def test_an_amendment_whose_text_is_lost_can_be_dropped(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    async with works.begin(doctor) as uow:
        await notes.open_amendment(uow, note.id, reason="Wrong plan.")
    await works.stores.documents["note_drafts"].delete_one({"_id": note.id})
    async with works.begin(doctor) as uow:
        dropped = await notes.drop_amendment(uow, note.id)
    assert (dropped.body, dropped.status) == (note.body, notes.NoteStatus.SIGNED)


async def put_in_error(works: Works, doctor: Actor, note: notes.NoteOut) -> notes.NoteOut:
    async with works.begin(doctor) as uow:
        return await notes.enter_in_error(uow, note.id, reason="Another patient.")


@pytest.mark.parametrize("is_signed", [True, False])
async def test_a_note_entered_in_error_stays_readable(
    works: Works, doctor: Actor, is_signed: bool
) -> None:
    make = a_signed_note if is_signed else a_typed_note
    note = await make(works, doctor)
    await put_in_error(works, doctor, note)
    after = await shown(works, doctor, note.id)
    assert after.status is notes.NoteStatus.ENTERED_IN_ERROR
    assert (after.body, after.error_reason, after.version) == (note.body, "Another patient.", None)
    with pytest.raises(notes.NoteNotOpen):
        await saved(works, doctor, note.model_copy(update={"version": 2}), TYPED)
    with pytest.raises(notes.NoteNotSigned):
        await with_addendum(works, doctor, note.id)


async def test_every_write_and_read_leaves_a_trace(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await shown(works, doctor, note.id)
    async with works.begin(doctor) as uow:
        statement = select(audit.AuditEvent).where(audit.AuditEvent.subject_id == note.id)
        found = (await uow.db.scalars(statement.order_by(audit.AuditEvent.seq))).all()
    assert [event.action for event in found] == [
        "note.draft",
        "note.save",
        "note.sign",
        "note.read",
    ]
    assert {event.patient_id for event in found} == {note.patient_id}
