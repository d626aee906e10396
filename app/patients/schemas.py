"""Patients as the outside world sees them: demographics for the desk, everything for clinicians."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

from app.kernel.text import ONE_LINE, SEVERAL_LINES

EARLIEST_BIRTH = date(1870, 1, 1)
CLINICAL_FIELDS = frozenset({"allergies", "medications", "problems"})


class Sex(StrEnum):
    """FHIR administrative-gender."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNKNOWN = "unknown"


def iso_day(value: object) -> object:
    """Only 1945-07-14: numbers and instants would be read as days nobody meant."""
    if isinstance(value, date) or (
        isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    ):
        return value
    raise ValueError("write the day as 1945-07-14")


def line(most: int, pattern: str = ONE_LINE) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=pattern)


Name = Annotated[str, line(100)]
BirthDate = Annotated[date, BeforeValidator(iso_day), Field(ge=EARLIEST_BIRTH)]
Phone = Annotated[str, line(40, r"^[+(]?[0-9][0-9 ()./-]{2,30}( ?(x|ext\.?) ?[0-9]{1,6})?$")]
Email = Annotated[str, line(254, r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+\.[a-zA-Z]{2,}$")]
Address = Annotated[str, line(500, SEVERAL_LINES)]
Entry = Annotated[str, line(200)]
Entries = Annotated[list[Entry], Field(max_length=200)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class EmergencyContact(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, line(200)]
    relationship: Annotated[str, line(100)] | None = None
    phone: Phone


Contacts = Annotated[list[EmergencyContact], Field(max_length=20)]

DEMOGRAPHICS_EXAMPLE: dict[str, Any] = {
    "id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "mrn": "MRN-100001",
    "given_name": "Mara",
    "family_name": "Okafor-Lind",
    "birth_date": "1945-07-14",
    "sex": "female",
    "phone": "+1 555 010 2030",
    "email": "mara@example.org",
    "address": "4 Invented Lane\nSampletown",
    "emergency_contacts": [
        {"name": "Tomas Lind", "relationship": "husband", "phone": "555-0101"},
    ],
    "version": 1,
    "created_at": "2026-11-21T09:00:00Z",
    "updated_at": "2026-11-21T09:00:00Z",
}
MERGE_EXAMPLE: dict[str, Any] = {
    "id": "5b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d22",
    "absorbed_id": "7d2e9a10-41c7-4d0a-9f57-63b1c2e08f90",
    "survivor_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "reason": "registered twice on the same morning",
    "merged_by": "0198b1c6-0000-7000-8000-000000000001",
    "merged_at": "2026-11-21T09:00:00Z",
    "reversible_until": "2026-11-22T09:00:00Z",
    "reversed_by": None,
    "reversed_at": None,
}
CLINICAL_EXAMPLE: dict[str, Any] = {
    "allergies": ["penicillin"],
    "medications": ["metformin 500 mg twice daily"],
    "problems": ["type 2 diabetes"],
}


class PatientDemographics(BaseModel):
    """What the desk and administrators see: who somebody is, nothing of what they have."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [DEMOGRAPHICS_EXAMPLE]}
    )

    id: UUID
    mrn: str
    given_name: str
    family_name: str
    birth_date: date
    sex: Sex
    phone: str | None
    email: str | None
    address: str | None
    emergency_contacts: list[EmergencyContact]
    version: int
    created_at: datetime
    updated_at: datetime


class PatientRecord(PatientDemographics):
    """What doctors and nurses see. A clinical list that is null was never recorded."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [DEMOGRAPHICS_EXAMPLE | CLINICAL_EXAMPLE]}
    )

    allergies: list[str] | None
    medications: list[str] | None
    problems: list[str] | None


class PatientPage(BaseModel):
    items: list[PatientRecord | PatientDemographics]
    next_cursor: str | None


class NewPatient(BaseModel):
    """A patient to register. Clinical lists: null means not recorded, [] means asked, none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "given_name": "Mara",
                    "family_name": "Okafor-Lind",
                    "birth_date": "1945-07-14",
                    "sex": "female",
                    "phone": "+1 555 010 2030",
                    "allergies": ["penicillin"],
                }
            ]
        },
    )

    given_name: Name
    family_name: Name
    birth_date: BirthDate
    sex: Sex = Sex.UNKNOWN
    phone: Phone | None = None
    email: Email | None = None
    address: Address | None = None
    emergency_contacts: Contacts = []
    allergies: Entries | None = None
    medications: Entries | None = None
    problems: Entries | None = None
    confirm_not_duplicate: StrictBool = False


def forget_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def absent() -> Any:
    """A member that may be left out but not be null."""
    return Field(default=None, json_schema_extra=forget_default)


class UpdatePatient(BaseModel):
    """What is to change. A member left out stays as it is; null clears it where it may be empty."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"phone": "+1 555 010 2031", "email": None}]},
    )

    given_name: Name = absent()
    family_name: Name = absent()
    birth_date: BirthDate = absent()
    sex: Sex = absent()
    phone: Phone | None = absent()
    email: Email | None = absent()
    address: Address | None = absent()
    emergency_contacts: Contacts = absent()
    allergies: Entries | None = absent()
    medications: Entries | None = absent()
    problems: Entries | None = absent()

    @property
    def changes(self) -> dict[str, Any]:
        """Only what was said, ready for the table."""
        return self.model_dump(exclude_unset=True)


class NewMerge(BaseModel):
    """The other record of this person, and the versions of both that were compared."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "absorbed_id": "7d2e9a10-41c7-4d0a-9f57-63b1c2e08f90",
                    "absorbed_version": 1,
                    "version": 3,
                    "reason": "registered twice on the same morning",
                }
            ]
        },
    )

    absorbed_id: UUID
    absorbed_version: Version
    version: Version
    reason: Annotated[str, line(500, SEVERAL_LINES)]


class MergeOut(BaseModel):
    """A merge; it can be reversed until `reversible_until`."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [MERGE_EXAMPLE]})

    id: UUID
    absorbed_id: UUID
    survivor_id: UUID
    reason: str
    merged_by: UUID
    merged_at: datetime
    reversible_until: datetime
    reversed_by: UUID | None
    reversed_at: datetime | None


class MergeList(BaseModel):
    items: list[MergeOut]
