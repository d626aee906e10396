"""What can go wrong in the domain, said in the domain's own words.

A kind (`NotFound`, `Conflict`, ...) says what sort of trouble it is; a subclass
says which trouble. Neither knows about HTTP: `app.infra.http.problems` does.
"""

import re
from dataclasses import dataclass, fields
from inspect import cleandoc
from typing import Any, ClassVar, dataclass_transform


@dataclass_transform(kw_only_default=True, eq_default=False)
class DomainError(Exception):
    """Something in the domain refused the request."""

    code: ClassVar[str] = "domain-error"
    title: ClassVar[str] = "Something in the domain refused the request."

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not cls.__doc__:
            raise TypeError(f"{cls.__qualname__} needs a docstring: it is shown to people")
        cls.title = cleandoc(cls.__doc__).splitlines()[0]
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        dataclass(kw_only=True, eq=False, repr=True)(cls)

    def __str__(self) -> str:
        return self.title

    @property
    def context(self) -> dict[str, Any]:
        """The facts of this occurrence, by field name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]


class NotFound(DomainError):
    """There is nothing here by that name."""


class Unauthenticated(DomainError):
    """We do not know who you are: sign in first."""


class Forbidden(DomainError):
    """You may not do this."""


class Conflict(DomainError):
    """The record is not in a state that allows this."""


class Stale(Conflict):
    """Somebody changed this since you read it."""


class Invalid(DomainError):
    """This breaks a rule of the domain."""


class TooMany(DomainError):
    """Too many attempts: wait a moment and try again."""

    retry_after_seconds: int


class Unavailable(DomainError):
    """A part of the system we rely on is not answering."""
