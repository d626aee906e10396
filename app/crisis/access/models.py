"""What privacy thought of broken glass. Restrictions and grants are rows beside the patients."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crisis.access.schemas import Verdict
from app.infra.orm import Model


class BreakGlassReview(Model):
    """Once for each grant. The database refuses every change."""

    __tablename__ = "break_glass_reviews"

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("break_glass_grants.id"), primary_key=True)
    verdict: Mapped[Verdict]
    remark: Mapped[str | None]
    reviewed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime]
