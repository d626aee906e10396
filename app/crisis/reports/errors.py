"""Why mandatory reports may refuse."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str | int]
    why: str
    rule: str


class ReportNotFound(NotFound):
    """There is no such report, or you may not see it."""

    report_id: UUID


class MayNotFormSuspicions(Forbidden):
    """Doctors and nurses say here what they suspect."""


class MayNotKeepReportRules(Forbidden):
    """Rules of reporting are added by administrators and supervisors."""


class NotYourReport(Forbidden):
    """The duty to report is personal: only who formed the suspicion reports or declines."""

    report_id: UUID


class NotYourCompartment(Forbidden):
    """Only the reporter and compliance say who else may see a report."""

    report_id: UUID


class SuspicionUnfit(Invalid):
    """What was said about the suspicion does not fit together."""

    errors: list[Fault]


class ReportRuleUnfit(Invalid):
    """What was said about the rule does not fit together."""

    errors: list[Fault]


class ReportRuleChanged(Stale):
    """Somebody added a version of this rule since you read it."""

    expected_version: int
    current_version: int


class ReportClosed(Conflict):
    """This report was filed already, or found not to be required."""

    report_id: UUID
    current: str


class MomentUnfit(Invalid):
    """That moment lies in the future, or before the suspicion was formed."""

    errors: list[Fault]


class ReaderUnfit(Invalid):
    """Nobody of the staff with an active account has that id."""

    errors: list[Fault]


class AlreadyReader(Conflict):
    """That person may see this report already."""

    report_id: UUID
    user_id: UUID


class ReportTextChanged(Stale):
    """Somebody saved another text of this report since you read it."""

    report_id: UUID
    expected_version: int
    current_version: int


class ReportTextDamaged(Conflict):
    """The text of this report is not what was saved: tell your administrator."""

    report_id: UUID
    version: int
