"""Visits: a patient, a doctor, a time, and whether the visit may be recorded."""

from app.clinical.encounters.errors import (
    AppointmentHasEncounter,
    AppointmentOfAnother,
    EncounterClosed,
    EncounterNotFound,
    KindMismatch,
    MayNotArrangeEncounters,
    MayNotConductEncounters,
    MayNotRecordConsent,
    NotAPractitioner,
    PatientMissing,
    PractitionerMissing,
)
from app.clinical.encounters.events import EncounterMoved
from app.clinical.encounters.lifecycle import ENCOUNTER, EncounterStatus
from app.clinical.encounters.models import Encounter, EncounterMove, RecordingConsent
from app.clinical.encounters.policies import sees_reason
from app.clinical.encounters.queries import (
    encounters_of_appointments,
    encounters_of_day,
    latest_consents,
    list_encounters,
    read_encounter,
)
from app.clinical.encounters.schemas import (
    ConsentDecision,
    ConsentMethod,
    EncounterKind,
    NewEncounter,
)
from app.clinical.encounters.service import (
    cancel_encounter,
    complete_encounter,
    get_encounter,
    record_consent,
    recording_permitted,
)
from app.clinical.encounters.starting import start_encounter

__all__ = [
    "ENCOUNTER",
    "AppointmentHasEncounter",
    "AppointmentOfAnother",
    "ConsentDecision",
    "ConsentMethod",
    "Encounter",
    "EncounterClosed",
    "EncounterKind",
    "EncounterMove",
    "EncounterMoved",
    "EncounterNotFound",
    "EncounterStatus",
    "KindMismatch",
    "MayNotArrangeEncounters",
    "MayNotConductEncounters",
    "MayNotRecordConsent",
    "NewEncounter",
    "NotAPractitioner",
    "PatientMissing",
    "PractitionerMissing",
    "RecordingConsent",
    "cancel_encounter",
    "complete_encounter",
    "encounters_of_appointments",
    "encounters_of_day",
    "get_encounter",
    "latest_consents",
    "list_encounters",
    "read_encounter",
    "record_consent",
    "recording_permitted",
    "sees_reason",
    "start_encounter",
]
