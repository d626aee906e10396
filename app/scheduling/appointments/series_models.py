"""The rules behind appointments that repeat."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class AppointmentSeries(Model):
    """What repeats, and when in wall time of the clinic; its occurrences are appointments."""

    __tablename__ = "appointment_series"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    visit_type_id: Mapped[UUID] = mapped_column(ForeignKey("visit_types.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    rrule: Mapped[str]
    first_local: Mapped[datetime] = mapped_column(DateTime())
    duration_minutes: Mapped[int]
    reason: Mapped[str | None]
    continues: Mapped[UUID | None] = mapped_column(ForeignKey("appointment_series.id"))
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
