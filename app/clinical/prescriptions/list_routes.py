"""Proposals from the dictation, favourites, and the medication of a patient, over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from app.clinical.prescriptions import answering, favourites, proposing, queries, reconciling
from app.clinical.prescriptions.inputs import ExamineNote, KeepFavourite
from app.clinical.prescriptions.list_schemas import (
    MedicationList,
    Reconcile,
    ReconciliationOut,
    ReconciliationPage,
)
from app.clinical.prescriptions.policies import PRESCRIBERS, READERS
from app.clinical.prescriptions.proposal_schemas import (
    DismissProposal,
    FavouriteList,
    FavouriteOut,
    ProposalList,
    ProposalOut,
)
from app.clinical.prescriptions.routes import router as prescriptions
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import api_router

proposals = api_router("/prescription-proposals", "prescriptions")
kept = api_router("/prescription-favourites", "prescriptions")
of_patient = api_router("/patients/{patient_id}", "prescriptions")
ROUTERS: tuple[APIRouter, ...] = (prescriptions, proposals, kept, of_patient)

DOCTORS = [allow(*PRESCRIBERS)]
CLINICIANS = [allow(*READERS)]


@proposals.get("", dependencies=DOCTORS)
async def list_prescription_proposals(note_id: UUID, uow: Uow) -> ProposalList:
    """What was heard in the plan of a note, in its order."""
    return ProposalList(items=await answering.list_proposals(uow, note_id))


@proposals.post("/examinations", status_code=201, dependencies=DOCTORS)
async def examine_plan(body: ExamineNote, uow: Uow) -> ProposalList:
    """Look through the plan of a note as it is saved now."""
    await proposing.examine_note(uow, body.note_id)
    return ProposalList(items=await answering.of_note(uow, body.note_id))


@proposals.post("/{proposal_id:uuid}/taking", status_code=201, dependencies=DOCTORS)
async def take_prescription_proposal(proposal_id: UUID, uow: Uow) -> ProposalOut:
    """Make a draft of it with what was said; or stop or hold what was said to."""
    return await answering.take_proposal(uow, proposal_id)


@proposals.post("/{proposal_id:uuid}/dismissal", status_code=201, dependencies=DOCTORS)
async def dismiss_prescription_proposal(
    proposal_id: UUID, body: DismissProposal, uow: Uow
) -> ProposalOut:
    """It is not prescribed."""
    return await answering.dismiss_proposal(uow, proposal_id, reason=body.reason)


@kept.get("", dependencies=DOCTORS)
async def list_prescription_favourites(uow: Uow) -> FavouriteList:
    """Your own, in the order of names."""
    return FavouriteList(items=await favourites.list_favourites(uow))


@kept.post("", status_code=201, dependencies=DOCTORS)
async def keep_prescription_favourite(body: KeepFavourite, uow: Uow) -> FavouriteOut:
    """Keep a medicine with how it is taken, without anything of the patient."""
    return await favourites.keep_favourite(uow, body.item_id)


@kept.delete("/{favourite_id:uuid}", status_code=204, dependencies=DOCTORS)
async def drop_prescription_favourite(favourite_id: UUID, uow: Uow) -> None:
    """No favourite any more."""
    await favourites.drop_favourite(uow, favourite_id)


@of_patient.get("/medication-list", dependencies=CLINICIANS)
async def get_medication_list(patient_id: UUID, uow: Uow) -> MedicationList:
    """What a patient takes, what is held, what ended, and what is only recorded."""
    return await queries.medication_list(uow, patient_id)


@of_patient.get("/reconciliations", dependencies=CLINICIANS)
async def list_reconciliations(patient_id: UUID, uow: Uow, page: Paging) -> ReconciliationPage:
    """What was heard of the medication, the latest first."""
    return await queries.list_reconciliations(uow, patient_id, page)


@of_patient.post("/reconciliations", status_code=201, dependencies=CLINICIANS)
async def reconcile_medication(patient_id: UUID, body: Reconcile, uow: Uow) -> ReconciliationOut:
    """Write down what the patient says of every medicine; it never changes."""
    return await reconciling.reconcile(uow, patient_id, body)
