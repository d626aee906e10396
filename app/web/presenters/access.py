"""Restricted records: the page that stands before them, and what privacy sees of who went in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.crisis.access import GrantOut, GrantState, RestrictionOut, Verdict
from app.web.presenters.formats import Link, Moment, State, moment

STATES = {
    GrantState.RUNNING: State("warn", "Open now"),
    GrantState.ENDED: State("", "Ended early"),
    GrantState.EXPIRED: State("", "Over"),
}
VERDICTS = {
    Verdict.APPROPRIATE: State("ok", "Appropriate"),
    Verdict.NOT_APPROPRIATE: State("bad", "Not appropriate"),
}
UNKNOWN = "Restricted patient"


@dataclass(frozen=True, slots=True)
class RestrictedPage:
    """Before a restricted record; `back`: where to go once it is open."""

    patient_id: UUID
    back: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    state: State
    by: str
    at: Moment
    remark: str


@dataclass(frozen=True, slots=True)
class GrantRow:
    id: UUID
    patient: str
    href: str
    who: str
    reason: str
    began: Moment
    ends: Moment
    state: State
    running: bool
    own: bool
    review: Reviewed | None


@dataclass(frozen=True, slots=True)
class NamedRow:
    name: str
    action: str


@dataclass(frozen=True, slots=True)
class RestrictionRow:
    id: UUID
    patient: str
    href: str
    reason: str
    by: str
    since: Moment
    lifted: str | None
    named: tuple[NamedRow, ...]


@dataclass(frozen=True, slots=True)
class AccessPage:
    """`grants` None: not for privacy's eyes, but an administrator's."""

    grants: tuple[GrantRow, ...] | None
    next_href: str | None
    only_open: bool
    filter: Link
    restrictions: tuple[RestrictionRow, ...]
    more_restrictions: str | None
    people: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Of patients the onlooker may see, by record; of people, by account."""

    patients: Mapping[UUID, str]
    people: Mapping[UUID, str]

    def patient(self, patient_id: UUID) -> str:
        return self.patients.get(patient_id, UNKNOWN)

    def href(self, patient_id: UUID) -> str:
        return f"/patients/{patient_id}" if patient_id in self.patients else ""


def grant_rows(found: Sequence[GrantOut], names: Names, onlooker: UUID) -> tuple[GrantRow, ...]:
    return tuple(
        GrantRow(
            id=one.id,
            patient=names.patient(one.patient_id),
            href=names.href(one.patient_id),
            who=one.user_name or "Somebody who left",
            reason=one.reason,
            began=moment(one.granted_at),
            ends=moment(one.ended_at or one.expires_at),
            state=STATES[one.state],
            running=one.state is GrantState.RUNNING,
            own=one.user_id == onlooker,
            review=reviewed(one, names),
        )
        for one in found
    )


def reviewed(grant: GrantOut, names: Names) -> Reviewed | None:
    if grant.review is None:
        return None
    by = names.people.get(grant.review.reviewed_by, "")
    at = moment(grant.review.reviewed_at)
    return Reviewed(VERDICTS[grant.review.verdict], by, at, grant.review.remark or "")


def restriction_rows(found: Sequence[RestrictionOut], names: Names) -> tuple[RestrictionRow, ...]:
    return tuple(
        RestrictionRow(
            id=one.id,
            patient=names.patient(one.patient_id),
            href=names.href(one.patient_id),
            reason=one.reason,
            by=names.people.get(one.restricted_by, ""),
            since=moment(one.restricted_at),
            lifted=one.lift_reason,
            named=tuple(
                NamedRow(
                    each.user_name or "Somebody who left",
                    f"/api/v1/access/restrictions/{one.id}/exceptions/{each.user_id}",
                )
                for each in one.exceptions
            ),
        )
        for one in found
    )


@dataclass(frozen=True, slots=True)
class GlassBanner:
    """Over every page while broken glass is open."""

    grant_id: UUID
    href: str
    mrn: str
    until: Moment
    seconds: int
    left: str


def glass_banner(
    *, grant_id: UUID, patient_id: UUID, mrn: str, expires_at: datetime, now: datetime
) -> GlassBanner:
    seconds = max(0, int((expires_at - now).total_seconds()))
    return GlassBanner(
        grant_id=grant_id,
        href=f"/patients/{patient_id}",
        mrn=mrn,
        until=moment(expires_at),
        seconds=seconds,
        left=f"{seconds // 60}:{seconds % 60:02d}",
    )
