"""Users and sessions as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
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


USER: dict[str, Any] = {
    "id": "0198b1c6-0000-7000-8000-000000000001",
    "username": "doctor",
    "full_name": "Dr. Ada Winter",
    "role": "doctor",
    "specialty": "Family medicine",
}


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [USER]})

    id: UUID
    username: str
    full_name: str
    role: Role
    specialty: str | None


class Practitioner(BaseModel):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [{key: USER[key] for key in ("id", "full_name", "specialty")}]
        },
    )

    id: UUID
    full_name: str
    specialty: str | None


class SessionOut(BaseModel):
    """A fresh session; the token is shown this once and stored nowhere in clear."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "token": "vK7m2pQ9xT4sB8nL1cW6yR3dF5hJ0gZaEuIoXkMqNvA",
                    "expires_at": "2026-11-21T21:00:00Z",
                    "user": USER,
                }
            ]
        }
    )

    token: str
    expires_at: datetime
    user: UserOut


class SessionListed(BaseModel):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "7d0f1c52-2f5a-4f0e-8a6b-1f2e3d4c5b6a",
                    "kind": "browser",
                    "created_at": "2026-11-21T09:00:00Z",
                    "last_seen_at": "2026-11-21T09:12:00Z",
                    "expires_at": "2026-11-21T21:00:00Z",
                    "address": "192.0.2.7",
                    "user_agent": "Mozilla/5.0",
                }
            ]
        },
    )

    id: UUID
    kind: SessionKind
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None


class ChangePassword(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"current": "a long passphrase", "new": "another long passphrase"}]
        },
    )

    current: Password
    new: Password
