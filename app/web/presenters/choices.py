"""What can be chosen from in a form."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PickedChoice:
    """One of several; `picked`: it is the one, or one of those, chosen now."""

    value: str
    label: str
    picked: bool
