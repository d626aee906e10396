"""Who did or saw what; append-only."""

from app.audit.models import AuditEvent, Outcome
from app.audit.service import record, record_refusal

__all__ = ["AuditEvent", "Outcome", "record", "record_refusal"]
