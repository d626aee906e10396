"""Which part of the queue somebody looks at, and whether a row belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from app.web.presenters.queue_rows import Onlooker, may_work
from app.web.presenters.queue_times import HOUR, Watch
from app.web.presenters.wall_time import wall_day
from app.work_queues.items import ItemKind, Severity
from app.work_queues.queues import Due, QueueFilter, QueueRow, QueueState

TODO, OPEN = "todo", "open"  # what waits or is one's own; whatever is not closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Which part of the queue is looked at; about a patient an id and nothing else."""

    state: str = TODO
    mine: bool = False
    pool: tuple[UUID, ...] = ()
    kind: ItemKind | None = None
    type: str | None = None
    severity: tuple[Severity, ...] = ()
    due: Due | None = None
    patient_id: UUID | None = None

    @property
    def query(self) -> str:
        asked: list[tuple[str, str]] = []
        if self.state != TODO:
            asked.append(("state", self.state))
        if self.mine:
            asked.append(("mine", "1"))
        asked += [("pool", str(each)) for each in self.pool]
        asked += [("severity", each.value) for each in self.severity]
        one_each = {
            "kind": self.kind, "type": self.type, "due": self.due, "patient_id": self.patient_id,
        }  # fmt: skip
        asked += [(name, str(value)) for name, value in one_each.items() if value]
        return urlencode(asked)

    @property
    def filter(self) -> QueueFilter:
        """As the queues know it; of what is to do that is everything open."""
        named = {TODO, OPEN}
        return QueueFilter(
            mine=self.mine,
            pool=list(self.pool),
            patient_id=self.patient_id,
            kind=self.kind,
            type=self.type,
            severity=list(self.severity),
            state=None if self.state in named else QueueState(self.state),
            due=self.due,
        )

    @property
    def waiting(self) -> QueueFilter:
        return self.filter.model_copy(update={"state": QueueState.WAITING})

    @property
    def in_my_hands(self) -> QueueFilter:
        return self.filter.model_copy(update={"state": QueueState.HELD, "mine": True})

    @property
    def is_plain(self) -> bool:
        return self == Shown()

    def holds(self, row: QueueRow, onlooker: Onlooker, watch: Watch) -> bool:
        """Whether a row somebody may see is in this part; as the queues themselves decide it."""
        me = onlooker.id
        return (
            (not self.mine or me in {row.holder_id, row.assignee_id})
            and (not self.pool or row.pool_id in self.pool)
            and self.patient_id in {None, row.patient_id}
            and self.kind in {None, row.kind}
            and self.type in {None, row.type}
            and (not self.severity or row.severity in self.severity)
            and (self.due is None or is_due(row.due_at, self.due, watch))
            and self.covers(row, onlooker)
        )

    def covers(self, row: QueueRow, onlooker: Onlooker) -> bool:
        """To do is what one holds, and what waits and may be worked."""
        state = state_of(row)
        if self.state == OPEN:
            return state is not QueueState.CLOSED
        if self.state == TODO:
            waits = state is QueueState.WAITING and may_work(row, onlooker)
            return waits or row.holder_id == onlooker.id
        return state == self.state


def state_of(row: QueueRow) -> QueueState:
    if row.closed_at is not None:
        return QueueState.CLOSED
    if row.holder_id is not None:
        return QueueState.HELD
    if row.status in {"ready", "triggered"}:
        return QueueState.WAITING
    return QueueState.SNOOZED if row.snoozed_until else QueueState.BLOCKED


def is_due(moment: datetime | None, due: Due, watch: Watch) -> bool:
    if moment is None:
        return False
    tomorrow = wall_day(watch.now, watch.zone) + timedelta(days=1)
    latest = {
        Due.OVERDUE: watch.now,
        Due.HOUR: watch.now + HOUR,
        Due.TODAY: datetime.combine(tomorrow, time(), watch.zone),
    }
    return moment <= latest[due]


def shown_from(saved: Mapping[str, Any]) -> Shown:
    """What a saved view shows."""
    wanted = QueueFilter.model_validate(saved)
    return Shown(
        state=wanted.state.value if wanted.state else TODO,
        mine=wanted.mine,
        pool=tuple(wanted.pool),
        kind=wanted.kind,
        type=wanted.type,
        severity=tuple(wanted.severity),
        due=wanted.due,
        patient_id=wanted.patient_id,
    )
