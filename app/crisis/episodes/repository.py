"""Every statement that touches crisis episodes."""

import base64
import binascii
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Self
from uuid import UUID, uuid4

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.crisis.episodes.errors import EpisodeNotFound, StepNotFound
from app.crisis.episodes.lifecycle import EpisodeStatus, StepStatus
from app.crisis.episodes.models import Entry, Episode, SignalRule, Step, StepRule
from app.crisis.episodes.schemas import EntryKind
from app.crisis.risk import RiskLevel
from app.infra.uow import UnitOfWork
from app.kernel.paging import CursorUnreadable
from app.patients import Patient, joined_to_patient, records_of, visible_patients

MOST_ENTRIES = 500
LEAST_URGENT = 4
BEGINNINGS = (EntryKind.OPENED, EntryKind.REOPENED)


class Turn(NamedTuple):
    """Where a line of the board stands: how urgent, until when, which."""

    urgency: int
    at: datetime
    id: UUID

    def encode(self) -> str:
        said = f"{self.urgency}|{self.at.isoformat()}|{self.id}"
        return base64.urlsafe_b64encode(said.encode()).decode()

    @classmethod
    def decode(cls, said: str) -> Self:
        """Raises `CursorUnreadable`."""
        try:
            urgency, at, id_ = base64.urlsafe_b64decode(said.encode("ascii")).decode().split("|")
            moment = datetime.fromisoformat(at)
            found = cls(int(urgency), moment, UUID(id_))
        except (ValueError, binascii.Error) as error:
            raise CursorUnreadable from error
        if moment.tzinfo is None or not 0 <= found.urgency <= LEAST_URGENT:
            raise CursorUnreadable
        return found


def visible(uow: UnitOfWork) -> Select[Episode]:
    joined = joined_to_patient(select(Episode), Episode.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, episode_id: UUID, *, lock: bool = False) -> Episode:
    statement = visible(uow).where(Episode.id == episode_id)
    if lock:
        statement = statement.with_for_update(of=Episode)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise EpisodeNotFound(episode_id=episode_id)
    return found


async def begin(uow: UnitOfWork, patient_id: UUID, level: RiskLevel) -> Episode | None:
    """A new open episode; None while there is one, which a rival may just have begun."""
    new = {
        "id": uuid4(),
        "patient_id": patient_id,
        "status": EpisodeStatus.OPEN,
        "level": level,
        "highest_level": level,
        "opened_at": uow.now,
        "opened_by": uow.actor.id,
        "version": 1,
    }
    statement = insert(Episode).values(new).on_conflict_do_nothing().returning(Episode)
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def latest(uow: UnitOfWork, patient_id: UUID) -> Episode | None:
    """The open one of this person, else the one closed last, under a lock."""
    statement = (
        select(Episode)
        .where(Episode.patient_id.in_(records_of(patient_id)))
        .order_by(Episode.status.desc(), Episode.opened_at.desc(), Episode.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def open_of(uow: UnitOfWork, patient_id: UUID) -> Episode | None:
    statement = visible(uow).where(
        Episode.patient_id.in_(records_of(patient_id)), Episode.status == EpisodeStatus.OPEN
    )
    return (await uow.db.scalars(statement.limit(1))).one_or_none()


async def board(
    uow: UnitOfWork, *, owner_id: UUID | None, after: Turn | None, limit: int
) -> Sequence[tuple[Episode, Patient]]:
    """Open episodes by level, then by what is due next; one more than the page holds."""
    statement = (
        joined_to_patient(select(Episode, Patient), Episode.patient_id)
        .where(visible_patients(uow), Episode.status == EpisodeStatus.OPEN)
        .order_by(Episode.urgency, Episode.turn_at, Episode.id)
        .limit(limit + 1)
    )
    if owner_id is not None:
        statement = statement.where(Episode.owner_id == owner_id)
    if after is not None:
        place = tuple_(Episode.urgency, Episode.turn_at, Episode.id)
        statement = statement.where(place > tuple_(*after))
    return [(row[0], row[1]) for row in await uow.db.execute(statement)]


async def of_patient(uow: UnitOfWork, patient_id: UUID, limit: int) -> Sequence[Episode]:
    statement = visible(uow).where(Episode.patient_id.in_(records_of(patient_id)))
    ordered = statement.order_by(Episode.opened_at.desc(), Episode.id.desc()).limit(limit)
    return (await uow.db.scalars(ordered)).all()


async def entries(uow: UnitOfWork, episode_id: UUID) -> Sequence[Entry]:
    found = select(Entry).where(Entry.episode_id == episode_id).order_by(Entry.seq.desc())
    return (await uow.db.scalars(found.limit(MOST_ENTRIES))).all()


async def begun_at(uow: UnitOfWork, episode: Episode) -> datetime:
    """When it was opened the last time."""
    begun = select(func.max(Entry.recorded_at)).where(
        Entry.episode_id == episode.id, Entry.kind.in_(BEGINNINGS)
    )
    return (await uow.db.execute(begun)).scalar_one() or episode.opened_at


async def is_written(uow: UnitOfWork, episode_id: UUID, source: tuple[str, UUID]) -> bool:
    found = select(Entry.seq).where(
        Entry.episode_id == episode_id,
        Entry.source_type == source[0],
        Entry.source_id == source[1],
    )
    return (await uow.db.execute(found.limit(1))).first() is not None


async def steps(uow: UnitOfWork, episode_id: UUID) -> Sequence[tuple[Step, StepRule]]:
    found = (
        select(Step, StepRule)
        .join(StepRule, StepRule.id == Step.rule_id)
        .where(Step.episode_id == episode_id)
        .order_by(Step.due_at, Step.id)
    )
    return [(row[0], row[1]) for row in await uow.db.execute(found)]


async def step(uow: UnitOfWork, episode_id: UUID, step_id: UUID) -> Step:
    found = select(Step).where(Step.id == step_id, Step.episode_id == episode_id)
    one = (await uow.db.scalars(found.with_for_update())).one_or_none()
    if one is None:
        raise StepNotFound(episode_id=episode_id, step_id=step_id)
    return one


async def next_due(uow: UnitOfWork, episode_id: UUID) -> datetime | None:
    due = select(func.min(Step.due_at)).where(
        Step.episode_id == episode_id, Step.status == StepStatus.DUE
    )
    return (await uow.db.execute(due)).scalar_one()


async def overdue(uow: UnitOfWork, most: int) -> Sequence[Step]:
    """Steps past their moment of which nobody was told; other workers take others."""
    found = (
        select(Step)
        .where(Step.status == StepStatus.DUE, Step.overdue_at.is_(None), Step.due_at <= uow.now)
        .order_by(Step.due_at, Step.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return (await uow.db.scalars(found)).all()


async def step_rules(uow: UnitOfWork, level: RiskLevel, on: date) -> Sequence[StepRule]:
    """What counts at this level on that day, the newest version of each."""
    found = (
        select(StepRule)
        .where(StepRule.level == level, *in_effect(StepRule, on))
        .order_by(StepRule.code, StepRule.version)
    )
    newest = {each.code: each for each in await uow.db.scalars(found)}
    return list(newest.values())


async def signal_rule(uow: UnitOfWork, concept: str, on: date) -> SignalRule | None:
    found = (
        select(SignalRule)
        .where(SignalRule.concept == concept, *in_effect(SignalRule, on))
        .order_by(SignalRule.version.desc())
        .limit(1)
    )
    return (await uow.db.scalars(found)).one_or_none()


def in_effect(rule: type[StepRule] | type[SignalRule], on: date) -> tuple[Any, ...]:
    return (
        rule.effective_from <= on,
        or_(rule.effective_to.is_(None), rule.effective_to >= on),
    )
