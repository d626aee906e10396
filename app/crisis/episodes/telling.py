"""What episodes leave behind: lines of the timeline, and traces."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app import audit
from app.crisis.episodes.models import Entry, Episode
from app.crisis.episodes.schemas import EntryKind
from app.infra.uow import UnitOfWork


async def write(
    uow: UnitOfWork,
    episode: Episode,
    kind: EntryKind,
    *,
    code: str | None = None,
    outcome: str | None = None,
    remark: str | None = None,
    detail: dict[str, Any] | None = None,
    source: tuple[str, UUID] | None = None,
    happened_at: datetime | None = None,
) -> Entry:
    """A line of the timeline, in this transaction."""
    entry = Entry(
        id=uuid4(),
        episode_id=episode.id,
        patient_id=episode.patient_id,
        kind=kind,
        code=code,
        outcome=outcome,
        remark=remark,
        detail=detail or {},
        source_type=source[0] if source else None,
        source_id=source[1] if source else None,
        happened_at=happened_at or uow.now,
        recorded_by=uow.actor.id,
        recorded_at=uow.now,
    )
    uow.db.add(entry)
    await uow.db.flush()
    return entry


async def trace(uow: UnitOfWork, verb: str, episode: Episode, **detail: object) -> None:
    await audit.record(
        uow,
        f"crisis_episode.{verb}",
        patient_id=episode.patient_id,
        subject=("crisis_episode", episode.id),
        detail=detail,
    )
