"""The statements that read a page of entries: one for each way of asking, put into words once."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.infra.prepared import Look

# How many entries are looked through for words at a time: a page costs the same, found or not.
LOOKED_THROUGH = 1000


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


# Where the entries beyond a place stand, one record and one kind at a time: each is read from an
# index alone, in its order, and no further than the page goes, however long the history is.
BEYOND = """
    select place.id, place.at
    from unnest(cast(:records as uuid[])) as record (id) {kinds}
    cross join lateral (
        select one.id, one.at from timeline_entries one
        where one.patient_id = record.id {of_kind} and (one.at, one.id) {beyond} (:at, :id)
        and one.at >= :since and one.at < :before
        and (one.only_for is null or one.only_for = :reader)
        order by one.at {order}, one.id {order} limit {most}
    ) place
    order by place.at {order}, place.id {order} limit {most}
"""
ENTRY = "e.id, e.kind, e.source_id, e.part, e.at, e.encounter_id, e.title, e.detail"
# Each word is part of the entry's own, or all of them begin words of the note.
SAYS = """
    not exists (select from unnest(cast(:words as text[])) as word (said)
        where strpos(lower(concat_ws(' ', e.title, e.detail, {clinical})), word.said) = 0)
"""
NOTE_SAYS = """
    or (e.kind = 'note' and e.only_for is null and exists (select from note_search s
        where s.note_id = e.source_id and s.terms @@ cast(:query as tsquery)))
"""


def beyond(*, kinds: bool, up: bool, most: str) -> str:
    return BEYOND.format(
        kinds="cross join unnest(cast(:kinds as text[])) as wanted (kind)" if kinds else "",
        of_kind="and one.kind = wanted.kind" if kinds else "",
        beyond=">" if up else "<",
        order="asc" if up else "desc",
        most=most,
    )


def paging(*, clinical: bool, kinds: bool, up: bool, words: bool) -> Look[Row]:
    """A page, from the place on."""
    places = beyond(kinds=kinds, up=up, most=str(LOOKED_THROUGH) if words else ":limit")
    said = "e.clinical" if clinical else "cast(null as text)"
    says = SAYS.format(clinical=said) + (NOTE_SAYS if clinical else "")
    order = "asc" if up else "desc"
    statement = f"""
        select {ENTRY}, {said}, e.status, e.flag
        from ({places}) found join timeline_entries e on e.id = found.id
        {f"where {says}" if words else ""}
        order by e.at {order}, e.id {order} limit :limit
        """  # noqa: S608 - of our own words only
    return Look(text(statement), Row._make)


def edging(*, kinds: bool, up: bool) -> Look[tuple[datetime, UUID]]:
    """Where looking for words stopped; nothing where everything was looked through."""
    places = beyond(kinds=kinds, up=up, most=str(LOOKED_THROUGH))
    statement = f"select at, id from ({places}) found offset {LOOKED_THROUGH - 1}"  # noqa: S608
    return Look(text(statement), tuple)


FLAGS = (False, True)
PAGES = {
    (clinical, kinds, up, words): paging(clinical=clinical, kinds=kinds, up=up, words=words)
    for clinical in FLAGS
    for kinds in FLAGS
    for up in FLAGS
    for words in FLAGS
}
EDGES = {(kinds, up): edging(kinds=kinds, up=up) for kinds in FLAGS for up in FLAGS}
