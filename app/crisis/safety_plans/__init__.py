"""Safety plans: six steps in the patient's own words; published versions never change."""

from app.crisis.safety_plans.documents import DOCUMENTS
from app.crisis.safety_plans.errors import (
    SafetyPlanChanged,
    SafetyPlanDamaged,
    SafetyPlanIncomplete,
    SafetyPlanNotFound,
    SafetyPlanNotInUse,
    SafetyPlansNotForYourRole,
    SafetyPlanVersionNotFound,
)
from app.crisis.safety_plans.events import SafetyPlanPublished, SafetyPlanWithdrawn
from app.crisis.safety_plans.lifecycle import SAFETY_PLAN, PlanStatus
from app.crisis.safety_plans.queries import (
    crisis_services,
    current_version,
    list_versions,
    plans_of,
    read_plan,
    read_version,
)
from app.crisis.safety_plans.schemas import (
    LATEST_REVIEW,
    USUAL_REVIEW,
    Contact,
    PlanContent,
    SafetyPlanOut,
    ServiceOut,
    VersionOut,
    WholeVersion,
)
from app.crisis.safety_plans.service import (
    begin_plan,
    publish_plan,
    save_working_copy,
    withdraw_plan,
)

__all__ = [
    "DOCUMENTS",
    "LATEST_REVIEW",
    "SAFETY_PLAN",
    "USUAL_REVIEW",
    "Contact",
    "PlanContent",
    "PlanStatus",
    "SafetyPlanChanged",
    "SafetyPlanDamaged",
    "SafetyPlanIncomplete",
    "SafetyPlanNotFound",
    "SafetyPlanNotInUse",
    "SafetyPlanOut",
    "SafetyPlanPublished",
    "SafetyPlanVersionNotFound",
    "SafetyPlanWithdrawn",
    "SafetyPlansNotForYourRole",
    "ServiceOut",
    "VersionOut",
    "WholeVersion",
    "begin_plan",
    "crisis_services",
    "current_version",
    "list_versions",
    "plans_of",
    "publish_plan",
    "read_plan",
    "read_version",
    "save_working_copy",
    "withdraw_plan",
]
