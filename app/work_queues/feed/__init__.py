"""Changes of the queues as they happen, one stream for each browser."""

from app.work_queues.feed.hub import Hub, open_hub
from app.work_queues.feed.schemas import Hello, ItemChanged

__all__ = ["Hello", "Hub", "ItemChanged", "open_hub"]
