"""Why identity may refuse."""

from typing import Literal
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated


class CredentialsWrong(Unauthenticated):
    """User name or password is wrong."""


class LoginDelayed(TooMany):
    """Too many wrong passwords: wait before trying again."""


class PasswordWrong(Forbidden):
    """That is not your password."""


class PasswordTooWeak(Invalid):
    """The password is too easy to guess: use at least 15 characters, not your own name."""

    rule: str


class UsernameTaken(Conflict):
    """There is already a user of that name or e-mail address."""


class AccountUnfit(Invalid):
    """An account needs a user name of 2 to 100 letters, a full name, and the role of a person."""

    field: Literal["username", "full_name", "role"]


class UserNotFound(NotFound):
    """There is no such user."""

    user_id: UUID | None = None


class SessionNotFound(NotFound):
    """There is no such session, or it is not yours."""

    session_id: UUID
