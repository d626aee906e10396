-- A doctor who is a supervisor sees every pool's work, so their day changes with every pool.
create or replace function day_version(who uuid) returns text language sql stable as $$
    with theirs as (
        select '00000000-0000-0000-0000-000000000000'::uuid as topic
        union select who
        union select pool_id from pool_members where user_id = who
        union select id from pools where role = 'doctor'
        union select id from pools where exists (select from pool_members
            where user_id = who and pool_id = '00000000-0000-4000-8000-0000000000a4')
    )
    select md5(string_agg(topic || '=' || coalesce(settled, 0) + more.changes || '@'
        || coalesce(extract(epoch from greatest(day_versions.latest_at, more.latest_at)), 0), ' ' order by topic))
    from theirs left join day_versions using (topic)
    cross join lateral (
        select count(*) as changes, max(began_at) as latest_at from day_changes where topic = theirs.topic
    ) as more
$$;
