"""Questionnaires asked in place: what to ask, what the answers say, and which are due."""

from app.crisis.screenings.definitions import AnswerKind, Answers, Definition, Item, Option
from app.crisis.screenings.demands import (
    defer_demand,
    demand_screening,
    interruption_for,
    open_demands,
    withdraw_demand,
)
from app.crisis.screenings.errors import (
    AnswersMissing,
    AnswersUnfit,
    DeferralUnfit,
    DemandAnswered,
    DemandNotFound,
    EncounterOfAnotherPatient,
    InstrumentNotFound,
    MayNotScreen,
    ScreeningChanged,
    ScreeningNotFound,
    ScreeningOver,
)
from app.crisis.screenings.events import ScreeningCompleted, ScreeningEnteredInError
from app.crisis.screenings.instruments import Instrument
from app.crisis.screenings.lifecycle import (
    SCREENING,
    SCREENING_DEMAND,
    DemandStatus,
    ScreeningStatus,
)
from app.crisis.screenings.models import (
    DemandMove,
    Screening,
    ScreeningDemand,
    ScreeningInstrument,
    ScreeningMove,
    ScreeningResult,
)
from app.crisis.screenings.policies import SCREENERS
from app.crisis.screenings.queries import (
    asked_first,
    describe,
    instrument_in_effect,
    list_demands,
    list_instruments,
    list_screenings,
    read_screening,
    under_way,
)
from app.crisis.screenings.schemas import NewScreening, ScreeningOut
from app.crisis.screenings.scoring import FollowUp, Reason, Result, Score
from app.crisis.screenings.service import (
    abandon_screening,
    complete_screening,
    enter_screening_in_error,
    instrument_of,
    save_answers,
    start_screening,
)

__all__ = [
    "SCREENERS",
    "SCREENING",
    "SCREENING_DEMAND",
    "AnswerKind",
    "Answers",
    "AnswersMissing",
    "AnswersUnfit",
    "DeferralUnfit",
    "Definition",
    "DemandAnswered",
    "DemandMove",
    "DemandNotFound",
    "DemandStatus",
    "EncounterOfAnotherPatient",
    "FollowUp",
    "Instrument",
    "InstrumentNotFound",
    "Item",
    "MayNotScreen",
    "NewScreening",
    "Option",
    "Reason",
    "Result",
    "Score",
    "Screening",
    "ScreeningChanged",
    "ScreeningCompleted",
    "ScreeningDemand",
    "ScreeningEnteredInError",
    "ScreeningInstrument",
    "ScreeningMove",
    "ScreeningNotFound",
    "ScreeningOut",
    "ScreeningOver",
    "ScreeningResult",
    "ScreeningStatus",
    "abandon_screening",
    "asked_first",
    "complete_screening",
    "defer_demand",
    "demand_screening",
    "describe",
    "enter_screening_in_error",
    "instrument_in_effect",
    "instrument_of",
    "interruption_for",
    "list_demands",
    "list_instruments",
    "list_screenings",
    "open_demands",
    "read_screening",
    "save_answers",
    "start_screening",
    "under_way",
    "withdraw_demand",
]
