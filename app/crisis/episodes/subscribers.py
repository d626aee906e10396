"""Which facts open or feed an episode. Facts may come twice, late, and many at a time."""

from uuid import uuid5

from app.crisis import safety_plans, screenings, signals
from app.crisis.episodes import repository
from app.crisis.episodes.lifecycle import EpisodeStatus
from app.crisis.episodes.opening import feed, follow_level, open_or_feed
from app.crisis.episodes.schemas import EntryKind
from app.crisis.episodes.steps import done_by_fact
from app.crisis.risk import (
    Finding,
    RiskDecided,
    RiskLevel,
    follow_review,
    risk_of,
    take_finding,
)
from app.crisis.screenings import Instrument
from app.infra.uow import Subscriptions, UnitOfWork
from app.kernel.events import Fact

# Whose level stands by itself; others only ever raise the floor.
TRIAGES = frozenset({Instrument.C_SSRS, Instrument.C_SSRS_SINCE, Instrument.SAFE_T})
OPENS_FROM = RiskLevel.MODERATE.rank


def subscribe(subscriptions: Subscriptions) -> None:
    on = subscriptions.on
    on(signals.SignalConfirmed, on_signal, name="crisis_episodes.signal")
    on(screenings.ScreeningCompleted, on_screening, name="crisis_episodes.screening")
    on(RiskDecided, on_level, name="crisis_episodes.level")
    on(safety_plans.SafetyPlanPublished, on_plan, name="crisis_episodes.plan")


async def on_signal(uow: UnitOfWork, fact: Fact) -> None:
    """A confirmed sign of danger: its rule says how grave, and a screen is due where it may be."""
    told = fact.event
    assert isinstance(told, signals.SignalConfirmed)
    rule = await repository.signal_rule(uow, told.concept, uow.today)
    source = ("signal", told.signal_id)
    if rule is not None and rule.level is not None:
        why = {"rule": f"signal.{rule.concept}.v{rule.version}", "why": rule.why}
        await take_finding(
            uow, told.patient_id, Finding(level=rule.level, reasons=[why], source=source)
        )
        await screenings.demand_screening(
            uow,
            patient_id=told.patient_id,
            instrument=Instrument.C_SSRS,
            because="signal",
            source_id=told.signal_id,
        )
    episode = await open_or_feed(uow, told.patient_id)
    await feed(uow, episode, EntryKind.SIGNAL, source, code=told.concept)


async def on_screening(uow: UnitOfWork, fact: Fact) -> None:
    told = fact.event
    assert isinstance(told, screenings.ScreeningCompleted)
    source = ("screening", told.screening_id)
    if told.level is not None:
        finding = Finding(
            level=told.level,
            reasons=await screenings.reasons_of(uow, told.screening_id),
            source=source,
            replaces=told.instrument in TRIAGES,
        )
        await take_finding(uow, told.patient_id, finding)
    grave = told.level is not None and told.level.rank >= OPENS_FROM
    found = await repository.open_of(uow, told.patient_id)
    if grave or found is not None:
        episode = await open_or_feed(uow, told.patient_id)
        detail = {"level": told.level.value if told.level else None, "positive": told.positive}
        await feed(
            uow, episode, EntryKind.SCREENING, source, code=told.instrument.value, detail=detail
        )
        if told.instrument in TRIAGES and told.level is not RiskLevel.UNDETERMINED:
            await done_by_fact(uow, episode, "screening")


async def on_level(uow: UnitOfWork, fact: Fact) -> None:
    """What counts now, whatever the fact said when it was told."""
    told = fact.event
    assert isinstance(told, RiskDecided)
    state = await risk_of(uow, told.patient_id)
    if state is None:
        return
    await follow_review(uow, state)
    found = await repository.open_of(uow, told.patient_id)
    if found is None and state.level.rank < OPENS_FROM:
        return
    episode = await open_or_feed(uow, told.patient_id)
    await follow_level(uow, episode, state)


async def on_plan(uow: UnitOfWork, fact: Fact) -> None:
    told = fact.event
    assert isinstance(told, safety_plans.SafetyPlanPublished)
    episode = await repository.latest(uow, told.patient_id)
    if episode is None or episode.status is not EpisodeStatus.OPEN:
        return
    source = ("safety-plan", uuid5(told.plan_id, str(told.version)))
    if await feed(uow, episode, EntryKind.SAFETY_PLAN, source, detail={"version": told.version}):
        await done_by_fact(uow, episode, "safety-plan")
