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


class PatientMissing(Invalid):
    """Say which patient has come: send patient_id or appointment_id."""

    errors: list[dict[str, object]]


class AppointmentOfAnother(Invalid):
    """This is an appointment of another patient."""

    errors: list[dict[str, object]]


class KindMismatch(Invalid):
    """A visit is of the kind appointment exactly when appointment_id says which one."""

    errors: list[dict[str, object]]


class AppointmentHasEncounter(Conflict):
    """There is an encounter for this appointment already: go on there."""

    appointment_id: UUID
    encounter_id: UUID


class MayNotArrangeEncounters(Forbidden):
    """Only doctors, nurses and receptionists start or cancel encounters."""


class MayNotConductEncounters(Forbidden):
    """Only doctors and nurses complete encounters."""


class MayNotRecordConsent(Forbidden):
    """Only doctors, nurses and receptionists record what a patient consents to."""
