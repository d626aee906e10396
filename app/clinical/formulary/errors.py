"""Why the formulary may refuse."""

from typing import TypedDict

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class Complaint(TypedDict):
    """One thing wrong with an import, in the shape of every problem document."""

    at: list[str]  # the file, then the line
    why: str
    rule: str


class DrugNotFound(NotFound):
    """The formulary has no such drug."""


class ReleaseExists(Conflict):
    """A release of this name and version is there already: give the new one another version."""


class FormularyUnreadable(Invalid):
    """These files cannot be taken into the formulary; nothing was changed."""

    errors: list[Complaint]


class MayNotReadFormulary(Forbidden):
    """Only clinical staff and administrators read the formulary."""


class MayNotImportFormulary(Forbidden):
    """A release of the formulary is brought in from the command line."""
