"""What is asked of the clinic's time, before anybody knows whether it can be had."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.scheduling.availability import Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A time with a doctor, and how much of the doctor and the room it takes."""

    practitioner_id: UUID
    visit_type_id: UUID
    starts_at: datetime  # UTC, as is the end
    ends_at: datetime
    lanes: int = 1  # so many of the doctor's may be used without a reason
    parallel: int = 1  # so many such appointments share one lane, and the room
    slot_minutes: int | None = None  # the doctor's grid, where it was asked for
    offered: bool = True  # whether this doctor offers this type
    patient_id: UUID | None = None
    room_id: UUID | None = None
    ignoring: UUID | None = None  # the appointment that is to be moved: it is not in its own way
    hours: Hours | None = field(default=None, compare=False, repr=False)  # as far as they are known

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    def at(self, starts_at: datetime) -> "Wanted":
        """The same at another time."""
        return replace(self, starts_at=starts_at, ends_at=starts_at + self.duration)
