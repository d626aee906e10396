"""Codes of ICD-10-CM and their release as the outside world sees them."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

RELEASE_EXAMPLE: dict[str, Any] = {
    "name": "ICD-10-CM, April 2026",
    "published_on": "2026-04-01",
    "source": "CMS and NCHS (public domain), packaged in simple-icd-10-cm 1.5",
    "code_count": 97289,
    "loaded_at": "2026-11-30T09:00:00Z",
}
CODE_EXAMPLE: dict[str, Any] = {
    "code": "I10",
    "description": "Essential (primary) hypertension",
    "billable": True,
    "parent": None,
    "also": ["high blood pressure"],
}


class ReleaseOut(BaseModel):
    """A release of ICD-10-CM: which one, and when it was published."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [RELEASE_EXAMPLE]}
    )

    name: str
    published_on: date
    source: str
    code_count: int
    loaded_at: datetime


class CodeOut(BaseModel):
    """`billable`: a code, not only a heading over codes. `also`: other names of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [CODE_EXAMPLE]})

    code: str
    description: str
    billable: bool
    parent: str | None
    also: list[str]


class FoundCodes(BaseModel):
    """The best first, and the release they are from."""

    release: ReleaseOut
    items: list[CodeOut]
