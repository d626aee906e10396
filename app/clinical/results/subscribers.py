"""What results are asked before."""

from app.clinical.results.following import require_answered
from app.infra.uow import Subscriptions
from app.work_queues import alerts


def subscribe(subscriptions: Subscriptions) -> None:
    subscriptions.before(alerts.AboutToResolve, require_answered)
