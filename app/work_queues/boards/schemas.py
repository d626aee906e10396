"""The board of all queues as the outside world sees it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.work_queues.items import Severity

BOARD_EXAMPLE: dict[str, Any] = {
    "at": "2026-11-30T09:00:00Z",
    "flow": [{"starts_at": "2026-11-30T08:00:00Z", "arrived": 12, "finished": 9}],
    "pools": [
        {
            "pool_id": "00000000-0000-4000-8000-0000000000a1",
            "key": "nurses",
            "name": "Nurses",
            "on_duty": 3,
            "severities": [
                {
                    "severity": "high",
                    "open": 14,
                    "claimed": 3,
                    "breached": 1,
                    "escalated": 2,
                    "oldest_seconds": 5400,
                }
            ],
            "flow": [{"starts_at": "2026-11-30T08:00:00Z", "arrived": 12, "finished": 9}],
            "forecast": {
                "due_within_hour": 4,
                "breaches": 1,
                "first": {
                    "item_id": "5b0f7a52-93c4-4b76-8c1d-0d3a5f0b7e31",
                    "severity": "high",
                    "due_at": "2026-11-30T09:20:00Z",
                },
                "finished_per_hour": 9.0,
                "arrived_per_hour": 11.5,
                "assumptions": ["3 people are on duty, and stay so for the hour."],
            },
        }
    ],
}


class HourOfFlow(BaseModel):
    """How many came and how many were closed in the hour from then on."""

    starts_at: datetime
    arrived: int
    finished: int


class SeverityOnBoard(BaseModel):
    """What is open of one severity; `oldest_seconds`: since the oldest was opened."""

    severity: Severity
    open: int
    claimed: int
    breached: int
    escalated: int
    oldest_seconds: int


class FirstBreach(BaseModel):
    item_id: UUID
    severity: Severity
    due_at: datetime


class Forecast(BaseModel):
    """What will breach within the next hour. Null: nobody can know, see the assumptions.

    `due_within_hour` bounds it: so many would breach if nothing were finished. What has breached
    already is not among them. `first`: the first that will breach.
    """

    due_within_hour: int
    breaches: int | None
    first: FirstBreach | None
    finished_per_hour: float | None
    arrived_per_hour: float | None
    assumptions: list[str]


class PoolOnBoard(BaseModel):
    pool_id: UUID
    key: str
    name: str
    on_duty: int
    severities: list[SeverityOnBoard]
    flow: list[HourOfFlow]
    forecast: Forecast


class Board(BaseModel):
    """Every queue at one moment, and how work came and went in the last day."""

    model_config = ConfigDict(json_schema_extra={"examples": [BOARD_EXAMPLE]})

    at: datetime
    flow: list[HourOfFlow]
    pools: list[PoolOnBoard]
