"""An invented clinic: its people, its patients, and one dictation to play."""

from datetime import date
from pathlib import Path
from typing import Any

from app.kernel.actors import Role

PASSWORD = "try-the-demo-clinic"  # noqa: S105 - printed for everybody who runs the demo

STAFF: dict[str, tuple[Role, str, str | None]] = {
    "doctor": (Role.DOCTOR, "Dr. Ada Winter", "Family medicine"),
    "doctor2": (Role.DOCTOR, "Dr. Bela Sommer", "Psychiatry"),
    "nurse": (Role.NURSE, "Nora Lindqvist", None),
    "reception": (Role.RECEPTIONIST, "Rosa Keller", None),
    "admin": (Role.ADMIN, "Anton Berg", None),
}

PATIENTS: tuple[dict[str, Any], ...] = (
    {
        "given_name": "Maja", "family_name": "Lindgren", "birth_date": date(1992, 3, 14),
        "sex": "female", "phone": "+1 555 0142", "allergies": [],
        "medications": ["metformin 500 mg twice daily"], "problems": ["type 2 diabetes"],
    },
    {
        "given_name": "Tomas", "family_name": "Okafor", "birth_date": date(1945, 7, 14),
        "sex": "male", "phone": "+1 555 0107", "allergies": ["penicillin", "latex"],
        "medications": ["lisinopril 20 mg once daily", "warfarin 5 mg once daily"],
        "problems": ["hypertension", "atrial fibrillation"],
    },
    {
        "given_name": "Ingrid", "family_name": "Sorrentino", "birth_date": date(1967, 11, 2),
        "sex": "female", "phone": "+1 555 0119", "allergies": ["sulfa"],
    },
    {
        "given_name": "Elias", "family_name": "Brandt", "birth_date": date(2015, 5, 30),
        "sex": "male", "phone": "+1 555 0176", "allergies": ["peanuts"],
        "emergency_contacts": [
            {"name": "Greta Brandt", "relationship": "mother", "phone": "+1 555 0177"}
        ],
    },
    {
        "given_name": "Noor", "family_name": "Haddad", "birth_date": date(1988, 1, 9),
        "sex": "female", "phone": "+1 555 0123",
    },
    {
        "given_name": "Jonas", "family_name": "Lindgren", "birth_date": date(1990, 8, 21),
        "sex": "male", "phone": "+1 555 0142",
    },
    {
        "given_name": "Beatriz", "family_name": "Amaral", "birth_date": date(1953, 12, 24),
        "sex": "female", "phone": "+1 555 0188", "allergies": ["codeine"],
    },
    {
        "given_name": "Kenji", "family_name": "Watanabe", "birth_date": date(1979, 6, 3),
        "sex": "male", "phone": "+1 555 0155",
    },
)  # fmt: skip

HERE = Path(__file__).parent
DICTATION = HERE / "headache.ogg"
SPOKEN = HERE / "headache.json"
