"""The statements that read a page of entries: one for each way of asking, put into words once."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.infra.prepared import Prepared

# How many entries are looked through for words at a time: a page costs the same, found or not.
LOOKED_THROUGH = 2000


class Row(NamedTuple):
    """An entry as it is stored."""

    id: UUID
    kind: str
    source_id: UUID
    part: str
    at: datetime
    encounter_id: UUID | None
    title: str
    detail: str | None
    clinical: str | None
    status: str
    flag: str | None


# The entries beyond a place, one record and one kind at a time: each is read in the order of an
# index and no further than the page goes, however long the history is.
BEYOND = """
    from unnest(cast(:records as uuid[])) as record (id) {kinds}
    cross join lateral (
        select * from timeline_entries one
        where one.patient_id = record.id {of_kind} and (one.at, one.id) {beyond} (:at, :id)
        and one.at >= :since and one.at < :before
        and (one.only_for is null or one.only_for = :reader)
        order by one.at {order}, one.id {order} limit {most}
    ) e
    order by e.at {order}, e.id {order} limit {most}
"""
ENTRY = "e.id, e.kind, e.source_id, e.part, e.at, e.encounter_id, e.title, e.detail"
REST = "e.status, e.flag"
# Each word is part of the entry's own, or all of them begin words of the note.
SAYS = """
    not exists (select from unnest(cast(:words as text[])) as word (said)
        where strpos(lower(concat_ws(' ', e.title, e.detail, {clinical})), word.said) = 0)
"""
NOTE_SAYS = """
    or (e.kind = 'note' and e.only_for is null and exists (select from note_search s
        where s.note_id = e.source_id and s.terms @@ cast(:query as tsquery)))
"""


def paging(*, clinical: bool, kinds: bool, up: bool, words: bool) -> Prepared[Row]:
    beyond = BEYOND.format(
        kinds="cross join unnest(cast(:kinds as text[])) as wanted (kind)" if kinds else "",
        of_kind="and one.kind = wanted.kind" if kinds else "",
        beyond=">" if up else "<",
        order="asc" if up else "desc",
        most=str(LOOKED_THROUGH) if words else ":limit",
    )
    said = "e.clinical" if clinical else "cast(null as text)"
    if not words:
        return Prepared(text(f"select {ENTRY}, {said}, {REST} {beyond}"), Row._make)
    order = "asc" if up else "desc"
    says = SAYS.format(clinical=said) + (NOTE_SAYS if clinical else "")
    return Prepared(
        text(f"""
        select {ENTRY}, {said}, {REST} from (select e.* {beyond}) e where {says}
        order by e.at {order}, e.id {order} limit :limit
        """),  # noqa: S608 - of our own words only
        Row._make,
    )


def edging(*, kinds: bool, up: bool) -> Prepared[tuple[datetime, UUID]]:
    """Where looking for words stopped; nothing where everything was looked through."""
    beyond = BEYOND.format(
        kinds="cross join unnest(cast(:kinds as text[])) as wanted (kind)" if kinds else "",
        of_kind="and one.kind = wanted.kind" if kinds else "",
        beyond=">" if up else "<",
        order="asc" if up else "desc",
        most=str(LOOKED_THROUGH),
    )
    skipped = LOOKED_THROUGH - 1
    words = f"select e.at, e.id {beyond} offset {skipped}"
    return Prepared(text(words), tuple)


FLAGS = (False, True)
PAGES = {
    (clinical, kinds, up, words): paging(clinical=clinical, kinds=kinds, up=up, words=words)
    for clinical in FLAGS
    for kinds in FLAGS
    for up in FLAGS
    for words in FLAGS
}
EDGES = {(kinds, up): edging(kinds=kinds, up=up) for kinds in FLAGS for up in FLAGS}
