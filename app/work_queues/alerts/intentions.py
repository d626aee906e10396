"""What people are about to do with alerts, for whoever knows a reason against it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutToResolve:
    """Somebody says that nothing is left to do; `type` and subject are those of the alert."""

    alert_id: UUID
    type: str
    subject_type: str | None
    subject_id: UUID | None
