"""Alerts: triggered, acknowledged by somebody who answers for them, resolved."""

from app.work_queues.alerts.climbing import climb_on
from app.work_queues.alerts.errors import AlertNotLow, AlertUnfit
from app.work_queues.alerts.intentions import AboutToResolve
from app.work_queues.alerts.queries import described, history, read_alert
from app.work_queues.alerts.raising import NewAlert, raise_alert
from app.work_queues.alerts.schemas import AlertOut, RaiseAlert
from app.work_queues.alerts.service import (
    acknowledge,
    acknowledge_low,
    end_snooze,
    escalate,
    hand_over,
    hand_over_shift,
    release,
    resolve,
    resolve_cause,
    snooze,
)

__all__ = [
    "AboutToResolve",
    "AlertNotLow",
    "AlertOut",
    "AlertUnfit",
    "NewAlert",
    "RaiseAlert",
    "acknowledge",
    "acknowledge_low",
    "climb_on",
    "described",
    "end_snooze",
    "escalate",
    "hand_over",
    "hand_over_shift",
    "history",
    "raise_alert",
    "read_alert",
    "release",
    "resolve",
    "resolve_cause",
    "snooze",
]
