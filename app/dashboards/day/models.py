"""How often what a day shows has changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class DayVersion(Model):
    """Changes of a topic that were counted together."""

    __tablename__ = "day_versions"

    topic: Mapped[UUID] = mapped_column(primary_key=True)
    settled: Mapped[int] = mapped_column(BigInteger)
    latest_at: Mapped[datetime]


class DayChange(Model):
    """A transaction that changed something of a topic; the database itself writes these."""

    __tablename__ = "day_changes"

    topic: Mapped[UUID] = mapped_column(primary_key=True)
    written_in: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
