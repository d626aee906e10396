"""What live pages are told: ids and words of ours, nothing about anybody."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.work_queues.items import Change, ItemKind, Severity


class Hello(BaseModel):
    """The first event of a stream.

    `reload`: more has happened than can be told one by one, so load what is shown again. It may
    come later as well, to whoever reads too slowly. `live`: changes come as they happen; otherwise
    they are looked for once a second.
    """

    at: datetime
    reload: bool
    live: bool


class ItemChanged(BaseModel):
    """A task or an alert is not what it was; ask for it if it is shown."""

    model_config = ConfigDict(from_attributes=True)

    item_id: UUID
    kind: ItemKind
    change: Change
    severity: Severity
    status: str
    pool_id: UUID
    holder_id: UUID | None
    assignee_id: UUID | None
    version: int
    occurred_at: datetime
