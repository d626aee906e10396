"""Every statement that touches calendar feeds, and the one that reads what they show."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, null, select, tuple_

from app.identity import User, UserStatus
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import PatientRestriction
from app.scheduling.appointments import Appointment, AppointmentStatus
from app.scheduling.calendar_feeds.errors import CalendarFeedNotFound
from app.scheduling.calendar_feeds.models import CalendarFeed
from app.scheduling.calendar_feeds.visibility import kept_by

NEWEST_FIRST = (CalendarFeed.created_at.desc(), CalendarFeed.id.desc())


class Entry(NamedTuple):
    """What a feed may know of an appointment; the patient only to make initials of a name."""

    id: UUID
    version: int
    status: AppointmentStatus
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    updated_at: datetime
    patient_id: UUID | None
    patient_name: str | None


async def get(uow: UnitOfWork, feed_id: UUID) -> CalendarFeed:
    """A feed the actor may keep, locked."""
    statement = select(CalendarFeed).where(CalendarFeed.id == feed_id, kept_by(uow.actor))
    feed = (await uow.db.execute(statement.with_for_update())).scalar_one_or_none()
    if feed is None:
        raise CalendarFeedNotFound(feed_id=feed_id)
    return feed


async def live_feed(uow: UnitOfWork, token_sha256: bytes) -> CalendarFeed | None:
    """The feed of a token that counts: not revoked, and its doctor still works here."""
    statement = (
        select(CalendarFeed)
        .join(User, User.id == CalendarFeed.practitioner_id)
        .where(
            CalendarFeed.token_sha256 == token_sha256,
            CalendarFeed.revoked_at.is_(None),
            User.status == UserStatus.ACTIVE,
        )
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def page(
    uow: UnitOfWork, practitioner_id: UUID | None, request: PageRequest
) -> Sequence[CalendarFeed]:
    """One row more than the page holds, newest first."""
    statement = select(CalendarFeed).where(kept_by(uow.actor))
    if practitioner_id is not None:
        statement = statement.where(CalendarFeed.practitioner_id == practitioner_id)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(
            tuple_(CalendarFeed.created_at, CalendarFeed.id) < tuple_(*last)
        )
    return (await uow.db.scalars(statement.order_by(*NEWEST_FIRST).limit(request.limit + 1))).all()


async def entries_of(
    uow: UnitOfWork, practitioner_id: UUID, since: datetime, until: datetime, *, people: bool
) -> list[Entry]:
    """Appointments that begin in a span of time; holds were never appointments."""
    # Whoever reads a feed is nobody we know: of the restricted no letter.
    restricted = select(PatientRestriction.id).where(
        PatientRestriction.patient_id == Appointment.patient_id,
        PatientRestriction.lifted_at.is_(None),
    )
    whom = tuple(
        case((restricted.exists(), null()), else_=column).label(column.key)
        for column in (Appointment.patient_id, Appointment.patient_name)
    )
    statement = (
        select(
            Appointment.id,
            Appointment.version,
            Appointment.status,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.created_at,
            Appointment.updated_at,
            *(whom if people else (null().label(column.key) for column in whom)),
        )
        .where(
            Appointment.practitioner_id == practitioner_id,
            Appointment.starts_at >= since,
            Appointment.starts_at < until,
            Appointment.booked_at.is_not(None),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [Entry(*row) for row in await uow.db.execute(statement)]
