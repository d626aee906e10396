"""What results are asked before, and what they are asked for."""

from app.clinical import prescriptions
from app.clinical.results.following import require_answered
from app.clinical.results.kidneys import tell_kidneys
from app.infra.uow import Subscriptions
from app.work_queues import alerts


def subscribe(subscriptions: Subscriptions) -> None:
    subscriptions.before(alerts.AboutToResolve, require_answered)
    subscriptions.before(prescriptions.MeasuresWanted, tell_kidneys)
