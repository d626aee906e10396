"""When minutes count."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class WorkCalendar(Model):
    __tablename__ = "work_calendars"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str]
    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class WorkCalendarSpan(Model):
    """Hours of one weekday, ISO numbered, in minutes from midnight on the clinic's wall."""

    __tablename__ = "work_calendar_spans"

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("work_calendars.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    opens_minute: Mapped[int] = mapped_column(primary_key=True)
    closes_minute: Mapped[int]


class WorkCalendarClosure(Model):
    """A day on which no minute counts."""

    __tablename__ = "work_calendar_closures"

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("work_calendars.id"), primary_key=True)
    closed_on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
