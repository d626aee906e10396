"""A doctor answers a proposal: one tap makes a draft of it, or stops what was said to stop."""

from collections.abc import Sequence
from uuid import UUID

from app import audit, identity, patients
from app.clinical.prescriptions import (
    drafting,
    knowing,
    moving,
    policies,
    proposal_rows,
    reading,
    repository,
)
from app.clinical.prescriptions.errors import NothingToStop
from app.clinical.prescriptions.knowing import Known
from app.clinical.prescriptions.lifecycle import ItemStatus, ProposalStatus
from app.clinical.prescriptions.models import PrescriptionItem
from app.clinical.prescriptions.proposal_models import PrescriptionProposal
from app.clinical.prescriptions.proposal_schemas import ProposalOut, ProposedAction
from app.clinical.prescriptions.schemas import ItemContent, Person
from app.clinical.prescriptions.sig import sig_text
from app.infra.uow import UnitOfWork

LONGEST_REASON = 500


async def list_proposals(uow: UnitOfWork, note_id: UUID) -> list[ProposalOut]:
    """Of one note, in the order of its plan; none of notes that are not there."""
    policies.require_doctor(uow)
    found = await of_note(uow, note_id)
    await audit.record(
        uow,
        "prescription-proposal.list",
        patient_id=found[0].patient_id if found else None,
        subject=("note", note_id),
        detail={"proposals": [str(one.id) for one in found]},
    )
    return found


async def of_note(uow: UnitOfWork, note_id: UUID) -> list[ProposalOut]:
    return await described(uow, await proposal_rows.shown_of_note(uow, note_id))


async def take_proposal(uow: UnitOfWork, proposal_id: UUID) -> ProposalOut:
    """One tap. A stop stops what is in use; anything else becomes a draft with what was said.

    Raises `ProposalNotFound`, `ProposalAnswered`, `NothingToStop`.
    """
    policies.require_doctor(uow)
    proposal = await proposal_rows.get(uow, proposal_id, lock=True)
    proposal.require_waiting()
    patient = await patients.get_patient(uow, proposal.patient_id, lock=True)  # one draft for all
    known = await knowing.known_of(uow, patient)
    if proposal.action.ends:
        item = await ended(uow, proposal, known)
    else:
        item = await put_on_draft(uow, proposal, known)
    uow.db.add(proposal.answer(ProposalStatus.TAKEN, by=uow.actor.id, at=uow.now))
    proposal.item_id = item.id
    await uow.db.flush()
    subject = ("prescription-proposal", proposal.id)
    await reading.record(
        uow, "prescription-proposal.take", proposal.patient_id, subject, item=str(item.id)
    )
    return (await described(uow, [proposal]))[0]


async def dismiss_proposal(
    uow: UnitOfWork, proposal_id: UUID, *, reason: str | None = None
) -> ProposalOut:
    """It is not prescribed. Raises `ProposalNotFound`, `ProposalAnswered`."""
    policies.require_doctor(uow)
    proposal = await proposal_rows.get(uow, proposal_id, lock=True)
    move = proposal.answer(ProposalStatus.DISMISSED, by=uow.actor.id, at=uow.now, reason=reason)
    uow.db.add(move)
    await uow.db.flush()
    subject = ("prescription-proposal", proposal.id)
    await reading.record(uow, "prescription-proposal.dismiss", proposal.patient_id, subject)
    return (await described(uow, [proposal]))[0]


async def ended(uow: UnitOfWork, proposal: PrescriptionProposal, known: Known) -> PrescriptionItem:
    in_use = concerned(proposal, known)
    if in_use is None:
        raise NothingToStop(proposal_id=proposal.id)
    prescription, item = await moving.locked(uow, in_use.id)
    held = proposal.action is ProposedAction.HOLD
    target = ItemStatus.ON_HOLD if held else ItemStatus.STOPPED
    reason = f"Dictated: {proposal.quote}"[:LONGEST_REASON]
    await moving.move(uow, prescription, item, target, reason)
    return item


async def put_on_draft(
    uow: UnitOfWork, proposal: PrescriptionProposal, known: Known
) -> PrescriptionItem:
    prescription = await moving.own_draft_for(
        uow, known.patient.id, encounter_id=proposal.encounter_id, note_id=proposal.note_id
    )
    item = await drafting.put_again(uow, prescription, prefilled(proposal, known))
    prescription.changed(seen=prescription.version, at=uow.now)
    await drafting.checked_again(uow, prescription)
    return item


def prefilled(proposal: PrescriptionProposal, known: Known) -> ItemContent:
    """What was said. To continue something is to have it as it is; a change says what changes."""
    content = ItemContent.model_validate(proposal.said)
    in_use = concerned(proposal, known)
    if in_use is not None and proposal.action is ProposedAction.CONTINUE:
        return moving.repeated(in_use)
    if in_use is not None and proposal.action is not ProposedAction.START:
        same = {"strength": None, "form": in_use.form, "renews_id": in_use.id}
        return content.model_copy(update=same)
    if proposal.action is ProposedAction.START or proposal.drug_key is None:
        return content
    recorded = [one.text for one in known.recorded or () if one.drug_key == proposal.drug_key]
    return content.model_copy(update={"continues": next(iter(recorded), None)})


def concerned(proposal: PrescriptionProposal, known: Known) -> PrescriptionItem | None:
    """What is in use here of the medicine that was named; nothing of what is started."""
    if proposal.action is ProposedAction.START:
        return None
    named = ItemContent.model_validate(proposal.said).name.casefold()
    in_use = known.active
    if not proposal.action.ends or proposal.action is ProposedAction.STOP:
        in_use = (*known.active, *known.on_hold)
    for item in in_use:
        key = item.drug_key is not None and item.drug_key == proposal.drug_key
        if key or item.name.casefold() == named:
            return item
    return None


async def described(
    uow: UnitOfWork, proposals: Sequence[PrescriptionProposal]
) -> list[ProposalOut]:
    """Proposals of one person, with what they concern and who answered."""
    if not proposals:
        return []
    known = await knowing.known_now(uow, proposals[0].patient_id)
    names = await identity.names_of(uow, {p.answered_by for p in proposals if p.answered_by})
    places = await repository.prescriptions_of(uow, {p.item_id for p in proposals if p.item_id})
    return [one_described(one, known, names, places) for one in proposals]


def one_described(
    proposal: PrescriptionProposal,
    known: Known,
    names: dict[UUID, str],
    places: dict[UUID, UUID],
) -> ProposalOut:
    content = prefilled(proposal, known) if proposal.waits else None
    content = content or ItemContent.model_validate(proposal.said)
    about = concerned(proposal, known) if proposal.waits else None
    by = proposal.answered_by
    return ProposalOut(
        id=proposal.id,
        note_id=proposal.note_id,
        patient_id=proposal.patient_id,
        encounter_id=proposal.encounter_id,
        sentence_id=proposal.sentence_id,
        quote=proposal.quote,
        action=proposal.action,
        content=content,
        sig_text=sig_text(content.sig),
        missing=[] if proposal.action.ends else list(content.sig.missing),
        concerns=about.id if about else None,
        status=proposal.status,
        item_id=proposal.item_id,
        prescription_id=places.get(proposal.item_id) if proposal.item_id else None,
        reason=proposal.reason,
        answered_by=Person(id=by, name=names.get(by, "")) if by else None,
        answered_at=proposal.answered_at,
        created_at=proposal.created_at,
    )
