"""The words of orders."""

from enum import StrEnum


class OrderKind(StrEnum):
    LAB = "lab"
    IMAGING = "imaging"
    PROCEDURE = "procedure"
    REFERRAL = "referral"


class OrderPriority(StrEnum):
    """FHIR's request-priority, least urgent first."""

    ROUTINE = "routine"
    URGENT = "urgent"
    ASAP = "asap"
    STAT = "stat"
