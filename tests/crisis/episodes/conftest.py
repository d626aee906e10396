"""A patient in danger, and facts that are delivered."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.crisis import episodes, risk, signals
from app.crisis.episodes.models import Entry, Episode, Step
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.patients import Patient
from app.work_queues.items import WorkItem
from tests.builders.patients import a_patient
from tests.scheduling.waiting_list.delivering import deliver_everything


@pytest.fixture
async def patient(works: Works, doctor: Actor) -> Patient:
    return await a_patient(works, doctor)


async def told(works: Works) -> None:
    """Every fact, and those that follow from hearing it."""
    while await deliver_everything(works, only="crisis_episodes."):
        pass


async def raised(works: Works, by: Actor, patient: Patient, concept: str) -> UUID:
    """A clinician sees a sign of danger, which is confirmed thereby."""
    async with works.begin(by) as uow:
        said = signals.RaiseSignal.model_validate(
            {"patient_id": patient.id, "concept": concept, "words": "Does not want to go on."}
        )
        signal = await signals.raise_signal(uow, said)
    return signal.id


async def judged(works: Works, by: Actor, patient: Patient, **said: Any) -> None:
    async with works.begin(by) as uow:
        await risk.assess(uow, patient.id, risk.AssessRisk(**said))
    await told(works)


async def all_episodes(works: Works) -> Sequence[Episode]:
    async with works.sessions() as db:
        return (await db.scalars(select(Episode).order_by(Episode.opened_at))).all()


async def entries(works: Works) -> list[str]:
    async with works.sessions() as db:
        rows = await db.scalars(select(Entry).order_by(Entry.seq))
        return [each.kind.value for each in rows]


async def steps(works: Works) -> dict[str, Step]:
    async with works.sessions() as db:
        rows = await db.scalars(select(Step).order_by(Step.due_at))
        return {each.code: each for each in rows}


async def open_work(works: Works, type_: str) -> list[WorkItem]:
    async with works.sessions() as db:
        rows = await db.scalars(select(WorkItem).where(WorkItem.type == type_))
        return [each for each in rows if each.closed_at is None]


async def seen(works: Works, by: Actor, episode_id: UUID) -> episodes.EpisodeOut:
    async with works.begin(by) as uow:
        return await episodes.read_episode(uow, episode_id)
