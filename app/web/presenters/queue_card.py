"""What waits for somebody, as a card on the first page."""

from dataclasses import dataclass

from app.web.presenters.queue import up_to
from app.work_queues.queues import QueueCounts


@dataclass(frozen=True, slots=True)
class Number:
    number: str
    label: str
    href: str
    bad: bool


@dataclass(frozen=True, slots=True)
class WaitingCard:
    numbers: tuple[Number, ...]
    any: bool


def waiting_card(counts: QueueCounts) -> WaitingCard:
    """What waits in one's pools, and of it what is critical or late; what one holds."""

    def said(number: int) -> str:
        return up_to(number, counts.counted_up_to)

    waiting = sum(each.waiting for each in counts.pools)
    critical = sum(each.critical for each in counts.pools)
    overdue = sum(each.overdue for each in counts.pools)
    found = (
        Number(said(waiting), "waiting", "/queue", bad=False),
        Number(said(counts.mine.held), "in your hands", "/queue?state=held&mine=1", bad=False),
        Number(said(critical), "critical", "/queue?state=open&severity=critical", bad=critical > 0),
        Number(said(overdue), "overdue", "/queue?state=open&due=overdue", bad=overdue > 0),
    )
    return WaitingCard(found, any=bool(waiting + counts.mine.held + critical + overdue))
