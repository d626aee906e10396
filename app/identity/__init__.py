"""Who may sign in, and proof that they are who they say."""

from app.identity.accounts import (
    add_user,
    get_user,
    list_clinicians,
    list_practitioners,
    list_users,
    lock_user,
    names_of,
    reset_password,
    unlock_user,
)
from app.identity.errors import (
    AccountUnfit,
    CredentialsWrong,
    LoginDelayed,
    PasswordTooWeak,
    PasswordWrong,
    SessionNotFound,
    UsernameTaken,
    UserNotFound,
)
from app.identity.lifecycle import USER, UserStatus
from app.identity.models import Session, User
from app.identity.schemas import SessionKind, SignIn, UserOut
from app.identity.service import (
    SignedIn,
    authenticate,
    change_password,
    is_fresh,
    keep_alive,
    list_sessions,
    live_sessions,
    name_digest,
    sign_in,
    sign_out,
    verify_password,
)
from app.identity.throttle import LoginThrottle

__all__ = [
    "USER",
    "AccountUnfit",
    "CredentialsWrong",
    "LoginDelayed",
    "LoginThrottle",
    "PasswordTooWeak",
    "PasswordWrong",
    "Session",
    "SessionKind",
    "SessionNotFound",
    "SignIn",
    "SignedIn",
    "User",
    "UserNotFound",
    "UserOut",
    "UserStatus",
    "UsernameTaken",
    "add_user",
    "authenticate",
    "change_password",
    "get_user",
    "is_fresh",
    "keep_alive",
    "list_clinicians",
    "list_practitioners",
    "list_sessions",
    "list_users",
    "live_sessions",
    "lock_user",
    "name_digest",
    "names_of",
    "reset_password",
    "sign_in",
    "sign_out",
    "unlock_user",
    "verify_password",
]
