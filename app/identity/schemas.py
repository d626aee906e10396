"""Users and sessions as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.kernel.actors import Role

Username = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=2, max_length=100)
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class SessionKind(StrEnum):
    BROWSER = "browser"
    API = "api"


class SignIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"username": "doctor", "password": "a long passphrase"}]},
    )

    username: Username
    password: Password


class UserOut(BaseModel):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0198b1c6-0000-7000-8000-000000000001",
                    "username": "doctor",
                    "full_name": "Dr. Ada Winter",
                    "role": "doctor",
                    "specialty": "Family medicine",
                }
            ]
        },
    )

    id: UUID
    username: str
    full_name: str
    role: Role
    specialty: str | None


class Practitioner(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    full_name: str
    specialty: str | None


class SessionOut(BaseModel):
    """A fresh session; the token is shown this once and stored nowhere in clear."""

    token: str
    expires_at: datetime
    user: UserOut


class SessionListed(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: SessionKind
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None


class ChangePassword(BaseModel):
    model_config = ConfigDict(extra="forbid")

    current: Password
    new: Password
