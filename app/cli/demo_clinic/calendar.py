"""The demo clinic's rooms, visit types and working hours."""

from typing import Any

ROOMS = ("Room 1", "Room 2", "Room 3", "Group room")

DOCTORS_ROOM = {"doctor": "Room 1", "doctor2": "Room 2"}
GROUP_ROOM, SPARE_ROOM = "Group room", "Room 3"

# Offered by the user named, or by everybody.
VISIT_TYPES: tuple[tuple[dict[str, Any], str | None], ...] = (
    ({"name": "Consultation", "duration_minutes": 30, "color": "blue"}, None),
    ({"name": "First visit", "duration_minutes": 45, "color": "teal"}, None),
    ({"name": "Check-up", "duration_minutes": 15, "color": "green"}, "doctor"),
    ({"name": "Psychotherapy", "duration_minutes": 60, "color": "violet"}, "doctor2"),
    (
        {"name": "Group session", "duration_minutes": 90, "color": "amber", "parallel": 8},
        "doctor2",
    ),
)

# ISO weekdays, opening, closing, room; what lies between two stretches is a break.
Hours = tuple[tuple[int, ...], str, str, str]
WEEKS: dict[str, tuple[Hours, ...]] = {
    "doctor": (
        ((1, 2, 3, 4), "08:00", "12:00", "Room 1"),
        ((1, 2, 3, 4), "13:00", "17:00", "Room 1"),
        ((5,), "08:00", "13:00", "Room 1"),
    ),
    "doctor2": (
        ((1, 3, 4, 5), "09:00", "12:30", "Room 2"),
        ((1, 3, 4), "13:30", "18:00", "Room 2"),
        ((2,), "12:00", "18:30", "Room 2"),
    ),
}
