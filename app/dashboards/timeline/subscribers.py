"""The timeline listens to every fact that one of its sources names."""

from app.clinical import prescriptions
from app.dashboards.timeline.projection import hear
from app.dashboards.timeline.sources import SOURCES
from app.dashboards.timeline.weight import tell_weight
from app.infra.uow import Subscriptions

NAME = "timeline"  # the trigger of the migration knows it by this name


def subscribe(subscriptions: Subscriptions) -> None:
    subscriptions.before(prescriptions.MeasuresWanted, tell_weight)
    for event in {event.name: event for source in SOURCES for event in source.facts}.values():
        subscriptions.on(event, hear, name=NAME)
