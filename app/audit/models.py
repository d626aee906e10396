"""The audit trail as a table nobody can change."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class Outcome(StrEnum):
    SUCCESS = "success"
    REFUSED = "refused"
    FAILED = "failed"


class AuditEvent(Model):
    __tablename__ = "audit_events"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    occurred_at: Mapped[datetime]
    actor_id: Mapped[UUID]
    actor_role: Mapped[str]
    action: Mapped[str]
    outcome: Mapped[Outcome]
    patient_id: Mapped[UUID | None]
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    address: Mapped[str | None]
    request_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]]
