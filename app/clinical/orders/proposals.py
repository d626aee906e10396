"""Looking at proposals."""

from collections.abc import Sequence
from uuid import UUID

from app import audit, identity, patients
from app.clinical.orders import policies, proposal_rows, repository
from app.clinical.orders.lifecycle import OrderProposalStatus
from app.clinical.orders.models import OrderProposal
from app.clinical.orders.proposal_schemas import OrderProposalOut, OrderProposalPage
from app.clinical.orders.reading import person
from app.clinical.orders.schemas import OrderableOut
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

FIRST_PAGE = PageRequest()
PLAIN = (
    "id", "patient_id", "encounter_id", "note_id", "sentence_id", "section", "quote", "certainty",
    "detail", "wanted_on", "status", "item_id", "answered_at", "created_at",
)  # fmt: skip


async def list_proposals(
    uow: UnitOfWork,
    patient_id: UUID,
    *,
    note_id: UUID | None = None,
    status: OrderProposalStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> OrderProposalPage:
    """What a patient's notes ask for, newest first. Raises `PatientNotFound`."""
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id)
    rows = await proposal_rows.page(uow, patient.id, note_id, status, page)
    found, next_cursor = page_of(rows, page, key=lambda p: Cursor(at=p.created_at, id=p.id))
    detail = {"proposals": [str(one.id) for one in found]}
    await audit.record(uow, "order-proposal.list", patient_id=patient.id, detail=detail)
    return OrderProposalPage(items=await described(uow, found), next_cursor=next_cursor)


async def proposals_of_note(uow: UnitOfWork, note_id: UUID) -> list[OrderProposalOut]:
    """All of a note, for whoever shows the note: leaves no trace, reading the note did."""
    policies.require_reader(uow)
    return await described(uow, await proposal_rows.of_note(uow, note_id))


async def described(uow: UnitOfWork, proposals: Sequence[OrderProposal]) -> list[OrderProposalOut]:
    names = await identity.names_of(uow, {one.answered_by for one in proposals if one.answered_by})
    known = await repository.orderables(uow, {one.orderable_key for one in proposals})
    return [
        OrderProposalOut(
            orderable=OrderableOut.model_validate(known[one.orderable_key]),
            answered_by=person(one.answered_by, names) if one.answered_by else None,
            **{name: getattr(one, name) for name in PLAIN},
        )
        for one in proposals
    ]
