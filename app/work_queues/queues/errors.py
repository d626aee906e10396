"""Why a queue, or a view of it, may be refused."""

from uuid import UUID

from app.kernel.errors import Conflict, Invalid, NotFound
from app.work_queues.items import Fault


class QueueNotFound(NotFound):
    """There is no queue by that name."""


class ViewNotFound(NotFound):
    """You have no such view."""

    view_id: UUID


class ViewNameTaken(Conflict):
    """You have a view of that name already."""

    view_id: UUID


class TooManyViews(Conflict):
    """You have as many views as one can have: delete one first."""

    most: int


class FilterUnfit(Invalid):
    """This filter names what does not exist."""

    errors: list[Fault]
