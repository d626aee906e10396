"""The words in which working time is described."""

from enum import StrEnum


class DueUnit(StrEnum):
    MINUTES = "minutes"
    WORKING_MINUTES = "working-minutes"
    DAYS = "days"
    WORKING_DAYS = "working-days"
