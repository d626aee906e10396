"""Which instruments there are."""

from enum import StrEnum


class Instrument(StrEnum):
    """The instruments there are; each has versions, which are rows."""

    C_SSRS = "c-ssrs"
    C_SSRS_SINCE = "c-ssrs-since-last-contact"
    PHQ_9 = "phq-9"
    GAD_7 = "gad-7"
    PHQ_4 = "phq-4"
    SAFE_T = "safe-t"
