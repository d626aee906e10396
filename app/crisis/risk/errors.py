"""Why a risk level may stay as it is."""

from app.kernel.errors import Forbidden, Invalid


class MayNotAssessRisk(Forbidden):
    """Only doctors and nurses assess and see the risk of a patient."""


class ReasonToLowerMissing(Invalid):
    """A level below the one that counts needs a reason."""

    errors: list[dict[str, object]]


class ReviewUnfit(Invalid):
    """The next review lies in the future, at most a year away."""

    errors: list[dict[str, object]]
