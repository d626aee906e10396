"""What the web process and the worker have in common: who listens, and which documents exist."""

from beanie import Document

from app.infra.uow import Subscriptions

DOCUMENTS: list[type[Document]] = []


def subscriptions() -> Subscriptions:
    subs = Subscriptions()
    return subs
