"""What the tests of offers look at: everything that waits, is offered, is held."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import Works
from app.scheduling.appointments import LIVE, Appointment, AppointmentStatus
from app.scheduling.waiting_list import TimeOffer, TimeOfferStatus, WaitingListEntry


@dataclass(frozen=True, slots=True)
class Seen:
    """The tables as they are."""

    entries: dict[UUID, WaitingListEntry]
    offers: list[TimeOffer]
    appointments: dict[UUID, Appointment]

    def status(self, entry: WaitingListEntry) -> str:
        return self.entries[entry.id].status

    @property
    def open_offers(self) -> list[TimeOffer]:
        return [each for each in self.offers if each.status is TimeOfferStatus.OPEN]

    @property
    def offered(self) -> list[UUID]:
        """Entries by the order in which they were offered something."""
        return [each.entry_id for each in self.offers]

    @property
    def holds(self) -> list[Appointment]:
        rows = self.appointments.values()
        return [each for each in rows if each.status is AppointmentStatus.PENDING]

    @property
    def live(self) -> list[Appointment]:
        return [each for each in self.appointments.values() if each.status in LIVE]

    def require_consistency(self) -> None:
        """What must be true at any moment between two units of work."""
        open_entries = [each.entry_id for each in self.open_offers]
        assert len(open_entries) == len(set(open_entries))
        offered = {each.id for each in self.entries.values() if each.status == "offered"}
        assert set(open_entries) == offered
        for offer in self.offers:
            held = self.appointments[offer.appointment_id]
            if offer.status is TimeOfferStatus.ACCEPTED:
                assert held.status is AppointmentStatus.BOOKED
                assert self.entries[offer.entry_id].status == "booked"
            elif offer.status is not TimeOfferStatus.OPEN:
                assert held.status not in LIVE
        assert {each.id for each in self.holds} <= {
            each.appointment_id for each in self.open_offers
        }


async def look(works: Works) -> Seen:
    async with works.sessions() as db:
        entries = await db.scalars(select(WaitingListEntry))
        rows = await db.scalars(select(Appointment))
        offers = await db.scalars(
            select(TimeOffer).order_by(TimeOffer.offered_at, TimeOffer.expires_at, TimeOffer.id)
        )
        return Seen(
            {each.id: each for each in entries},
            list(offers),
            {each.id: each for each in rows},
        )
