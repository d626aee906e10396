"""What the waiting list does when time becomes free, or two patient records become one."""

from app import patients
from app.infra.uow import Subscriber, Subscriptions, UnitOfWork
from app.kernel.events import Fact
from app.scheduling.appointments import SlotOpened
from app.scheduling.rules import DEFAULT_RULES, SchedulingRules
from app.scheduling.waiting_list import offering, repository


def subscribe(subscriptions: Subscriptions, rules: SchedulingRules = DEFAULT_RULES) -> None:
    subscriptions.on(SlotOpened, offering_by(rules), name="waiting_list.offer")
    subscriptions.on(patients.PatientsMerged, follow_merge, name="waiting_list.follow_merge")
    subscriptions.on(patients.MergeReversed, go_back, name="waiting_list.go_back")


def offering_by(rules: SchedulingRules) -> Subscriber:
    async def offer(uow: UnitOfWork, fact: Fact) -> None:
        assert isinstance(fact.event, SlotOpened)
        await offering.offer_freed_time(uow, fact.event, rules)

    return offer


async def follow_merge(uow: UnitOfWork, fact: Fact) -> None:
    """Who waited under either record waits under the one that counts.

    Facts may overtake each other: a merge that was taken back meanwhile is not followed.
    """
    assert isinstance(fact.event, patients.PatientsMerged)
    await repository.one_at_a_time(uow, fact.event.merge_id)
    counting = await patients.get_patient(uow, fact.event.absorbed_id)
    if counting.id == fact.event.absorbed_id:
        return
    absorbed = [fact.event.absorbed_id, *fact.event.carried]
    await repository.repoint(uow, fact.event.merge_id, absorbed, fact.event.survivor_id)


async def go_back(uow: UnitOfWork, fact: Fact) -> None:
    """Exactly the entries that followed go back; what was added since stays."""
    assert isinstance(fact.event, patients.MergeReversed)
    await repository.one_at_a_time(uow, fact.event.merge_id)
    await repository.point_back(uow, fact.event.merge_id)
