"""The life of an account: active, locked by an administrator, active again."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class UserStatus(StrEnum):
    ACTIVE = "active"
    LOCKED = "locked"


USER = Lifecycle(
    "user",
    {UserStatus.ACTIVE: {UserStatus.LOCKED}, UserStatus.LOCKED: {UserStatus.ACTIVE}},
)
