"""Proposals follow the plan of a note: those whose words are gone are withdrawn.

None of them posts anything. Whoever takes one gets a draft, prefilled with what was said.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from app import audit
from app.clinical import formulary, notes
from app.clinical.prescriptions import policies, proposal_rows
from app.clinical.prescriptions.lifecycle import ProposalStatus
from app.clinical.prescriptions.note_plan import Heard, heard_in
from app.clinical.prescriptions.proposal_models import (
    PrescriptionProposal,
    PrescriptionProposalMove,
)
from app.infra.uow import UnitOfWork


async def examine_note(uow: UnitOfWork, note_id: UUID) -> None:
    """Look through the plan of the text the actor sees. Raises `NoteNotFound`."""
    policies.require_finder(uow)
    note = await notes.get_note(uow, note_id)
    heard: list[Heard] = []
    if note.status is not notes.NoteStatus.ENTERED_IN_ERROR:
        heard = await asyncio.to_thread(heard_in, note.id, note.body)
    await settle(uow, note, heard)


async def settle(uow: UnitOfWork, note: notes.NoteOut, heard: Sequence[Heard]) -> None:
    """Have exactly these wait, but for those that were answered."""
    known = {one.id: one for one in await proposal_rows.of_note(uow, note.id)}
    keys = await formulary.recognise(uow, sorted({one.content.name for one in heard}))
    for new in sorted(heard, key=lambda each: each.id):  # everybody locks in one order
        before = known.get(new.id)
        if before is None:
            await propose(uow, note, new, keys.get(new.content.name))
        elif before.status is ProposalStatus.WITHDRAWN or is_elsewhere(before, new):
            await propose_again(uow, new)
    ids = {one.id for one in heard}
    gone = [one.id for one in known.values() if one.waits and one.id not in ids]
    if gone:
        await withdraw(uow, gone)


def is_elsewhere(before: PrescriptionProposal, new: Heard) -> bool:
    at = (before.sentence_id, before.position, before.quote)
    return before.waits and at != (new.sentence_id, new.position, new.quote)


async def propose(uow: UnitOfWork, note: notes.NoteOut, new: Heard, drug_key: str | None) -> None:
    if not await proposal_rows.add_once(uow, columns_of(uow, note, new, drug_key)):
        return
    uow.db.add(
        PrescriptionProposalMove(
            proposal_id=new.id,
            from_status=None,
            to_status=ProposalStatus.PROPOSED,
            reason=None,
            moved_by=uow.actor.id,
            moved_at=uow.now,
        )
    )
    await told(uow, "propose", new.id, note.patient_id)


def columns_of(
    uow: UnitOfWork, note: notes.NoteOut, new: Heard, drug_key: str | None
) -> dict[str, Any]:
    content = new.content.model_copy(update={"drug_key": drug_key})
    return {
        "id": new.id,
        "note_id": note.id,
        "patient_id": note.patient_id,
        "encounter_id": note.encounter_id,
        "sentence_id": new.sentence_id,
        "position": new.position,
        "quote": new.quote,
        "action": new.action,
        "drug_key": drug_key,
        "said": content.model_dump(mode="json"),
        "status": ProposalStatus.PROPOSED,
        "created_at": uow.now,
        "updated_at": uow.now,
    }


async def propose_again(uow: UnitOfWork, new: Heard) -> None:
    """It is said once more, or stands elsewhere now."""
    for proposal in await proposal_rows.locked(uow, [new.id]):
        if proposal.status is ProposalStatus.WITHDRAWN:
            uow.db.add(proposal.move(ProposalStatus.PROPOSED, by=uow.actor.id, at=uow.now))
            await told(uow, "propose", proposal.id, proposal.patient_id)
        if proposal.waits:
            proposal.sentence_id, proposal.position = new.sentence_id, new.position
            proposal.quote = new.quote


async def withdraw(uow: UnitOfWork, ids: Collection[UUID]) -> None:
    """Their words are gone; those that somebody answered stay as they are."""
    for proposal in await proposal_rows.locked(uow, ids):
        if proposal.waits:
            uow.db.add(proposal.move(ProposalStatus.WITHDRAWN, by=uow.actor.id, at=uow.now))
            await told(uow, "withdraw", proposal.id, proposal.patient_id)


async def told(uow: UnitOfWork, verb: str, proposal_id: UUID, patient_id: UUID) -> None:
    await audit.record(
        uow,
        f"prescription-proposal.{verb}",
        patient_id=patient_id,
        subject=("prescription-proposal", proposal_id),
    )


def waiting(proposals: Iterable[PrescriptionProposal]) -> list[PrescriptionProposal]:
    return [one for one in proposals if one.waits]
