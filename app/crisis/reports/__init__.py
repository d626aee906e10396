"""What the law wants reported: who has to, to whom, by when, and the proof that it was done."""

from app.crisis.reports.deadlines import Leg, Limit, LimitUnit, Mark, due_at
from app.crisis.reports.documents import DOCUMENTS
from app.crisis.reports.errors import (
    AlreadyReader,
    MayNotFormSuspicions,
    MayNotKeepReportRules,
    MomentUnfit,
    NotYourCompartment,
    NotYourReport,
    ReaderUnfit,
    ReportClosed,
    ReportNotFound,
    ReportRuleChanged,
    ReportRuleUnfit,
    ReportTextChanged,
    ReportTextDamaged,
    SuspicionUnfit,
)
from app.crisis.reports.events import ReportBreached, ReportFiled, SuspicionFormed
from app.crisis.reports.forming import form_suspicion, propose, reports_of
from app.crisis.reports.inputs import (
    Declined,
    NewOralReport,
    NewReader,
    NewSuspicion,
    NewWrittenReport,
)
from app.crisis.reports.lifecycle import (
    MANDATORY_REPORT,
    REPORT_CLOCK,
    ClockStatus,
    ReportStatus,
)
from app.crisis.reports.models import MandatoryReport, ReportClock, Suspicion
from app.crisis.reports.queries import (
    list_disclosures,
    list_reports,
    read_draft,
    read_report,
    reports_about,
    sees_every_report,
)
from app.crisis.reports.rule_models import ReportRule
from app.crisis.reports.rule_schemas import (
    LimitOut,
    NewRuleVersion,
    RecipientChoice,
    RuleOut,
    SuspicionKind,
)
from app.crisis.reports.rules import add_version, jurisdictions, list_rules, rule_out
from app.crisis.reports.saving_texts import save_draft
from app.crisis.reports.schemas import (
    Channel,
    DraftOut,
    LegOut,
    ReportOut,
    ReportRow,
)
from app.crisis.reports.service import (
    decline,
    file_written_report,
    log_oral_report,
    name_reader,
)

__all__ = [
    "DOCUMENTS",
    "MANDATORY_REPORT",
    "REPORT_CLOCK",
    "AlreadyReader",
    "Channel",
    "ClockStatus",
    "Declined",
    "DraftOut",
    "Leg",
    "LegOut",
    "Limit",
    "LimitOut",
    "LimitUnit",
    "MandatoryReport",
    "Mark",
    "MayNotFormSuspicions",
    "MayNotKeepReportRules",
    "MomentUnfit",
    "NewOralReport",
    "NewReader",
    "NewRuleVersion",
    "NewSuspicion",
    "NewWrittenReport",
    "NotYourCompartment",
    "NotYourReport",
    "ReaderUnfit",
    "RecipientChoice",
    "ReportBreached",
    "ReportClock",
    "ReportClosed",
    "ReportFiled",
    "ReportNotFound",
    "ReportOut",
    "ReportRow",
    "ReportRule",
    "ReportRuleChanged",
    "ReportRuleUnfit",
    "ReportStatus",
    "ReportTextChanged",
    "ReportTextDamaged",
    "RuleOut",
    "Suspicion",
    "SuspicionFormed",
    "SuspicionKind",
    "SuspicionUnfit",
    "add_version",
    "decline",
    "due_at",
    "file_written_report",
    "form_suspicion",
    "jurisdictions",
    "list_disclosures",
    "list_reports",
    "list_rules",
    "log_oral_report",
    "name_reader",
    "propose",
    "read_draft",
    "read_report",
    "reports_about",
    "reports_of",
    "rule_out",
    "save_draft",
    "sees_every_report",
]
