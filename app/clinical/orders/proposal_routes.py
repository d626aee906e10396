"""What notes say is to be ordered, over HTTP."""

from uuid import UUID

from app.clinical.orders import proposals, proposing
from app.clinical.orders.lifecycle import OrderProposalStatus
from app.clinical.orders.models import OrderProposal
from app.clinical.orders.policies import CLINICIANS
from app.clinical.orders.proposal_schemas import (
    LookThroughNote,
    OrderProposalList,
    OrderProposalOut,
    OrderProposalPage,
    TakeOrderProposal,
)
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

router = api_router("/order-proposals", "orders")
READERS = [allow(*CLINICIANS)]
DOCTORS = [allow(Role.DOCTOR)]


async def shown(uow: UnitOfWork, proposal: OrderProposal) -> OrderProposalOut:
    return (await proposals.described(uow, [proposal]))[0]


@router.get("", dependencies=READERS)
async def list_order_proposals(
    *,
    patient_id: UUID,
    uow: Uow,
    page: Paging,
    note_id: UUID | None = None,
    status: OrderProposalStatus | None = None,
) -> OrderProposalPage:
    """What a patient's notes say is to be ordered, newest first."""
    return await proposals.list_proposals(
        uow, patient_id, note_id=note_id, status=status, page=page
    )


@router.post("/examinations", status_code=201, dependencies=READERS)
async def look_through_note(body: LookThroughNote, uow: Uow) -> OrderProposalList:
    """Look through the text of a note as it is saved now; all its proposals."""
    found = await proposing.look_through(uow, body.note_id)
    return OrderProposalList(items=await proposals.described(uow, found))


@router.post("/{proposal_id:uuid}/acceptance", status_code=201, dependencies=DOCTORS)
async def take_order_proposal(
    proposal_id: UUID, body: TakeOrderProposal, uow: Uow
) -> OrderProposalOut:
    """Put it into a draft, where it can still be changed; nothing is ordered yet."""
    return await shown(uow, await proposing.take(uow, proposal_id, order_id=body.order_id))


@router.post("/{proposal_id:uuid}/dismissal", status_code=201, dependencies=DOCTORS)
async def dismiss_order_proposal(proposal_id: UUID, uow: Uow) -> OrderProposalOut:
    """It is not to be ordered."""
    return await shown(uow, await proposing.dismiss(uow, proposal_id))
