"""What people say about a task or an alert, and what they attach to it by a link."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import UnitOfWork
from app.work_queues.items.claiming import trace
from app.work_queues.items.models import WorkItem
from app.work_queues.items.queries import find_item
from app.work_queues.items.remark_models import Comment, Link
from app.work_queues.items.schemas import Change, ItemKind
from app.work_queues.items.telling import Before, changed


class Remarks(NamedTuple):
    """Both in the order in which they were made."""

    comments: Sequence[Comment]
    links: Sequence[Link]


async def comment(
    uow: UnitOfWork, item_id: UUID, text: str, *, kind: ItemKind | None = None
) -> WorkItem:
    """Say something about an item; whoever sees it may, when it is closed as well.

    Raises `ItemNotFound`.
    """
    item = await find_item(uow, item_id, kind=kind, lock=True)
    written = Comment(item_id=item.id, text=text, written_by=uow.actor.id, written_at=uow.now)
    uow.db.add(written)
    changed(uow, item, Change.COMMENTED, Before.of(item))
    await uow.db.flush()
    await trace(uow, "comment", item)
    return item


async def add_link(
    uow: UnitOfWork, item_id: UUID, *, url: str, label: str, kind: ItemKind | None = None
) -> WorkItem:
    """Attach something that lies elsewhere. Raises `ItemNotFound`."""
    item = await find_item(uow, item_id, kind=kind, lock=True)
    link = put_link(uow, item, url=url, label=label)
    await uow.db.flush()
    changed(uow, item, Change.EDITED, Before.of(item), detail={"link": str(link.id)})
    await trace(uow, "add-link", item, link=str(link.id))
    return item


def put_link(uow: UnitOfWork, item: WorkItem, *, url: str, label: str) -> Link:
    """For verbs that make an item together with its links; tells nobody."""
    link = Link(item_id=item.id, url=url, label=label, added_by=uow.actor.id, added_at=uow.now)
    uow.db.add(link)
    return link


async def remarks_of(uow: UnitOfWork, item: WorkItem) -> Remarks:
    """Everything said about an item the actor has in reach."""
    comments = select(Comment).where(Comment.item_id == item.id).order_by(Comment.seq)
    links = select(Link).where(Link.item_id == item.id).order_by(Link.added_at, Link.id)
    return Remarks((await uow.db.scalars(comments)).all(), (await uow.db.scalars(links)).all())
