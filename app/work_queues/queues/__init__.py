"""The queues as people see them: filters, counts, views, and whatever is next."""

from app.work_queues.queues.errors import (
    FilterUnfit,
    QueueNotFound,
    TooManyViews,
    ViewNameTaken,
    ViewNotFound,
)
from app.work_queues.queues.models import QueueView
from app.work_queues.queues.places import PageOfQueue, Place
from app.work_queues.queues.queries import counts, describe, find_queue, list_items, next_item
from app.work_queues.queues.schemas import (
    COUNTED_UP_TO,
    Due,
    MyCounts,
    NewQueueView,
    PoolCounts,
    QueueCounts,
    QueueFilter,
    QueueRow,
    QueueState,
    QueueViewOut,
)
from app.work_queues.queues.service import delete_view, list_views, save_view

__all__ = [
    "COUNTED_UP_TO",
    "Due",
    "FilterUnfit",
    "MyCounts",
    "NewQueueView",
    "PageOfQueue",
    "Place",
    "PoolCounts",
    "QueueCounts",
    "QueueFilter",
    "QueueNotFound",
    "QueueRow",
    "QueueState",
    "QueueView",
    "QueueViewOut",
    "TooManyViews",
    "ViewNameTaken",
    "ViewNotFound",
    "counts",
    "delete_view",
    "describe",
    "find_queue",
    "list_items",
    "list_views",
    "next_item",
    "save_view",
]
