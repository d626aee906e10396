"""Signals: what may mean danger, found or raised, and answered by a person."""

from app.crisis.signals.answering import confirm, dismiss
from app.crisis.signals.errors import (
    NoConcern,
    SignalAnswered,
    SignalNotFound,
    SignalsNotForYourRole,
    SignalsUnanswered,
)
from app.crisis.signals.events import (
    SignalConfirmed,
    SignalDismissed,
    SignalProposed,
    SignalWithdrawn,
)
from app.crisis.signals.examining import examine_note, require_answers
from app.crisis.signals.lifecycle import SIGNAL, SignalStatus
from app.crisis.signals.models import Signal
from app.crisis.signals.policies import CLINICIANS, may_see
from app.crisis.signals.proposing import NewSignal, propose, raise_signal
from app.crisis.signals.queries import describe, list_signals, read_signal
from app.crisis.signals.repository import count_unanswered
from app.crisis.signals.schemas import RaiseSignal, SignalOut, SignalSource

__all__ = [
    "CLINICIANS",
    "SIGNAL",
    "NewSignal",
    "NoConcern",
    "RaiseSignal",
    "Signal",
    "SignalAnswered",
    "SignalConfirmed",
    "SignalDismissed",
    "SignalNotFound",
    "SignalOut",
    "SignalProposed",
    "SignalSource",
    "SignalStatus",
    "SignalWithdrawn",
    "SignalsNotForYourRole",
    "SignalsUnanswered",
    "confirm",
    "count_unanswered",
    "describe",
    "dismiss",
    "examine_note",
    "list_signals",
    "may_see",
    "propose",
    "raise_signal",
    "read_signal",
    "require_answers",
]
