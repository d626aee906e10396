"""What an episode asks for at its level: each step once, with a clock, a task, and an alert."""

from uuid import UUID, uuid4

from app.crisis.episodes import repository
from app.crisis.episodes.lifecycle import StepStatus
from app.crisis.episodes.models import Episode, Step, StepRule
from app.crisis.episodes.schemas import EntryKind
from app.crisis.episodes.telling import write
from app.crisis.risk import RiskLevel
from app.infra.uow import UnitOfWork
from app.work_queues import alerts, tasks
from app.work_queues.calendars import due_at

STEP, OVERDUE = "crisis.step", "crisis.overdue"  # kinds of work the migration made
OFFICE_HOURS = UUID("00000000-0000-4000-8000-00000000ca02")
BATCH = 50


def task_of(step_id: UUID) -> str:
    return f"crisis-step:{step_id}"


def breach_of(step_id: UUID) -> str:
    return f"crisis-step-overdue:{step_id}"


async def ask_for_steps(uow: UnitOfWork, episode: Episode, level: RiskLevel) -> None:
    """Have every step of the level; one that is there already is due no later than now asked.

    What was done before a closed episode was opened again is asked for anew. What a higher level
    asked for before stays until somebody does it, or says why not.
    """
    mine = [step for step, _ in await repository.steps(uow, episode.id)]
    begun = await repository.begun_at(uow, episode)
    for rule in await repository.step_rules(uow, level, uow.today):
        rounds = [step for step in mine if step.code == rule.code]
        open_one = next((step for step in rounds if step.status is StepStatus.DUE), None)
        if open_one is not None:
            await hasten(uow, open_one, rule)
        elif not any(step.ended_at and step.ended_at >= begun for step in rounds):
            await ask_for(uow, episode, rule, round_=len(rounds) + 1)
    await uow.db.flush()
    episode.next_due_at = await repository.next_due(uow, episode.id)


async def ask_for(uow: UnitOfWork, episode: Episode, rule: StepRule, *, round_: int) -> None:
    due = await due_at(uow, OFFICE_HOURS, uow.now, rule.due_amount, rule.due_unit)
    step = Step(
        id=uuid4(),
        episode_id=episode.id,
        patient_id=episode.patient_id,
        code=rule.code,
        rule_id=rule.id,
        title=rule.title,
        round=round_,
        status=StepStatus.DUE,
        due_at=due,
    )
    uow.db.add(step)
    await uow.db.flush()
    await add_task(uow, step)


async def hasten(uow: UnitOfWork, step: Step, rule: StepRule) -> None:
    due = await due_at(uow, OFFICE_HOURS, uow.now, rule.due_amount, rule.due_unit)
    if due < step.due_at:
        step.due_at, step.rule_id = due, rule.id
        await tasks.close_cause(uow, task_of(step.id))
        await add_task(uow, step)


async def add_task(uow: UnitOfWork, step: Step) -> None:
    await tasks.add_task(
        uow,
        tasks.NewTask(
            type=STEP,
            title=step.title,
            patient_id=step.patient_id,
            subject=("crisis-episode", step.episode_id),
            due_at=step.due_at,
            cause_key=task_of(step.id),
        ),
    )


async def end_step(
    uow: UnitOfWork, episode: Episode, step: Step, target: StepStatus, outcome: str | None
) -> None:
    """It is done, or not needed: its task and its alert go. Raises `IllegalMove`."""
    step.end(target, by=uow.actor.id, at=uow.now, outcome=outcome)
    await uow.db.flush()
    await tasks.close_cause(uow, task_of(step.id))
    await alerts.resolve_cause(uow, breach_of(step.id))
    episode.next_due_at = await repository.next_due(uow, episode.id)
    episode.version += 1
    await write(
        uow,
        episode,
        EntryKind.STEP,
        code=step.code,
        outcome=target.value,
        remark=outcome,
        detail={"late": uow.now > step.due_at},
    )


async def done_by_fact(uow: UnitOfWork, episode: Episode, fact: str) -> None:
    """Tick what such a fact does by itself."""
    for step, rule in await repository.steps(uow, episode.id):
        if step.status is StepStatus.DUE and rule.done_by_fact == fact:
            await end_step(uow, episode, step, StepStatus.DONE, None)


async def tell_overdue(uow: UnitOfWork) -> int:
    """An alert for each step past its moment, once; returns how many."""
    found = await repository.overdue(uow, BATCH)
    for step in found:
        step.overdue_at = uow.now
        await alerts.raise_alert(
            uow,
            alerts.NewAlert(
                type=OVERDUE,
                title=f"Overdue: {step.title}",
                patient_id=step.patient_id,
                subject=("crisis-episode", step.episode_id),
                cause_key=breach_of(step.id),
            ),
        )
    await uow.db.flush()
    return len(found)
