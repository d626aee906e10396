"""A doctor's day as the outside world sees it: instants, so that it stays true as time passes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.clinical.encounters import EncounterStatus
from app.clinical.notes import NoteType
from app.clinical.results import Flag, ReportStatus
from app.crisis.risk import RiskLevel
from app.scheduling.appointments import AppointmentKind, AppointmentStatus
from app.work_queues.items import ItemKind, Severity


class NextStep(StrEnum):
    """What a doctor would do next about an appointment."""

    AWAIT_ARRIVAL = "await-arrival"
    START_VISIT = "start-visit"
    CONTINUE_VISIT = "continue-visit"
    SIGN_NOTE = "sign-note"
    CHECK_OUT = "check-out"
    NONE = "none"


class NoteToDo(StrEnum):
    CHECK = "check"  # dictated, and nobody has touched it yet
    SIGN = "sign"
    AMEND = "amend"  # signed before; since then


class RecordingState(StrEnum):
    RECEIVING = "receiving"
    QUEUED = "queued"
    RUNNING = "running"
    NO_SPEECH = "no_speech"
    FAILED = "failed"
    HELD = "held"


class RiskFlag(BaseModel):
    level: RiskLevel
    review_at: datetime | None


class DayAppointment(BaseModel):
    """Who comes when. Of a restricted patient only that the time is taken."""

    id: UUID
    status: AppointmentStatus
    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    roomed_at: datetime | None
    seen_at: datetime | None
    finished_at: datetime | None
    visit_type: str
    color: str
    room: str | None
    restricted: bool
    patient_id: UUID
    patient_name: str
    reason: str | None
    override_reason: str | None
    repeats: bool
    encounter_id: UUID | None
    risk: Annotated[
        RiskFlag | None, Field(description="Null: nobody has assessed it, which is not no risk.")
    ]
    next_step: NextStep


class DayVisit(BaseModel):
    """A visit of today, or one of the last week that is still open."""

    id: UUID
    status: EncounterStatus
    started_at: datetime
    reason: str | None
    patient_id: UUID
    patient_name: str


class DayNote(BaseModel):
    """A text of this doctor that waits for their signature, the oldest first."""

    id: UUID
    type: NoteType
    encounter_id: UUID
    to_do: NoteToDo
    since: datetime
    patient_id: UUID
    patient_name: str


class DayResult(BaseModel):
    """What came back and this doctor has not acknowledged, the gravest first."""

    id: UUID
    title: str
    status: ReportStatus
    flag: Annotated[Flag, Field(description="`not-judged` is not normal.")]
    since: datetime
    patient_id: UUID
    patient_name: str


class UnfinishedKind(StrEnum):
    PRESCRIPTION = "prescription"
    ORDER = "order"


class DayUnfinished(BaseModel):
    """A prescription never issued or an order never placed, the oldest first."""

    id: UUID
    kind: UnfinishedKind
    since: datetime
    patient_id: UUID
    patient_name: str


class DayRecording(BaseModel):
    """Sound that is not words yet: unfinished, under way, stopped, or silent within a day."""

    id: UUID
    encounter_id: UUID
    state: RecordingState
    started_at: datetime
    patient_id: UUID
    patient_name: str


class DayWork(BaseModel):
    """A task or an alert. `mine`: held by this doctor, for them by name, or they were called."""

    id: UUID
    kind: ItemKind
    type: str
    severity: Severity
    status: str
    title: str
    pool: str
    mine: bool
    held: bool
    due_at: datetime | None
    created_at: datetime
    patient_id: UUID | None
    patient_name: str | None


class DayWorkCounts(BaseModel):
    """Counted up to `counted_up_to`: that many means "or more"."""

    mine: int
    mine_critical: int
    pools: int
    pools_critical: int
    counted_up_to: int


class DayCrisisStep(BaseModel):
    """What an episode asks of its owner."""

    id: UUID
    episode_id: UUID
    title: str
    due_at: datetime
    level: RiskLevel
    patient_id: UUID
    patient_name: str


EXAMPLE: dict[str, Any] = {
    "day": "2026-11-30",
    "valid_until": "2026-12-01T00:00:00+00:00",
    "appointments": [
        {
            "id": "5b0f7a52-93c4-4b76-8c1d-0d3a5f0b7e31",
            "status": "arrived",
            "kind": "booked",
            "starts_at": "2026-11-30T09:00:00+00:00",
            "ends_at": "2026-11-30T09:30:00+00:00",
            "arrived_at": "2026-11-30T08:52:00+00:00",
            "roomed_at": None,
            "seen_at": None,
            "finished_at": None,
            "visit_type": "Follow-up",
            "color": "blue",
            "room": "Room 2",
            "restricted": False,
            "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
            "patient_name": "Mara Okafor-Lind",
            "reason": "cough",
            "override_reason": None,
            "repeats": False,
            "encounter_id": None,
            "risk": {"level": "low", "review_at": None},
            "next_step": "start-visit",
        }
    ],
    "visits": [],
    "notes": [],
    "notes_count": 0,
    "results": [],
    "results_count": 0,
    "unfinished": [],
    "recordings": [],
    "work": [],
    "work_counts": {
        "mine": 1,
        "mine_critical": 0,
        "pools": 4,
        "pools_critical": 0,
        "counted_up_to": 1000,
    },
    "crisis_steps": [],
}


class DoctorDay(BaseModel):
    """Everything that waits for one doctor on one day of the clinic."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    day: date
    valid_until: Annotated[
        datetime,
        Field(description="When it is another one although nobody did anything: ask again then."),
    ]
    appointments: list[DayAppointment]
    visits: list[DayVisit]
    notes: list[DayNote]
    notes_count: int
    results: list[DayResult]
    results_count: int
    unfinished: list[DayUnfinished]
    recordings: list[DayRecording]
    work: list[DayWork]
    work_counts: DayWorkCounts
    crisis_steps: list[DayCrisisStep]


class DayChanged(BaseModel):
    """Something of the day is different now: ask for it again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": "a91c0de4"}]})

    version: str
