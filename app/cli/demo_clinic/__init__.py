"""An invented clinic: its people, its patients, and one dictation to play."""

from datetime import date
from pathlib import Path

from app.kernel.actors import Role

PASSWORD = "try-the-demo-clinic"  # noqa: S105 - printed for everybody who runs the demo

STAFF: dict[str, tuple[Role, str, str | None]] = {
    "doctor": (Role.DOCTOR, "Dr. Ada Winter", "Family medicine"),
    "doctor2": (Role.DOCTOR, "Dr. Bela Sommer", "Psychiatry"),
    "nurse": (Role.NURSE, "Nora Lindqvist", None),
    "reception": (Role.RECEPTIONIST, "Rosa Keller", None),
    "admin": (Role.ADMIN, "Anton Berg", None),
}

# given name, family name, birth date, sex, phone
PATIENTS: tuple[tuple[str, str, date, str, str], ...] = (
    ("Maja", "Lindgren", date(1992, 3, 14), "female", "+1 555 0142"),
    ("Tomas", "Okafor", date(1945, 7, 14), "male", "+1 555 0107"),
    ("Ingrid", "Sorrentino", date(1967, 11, 2), "female", "+1 555 0119"),
    ("Elias", "Brandt", date(2015, 5, 30), "male", "+1 555 0176"),
    ("Noor", "Haddad", date(1988, 1, 9), "female", "+1 555 0123"),
    ("Jonas", "Lindgren", date(1990, 8, 21), "male", "+1 555 0142"),
    ("Beatriz", "Amaral", date(1953, 12, 24), "female", "+1 555 0188"),
    ("Kenji", "Watanabe", date(1979, 6, 3), "male", "+1 555 0155"),
)

HERE = Path(__file__).parent
DICTATION = HERE / "headache.ogg"
SPOKEN = HERE / "headache.json"
