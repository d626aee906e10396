"""Why an encounter may refuse."""

from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class EncounterNotFound(NotFound):
    """There is no such encounter, or you may not see it."""

    encounter_id: UUID


class EncounterClosed(Conflict):
    """This encounter is over: start a new one."""

    encounter_id: UUID
    encounter_status: str  # `status` is the HTTP status in a problem document


class PractitionerMissing(Invalid):
    """Say which doctor the patient will see: send practitioner_id."""

    errors: list[dict[str, object]]


class NotAPractitioner(Invalid):
    """Nobody who sees patients here has that practitioner_id."""

    errors: list[dict[str, object]]


class MayNotArrangeEncounters(Forbidden):
    """Only doctors, nurses and receptionists start or cancel encounters."""


class MayNotConductEncounters(Forbidden):
    """Only doctors and nurses complete encounters."""


class MayNotRecordConsent(Forbidden):
    """Only doctors, nurses and receptionists record what a patient consents to."""
