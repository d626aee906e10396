create table notes (
    id uuid primary key,
    encounter_id uuid not null references encounters (id),
    patient_id uuid not null references patients (id),
    recording_id uuid unique references recordings (id),
    type text not null check (type in ('soap', 'progress', 'procedure', 'discharge', 'referral', 'consultation')),
    status text not null check (status in ('draft', 'signed', 'amended', 'entered-in-error')),
    author_id uuid not null references users (id),
    working_version integer,
    versions_used integer not null default 0,
    revision integer not null default 0,
    amendment_reason text,
    transcript_id uuid,
    summary_confidence double precision,
    signed_by uuid references users (id),
    signed_at timestamptz,
    content_sha256 text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint ck_notes_signed check ((revision > 0) = (signed_at is not null and content_sha256 is not null)),
    constraint ck_notes_draft check (status <> 'draft' or (working_version is not null and revision = 0))
);
comment on table notes is 'Headers of clinical notes; the text lives in Mongo as revisions.';
comment on column notes.working_version is 'Version of the open working copy (draft or amendment); null when none is open.';
comment on column notes.versions_used is 'Highest version any working copy has had; a reopened one starts above it, so a stale page can never save into it.';
comment on column notes.revision is 'Number of the last signed revision; 0 before the first signature.';
create index ix_notes_encounter on notes (encounter_id, created_at desc, id desc);
create index ix_notes_patient on notes (patient_id, created_at desc, id desc);
create index ix_notes_author_open on notes (author_id, updated_at desc, id desc) where working_version is not null;

create table note_revisions (
    note_id uuid not null references notes (id),
    revision integer not null check (revision > 0),
    document_id uuid not null unique,
    reason text,
    content_sha256 text not null,
    recording_sha256 text,
    transcript_sha256 text,
    previous_sha256 text,
    chain_sha256 text not null,
    signed_by uuid not null references users (id),
    signer_name text not null,
    signed_at timestamptz not null,
    meaning text not null,
    primary key (note_id, revision)
);
comment on table note_revisions is 'Signatures: each freezes one revision by its SHA-256. Never changed, never removed.';
comment on column note_revisions.chain_sha256 is 'Over recording, transcript, content and previous revision: the custody chain.';
create trigger note_revisions_are_append_only before update or delete on note_revisions
    for each row execute function refuse_change();
create trigger note_revisions_stay before truncate on note_revisions
    for each statement execute function refuse_change();

create table note_addenda (
    note_id uuid not null references notes (id),
    sequence integer not null check (sequence > 0),
    document_id uuid not null unique,
    revision integer not null,
    content_sha256 text not null,
    signed_by uuid not null references users (id),
    signer_name text not null,
    signed_at timestamptz not null,
    primary key (note_id, sequence)
);
comment on table note_addenda is 'Signed additions after the signature; the original stays as it was.';
create trigger note_addenda_are_append_only before update or delete on note_addenda
    for each row execute function refuse_change();
create trigger note_addenda_stay before truncate on note_addenda
    for each statement execute function refuse_change();

create table note_moves (
    seq bigint generated always as identity primary key,
    note_id uuid not null references notes (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table note_moves is 'Every change of state of a note, in order.';
create index ix_note_moves_note on note_moves (note_id, seq);
create trigger note_moves_are_append_only before update or delete on note_moves
    for each row execute function refuse_change();

create table note_search (
    note_id uuid primary key references notes (id),
    patient_id uuid not null references patients (id),
    sorted_at timestamptz not null,
    terms tsvector not null
);
comment on table note_search is 'Projection for searching; can be dropped and rebuilt from the notes at any time.';
create index ix_note_search_terms on note_search using gin (terms);
create index ix_note_search_recent on note_search (sorted_at desc, note_id desc);

-- A signed header never loses its signature, and the revision only counts up.
create function guard_signed_note() returns trigger language plpgsql as $$
begin
    if old.revision > 0 and (new.revision < old.revision
        or (new.revision = old.revision and (new.content_sha256, new.signed_by, new.signed_at)
            is distinct from (old.content_sha256, old.signed_by, old.signed_at))
        or new.status = 'draft'
        or (new.id, new.patient_id, new.encounter_id, new.recording_id, new.transcript_id, new.author_id, new.type)
            is distinct from
            (old.id, old.patient_id, old.encounter_id, old.recording_id, old.transcript_id, old.author_id, old.type)) then
        raise exception 'a signed note cannot change' using errcode = 'restrict_violation';
    end if;
    if old.status = 'entered-in-error' and new.status <> old.status then
        raise exception 'a note entered in error stays so' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger notes_guard_signed before update on notes for each row execute function guard_signed_note();
create function refuse_removal_of_signed() returns trigger language plpgsql as $$
begin
    if old.revision > 0 then
        raise exception 'a signed note cannot be removed' using errcode = 'restrict_violation';
    end if;
    return old;
end
$$;
create trigger notes_guard_removal before delete on notes for each row execute function refuse_removal_of_signed();
