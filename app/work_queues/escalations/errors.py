"""Why a ladder may not be climbed."""

from uuid import UUID

from app.kernel.errors import Conflict, NotFound


class NothingToClimb(Conflict):
    """There is no higher step on this ladder: whoever could be told has been told."""

    item_id: UUID


class NoticeNotFound(NotFound):
    """There is no such notice of yours."""

    notice_id: UUID
