"""What a note asks for waits for a doctor; nothing is ordered by itself.

New proposals are made when a text comes to be, those whose sentence is gone are withdrawn; what
somebody answered stays answered.
"""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from app import audit, patients
from app.clinical import notes
from app.clinical.orders import policies, proposal_rows, repository
from app.clinical.orders.drafting import LATEST, begin_draft, fault, own_draft, put_items, unfit
from app.clinical.orders.errors import OrderProposalAnswered
from app.clinical.orders.lexicon import Called, Lexicon, cues
from app.clinical.orders.lifecycle import OrderProposalStatus
from app.clinical.orders.models import Order, OrderProposal
from app.clinical.orders.note_text import Proposed, orders_in
from app.clinical.orders.schemas import NewOrder, NewOrderItem
from app.infra.uow import UnitOfWork

ANSWERS = frozenset({OrderProposalStatus.TAKEN, OrderProposalStatus.DISMISSED})


async def look_through(uow: UnitOfWork, note_id: UUID) -> list[OrderProposal]:
    """Look through the text the actor sees; all proposals of the note. Raises `NoteNotFound`."""
    policies.require_doer(uow)
    note = await notes.get_note(uow, note_id)
    found: list[Proposed] = []
    if note.status is not notes.NoteStatus.ENTERED_IN_ERROR:
        lexicon = await lexicon_now(uow)
        found = await asyncio.to_thread(orders_in, note.id, note.body, lexicon, uow.today)
    await settle(uow, note, found)
    await audit.record(
        uow,
        "order-proposal.look-through",
        patient_id=note.patient_id,
        subject=("note", note.id),
        detail={"found": len(found)},
    )
    places = {one.id: place for place, one in enumerate(found)}
    stored = await proposal_rows.of_note(uow, note.id)
    return sorted(stored, key=lambda one: places.get(one.id, len(places)))


async def lexicon_now(uow: UnitOfWork) -> Lexicon:
    rows = await repository.catalogue(uow, uow.today)
    return lexicon_of(tuple(Called(row.key, row.kind, (row.name, *row.synonyms)) for row in rows))


@lru_cache(maxsize=2)
def lexicon_of(rows: tuple[Called, ...]) -> Lexicon:
    """Built once for as long as the catalogue stays the same."""
    return Lexicon(rows)


async def settle(uow: UnitOfWork, note: notes.NoteOut, found: Sequence[Proposed]) -> None:
    """Have exactly these proposals of a note wait, but for those that were answered."""
    known = {one.id: one for one in await proposal_rows.of_note(uow, note.id)}
    for new in sorted(found, key=lambda each: each.id):  # everybody locks in one order
        before = known.get(new.id)
        if before is None:
            await add(uow, note, new)
        elif before.status is OrderProposalStatus.WITHDRAWN:
            await propose_again(uow, new)
    ids = {new.id for new in found}
    gone = [one.id for one in known.values() if one.waits and one.id not in ids]
    for one in await proposal_rows.locked(uow, gone):
        if one.waits:
            uow.db.add(one.move_to(OrderProposalStatus.WITHDRAWN, by=uow.actor.id, at=uow.now))
    await uow.db.flush()


async def add(uow: UnitOfWork, note: notes.NoteOut, new: Proposed) -> None:
    if await proposal_rows.add_once(uow, columns_of(uow, note, new)):
        row = (await proposal_rows.locked(uow, [new.id]))[0]
        uow.db.add(row.moved(None, by=uow.actor.id, at=uow.now))


async def propose_again(uow: UnitOfWork, new: Proposed) -> None:
    row = (await proposal_rows.locked(uow, [new.id]))[0]
    if row.status is OrderProposalStatus.WITHDRAWN:
        uow.db.add(row.move_to(OrderProposalStatus.PROPOSED, by=uow.actor.id, at=uow.now))
        row.sentence_id, row.section = new.sentence_id, new.section.value


def columns_of(uow: UnitOfWork, note: notes.NoteOut, new: Proposed) -> dict[str, Any]:
    return {
        "id": new.id,
        "patient_id": note.patient_id,
        "encounter_id": note.encounter_id,
        "note_id": note.id,
        "sentence_id": new.sentence_id,
        "section": new.section.value,
        "quote": new.quote,
        "orderable_key": new.orderable_key,
        "certainty": new.certainty,
        "detail": new.detail,
        "wanted_on": new.wanted_on,
        "dedupe_key": new.dedupe_key,
        "lexicon_version": cues().version,
        "status": OrderProposalStatus.PROPOSED,
        "created_at": uow.now,
        "updated_at": uow.now,
    }


async def take(
    uow: UnitOfWork, proposal_id: UUID, *, order_id: UUID | None = None
) -> OrderProposal:
    """Put it into a draft, where it can still be changed: mine for this patient, or a new one.

    Raises `OrderProposalNotFound`, `OrderProposalAnswered`, `OrderUnfit`, `OrderOfAnother`.
    """
    policies.require_doctor(uow)
    proposal = await proposal_rows.get(uow, proposal_id)
    patient = await patients.get_patient(uow, proposal.patient_id, lock=True)  # one new draft
    proposal = await proposal_rows.get(uow, proposal_id, lock=True)
    if not proposal.waits:
        raise OrderProposalAnswered(proposal_id=proposal.id, current=proposal.status)
    order = await draft_for(uow, patient.id, proposal, order_id)
    day = proposal.wanted_on
    wanted = day if day and uow.today < day <= uow.today + LATEST else None
    new = NewOrderItem(
        orderable_key=proposal.orderable_key, instructions=proposal.detail, wanted_on=wanted
    )
    await put_items(uow, order, [new])
    order.version += 1
    await uow.db.flush()
    there = (await repository.items_of(uow, [order.id]))[order.id]
    item = next(one for one in there if one.orderable_key == proposal.orderable_key)
    uow.db.add(
        proposal.answer(OrderProposalStatus.TAKEN, by=uow.actor.id, at=uow.now, item_id=item.id)
    )
    await trace(uow, "take", proposal)
    return proposal


async def draft_for(
    uow: UnitOfWork, patient_id: UUID, proposal: OrderProposal, order_id: UUID | None
) -> Order:
    if order_id is None:
        mine = await repository.drafts(uow, patient_id, uow.actor.id)
        if not mine:
            new = NewOrder(patient_id=patient_id, encounter_id=proposal.encounter_id)
            return await begin_draft(uow, patient_id, new)
        order_id = mine[0].id
    order = await own_draft(uow, order_id)
    whose = await patients.get_patient(uow, order.patient_id)
    if whose.id != patient_id:
        why = "That draft is for somebody else."
        raise unfit(fault(["body", "order_id"], why, "order_of_patient"))
    return order


async def dismiss(uow: UnitOfWork, proposal_id: UUID) -> OrderProposal:
    """It is not to be ordered. Raises `OrderProposalNotFound`, `OrderProposalAnswered`."""
    policies.require_doctor(uow)
    proposal = await proposal_rows.get(uow, proposal_id, lock=True)
    uow.db.add(proposal.answer(OrderProposalStatus.DISMISSED, by=uow.actor.id, at=uow.now))
    await trace(uow, "dismiss", proposal)
    return proposal


async def trace(uow: UnitOfWork, verb: str, proposal: OrderProposal) -> None:
    await audit.record(
        uow,
        f"order-proposal.{verb}",
        patient_id=proposal.patient_id,
        subject=("order_proposal", proposal.id),
    )
