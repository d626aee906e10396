"""What the database itself keeps from being changed."""

from sqlalchemy import text

from app.infra.uow import Works

HISTORY = text("select relname from pg_class where relkind = 'r' and relname like '%\\_moves'")
GUARDED = text(
    "select tgrelid::regclass::text from pg_trigger"
    " where tgfoid = 'refuse_change'::regproc and tgtype & 24 = 24"  # update and delete
)


async def test_no_history_can_be_rewritten(works: Works) -> None:
    async with works.sessions() as db:
        history = set(await db.scalars(HISTORY))
        guarded = set(await db.scalars(GUARDED))
    assert len(history) >= 9
    assert history | {"audit_events", "outbox", "note_revisions", "note_addenda"} <= guarded
