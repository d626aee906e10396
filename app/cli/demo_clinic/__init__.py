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
    "nurse2": (Role.NURSE, "Olaf Brandner", None),
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
    {
        "given_name": "Aurelia", "family_name": "Novak", "birth_date": date(1984, 4, 17),
        "sex": "female", "phone": "+1 555 0131", "allergies": [],
    },
    {
        "given_name": "Samuel", "family_name": "Ferreira", "birth_date": date(1971, 9, 30),
        "sex": "male", "phone": "+1 555 0136", "problems": ["asthma"],
    },
    {
        "given_name": "Hanna", "family_name": "Wiesner", "birth_date": date(2001, 2, 11),
        "sex": "female", "phone": "+1 555 0161",
    },
    {
        "given_name": "Oskar", "family_name": "Lundqvist", "birth_date": date(1959, 10, 5),
        "sex": "male", "phone": "+1 555 0164", "allergies": ["ibuprofen"],
    },
    {
        "given_name": "Leila", "family_name": "Rahimi", "birth_date": date(1996, 7, 22),
        "sex": "female", "phone": "+1 555 0168",
    },
    {
        "given_name": "Viktor", "family_name": "Petrov", "birth_date": date(1948, 3, 1),
        "sex": "male", "phone": "+1 555 0172", "medications": ["amlodipine 5 mg once daily"],
    },
    {
        "given_name": "Carmen", "family_name": "Ibarra", "birth_date": date(1975, 12, 12),
        "sex": "female", "phone": "+1 555 0183",
    },
    {
        "given_name": "Mateus", "family_name": "Silveira", "birth_date": date(2010, 8, 8),
        "sex": "male", "phone": "+1 555 0190",
        "emergency_contacts": [
            {"name": "Rita Silveira", "relationship": "mother", "phone": "+1 555 0191"}
        ],
    },
    {
        "given_name": "Freya", "family_name": "Dahl", "birth_date": date(1939, 5, 19),
        "sex": "female", "phone": "+1 555 0195", "allergies": [],
    },
    {
        "given_name": "Daniel", "family_name": "Osei", "birth_date": date(1989, 11, 27),
        "sex": "male", "phone": "+1 555 0198",
    },
    {
        "given_name": "Yuki", "family_name": "Mori", "birth_date": date(1993, 6, 14),
        "sex": "other", "phone": "+1 555 0202",
    },
    {
        "given_name": "Pavel", "family_name": "Novotny", "birth_date": date(1966, 1, 26),
        "sex": "male", "phone": "+1 555 0206", "problems": ["low back pain"],
    },
)  # fmt: skip

HERE = Path(__file__).parent
DICTATION = HERE / "headache.ogg"
SPOKEN = HERE / "headache.json"
