"""What was signed cannot change unseen: every field of every stored text is covered."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from app import audit
from app.clinical import notes
from app.clinical.notes.body import SectionKey
from app.clinical.notes.custody import canonical, chain_sha256, content_sha256
from app.clinical.notes.models import Note
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import (
    a_dictated_note,
    a_signed_note,
    amended,
    saved,
    shown,
    signed,
    with_addendum,
)

Raw = dict[str, Any]
SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.uuids()
VALUES = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES))
def test_the_order_of_keys_does_not_matter(content: Raw) -> None:
    assert content_sha256(dict(reversed(content.items()))) == content_sha256(content)


@given(st.dictionaries(st.text(min_size=1), st.text()), st.text())
def test_any_other_text_has_another_canonical_form(content: dict[str, str], other: str) -> None:
    for key, value in content.items():
        if value != other:
            assert canonical({**content, key: other}) != canonical(content)


def test_the_canonical_form_never_changes() -> None:
    content = {
        "_id": "outside",
        "content_sha256": "outside",
        "b": "Ménière",
        "a": [1, 1.5, None, True],
        "at": datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC),
        "id": UUID("5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11"),
    }
    assert canonical(content).decode() == (
        '{"a":[1,1.5,null,true],"at":"2026-03-02T09:00:00.123+00:00","b":"Ménière",'
        '"id":"5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11"}'
    )


def test_the_chain_depends_on_every_link() -> None:
    whole = {"recording": "r", "transcript": "t", "content": "c", "previous": "p"}
    chains = {chain_sha256(**{**whole, key: "x"}) for key in whole} | {chain_sha256(**whole)}
    assert len(chains) == 5


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar of a document with its dotted path."""
    items: Any = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        yield path, value
    for key, each in items:
        yield from leaves(each, f"{path}.{key}" if path else str(key))


def flipped(value: Any) -> Any:
    """Another value of the same kind, as near as can be."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return chr(ord(value[0]) ^ 1) + value[1:] if value else "x"
        case UUID():
            return uuid5(value, "flipped")
        case datetime():
            return value.replace(year=value.year + 1)
        case _:
            return "was nothing"


async def damage_is_found(works: Works, doctor: Actor, note_id: UUID) -> bool:
    """By reading the note and by its provenance, both or neither."""
    async with works.begin(doctor) as uow:
        proof = await notes.provenance_of(uow, note_id)
    try:
        await shown(works, doctor, note_id)
    except notes.NoteDamaged:
        assert proof.intact is False
        return True
    assert proof.intact is not False
    return False


async def test_every_field_of_a_signed_text_is_covered(works: Works, doctor: Actor) -> None:
    draft = await a_dictated_note(works, doctor, doubtful=["dry"])
    note = await signed(works, doctor, await saved(works, doctor, draft, {}, accepted_words=[5]))
    stored = works.stores.documents["note_revisions"]
    raw = await stored.find_one({"note_id": note.id})
    assert raw is not None
    assert not await damage_is_found(works, doctor, note.id)
    paths = [(path, value) for path, value in leaves(raw) if path != "_id"]
    unseen = []
    for path, value in paths:
        if path.startswith("body.sections.") and not path.startswith("body.sections.0."):
            continue  # one section stands for the others
        await stored.update_one({"_id": raw["_id"]}, {"$set": {path: flipped(value)}})
        if not await damage_is_found(works, doctor, note.id):
            unseen.append(path)
        await stored.replace_one({"_id": raw["_id"]}, raw)
    assert unseen == []
    assert not await damage_is_found(works, doctor, note.id)


async def test_every_field_of_an_addendum_is_covered(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await with_addendum(works, doctor, note.id)
    stored = works.stores.documents["note_addenda"]
    raw = await stored.find_one({"note_id": note.id})
    assert raw is not None
    for path, value in leaves(raw):
        if path == "_id":
            continue
        await stored.update_one({"_id": raw["_id"]}, {"$set": {path: flipped(value)}})
        assert await damage_is_found(works, doctor, note.id), path
        await stored.replace_one({"_id": raw["_id"]}, raw)


async def test_a_text_that_is_gone_is_damage(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await works.stores.documents["note_revisions"].delete_many({})
    assert await damage_is_found(works, doctor, note.id)


async def test_swapped_texts_are_damage(works: Works, doctor: Actor) -> None:
    one = await a_signed_note(works, doctor)
    two = await a_signed_note(works, doctor, {SectionKey.TREATMENT: "Surgery."})
    stored = works.stores.documents["note_revisions"]
    first, second = [await stored.find_one({"note_id": each.id}) for each in (one, two)]
    assert first is not None
    assert second is not None
    await stored.replace_one({"_id": first["_id"]}, {**second, "_id": first["_id"]})
    await stored.replace_one({"_id": second["_id"]}, {**first, "_id": second["_id"]})
    for each in (one, two):
        assert await damage_is_found(works, doctor, each.id)


ROW_CHANGES = [
    "update note_revisions set signer_name = 'Somebody Else' where revision = 2",
    "update note_revisions set signed_at = signed_at + interval '1 day' where revision = 2",
    "update note_revisions set meaning = 'authorship' where revision = 2",
    "update note_revisions set reason = 'None.' where revision = 2",
    "update note_revisions set previous_sha256 = null where revision = 2",
    "update note_revisions set chain_sha256 = 'x' where revision = 2",
    "update note_revisions set content_sha256 = 'x' where revision = 2",
    "update note_revisions set transcript_sha256 = 'x' where revision = 2",
]


@pytest.mark.parametrize("statement", ROW_CHANGES)
async def test_a_changed_signature_is_damage_even_by_the_owner_of_the_database(
    works: Works, doctor: Actor, statement: str
) -> None:
    note = await a_signed_note(works, doctor)
    await amended(works, doctor, note.id, {SectionKey.TREATMENT: "Antibiotics."})
    await by_force(works, doctor, statement)
    assert await damage_is_found(works, doctor, note.id)


async def by_force(works: Works, doctor: Actor, statement: str) -> None:
    """As somebody who may switch the guards off."""
    async with works.begin(doctor) as uow:
        await uow.db.execute(text("set local session_replication_role = replica"))
        await uow.db.execute(text(statement))


async def test_a_text_rewritten_with_its_hash_is_found_by_the_chain(
    works: Works, doctor: Actor
) -> None:
    note = await a_signed_note(works, doctor)
    stored = works.stores.documents["note_revisions"]
    raw = await stored.find_one({"note_id": note.id})
    assert raw is not None
    raw["summary"] = "Something else."
    raw["content_sha256"] = content_sha256(raw)
    await stored.replace_one({"_id": raw["_id"]}, raw)
    change = f"set content_sha256 = '{raw['content_sha256']}'"
    await by_force(works, doctor, f"update note_revisions {change}")
    assert await damage_is_found(works, doctor, note.id)


async def test_a_revision_removed_from_the_middle_is_found(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await amended(works, doctor, note.id, {SectionKey.TREATMENT: "Antibiotics."})
    await by_force(works, doctor, "delete from note_revisions where revision = 1")
    async with works.begin(doctor) as uow:
        proof = await notes.provenance_of(uow, note.id)
    assert proof.intact is False


async def test_a_header_that_denies_its_signatures_is_found(works: Works, doctor: Actor) -> None:
    await a_signed_note(works, doctor)
    unsigned = "status = 'draft', revision = 0, signed_by = null, signed_at = null"
    reset = f"update notes set {unsigned}, content_sha256 = null, working_version = 1"
    await by_force(works, doctor, reset)
    async with works.begin(doctor) as uow:
        [note] = (await uow.db.scalars(select(Note))).all()
        proof = await notes.provenance_of(uow, note.id)
    assert proof.intact is False


async def test_an_addendum_removed_from_the_middle_is_found(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    for words in ("One.", "Two."):
        await with_addendum(works, doctor, note.id, words)
    await by_force(works, doctor, "delete from note_addenda where sequence = 1")
    assert await damage_is_found(works, doctor, note.id)


async def test_damage_that_was_met_is_on_the_audit_trail(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await works.stores.documents["note_revisions"].delete_many({})
    with pytest.raises(notes.NoteDamaged):
        await shown(works, doctor, note.id)
    async with works.begin(doctor) as uow:
        statement = select(audit.AuditEvent).where(audit.AuditEvent.action == "note.damage")
        [event] = (await uow.db.scalars(statement)).all()
    assert (event.subject_id, event.outcome) == (note.id, audit.Outcome.FAILED)


async def test_provenance_goes_from_the_sound_to_the_signature(works: Works, doctor: Actor) -> None:
    note = await signed(works, doctor, await a_dictated_note(works, doctor))
    async with works.begin(doctor) as uow:
        proof = await notes.provenance_of(uow, note.id)
    assert proof.intact is True
    assert [(link.name, link.ok) for link in proof.links] == [
        ("recording", True),
        ("transcript", True),
        ("content", True),
        ("chain", True),
        ("header", True),
    ]
    exam = [s for s in proof.sentences if s.section is SectionKey.PHYSICAL_EXAM]
    assert [(s.start, s.end, s.words) for s in exam] == [(8.0, 10.5, (8, 10))]


async def test_damaged_sound_and_damaged_words_are_named(works: Works, doctor: Actor) -> None:
    note = await signed(works, doctor, await a_dictated_note(works, doctor))
    documents = works.stores.documents
    await documents["voice.chunks"].update_many({}, {"$set": {"data": b"another sound"}})
    words = {"utterances.0.words.0.text": "objective"}
    await documents["transcripts"].update_many({}, {"$set": words})
    async with works.begin(doctor) as uow:
        proof = await notes.provenance_of(uow, note.id)
    broken = {link.name.value for link in proof.links if link.ok is False}
    assert broken == {"recording", "transcript"}
    assert proof.intact is False


async def test_what_was_never_sealed_is_not_checked(works: Works, doctor: Actor) -> None:
    draft = await a_dictated_note(works, doctor)
    await by_force(works, doctor, "update recordings set sha256 = null, sealed_at = null")
    note = await signed(works, doctor, draft)
    async with works.begin(doctor) as uow:
        proof = await notes.provenance_of(uow, note.id)
    assert proof.links[0].ok is None
    assert proof.intact is None
