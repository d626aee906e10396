"""Everything the database knows about its tables, as lines to compare."""

from sqlalchemy import text

EVERYTHING = text(
    """
    select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' '
        || is_nullable || ' ' || coalesce(column_default, '-')
    from information_schema.columns where table_schema = 'public'
    union all
    select 'index ' || indexdef from pg_indexes where schemaname = 'public'
    union all
    select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all
    select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all
    select 'function ' || proname || ' ' || md5(prosrc) from pg_proc
    where pronamespace = 'public'::regnamespace
    order by 1
    """
)
