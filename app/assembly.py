"""What the web process and the worker have in common: who listens, and which documents exist."""

from beanie import Document

from app.clinical import notes, transcription
from app.clinical.loose_ends import subscribers as loose_end_subscribers
from app.clinical.notes import subscribers as note_subscribers
from app.clinical.orders import subscribers as order_subscribers
from app.clinical.prescriptions import subscribers as prescription_subscribers
from app.clinical.problems import subscribers as problem_subscribers
from app.clinical.results import subscribers as result_subscribers
from app.crisis import reports, safety_plans
from app.crisis.episodes import subscribers as episode_subscribers
from app.crisis.signals import subscribers as signal_subscribers
from app.dashboards.timeline import subscribers as timeline_subscribers
from app.infra.uow import Subscriptions
from app.scheduling.appointments import days as appointment_days
from app.scheduling.appointments import subscribers as appointment_subscribers
from app.scheduling.reminders import subscribers as reminder_subscribers
from app.scheduling.rules import DEFAULT_RULES, SchedulingRules
from app.scheduling.waiting_list import subscribers as waiting_list_subscribers

DOCUMENTS: list[type[Document]] = [
    *transcription.DOCUMENTS,
    *notes.DOCUMENTS,
    *reports.DOCUMENTS,
    *safety_plans.DOCUMENTS,
]


def subscriptions(scheduling_rules: SchedulingRules = DEFAULT_RULES) -> Subscriptions:
    """Who listens to which fact; the same in every process, or facts would find nobody."""
    subs = Subscriptions()
    note_subscribers.subscribe(subs)
    problem_subscribers.subscribe(subs)
    prescription_subscribers.subscribe(subs)
    loose_end_subscribers.subscribe(subs)
    order_subscribers.subscribe(subs)
    result_subscribers.subscribe(subs)
    signal_subscribers.subscribe(subs)
    episode_subscribers.subscribe(subs)
    appointment_subscribers.subscribe(subs)
    appointment_days.subscribe(subs)
    reminder_subscribers.subscribe(subs, scheduling_rules.reminders)
    waiting_list_subscribers.subscribe(subs, scheduling_rules)
    timeline_subscribers.subscribe(subs)
    return subs
