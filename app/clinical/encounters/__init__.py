"""Visits: a patient, a doctor, a time, and whether the visit may be recorded."""

from app.clinical.encounters.errors import (
    EncounterClosed,
    EncounterNotFound,
    MayNotArrangeEncounters,
    MayNotConductEncounters,
    MayNotRecordConsent,
    NotAPractitioner,
    PractitionerMissing,
)
from app.clinical.encounters.lifecycle import ENCOUNTER, EncounterStatus
from app.clinical.encounters.models import Encounter, EncounterMove, RecordingConsent
from app.clinical.encounters.policies import sees_reason
from app.clinical.encounters.queries import (
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
    start_encounter,
)

__all__ = [
    "ENCOUNTER",
    "ConsentDecision",
    "ConsentMethod",
    "Encounter",
    "EncounterClosed",
    "EncounterKind",
    "EncounterMove",
    "EncounterNotFound",
    "EncounterStatus",
    "MayNotArrangeEncounters",
    "MayNotConductEncounters",
    "MayNotRecordConsent",
    "NewEncounter",
    "NotAPractitioner",
    "PractitionerMissing",
    "RecordingConsent",
    "cancel_encounter",
    "complete_encounter",
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
