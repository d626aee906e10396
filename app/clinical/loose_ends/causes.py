"""What tasks and alerts of ours are about, in a word: the same word opens and closes them."""

from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute


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
