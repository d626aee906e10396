"""Episodes as they are asked for and shown."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.crisis.episodes.errors import ClosingCheck
from app.crisis.episodes.lifecycle import EpisodeStatus, StepStatus
from app.crisis.risk import RiskLevel
from app.kernel.text import SEVERAL_LINES

Remark = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=SEVERAL_LINES),
]
EPISODE_ID = "5b1c0f5e-3a44-4b8e-8a43-52a7a0f0c001"
PATIENT_ID = "2f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f"
USER_ID = "3f0f8a0e-52a1-4f43-9d6e-0b6f3f4e7a04"
AT = "2026-11-30T09:00:00Z"


def example(**said: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [said]})


def shown(**said: Any) -> ConfigDict:
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [said]})


class EntryKind(StrEnum):
    OPENED = "opened"
    REOPENED = "reopened"
    SIGNAL = "signal"
    SCREENING = "screening"
    LEVEL = "level"
    STEP = "step"
    INTERVENTION = "intervention"
    CONTACT = "contact"
    FACTOR = "factor"
    SAFETY_PLAN = "safety-plan"
    HANDOVER = "handover"
    OWNER = "owner"
    REMARK = "remark"
    CLOSED = "closed"


class Intervention(StrEnum):
    MEANS_COUNSELLING = "means-counselling"
    SAFETY_PLANNING = "safety-planning"
    OBSERVATION = "observation"
    REFERRAL = "referral"
    EMERGENCY_SERVICES = "emergency-services"
    ADMISSION = "admission"
    MEDICATION_CHANGE = "medication-change"
    FAMILY_INVOLVED = "family-involved"
    THERAPY = "therapy"
    OTHER = "other"


class InterventionOutcome(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    DECLINED = "declined"
    NOT_POSSIBLE = "not-possible"


class ContactWith(StrEnum):
    PATIENT = "patient"
    FAMILY = "family"
    CLINICIAN = "clinician"
    EMERGENCY_SERVICES = "emergency-services"
    AGENCY = "agency"


class ContactOutcome(StrEnum):
    REACHED = "reached"
    MESSAGE_LEFT = "message-left"
    NOT_REACHED = "not-reached"


class Factor(StrEnum):
    """Risk factors, then protective ones (SAFE-T, steps 1 and 2)."""

    PREVIOUS_ATTEMPT = "previous-attempt"
    ACCESS_TO_MEANS = "access-to-means"
    SUBSTANCE_USE = "substance-use"
    HOPELESSNESS = "hopelessness"
    AGITATION = "agitation"
    INSOMNIA = "insomnia"
    PSYCHOSIS = "psychosis"
    RECENT_LOSS = "recent-loss"
    ISOLATION = "isolation"
    CHRONIC_PAIN = "chronic-pain"
    FAMILY_HISTORY = "family-history"
    RECENT_DISCHARGE = "recent-discharge"
    REASONS_FOR_LIVING = "reasons-for-living"
    SUPPORTING_PEOPLE = "supporting-people"
    RESPONSIBLE_FOR_OTHERS = "responsible-for-others"
    BELIEFS = "beliefs"
    COPING_SKILLS = "coping-skills"
    ENGAGED_IN_CARE = "engaged-in-care"

    @property
    def protects(self) -> bool:
        return self in PROTECTIVE


PROTECTIVE = frozenset(
    {
        Factor.REASONS_FOR_LIVING,
        Factor.SUPPORTING_PEOPLE,
        Factor.RESPONSIBLE_FOR_OTHERS,
        Factor.BELIEFS,
        Factor.COPING_SKILLS,
        Factor.ENGAGED_IN_CARE,
    }
)


class OpenEpisode(BaseModel):
    """A clinician sees danger."""

    model_config = example(patient_id=PATIENT_ID, remark="Called in tears, will not say why.")

    patient_id: UUID
    remark: Remark


class AddIntervention(BaseModel):
    model_config = example(code="means-counselling", outcome="done", remark="Brother took the gun.")

    code: Intervention
    outcome: InterventionOutcome
    remark: Remark | None = None
    happened_at: AwareDatetime | None = None


class AddContact(BaseModel):
    model_config = example(code="patient", outcome="reached", remark="Slept, will come tomorrow.")

    code: ContactWith
    outcome: ContactOutcome
    remark: Remark | None = None
    happened_at: AwareDatetime | None = None


class AddFactor(BaseModel):
    """`present` false: it was looked for and is not, or no longer, there."""

    model_config = example(code="access-to-means", present=True, remark="Firearm at home.")

    code: Factor
    present: bool
    remark: Remark | None = None


class AddRemark(BaseModel):
    model_config = example(remark="Waits for the call of the crisis team.")

    remark: Remark


class PassEpisodeOn(BaseModel):
    model_config = example(
        user_id=USER_ID, remark="Off from five, all steps but the call are done."
    )

    user_id: UUID
    remark: Remark


class EndStep(BaseModel):
    model_config = example(outcome="Brother keeps the key of the cabinet.")

    outcome: Remark


class EntryOut(BaseModel):
    """A line of the timeline. `code`, `outcome`: from the lists of its kind."""

    model_config = shown(
        id=EPISODE_ID,
        kind="contact",
        code="patient",
        outcome="reached",
        remark="Slept, will come tomorrow.",
        detail={},
        source_type=None,
        source_id=None,
        happened_at=AT,
        recorded_by=USER_ID,
        recorded_at=AT,
    )

    id: UUID
    kind: EntryKind
    code: str | None
    outcome: str | None
    remark: str | None
    detail: dict[str, Any]
    source_type: str | None
    source_id: UUID | None
    happened_at: datetime
    recorded_by: UUID
    recorded_at: datetime


class StepOut(BaseModel):
    """`explanation`, `source`: of the rule that asks for it."""

    model_config = shown(
        id=EPISODE_ID,
        code="follow-up",
        title="Call the patient",
        status="due",
        due_at=AT,
        ended_at=None,
        ended_by=None,
        outcome=None,
        explanation="With follow-up calls fewer suicidal behaviours at six months.",
        source="JAMA Psychiatry 2018",
        rule_version=1,
    )

    id: UUID
    code: str
    title: str
    status: StepStatus
    due_at: datetime
    ended_at: datetime | None
    ended_by: UUID | None
    outcome: str | None
    explanation: str
    source: str
    rule_version: int


class CheckOut(BaseModel):
    """A line of the closing checklist."""

    model_config = shown(code="steps", label="Every step is done or not needed", ok=False)

    code: ClosingCheck
    label: str
    ok: bool


HEADER: dict[str, Any] = {
    "id": EPISODE_ID,
    "patient_id": PATIENT_ID,
    "status": "open",
    "owner_id": None,
    "level": "high",
    "highest_level": "high",
    "next_due_at": AT,
    "opened_at": AT,
    "opened_by": USER_ID,
    "closed_at": None,
    "closed_by": None,
    "version": 1,
}


class EpisodeHeader(BaseModel):
    model_config = shown(**HEADER)

    id: UUID
    patient_id: UUID
    status: EpisodeStatus
    owner_id: UUID | None
    level: RiskLevel
    highest_level: RiskLevel
    next_due_at: datetime | None
    opened_at: datetime
    opened_by: UUID
    closed_at: datetime | None
    closed_by: UUID | None
    version: int


class EpisodeOut(EpisodeHeader):
    """An episode whole: what it asks for, its timeline, newest first, and what closing needs."""

    model_config = shown(**HEADER, steps=[], timeline=[], checklist=[])

    steps: list[StepOut] = Field(default_factory=list)
    timeline: list[EntryOut] = Field(default_factory=list)
    checklist: list[CheckOut] = Field(default_factory=list)


class EpisodePage(BaseModel):
    items: list[EpisodeHeader]
    next_cursor: str | None
