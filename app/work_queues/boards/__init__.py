"""The supervisor's board: every queue in numbers, and what will breach within the hour."""

from app.work_queues.boards.errors import MayNotSeeBoard
from app.work_queues.boards.forecasting import OpenItem, Pace, forecast
from app.work_queues.boards.queries import board
from app.work_queues.boards.schemas import (
    Board,
    FirstBreach,
    Forecast,
    HourOfFlow,
    PoolOnBoard,
    SeverityOnBoard,
)

__all__ = [
    "Board",
    "FirstBreach",
    "Forecast",
    "HourOfFlow",
    "MayNotSeeBoard",
    "OpenItem",
    "Pace",
    "PoolOnBoard",
    "SeverityOnBoard",
    "board",
    "forecast",
]
