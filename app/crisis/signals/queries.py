"""Looking at signals."""

from collections.abc import Sequence
from uuid import UUID

from app import audit, identity
from app.crisis.signals import policies, repository
from app.crisis.signals.lifecycle import SignalStatus
from app.crisis.signals.models import Signal
from app.crisis.signals.repository import SignalFilter
from app.crisis.signals.schemas import Person, SignalOut
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

FIRST_PAGE = PageRequest()
PLAIN = (
    "id", "patient_id", "encounter_id", "note_id", "recording_id", "concept", "assertion",
    "critical", "quote", "section", "sentence_index", "start_ms", "end_ms", "source", "status",
    "reason", "answered_at", "lexicon_version", "created_at",
)  # fmt: skip


async def read_signal(uow: UnitOfWork, signal_id: UUID) -> Signal:
    """Somebody looks at a signal; raises `SignalNotFound`."""
    policies.require_clinician(uow)
    signal = await repository.get(uow, signal_id)
    await audit.record(
        uow, "signal.read", patient_id=signal.patient_id, subject=("signal", signal.id)
    )
    return signal


async def list_signals(
    uow: UnitOfWork,
    *,
    patient_id: UUID | None = None,
    encounter_id: UUID | None = None,
    note_id: UUID | None = None,
    status: SignalStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> tuple[list[Signal], str | None]:
    """Signals, newest first, and the cursor of the next page."""
    policies.require_clinician(uow)
    wanted = SignalFilter(
        patient_id=patient_id, encounter_id=encounter_id, note_id=note_id, status=status
    )
    rows = await repository.page(uow, wanted, page)
    found, next_cursor = page_of(rows, page, key=lambda s: Cursor(at=s.created_at, id=s.id))
    whose = {signal.patient_id for signal in found}
    only = patient_id or (whose.pop() if len(whose) == 1 else None)
    detail = {"signals": [str(signal.id) for signal in found]}
    await audit.record(uow, "signal.list", patient_id=only, detail=detail)
    return found, next_cursor


async def describe(uow: UnitOfWork, *signals: Signal) -> list[SignalOut]:
    """With the names of those who answered."""
    people = {signal.answered_by for signal in signals if signal.answered_by}
    names = await identity.names_of(uow, people)
    return [described(signal, names) for signal in signals]


def described(signal: Signal, names: dict[UUID, str]) -> SignalOut:
    by = signal.answered_by
    person = Person(id=by, name=names.get(by, "")) if by else None
    return SignalOut(answered_by=person, **{name: getattr(signal, name) for name in PLAIN})


def in_order(signals: Sequence[Signal]) -> list[Signal]:
    """Those that wait first, the critical before the rest; then the newest."""
    newest = sorted(signals, key=lambda signal: signal.created_at, reverse=True)
    return sorted(newest, key=lambda signal: (not signal.waits, not signal.critical))
