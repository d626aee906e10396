"""Rules of reporting as rows that are never changed."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.crisis.reports.deadlines import Leg, Limit, LimitUnit
from app.crisis.reports.rule_schemas import RecipientChoice
from app.infra.orm import Model


class ReportRule(Model):
    __tablename__ = "report_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str]
    version: Mapped[int]
    jurisdiction: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    title: Mapped[str]
    recipients: Mapped[list[str]] = mapped_column(ARRAY(Text))
    recipient_choice: Mapped[RecipientChoice]
    oral_unit: Mapped[LimitUnit | None]
    oral_amount: Mapped[int | None]
    written_unit: Mapped[LimitUnit | None]
    written_amount: Mapped[int | None]
    form: Mapped[str | None]
    explanation: Mapped[str]
    source: Mapped[str]
    doubt: Mapped[str | None]
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reviewed_on: Mapped[date | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]

    def limit(self, leg: Leg) -> Limit | None:
        """How long there is for one way of reporting; None: it is not asked for."""
        unit, amount = (
            (self.oral_unit, self.oral_amount)
            if leg is Leg.ORAL
            else (self.written_unit, self.written_amount)
        )
        return None if unit is None else Limit(unit, amount)

    def at_once(self, leg: Leg) -> bool:
        limit = self.limit(leg)
        return limit is not None and limit.unit is LimitUnit.AT_ONCE

    def begun(self, day: date) -> bool:
        return self.effective_from is None or self.effective_from <= day

    def ended(self, day: date) -> bool:
        return self.effective_to is not None and self.effective_to < day
