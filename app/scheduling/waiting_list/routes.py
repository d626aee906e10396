"""The waiting list over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.scheduling import appointments
from app.scheduling.appointments import Moment
from app.scheduling.waiting_list import answering, offering, queries, service
from app.scheduling.waiting_list.lifecycle import WaitingStatus
from app.scheduling.waiting_list.models import WaitingListEntry
from app.scheduling.waiting_list.policies import KEEPERS
from app.scheduling.waiting_list.schemas import (
    Accepted,
    ChangeEntry,
    EntryOut,
    EntryPage,
    Matches,
    NewEntry,
    NewOffer,
    OfferOut,
    Refused,
    WithdrawEntry,
)

router = api_router("/waiting-list", "waiting list")

STALE: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "entry-changed: somebody changed it since you read it"
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}
TAKEN: dict[int | str, dict[str, Any]] = {
    409: described(
        HTTPStatus.CONFLICT,
        "slot-taken: conflicts says what is in the way, alternatives what is free",
    )
}


async def shown(uow: UnitOfWork, entry: WaitingListEntry) -> EntryOut:
    return (await queries.describe(uow, entry))[0]


@router.post("", status_code=201, dependencies=[allow(*KEEPERS)])
async def add_waiting_list_entry(body: NewEntry, uow: Uow, response: Response) -> EntryOut:
    """Put a patient on the waiting list."""
    entry = await service.add_entry(uow, body)
    response.headers["Location"] = f"/api/v1/waiting-list/{entry.id}"
    put_etag(response, entry.version)
    return await shown(uow, entry)


@router.get("", dependencies=[allow(*STAFF)])
async def list_waiting_list(
    uow: Uow,
    page: Paging,
    status: Annotated[
        WaitingStatus | None, Query(description="Left out: those who wait or are being asked.")
    ] = None,
    patient_id: UUID | None = None,
    practitioner_id: Annotated[
        UUID | None, Query(description="Only those who want this doctor by name.")
    ] = None,
) -> EntryPage:
    """The waiting list, in the order in which people are asked."""
    found, next_cursor = await queries.list_entries(
        uow, status=status, patient_id=patient_id, practitioner_id=practitioner_id, page=page
    )
    return EntryPage(items=await queries.describe(uow, *found), next_cursor=next_cursor)


@router.get("/matches", dependencies=[allow(*STAFF)])
async def match_waiting_list(
    uow: Uow,
    practitioner_id: UUID,
    starts_at: Annotated[Moment, Query(description="An instant, with its offset.")],
    ends_at: Annotated[Moment, Query(description="Longer visits than until then do not fit.")],
) -> Matches:
    """Who would like this time of a doctor: the most urgent first, then who waits longest."""
    found = await queries.matches_for(uow, practitioner_id, starts_at, ends_at)
    return Matches(items=await queries.describe(uow, *found))


# Only ids, or "matches" would be an entry for the verbs that it does not have itself.
@router.get("/{entry_id:uuid}", dependencies=[allow(*STAFF)])
async def get_waiting_list_entry(entry_id: UUID, uow: Uow, response: Response) -> EntryOut:
    """One entry; the ETag is the version to send when changing it."""
    entry = await queries.read_entry(uow, entry_id)
    put_etag(response, entry.version)
    return await shown(uow, entry)


@router.patch("/{entry_id:uuid}", dependencies=[allow(*KEEPERS)], responses=STALE)
async def change_waiting_list_entry(
    entry_id: UUID, body: ChangeEntry, version: IfMatch, uow: Uow, response: Response
) -> EntryOut:
    """Change what suits the patient; what is left out stays, null clears."""
    entry = await service.change_entry(uow, entry_id, body, version=version)
    put_etag(response, entry.version)
    return await shown(uow, entry)


@router.post("/{entry_id}/withdrawal", status_code=201, dependencies=[allow(*KEEPERS)])
async def withdraw_waiting_list_entry(entry_id: UUID, body: WithdrawEntry, uow: Uow) -> EntryOut:
    """The patient waits no longer; a time held for them goes on to the next one."""
    return await shown(uow, await service.withdraw_entry(uow, entry_id, reason=body.reason))


@router.post("/{entry_id}/offers", status_code=201, dependencies=[allow(*KEEPERS)], responses=TAKEN)
async def offer_time(entry_id: UUID, body: NewOffer, uow: Uow, request: Request) -> OfferOut:
    """Hold a time of your choice for somebody who waits, until they answer."""
    offer = await offering.offer_by_hand(uow, entry_id, body, request.state.scheduling_rules)
    return await queries.describe_offer(uow, offer)


@router.post(
    "/offers/{offer_id}/acceptance",
    status_code=201,
    dependencies=[allow(*KEEPERS)],
    responses=TAKEN,
)
async def accept_offer(offer_id: UUID, uow: Uow) -> Accepted:
    """The patient takes the time: it is booked."""
    taken = await answering.accept_offer(uow, offer_id)
    booked, *kept = await appointments.shown(uow, [taken.appointment, *taken.kept])
    return Accepted(
        entry=await shown(uow, taken.entry),
        offer=await queries.describe_offer(uow, taken.offer),
        appointment=booked,
        kept=kept,
    )


@router.post("/offers/{offer_id}/refusal", status_code=201, dependencies=[allow(*KEEPERS)])
async def refuse_offer(offer_id: UUID, uow: Uow) -> Refused:
    """The patient does not take the time: it goes on to the next one, they go on waiting."""
    entry, offer = await answering.refuse_offer(uow, offer_id)
    return Refused(entry=await shown(uow, entry), offer=await queries.describe_offer(uow, offer))
