"""What a note asks for waits for a doctor; nothing is ordered by itself."""

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.clinical import orders
from app.clinical.notes.body import SectionKey
from app.clinical.orders.proposing import lexicon_now
from app.clinical.orders.recognising import find_orders
from app.clinical.orders.words import Later, later_in, tokens_of
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import a_dictated_note, a_typed_note, saved, signed
from tests.builders.orders import a_draft
from tests.scheduling.waiting_list.delivering import deliver_everything

HERE = Path(__file__).parent
SPOKEN = (
    "subjective",
    "the patient is tired",
    "objective",
    "results",
    "hemoglobin was normal last year",
    "assessment",
    "fatigue",
    "plan",
    "order c b c and b m p",
    "refer to cardiology",
    "no imaging needed",
    "if no better consider MRI of the brain",
    "check hemoglobin A1c in three months",
)


@dataclass(frozen=True)
class Judged:
    """A sentence, what it asks for, and what was found; "?" before what is asked for if."""

    text: str
    expected: frozenset[str]
    found: frozenset[str]


async def judged(works: Works, name: str) -> list[Judged]:
    async with works.begin(Actor.system("test-reader")) as uow:
        lexicon = await lexicon_now(uow)
    rows = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        section, text, keys = (part.strip() for part in line.split("|"))
        found = find_orders(text, lexicon, in_plan=section != "r")
        marks = {orders.OrderCertainty.STATED: "", orders.OrderCertainty.CONDITIONAL: "?"}
        said = frozenset(marks[one.certainty] + one.key for one in found)
        rows.append(Judged(text, frozenset(keys.split()), said))
    return rows


async def test_sentences_ask_for_what_they_say(works: Works) -> None:
    assert [one for one in await judged(works, "sentences.txt") if one.found != one.expected] == []


async def test_on_sentences_kept_aside_little_is_missed_and_less_invented(works: Works) -> None:
    rows = await judged(works, "kept_aside.txt")
    right = sum(len(one.found & one.expected) for one in rows)
    missed = sum(len(one.expected - one.found) for one in rows)
    invented = sum(len(one.found - one.expected) for one in rows)
    assert len(rows) >= 100
    assert right / (right + missed) >= 0.94
    assert right / (right + invented) >= 0.98


def test_how_long_from_now() -> None:
    said = "in 2 weeks, in a year, next month, tomorrow, in three months"
    spans = [span for _, _, span in later_in(tokens_of(said))]
    assert spans == [
        Later(2, "week"), Later(1, "year"), Later(1, "month"), Later(1, "day"), Later(3, "month"),
    ]  # fmt: skip
    assert Later(3, "month").after(date(2026, 11, 30)) == date(2027, 2, 28)


async def told(works: Works) -> None:
    await deliver_everything(works, only="orders.")


async def test_a_dictated_plan_waits_and_is_taken_into_one_draft(
    works: Works, doctor: Actor
) -> None:
    note = await a_dictated_note(works, doctor, SPOKEN)
    await told(works)
    async with works.begin(doctor) as uow:
        found = await orders.proposals_of_note(uow, note.id)
        assert (await orders.list_orders(uow, note.patient_id)).items == []
    by_key = {one.orderable.key: one for one in found}
    assert set(by_key) == {"cbc", "bmp", "refer-cardiology", "mri-brain", "a1c"}
    assert by_key["mri-brain"].certainty == "conditional"
    assert by_key["a1c"].wanted_on == date(2026, 6, 2)
    sentences = {one.id: one.text for one in note.body.sentences()}
    assert all(sentences[one.sentence_id] == one.quote for one in found)

    async def taken(key: str) -> orders.OrderProposal:
        async with works.begin(doctor) as uow:
            return await orders.take(uow, by_key[key].id)

    rows = await asyncio.gather(*(taken(key) for key in ("cbc", "bmp", "a1c")))
    assert all(row.status == "taken" for row in rows)
    with pytest.raises(orders.OrderProposalAnswered):
        await taken("cbc")
    async with works.begin(doctor) as uow:
        await orders.dismiss(uow, by_key["mri-brain"].id)
        [draft] = (await orders.list_orders(uow, note.patient_id)).items
        assert (draft.placed_at, draft.encounter_id) == (None, note.encounter_id)
        assert {item.orderable_key: item.wanted_on for item in draft.items} == {
            "cbc": None,
            "bmp": None,
            "a1c": date(2026, 6, 2),
        }


async def test_a_sentence_that_is_gone_takes_its_unanswered_proposals_along(
    works: Works, doctor: Actor
) -> None:
    plan = SectionKey.TREATMENT
    note = await a_typed_note(works, doctor, {plan: "Order CBC and TSH."})
    async with works.begin(doctor) as uow:
        first = {one.orderable_key: one.id for one in await orders.look_through(uow, note.id)}
        await orders.take(uow, first["cbc"])
    note = await saved(works, doctor, note, {plan: "Rest."})
    async with works.begin(doctor) as uow:
        rows = {one.orderable_key: one.status for one in await orders.look_through(uow, note.id)}
    assert rows == {"cbc": "taken", "tsh": "withdrawn"}
    note = await saved(works, doctor, note, {plan: "Order CBC and TSH."})
    await signed(works, doctor, note)
    await told(works)
    async with works.begin(doctor) as uow:
        again = {one.orderable.key: one for one in await orders.proposals_of_note(uow, note.id)}
    assert {key: (one.id, one.status) for key, one in again.items()} == {
        "cbc": (first["cbc"], "taken"),
        "tsh": (first["tsh"], "proposed"),
    }


async def test_a_proposal_goes_only_into_a_draft_for_the_same_patient(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    note = await a_typed_note(works, doctor, {SectionKey.TREATMENT: "Order CBC."})
    other = await a_draft(works, doctor, "tsh")
    async with works.begin(doctor) as uow:
        [found] = await orders.look_through(uow, note.id)
    async with works.begin(doctor) as uow:
        with pytest.raises(orders.OrderUnfit):
            await orders.take(uow, found.id, order_id=other.id)
    async with works.begin(nurse) as uow:
        with pytest.raises(orders.MayNotOrder):
            await orders.take(uow, found.id)


async def test_who_may_not_read_a_draft_sees_nothing_of_what_it_asks_for(
    works: Works, doctor: Actor, other_doctor: Actor, nurse: Actor
) -> None:
    note = await a_typed_note(works, doctor, {SectionKey.TREATMENT: "Order CBC."})
    await told(works)

    async def quotes(by: Actor) -> list[str]:
        async with works.begin(by) as uow:
            listed = await orders.list_proposals(uow, note.patient_id)
            assert await orders.proposals_of_note(uow, note.id) == listed.items
            return [one.quote for one in listed.items]

    assert await quotes(nurse) == []
    assert await quotes(other_doctor) == ["Order CBC."]
    await signed(works, doctor, note)
    assert await quotes(nurse) == ["Order CBC."]
