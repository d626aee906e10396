-- Functions every table leans on.

create function touch_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at = now();
    return new;
end
$$;
comment on function touch_updated_at() is 'Keeps updated_at true without anybody having to remember it.';

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op
        using errcode = 'restrict_violation';
end
$$;
comment on function refuse_change() is 'Put on a table whose rows may be added and never changed or removed.';

-- Substring search without extensions: every three-letter window of a text, and the
-- one- and two-letter beginnings of its words (marked ^), as an array a GIN index can hold.
create function search_grams(phrase text) returns text[] language sql immutable parallel safe as $$
    select coalesce(array_agg(distinct gram), '{}') from (
        select substr(phrase, i, 3) as gram from generate_series(1, length(phrase) - 2) as i
        union all
        select '^' || substr(word, 1, n)
        from regexp_split_to_table(phrase, '\s+') as word, generate_series(1, 2) as n
        where length(word) >= n
    ) as grams
$$;
comment on function search_grams(text) is 'Trigrams and short word beginnings of a normalised phrase, for substring search by GIN.';
