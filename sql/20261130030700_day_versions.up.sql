-- Which state of things a doctor's day was built from. Every change of what a day shows leaves a row here,
-- in the transaction of the change, whoever makes it and however: a cached day is served only while the count is the same.

create table day_versions (
    topic uuid primary key,
    settled bigint not null check (settled > 0),
    latest_at timestamptz not null
);
comment on table day_versions is 'How many changes of a topic have been counted together and are no longer rows of day_changes.';
comment on column day_versions.latest_at is 'When the latest of them began: after a backup is restored, the same count is reached again by other changes.';
comment on column day_versions.topic is 'A person, a pool, or the zero id: what every doctor sees, such as the name of a patient.';

create table day_changes (
    topic uuid not null,
    written_in bigint not null default (pg_current_xact_id()::text::bigint),
    began_at timestamptz not null default now(),
    primary key (topic, written_in, began_at)
);
comment on table day_changes is 'One row for each transaction that changed something of a topic. Only added to and counted together: nobody waits for anybody.';
comment on column day_changes.began_at is 'Numbers of transactions begin anew where a backup is restored; with the moment they are never the same again.';

-- Named columns hold the topics of a row, a column of several ends in []; without any it is everybody's.
-- It watches rows before and after, so that whoever loses something is told as well as whoever gets it.
create function change_day() returns trigger language plpgsql as $$
declare
    rows jsonb[] := '{}';
    topics uuid[] := '{}';
    one jsonb;
    place text;
begin
    if tg_nargs = 0 then
        topics := array['00000000-0000-0000-0000-000000000000'::uuid];
    else
        if tg_op <> 'INSERT' then rows := rows || to_jsonb(old); end if;
        if tg_op <> 'DELETE' then rows := rows || to_jsonb(new); end if;
        foreach one in array rows loop
            foreach place in array tg_argv loop
                if right(place, 2) = '[]' then
                    topics := topics || array(select jsonb_array_elements_text(one -> left(place, -2))::uuid);
                else
                    topics := topics || (one ->> place)::uuid;
                end if;
            end loop;
        end loop;
    end if;
    insert into day_changes (topic) select distinct topic from unnest(topics) as topic where topic is not null
        order by topic on conflict do nothing;
    return null;
end
$$;
comment on function change_day() is 'Put on every table that a doctor''s day shows something of.';

-- A recording is one person's for ever, so its transcription is too.
create function change_day_of_recorder() returns trigger language plpgsql as $$
begin
    insert into day_changes (topic) select started_by from recordings where id = coalesce(new.recording_id, old.recording_id)
        on conflict do nothing;
    return null;
end
$$;

create function day_version(who uuid) returns text language sql stable as $$
    with theirs as (
        select '00000000-0000-0000-0000-000000000000'::uuid as topic
        union select who
        union select pool_id from pool_members where user_id = who
        union select id from pools where role = 'doctor'
    )
    select md5(string_agg(topic || '=' || coalesce(settled, 0) + more.changes || '@'
        || coalesce(extract(epoch from greatest(day_versions.latest_at, more.latest_at)), 0), ' ' order by topic))
    from theirs left join day_versions using (topic)
    cross join lateral (
        select count(*) as changes, max(began_at) as latest_at from day_changes where topic = theirs.topic
    ) as more
$$;
comment on function day_version(uuid) is 'A word that is another one after every change of what this doctor''s day shows.';

create trigger appointments_change_the_day after insert or delete on appointments
    for each row execute function change_day('practitioner_id');
create trigger appointments_change_the_day_by_update after update on appointments for each row when (
    (old.status, old.kind, old.practitioner_id, old.patient_id, old.visit_type_id, old.room_id, old.starts_at, old.ends_at, old.reason,
        old.arrived_at, old.roomed_at, old.seen_at, old.finished_at, old.override_reason, old.series_id)
    is distinct from
    (new.status, new.kind, new.practitioner_id, new.patient_id, new.visit_type_id, new.room_id, new.starts_at, new.ends_at, new.reason,
        new.arrived_at, new.roomed_at, new.seen_at, new.finished_at, new.override_reason, new.series_id))
    execute function change_day('practitioner_id');
create trigger encounters_change_the_day after insert or update or delete on encounters
    for each row execute function change_day('practitioner_id');
create trigger notes_change_the_day after insert or delete on notes
    for each row execute function change_day('author_id');
create trigger notes_change_the_day_by_update after update on notes for each row when (
    (old.status, old.author_id, old.patient_id, old.encounter_id, old.type, old.recording_id, old.revision, old.signed_at, old.created_at,
        old.working_version is null, old.versions_used > 1)
    is distinct from
    (new.status, new.author_id, new.patient_id, new.encounter_id, new.type, new.recording_id, new.revision, new.signed_at, new.created_at,
        new.working_version is null, new.versions_used > 1))
    execute function change_day('author_id');
create trigger recordings_change_the_day after insert or delete on recordings
    for each row execute function change_day('started_by');
create trigger recordings_change_the_day_by_update after update on recordings for each row when (
    (old.status, old.encounter_id, old.patient_id, old.started_by, old.started_at)
    is distinct from (new.status, new.encounter_id, new.patient_id, new.started_by, new.started_at))
    execute function change_day('started_by');
create trigger transcriptions_change_the_day after insert or delete on transcriptions
    for each row execute function change_day_of_recorder();
create trigger transcriptions_change_the_day_by_update after update on transcriptions
    for each row when (old.status is distinct from new.status) execute function change_day_of_recorder();
create trigger work_items_change_the_day after insert or delete on work_items
    for each row execute function change_day('pool_id', 'assignee_id', 'holder_id', 'called[]');
create trigger work_items_change_the_day_by_update after update on work_items for each row when (
    (old.kind, old.type, old.status, old.severity, old.title, old.pool_id, old.assignee_id, old.holder_id, old.patient_id, old.due_at,
        old.called, old.closed_at, old.created_at)
    is distinct from
    (new.kind, new.type, new.status, new.severity, new.title, new.pool_id, new.assignee_id, new.holder_id, new.patient_id, new.due_at,
        new.called, new.closed_at, new.created_at))
    execute function change_day('pool_id', 'assignee_id', 'holder_id', 'called[]');
create trigger pool_members_change_the_day after insert or update or delete on pool_members
    for each row execute function change_day('user_id');
create trigger break_glass_grants_change_the_day after insert or update or delete on break_glass_grants
    for each row execute function change_day('user_id');
create trigger restriction_exceptions_change_the_day after insert or update or delete on restriction_exceptions
    for each row execute function change_day('user_id');

-- What many see changes seldom: everybody's day is built anew, when somebody next looks at it.
create trigger patients_change_the_day after update on patients for each row when (
    (old.given_name, old.family_name, old.merged_into) is distinct from (new.given_name, new.family_name, new.merged_into))
    execute function change_day();
create trigger patients_change_the_day_by_removal after delete on patients for each row execute function change_day();
create trigger patient_restrictions_change_the_day after insert or update or delete on patient_restrictions
    for each row execute function change_day();
create trigger risk_states_change_the_day after insert or delete on risk_states for each row execute function change_day();
create trigger risk_states_change_the_day_by_update after update on risk_states for each row when (
    (old.patient_id, old.level, old.next_review_at) is distinct from (new.patient_id, new.level, new.next_review_at))
    execute function change_day();
create trigger crisis_episodes_change_the_day after insert or update or delete on crisis_episodes
    for each row execute function change_day();
create trigger crisis_steps_change_the_day after insert or update or delete on crisis_steps
    for each row execute function change_day();
create trigger pools_change_the_day after insert or update or delete on pools for each row execute function change_day();
create trigger rooms_change_the_day after insert or update or delete on rooms for each row execute function change_day();
create trigger visit_types_change_the_day after insert or update or delete on visit_types for each row execute function change_day();

-- What of a doctor's dictations is not done yet, without reading all they ever made.
create index ix_recordings_open on recordings (started_by, started_at) where status = 'receiving';
create index ix_transcriptions_open on transcriptions (recording_id) where status in ('queued', 'running', 'failed', 'held');
