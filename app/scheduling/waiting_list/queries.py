"""Looking at the waiting list."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import audit, identity, patients
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.scheduling import availability
from app.scheduling.appointments import Appointment
from app.scheduling.waiting_list import repository
from app.scheduling.waiting_list.candidates import candidates, fits_of, free_time
from app.scheduling.waiting_list.lifecycle import WaitingStatus
from app.scheduling.waiting_list.models import TimeOffer, WaitingListEntry
from app.scheduling.waiting_list.repository import EntryFilter
from app.scheduling.waiting_list.schemas import EntryOut, OfferOut

FIRST_PAGE = PageRequest()
MOST_MATCHES = 20


async def read_entry(uow: UnitOfWork, entry_id: UUID) -> WaitingListEntry:
    """Somebody looks at an entry; raises `EntryNotFound`."""
    entry = await repository.get(uow, entry_id)
    await audit.record(
        uow,
        "waiting_list.read",
        patient_id=entry.patient_id,
        subject=("waiting_list_entry", entry.id),
    )
    return entry


async def list_entries(
    uow: UnitOfWork,
    *,
    status: WaitingStatus | None = None,
    patient_id: UUID | None = None,
    practitioner_id: UUID | None = None,
    page: PageRequest = FIRST_PAGE,
) -> tuple[list[WaitingListEntry], str | None]:
    """Entries in the order of asking, and the cursor of the next page.

    Without a status those still open; `practitioner_id`: those who want this doctor by name.
    """
    wanted = EntryFilter(status=status, patient_id=patient_id, practitioner_id=practitioner_id)
    rows = await repository.page(uow, wanted, page)
    found, next_cursor = page_of(rows, page, key=lambda e: Cursor(at=e.created_at, id=e.id))
    await note_whom(uow, "waiting_list.list", found, patient_id=patient_id)
    return found, next_cursor


async def matches_for(
    uow: UnitOfWork,
    practitioner_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    *,
    limit: int = MOST_MATCHES,
) -> list[WaitingListEntry]:
    """Who would like this time of a doctor, in the order in which they would be asked."""
    time = await free_time(uow, practitioner_id, starts_at, ends_at)
    types = await availability.list_visit_types(uow, practitioner_id=practitioner_id)
    found = await candidates(uow, time, fits_of(time, types, uow.zone), limit=limit)
    await note_whom(uow, "waiting_list.match", found)
    return found


async def open_offers(uow: UnitOfWork) -> list[tuple[WaitingListEntry, TimeOffer, Appointment]]:
    """What waits for an answer, by when it expires: who, the offer, and the time held."""
    offers = await repository.open_offers(uow)
    entries = await repository.by_ids(uow, [offer.entry_id for offer, _ in offers])
    await note_whom(uow, "waiting_list.list_offers", list(entries.values()))
    return [
        (entries[offer.entry_id], offer, hold)
        for offer, hold in offers
        if offer.entry_id in entries
    ]


async def describe(uow: UnitOfWork, *entries: WaitingListEntry) -> list[EntryOut]:
    """Entries with the names of everybody and everything in them, and their open offers."""
    patient_of = await repository.patients_of(uow, [entry.id for entry in entries])
    types = select(availability.VisitType).where(
        availability.VisitType.id.in_({entry.visit_type_id for entry in entries})
    )
    type_of = {row.id: row for row in await uow.db.scalars(types)}
    offers = await repository.open_offers(uow, [entry.id for entry in entries])
    whose = {entry.practitioner_id for entry in entries if entry.practitioner_id}
    names = await identity.names_of(uow, whose | {hold.practitioner_id for _, hold in offers})
    offer_of = {
        offer.entry_id: shown_offer(offer, hold, names[hold.practitioner_id])
        for offer, hold in offers
    }
    return [
        shown_entry(
            entry,
            patient_of[entry.id],
            type_of[entry.visit_type_id],
            names.get(entry.practitioner_id) if entry.practitioner_id else None,
            offer_of.get(entry.id),
        )
        for entry in entries
    ]


def shown_entry(
    entry: WaitingListEntry,
    patient: patients.Patient,
    visit_type: availability.VisitType,
    practitioner_name: str | None,
    offer: OfferOut | None,
) -> EntryOut:
    return EntryOut(
        id=entry.id,
        status=entry.status,
        patient_id=patient.id,
        patient_name=f"{patient.given_name} {patient.family_name}",
        patient_mrn=patient.mrn,
        patient_phone=patient.phone,
        visit_type_id=entry.visit_type_id,
        visit_type_name=visit_type.name,
        duration_minutes=visit_type.duration_minutes,
        practitioner_id=entry.practitioner_id,
        practitioner_name=practitioner_name,
        specialty=entry.specialty,
        urgency=entry.urgency,
        weekdays=entry.weekdays,
        from_time=clock(entry.from_minute),
        until_time=clock(entry.until_minute),
        not_before=entry.not_before,
        not_after=entry.not_after,
        note=entry.note,
        offer=offer,
        version=entry.version,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
    )


def clock(minute: int | None) -> str | None:
    return None if minute is None else availability.clock_of_minute(minute)


async def describe_offer(uow: UnitOfWork, offer: TimeOffer) -> OfferOut:
    """An offer, whatever became of it, with the time it was for."""
    hold = await uow.db.get_one(Appointment, offer.appointment_id)
    names = await identity.names_of(uow, [hold.practitioner_id])
    return shown_offer(offer, hold, names[hold.practitioner_id])


def shown_offer(offer: TimeOffer, hold: Appointment, practitioner_name: str) -> OfferOut:
    return OfferOut(
        id=offer.id,
        entry_id=offer.entry_id,
        status=offer.status,
        appointment_id=offer.appointment_id,
        practitioner_id=hold.practitioner_id,
        practitioner_name=practitioner_name,
        room_id=hold.room_id,
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        offered_at=offer.offered_at,
        expires_at=offer.expires_at,
        answered_at=offer.answered_at,
    )


async def note_whom(
    uow: UnitOfWork,
    action: str,
    seen: Sequence[WaitingListEntry],
    *,
    patient_id: UUID | None = None,
) -> None:
    """Who saw a list saw every patient on it."""
    ids = list(dict.fromkeys(str(entry.patient_id) for entry in seen))
    await audit.record(uow, action, patient_id=patient_id, detail={"patients": ids})
