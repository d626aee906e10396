"""What tasks and alerts of ours are about, in a word that opens and closes them, and for whom."""

from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute

from app.infra.uow import UnitOfWork
from app.work_queues import rosters


def draft_of(note_id: UUID) -> str:
    return f"note:{note_id}:draft"


def unsigned_of(note_id: UUID) -> str:
    return f"note:{note_id}:unsigned"


def unsigned_in_sql(note_id: InstrumentedAttribute[UUID]) -> ColumnElement[str]:
    """The same word as `unsigned_of`, said by the database."""
    return func.concat("note:", note_id, ":unsigned")


def halt_of(recording_id: UUID) -> str:
    return f"recording:{recording_id}:halted"


def silence_of(recording_id: UUID) -> str:
    return f"recording:{recording_id}:silent"


async def receiver(uow: UnitOfWork, user_id: UUID) -> UUID | None:
    """The one person it is for; nobody, and so the pool, once their account is locked."""
    return user_id if await rosters.can_receive(uow, user_id) else None
