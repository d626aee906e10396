"""Every statement that touches the waiting list, but for the search for who suits a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, insert, literal, select, text, tuple_, update

from app.infra.uow import UnitOfWork
from app.kernel.paging import CursorUnreadable, PageRequest
from app.patients import Patient, joined_to_patient, records_of, visible_patients
from app.scheduling.appointments import LIVE, Appointment, AppointmentStatus
from app.scheduling.waiting_list.errors import EntryNotFound, OfferNotFound
from app.scheduling.waiting_list.lifecycle import TimeOfferStatus, WaitingStatus
from app.scheduling.waiting_list.models import (
    TimeOffer,
    WaitingListEntry,
    WaitingListRepointing,
)

Entry = WaitingListEntry
IN_TURN = (Entry.urgency_rank, Entry.created_at, Entry.id)
# Written out, so that the planner knows the partial indexes by it whatever was prepared before.
STILL_OPEN = text("waiting_list_entries.status in ('waiting', 'offered')")
TAKE_TURNS = text(
    "select pg_advisory_xact_lock(hashtextextended('waiting_list.merge:' || :merge, 0))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are asked for; without a status those that are open."""

    status: WaitingStatus | None = None
    patient_id: UUID | None = None
    practitioner_id: UUID | None = None


def visible(uow: UnitOfWork) -> Select[WaitingListEntry]:
    joined = joined_to_patient(select(Entry), Entry.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, entry_id: UUID, *, lock: bool = False) -> WaitingListEntry:
    statement = visible(uow).where(Entry.id == entry_id)
    if lock:
        statement = statement.with_for_update(of=Entry, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    entry = (await uow.db.execute(statement)).scalar_one_or_none()
    if entry is None:
        raise EntryNotFound(entry_id=entry_id)
    return entry


async def page(
    uow: UnitOfWork, wanted: EntryFilter, request: PageRequest
) -> Sequence[WaitingListEntry]:
    """One row more than the page holds, in the order in which people are asked."""
    return (await uow.db.scalars(await page_statement(uow, wanted, request))).all()


async def page_statement(
    uow: UnitOfWork, wanted: EntryFilter, request: PageRequest
) -> Select[WaitingListEntry]:
    statement = visible(uow)
    if wanted.status is None:
        statement = statement.where(STILL_OPEN)
    else:
        statement = statement.where(Entry.status == wanted.status)
    if wanted.patient_id is not None:
        statement = statement.where(Entry.patient_id.in_(records_of(wanted.patient_id)))
    if wanted.practitioner_id is not None:
        statement = statement.where(Entry.whom == whom_of(wanted.practitioner_id))
    if request.cursor is not None:
        place = await place_of(uow, request.cursor.id)
        statement = statement.where(tuple_(*IN_TURN) > tuple_(*place))
    return statement.order_by(*IN_TURN).limit(request.limit + 1)


async def by_ids(uow: UnitOfWork, entry_ids: Collection[UUID]) -> dict[UUID, WaitingListEntry]:
    rows = await uow.db.scalars(visible(uow).where(Entry.id.in_(entry_ids)))
    return {row.id: row for row in rows}


async def place_of(uow: UnitOfWork, entry_id: UUID) -> tuple[int, datetime, UUID]:
    """Where an entry stands in the order of asking."""
    statement = select(*IN_TURN).where(Entry.id == entry_id)
    row = (await uow.db.execute(statement)).one_or_none()
    if row is None:
        raise CursorUnreadable
    return row[0], row[1], row[2]


def whom_of(practitioner_id: UUID) -> str:
    return f"practitioner:{practitioner_id}"


async def open_entries_of(uow: UnitOfWork, patient_id: UUID) -> Sequence[WaitingListEntry]:
    """What a person waits for, under whichever record it was written down."""
    statement = select(Entry).where(Entry.patient_id.in_(records_of(patient_id)), STILL_OPEN)
    return (await uow.db.scalars(statement.order_by(*IN_TURN))).all()


async def get_offer(uow: UnitOfWork, offer_id: UUID) -> tuple[WaitingListEntry, TimeOffer]:
    """An offer and its entry, both locked: always first the entry, which there is one of."""
    entry_id = await uow.db.scalar(select(TimeOffer.entry_id).where(TimeOffer.id == offer_id))
    if entry_id is None:
        raise OfferNotFound(offer_id=offer_id)
    try:
        entry = await get(uow, entry_id, lock=True)
    except EntryNotFound:
        raise OfferNotFound(offer_id=offer_id) from None
    statement = select(TimeOffer).where(TimeOffer.id == offer_id).with_for_update()
    statement = statement.execution_options(populate_existing=True)
    return entry, (await uow.db.execute(statement)).scalar_one()


async def patients_of(uow: UnitOfWork, entry_ids: Collection[UUID]) -> dict[UUID, Patient]:
    """The record that counts of whoever waits, by entry."""
    statement = joined_to_patient(select(Entry.id, Patient).select_from(Entry), Entry.patient_id)
    rows = await uow.db.execute(statement.where(Entry.id.in_(entry_ids)))
    return {row[0]: row[1] for row in rows}


async def open_offer_of(uow: UnitOfWork, entry_id: UUID) -> TimeOffer | None:
    statement = select(TimeOffer).where(
        TimeOffer.entry_id == entry_id, TimeOffer.status == TimeOfferStatus.OPEN
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def open_offers(
    uow: UnitOfWork, entry_ids: Collection[UUID] | None = None
) -> Sequence[tuple[TimeOffer, Appointment]]:
    """Open offers with the time held, of these entries or of all, by when they expire."""
    statement = (
        select(TimeOffer, Appointment)
        .join(Appointment, Appointment.id == TimeOffer.appointment_id)
        .where(TimeOffer.status == TimeOfferStatus.OPEN)
        .order_by(TimeOffer.expires_at, TimeOffer.id)
    )
    if entry_ids is not None:
        statement = statement.where(TimeOffer.entry_id.in_(entry_ids))
    return [(row[0], row[1]) for row in await uow.db.execute(statement)]


async def unanswered(uow: UnitOfWork, limit: int) -> Sequence[UUID]:
    """Open offers whose time is up, or whose hold is gone or was booked by other means."""
    return (await uow.db.scalars(unanswered_statement(uow, limit))).all()


def unanswered_statement(uow: UnitOfWork, limit: int) -> Select[UUID]:
    return (
        select(TimeOffer.id)
        .join(Appointment, Appointment.id == TimeOffer.appointment_id)
        .where(
            TimeOffer.status == TimeOfferStatus.OPEN,
            (TimeOffer.expires_at <= uow.now) | (Appointment.status != AppointmentStatus.PENDING),
        )
        .order_by(TimeOffer.expires_at, TimeOffer.id)
        .limit(limit)
    )


async def later_appointments(
    uow: UnitOfWork, patient_id: UUID, visit_type_id: UUID, after: datetime
) -> Sequence[Appointment]:
    """What the patient has booked for the same kind of visit after an instant."""
    statement = (
        select(Appointment)
        .where(
            Appointment.patient_id.in_(records_of(patient_id)),
            Appointment.visit_type_id == visit_type_id,
            Appointment.starts_at >= after,
            Appointment.status.in_(LIVE - {AppointmentStatus.PENDING}),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return (await uow.db.scalars(statement)).all()


async def one_at_a_time(uow: UnitOfWork, merge_id: UUID) -> None:
    """Following a merge and going back take turns, whichever fact arrives first."""
    await uow.db.execute(TAKE_TURNS, {"merge": str(merge_id)})


async def repoint(
    uow: UnitOfWork, merge_id: UUID, absorbed: Collection[UUID], survivor_id: UUID
) -> None:
    """Entries of the absorbed records follow, and it is written down which ones."""
    theirs = select(literal(merge_id), Entry.id, Entry.patient_id)
    columns = ["merge_id", "entry_id", "from_patient_id"]
    await uow.db.execute(
        insert(WaitingListRepointing).from_select(
            columns, theirs.where(Entry.patient_id.in_(absorbed))
        )
    )
    moved = update(Entry).where(Entry.patient_id.in_(absorbed))
    await uow.db.execute(moved.values(patient_id=survivor_id, updated_at=uow.now))


async def point_back(uow: UnitOfWork, merge_id: UUID) -> None:
    """Exactly the entries that followed a merge go back to whom they came from."""
    followed = WaitingListRepointing
    moved = update(Entry).where(Entry.id == followed.entry_id, followed.merge_id == merge_id)
    await uow.db.execute(moved.values(patient_id=followed.from_patient_id, updated_at=uow.now))
    await uow.db.execute(delete(followed).where(followed.merge_id == merge_id))
