"""Work that nobody asks for: texts to which nothing points are removed."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from app.clinical.notes import repository, texts
from app.clinical.notes.documents import SignedAddendum, SignedRevision, WorkingCopy
from app.infra.uow import Works
from app.kernel.actors import Actor

SWEEPER = Actor.system("note-sweeper")
ORPHANED_AFTER = timedelta(days=1)
TEXTS_AT_ONCE = 500

AGE_FIELDS: Mapping[type[WorkingCopy | SignedRevision | SignedAddendum], str] = {
    WorkingCopy: "updated_at",
    SignedRevision: "created_at",
    SignedAddendum: "created_at",
}


async def remove_orphans(works: Works) -> int:
    """Delete texts no header or signature points to, once they are old; returns how many.

    A crash between Mongo and Postgres leaves such a text; nobody can see it.
    """
    removed = 0
    for kind, age_field in AGE_FIELDS.items():
        last: UUID | None = None
        while True:
            async with works.begin(SWEEPER) as uow:
                before = uow.now - ORPHANED_AFTER
                ids = await texts.older_than(
                    uow, kind, age_field, before, after=last, limit=TEXTS_AT_ONCE
                )
                known = await repository.known_texts(uow, kind.Settings.name, ids)
                for orphan in set(ids) - known:
                    removed += await texts.remove(uow, kind, orphan, age_field, before)
            if len(ids) < TEXTS_AT_ONCE:
                break
            last = ids[-1]
    return removed
