"""What a day is made of: one piece of SQL for each section, all of them one statement.

One statement sees one state of things, and the version it was built from is of that very state.
To add a section: write it here so that it gives JSON, add its field to `schemas.DoctorDay`, and
put the trigger `change_day` on every table it reads (a test walks the plan and insists). Say
instants, never durations; what changes by the clock alone goes into `UNTIL`.

`:who` is the doctor, `:now` the moment, `:day_from` and `:day_until` the clinic's day.
"""

from app.patients import hidden_in_sql

MOST = 25  # rows of a list; how many there are is said as well, up to `COUNTED_UP_TO`
COUNTED_UP_TO = 1000
MOST_APPOINTMENTS = 200
SUPERVISORS = "'00000000-0000-4000-8000-0000000000a4'"  # who belongs there sees every pool


# Looked up once: every record of those who are hidden from this doctor now.
UNSEEN = f"""
select patient_id as id from patient_restrictions as closed
where lifted_at is null and {hidden_in_sql("closed.patient_id", ":who", ":now")}
union all
select records.id from patient_restrictions as closed
join patients as records on records.merged_into = closed.patient_id
where lifted_at is null and {hidden_in_sql("closed.patient_id", ":who", ":now")}
"""


def hidden(patient: str) -> str:
    return f"{patient} in (select id from unseen)"


def person(written_under: str) -> str:
    """The record that counts of whoever a row is about, as `person`."""
    return f"""join patients as written on written.id = {written_under}
        join patients as person on person.id = coalesce(written.merged_into, written.id)"""


def records(patient: str) -> str:
    """Every record of this person."""
    return f"""select id from patients as record
        where record.id = {patient} or record.merged_into = {patient}"""


NAME = "person.given_name || ' ' || person.family_name"

APPOINTMENTS = f"""
select json_agg(json_build_object(
    'id', a.id, 'status', a.status, 'kind', a.kind, 'starts_at', a.starts_at, 'ends_at', a.ends_at,
    'arrived_at', a.arrived_at, 'roomed_at', a.roomed_at, 'seen_at', a.seen_at,
    'finished_at', a.finished_at, 'visit_type', a.visit_type, 'color', a.color, 'room', a.room,
    'restricted', a.is_hidden, 'patient_id', a.person_id,
    'patient_name', case when a.is_hidden then 'Restricted patient' else a.name end,
    'reason', case when not a.is_hidden then a.reason end,
    'override_reason', case when not a.is_hidden then a.override_reason end,
    'repeats', a.series_id is not null and not a.is_hidden,
    'encounter_id', case when not a.is_hidden then a.visit_id end,
    'risk', case when not a.is_hidden then a.risk end,
    'next_step', case
        when a.is_hidden then 'none'
        when a.status = 'booked' then 'await-arrival'
        when a.status in ('arrived', 'in-room') then 'start-visit'
        when a.status = 'with-doctor' then 'continue-visit'
        when a.unsigned then 'sign-note'
        when a.status = 'finished' then 'check-out'
        else 'none' end
    ) order by a.starts_at, a.id)
from (
    select appointments.id, appointments.status, appointments.kind, starts_at, ends_at,
        arrived_at, roomed_at, seen_at, finished_at, appointments.reason, override_reason,
        series_id, visit_types.name as visit_type, visit_types.color, rooms.name as room,
        person.id as person_id, {NAME} as name, {hidden("person.id")} as is_hidden,
        visit.id as visit_id, visit.unsigned, danger.risk
    from appointments
    {person("appointments.patient_id")}
    join visit_types on visit_types.id = appointments.visit_type_id
    left join rooms on rooms.id = appointments.room_id
    left join lateral (
        select encounters.id, exists (
            select from notes where notes.encounter_id = encounters.id
                and notes.author_id = :who and notes.working_version is not null) as unsigned
        from encounters where encounters.appointment_id = appointments.id
            and encounters.status in ('in-progress', 'completed') limit 1
    ) as visit on true
    left join lateral (
        select json_build_object('level', level, 'review_at', next_review_at) as risk
        from risk_states where patient_id in ({records("person.id")})
        order by array_position(
            array['high', 'undetermined', 'moderate', 'low', 'negative'], level), patient_id
        limit 1
    ) as danger on true
    where appointments.practitioner_id = :who
        and starts_at >= :day_from and starts_at < :day_until
        and appointments.status in ('booked', 'arrived', 'in-room', 'with-doctor', 'finished',
            'checked-out', 'noshow')
    order by starts_at, appointments.id limit {MOST_APPOINTMENTS}
) as a
"""

# Walk-ins and whatever was begun and never ended: of a week, for a visit is over long before.
VISITS = f"""
select json_agg(json_build_object(
    'id', v.id, 'status', v.status, 'started_at', v.started_at, 'reason', v.reason,
    'patient_id', v.person_id, 'patient_name', v.name) order by v.started_at desc, v.id)
from (
    select encounters.id, encounters.status, started_at, encounters.reason,
        person.id as person_id, {NAME} as name
    from encounters {person("encounters.patient_id")}
    where practitioner_id = :who and started_at >= :day_from - interval '7 days'
        and started_at < :day_until
        and (encounters.status = 'in-progress' or encounters.status = 'completed'
            and started_at >= :day_from)
        and not {hidden("person.id")}
    order by started_at desc, encounters.id limit {MOST}
) as v
"""

MY_NOTES = f"""
    from notes {person("notes.patient_id")}
    where author_id = :who and working_version is not null and not {hidden("person.id")}"""
NOTES = f"""
select json_agg(json_build_object(
    'id', n.id, 'type', n.type, 'encounter_id', n.encounter_id, 'since', n.since,
    'to_do', case when n.revision > 0 then 'amend' when n.dictated then 'check' else 'sign' end,
    'patient_id', n.person_id, 'patient_name', n.name) order by n.since, n.id)
from (
    select notes.id, type, encounter_id, revision, coalesce(signed_at, notes.created_at) as since,
        recording_id is not null and versions_used <= 1 as dictated,
        person.id as person_id, {NAME} as name
    {MY_NOTES}
    order by coalesce(signed_at, notes.created_at), notes.id limit {MOST}
) as n
"""
NOTES_COUNT = f"select count(*) from (select {MY_NOTES} limit {COUNTED_UP_TO}) as theirs"

# The gravest first; what nobody could judge comes before what is known to be normal.
MY_RESULTS = f"""
    from diagnostic_reports {person("diagnostic_reports.patient_id")}
    where responsible_id = :who and unacknowledged_since is not null
        and not {hidden("person.id")}"""
RESULTS = f"""
select json_agg(json_build_object(
    'id', r.id, 'title', r.title, 'status', r.status, 'flag', r.flag, 'since', r.since,
    'patient_id', r.person_id, 'patient_name', r.name) order by r.turn, r.since, r.id)
from (
    select diagnostic_reports.id, title, diagnostic_reports.status, flag,
        unacknowledged_since as since, person.id as person_id, {NAME} as name,
        case when flag like 'critical%' then 0 when flag in ('abnormal', 'low', 'high') then 1
            when flag = 'not-judged' then 2 else 3 end as turn
    {MY_RESULTS}
    order by turn, unacknowledged_since, diagnostic_reports.id limit {MOST}
) as r
"""
RESULTS_COUNT = f"select count(*) from (select {MY_RESULTS} limit {COUNTED_UP_TO}) as theirs"

# Begun and neither issued nor placed: the patient goes without.
UNFINISHED = f"""
select json_agg(json_build_object(
    'id', d.id, 'kind', d.kind, 'since', d.since, 'patient_id', d.person_id,
    'patient_name', d.name) order by d.since, d.id)
from (
    select begun.id, begun.kind, begun.since, person.id as person_id, {NAME} as name
    from (
        select id, 'prescription' as kind, patient_id, created_at as since from prescriptions
        where prescriber_id = :who and issued_at is null and exists (
            select from prescription_items as item
            where item.prescription_id = prescriptions.id and item.status = 'draft')
        union all
        select id, 'order', patient_id, created_at from orders
        where orderer_id = :who and placed_at is null and exists (
            select from order_items as item
            where item.order_id = orders.id and item.status = 'draft')
    ) as begun
    {person("begun.patient_id")}
    where not {hidden("person.id")}
    order by begun.since, begun.id limit {MOST}
) as d
"""

# Still arriving; stopped or under way; silent, which nobody can do anything about after a day.
RECORDINGS = f"""
select json_agg(json_build_object(
    'id', r.id, 'encounter_id', r.encounter_id, 'started_at', r.started_at, 'state', r.state,
    'patient_id', r.person_id, 'patient_name', r.name) order by r.started_at desc, r.id)
from (
    select recordings.id, encounter_id, started_at, open.state, person.id as person_id,
        {NAME} as name
    from (
        select id, 'receiving' as state from recordings
        where started_by = :who and status = 'receiving'
        union all
        select recordings.id, transcriptions.status from transcriptions
        join recordings on recordings.id = transcriptions.recording_id
        where transcriptions.status in ('queued', 'running', 'failed', 'held')
            and recordings.started_by = :who and recordings.status = 'completed'
        union all
        select recordings.id, transcriptions.status from recordings
        join transcriptions on transcriptions.recording_id = recordings.id
        where recordings.started_by = :who and recordings.status = 'completed'
            and recordings.started_at > :now - interval '1 day'
            and transcriptions.status = 'no_speech'
    ) as open
    join recordings on recordings.id = open.id {person("recordings.patient_id")}
    where not {hidden("person.id")}
    order by started_at desc, recordings.id limit {MOST}
) as r
"""

MY_POOLS = f"""(
    select pool_id from pool_members where user_id = :who
    union select id from pools where role = 'doctor'
    union select id from pools where exists (
        select from pool_members where user_id = :who and pool_id = {SUPERVISORS}))"""
# Each piece is a few steps along an index of its own, whatever there is behind.
WAITING = "holder_id is null and status in ('ready', 'triggered') and closed_at is null"
IN_TURN = "order by severity_rank, turn_at, created_at, id limit"
SEEN = f"(work_items.patient_id is null or not {hidden('work_items.patient_id')})"
MINE = f"""
    (select * from work_items where holder_id = :who and closed_at is null and {SEEN}
        {IN_TURN} {{most}})
    union
    (select * from work_items where assignee_id = :who and closed_at is null and {SEEN}
        {IN_TURN} {{most}})
    union
    (select * from work_items where called @> array[cast(:who as uuid)] and called <> '{{{{}}}}'
        and closed_at is null and {SEEN} {IN_TURN} {{most}})"""
IN_POOLS = f"""
    select found.* from {MY_POOLS} as mine (id)
    cross join lateral (
        select * from work_items where pool_id = mine.id and assignee_id is null
            and {WAITING} and {SEEN} {IN_TURN} {{most}}) as found"""
WORK = f"""
select json_agg(json_build_object(
    'id', w.id, 'kind', w.kind, 'type', w.type, 'severity', w.severity, 'status', w.status,
    'title', w.title, 'pool', w.pool, 'mine', w.mine, 'held', w.held, 'due_at', w.due_at,
    'created_at', w.created_at, 'patient_id', w.person_id, 'patient_name', w.name)
    order by w.severity_rank, w.turn_at, w.created_at, w.id)
from (
    select each.id, each.kind, each.type, each.severity, each.status, each.title, each.due_at,
        each.created_at, each.severity_rank, each.turn_at, pools.name as pool,
        coalesce(each.holder_id = :who or each.assignee_id = :who
            or each.called @> array[cast(:who as uuid)], false) as mine,
        coalesce(each.holder_id = :who, false) as held,
        person.id as person_id, {NAME} as name
    from ({MINE.format(most=MOST)} union {IN_POOLS.format(most=MOST)}) as each
    join pools on pools.id = each.pool_id
    left join patients as written on written.id = each.patient_id
    left join patients as person on person.id = coalesce(written.merged_into, written.id)
    order by each.severity_rank, each.turn_at, each.created_at, each.id limit {MOST}
) as w
"""
WORK_COUNTS = f"""
select json_build_object('mine', mine.every, 'mine_critical', mine.critical,
    'pools', theirs.every, 'pools_critical', theirs.critical, 'counted_up_to', {COUNTED_UP_TO})
from (select count(*) as every, count(*) filter (where severity_rank = 0) as critical
    from ({MINE.format(most=COUNTED_UP_TO)}) as open) as mine,
    (select count(*) as every, count(*) filter (where severity_rank = 0) as critical
    from ({IN_POOLS.format(most=COUNTED_UP_TO)}) as open) as theirs
"""

CRISIS = f"""
select json_agg(json_build_object(
    'id', s.id, 'episode_id', s.episode_id, 'title', s.title, 'due_at', s.due_at,
    'level', s.level, 'patient_id', s.person_id, 'patient_name', s.name) order by s.due_at, s.id)
from (
    select crisis_steps.id, episode_id, title, due_at, level, person.id as person_id,
        {NAME} as name
    from crisis_episodes
    join crisis_steps on crisis_steps.episode_id = crisis_episodes.id
        and crisis_steps.status = 'due'
    {person("crisis_episodes.patient_id")}
    where owner_id = :who and crisis_episodes.status = 'open' and not {hidden("person.id")}
    order by due_at, crisis_steps.id limit {MOST}
) as s
"""

# Name in the answer, its SQL, and what it is where there is nothing.
SECTIONS = (
    ("appointments", APPOINTMENTS, "[]"),
    ("visits", VISITS, "[]"),
    ("notes", NOTES, "[]"),
    ("notes_count", NOTES_COUNT, "0"),
    ("results", RESULTS, "[]"),
    ("results_count", RESULTS_COUNT, "0"),
    ("unfinished", UNFINISHED, "[]"),
    ("recordings", RECORDINGS, "[]"),
    ("work", WORK, "[]"),
    ("work_counts", WORK_COUNTS, "{}"),
    ("crisis_steps", CRISIS, "[]"),
)

# When it is another day although nobody did anything.
UNTIL = """
select min(moment) from (
    select cast(:day_until as timestamptz) as moment
    union all
    select expires_at from break_glass_grants
    where user_id = :who and ended_at is null and expires_at > :now
    union all
    select recordings.started_at + interval '1 day' from recordings
    join transcriptions on transcriptions.recording_id = recordings.id
    where recordings.started_by = :who and recordings.started_at > :now - interval '1 day'
        and transcriptions.status = 'no_speech'
) as moments
"""


def statement() -> str:
    """`version`, `until` and `body`, of one state of things."""
    parts = ", ".join(
        f"'{name}', coalesce(({sql}), {empty(nothing)})" for name, sql, nothing in SECTIONS
    )
    return f"""
    with unseen as materialized ({UNSEEN}), beyond as materialized (select ({UNTIL}) as until)
    select day_version(cast(:who as uuid)) as version, until,
        json_build_object('day', cast(:day as date), 'valid_until', until, {parts})::text as body
    from beyond
    """


def empty(nothing: str) -> str:
    return nothing if nothing.isdigit() else f"'{nothing}'::json"
