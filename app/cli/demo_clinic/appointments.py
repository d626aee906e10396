"""What goes on in the demo clinic: today around the moment it is set up, and the days around it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment of today; minutes count from now. `so_far`: how far the visit has come.

    booked, arrived, in-room, with-doctor, finished, checked-out or noshow; what lies ahead of
    now can only be booked or arrived.
    """

    doctor: str
    begins: int
    visit_type: str
    patient: str
    so_far: str = "booked"
    came: int | None = None
    reason: str | None = None
    override: str | None = None


TODAY = (
    Planned("doctor", -165, "Consultation", "Okafor", "checked-out", -172, "blood pressure"),
    Planned("doctor", -135, "Check-up", "Petrov", "noshow"),
    Planned("doctor", -120, "Consultation", "Sorrentino", "checked-out", -126, "cough"),
    Planned("doctor", -75, "First visit", "Ibarra", "finished", -80),
    Planned("doctor", -30, "Consultation", "Ferreira", "arrived", -34, "asthma, control"),
    Planned(
        "doctor", -15, "Check-up", "Wiesner", "in-room", -21, "rash",
        "rash since last night, cannot wait",
    ),
    Planned("doctor", 0, "Consultation", "Haddad", reason="results of the blood tests"),
    Planned("doctor", 30, "Consultation", "Dahl", "arrived", -4, "dizziness"),
    Planned("doctor", 60, "Check-up", "Brandt", reason="before the school trip"),
    Planned("doctor", 75, "Consultation", "Amaral"),
    Planned("doctor", 105, "First visit", "Mori"),
    Planned("doctor", 150, "Consultation", "Watanabe", reason="low back pain"),
    Planned("doctor2", -120, "Psychotherapy", "Osei", "checked-out", -124),
    Planned("doctor2", -45, "Psychotherapy", "Novak", "with-doctor", -52),
    Planned("doctor2", 30, "Group session", "Rahimi", "arrived", -9),
    Planned("doctor2", 30, "Group session", "Silveira"),
    Planned("doctor2", 30, "Group session", "Novotny", "arrived", -2),
    Planned("doctor2", 30, "Group session", "Lundqvist"),
    Planned("doctor2", 135, "Consultation", "Lindgren"),
)  # fmt: skip

# Around today each doctor's open time is filled with these, and what stays free in between.
FILLING: dict[str, tuple[tuple[str, int], ...]] = {
    "doctor": (
        ("Consultation", 30), ("Check-up", 15), ("", 30), ("First visit", 45), ("", 15),
        ("Consultation", 30), ("", 60),
    ),
    "doctor2": (("Psychotherapy", 60), ("", 30), ("First visit", 45), ("", 75)),
}  # fmt: skip
DAYS_BACK, DAYS_AHEAD = 2, 6
NO_SHOW_EVERY = 9

REASONS = ("control", None, "tiredness", None, "prescription", "headache", None)


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody on the waiting list since so many days."""

    patient: str
    visit_type: str
    urgency: str
    days: int
    doctor: str | None = None
    specialty: str | None = None
    weekdays: tuple[int, ...] = ()
    until_time: str | None = None
    note: str | None = None


WISHES = (
    Wish("Lindgren", "Consultation", "urgent", 1, doctor="doctor", note="fever comes and goes"),
    Wish("Watanabe", "Psychotherapy", "soon", 6, specialty="Psychiatry", weekdays=(1, 3)),
    Wish("Amaral", "First visit", "routine", 12, until_time="12:00", note="comes by bus"),
    Wish("Okafor", "Check-up", "routine", 3, doctor="doctor"),
)

CLOSED_DAY_BOOKING = ("Consultation", "Sorrentino")
SERIES_DOCTOR, SERIES_PATIENT = "doctor2", "Osei"
SERIES_VISIT_TYPE, SERIES_RULE = "Psychotherapy", "FREQ=WEEKLY;COUNT=6"
