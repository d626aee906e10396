"""Open episodes at a glance: how grave, whose, what is due next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.crisis.episodes import Episode
from app.patients import Patient
from app.web.presenters.formats import Link, State, full_name
from app.web.presenters.queue_times import Countdown, Watch
from app.web.presenters.risk_levels import LEVELS


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    href: str
    patient: str
    mrn: str
    level: State
    due: Countdown
    owner: str
    since: str


@dataclass(frozen=True, slots=True)
class CrisisBoard:
    lines: tuple[EpisodeLine, ...]
    filters: tuple[tuple[Link, bool], ...]
    empty: str
    next_href: str | None


def board(
    found: Sequence[tuple[Episode, Patient]],
    names: Mapping[UUID, str],
    watch: Watch,
    *,
    mine: bool,
    next_cursor: str | None,
) -> CrisisBoard:
    where = "/crisis?mine=yes" if mine else "/crisis"
    joint = "&" if mine else "?"
    return CrisisBoard(
        lines=tuple(line(episode, patient, names, watch) for episode, patient in found),
        filters=(
            (Link("/crisis", "All"), not mine),
            (Link("/crisis?mine=yes", "Mine"), mine),
        ),
        empty="You answer for no open episode." if mine else "No episode is open.",
        next_href=f"{where}{joint}cursor={next_cursor}" if next_cursor else None,
    )


def line(
    episode: Episode, patient: Patient, names: Mapping[UUID, str], watch: Watch
) -> EpisodeLine:
    return EpisodeLine(
        href=f"/crisis/{episode.id}",
        patient=full_name(patient.given_name, patient.family_name),
        mrn=patient.mrn,
        level=LEVELS[episode.level],
        due=watch.countdown(episode.next_due_at),
        owner=names.get(episode.owner_id, "") if episode.owner_id else "",
        since=watch.moment(episode.opened_at),
    )
