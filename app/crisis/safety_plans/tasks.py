"""Work that nobody asks for: texts to which nothing points are removed."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from beanie import Document

from app.crisis.safety_plans import repository, texts
from app.crisis.safety_plans.documents import PlanWorkingCopy, PublishedPlan
from app.infra.uow import Works
from app.kernel.actors import Actor

SWEEPER = Actor.system("safety-plan-sweeper")
ORPHANED_AFTER = timedelta(days=1)
TEXTS_AT_ONCE = 500

AGE_FIELDS: Mapping[type[Document], str] = {
    PlanWorkingCopy: "updated_at",
    PublishedPlan: "published_at",
}


async def remove_orphans(works: Works) -> int:
    """Delete texts no row points to, once they are old; returns how many.

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
                name = texts.collection(uow, kind).name
                for orphan in set(ids) - await repository.known_texts(uow, name, ids):
                    removed += await texts.remove(uow, kind, orphan, age_field, before)
            if len(ids) < TEXTS_AT_ONCE:
                break
            last = ids[-1]
    return removed
