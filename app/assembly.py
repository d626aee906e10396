"""What the web process and the worker have in common: who listens, and which documents exist."""

from beanie import Document

from app.clinical import notes, transcription
from app.clinical.notes import subscribers as note_subscribers
from app.infra.uow import Subscriptions
from app.scheduling.rules import DEFAULT_RULES, SchedulingRules

DOCUMENTS: list[type[Document]] = [*transcription.DOCUMENTS, *notes.DOCUMENTS]


def subscriptions(scheduling_rules: SchedulingRules = DEFAULT_RULES) -> Subscriptions:
    """Who listens to which fact; the same in every process, or facts would find nobody."""
    subs = Subscriptions()
    note_subscribers.subscribe(subs)
    return subs
