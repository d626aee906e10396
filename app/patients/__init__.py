"""Who we care for, and who may see whom."""

from app.patients.duplicates import possible_duplicates
from app.patients.errors import (
    AlreadyMerged,
    BirthDateInFuture,
    ClinicalFieldsNotYours,
    MayNotMerge,
    MergeAlreadyReversed,
    MergedOnwards,
    MergeNotFound,
    NotARegistrar,
    PatientChanged,
    PatientNotFound,
    PossibleDuplicate,
    RestrictionDiffers,
    SamePatient,
    TooLateToReverse,
)
from app.patients.events import MergeReversed, PatientRenamed, PatientsMerged
from app.patients.following import joined_to_patient, records_of
from app.patients.merging import absorbed_records, list_merges, merge_patients, reverse_merge
from app.patients.models import Patient, PatientMerge
from app.patients.pages import NamePage
from app.patients.policies import sees_clinical_fields
from app.patients.queries import find_patients
from app.patients.restriction_models import (
    BreakGlassGrant,
    PatientRestriction,
    RestrictionException,
)
from app.patients.restrictions import open_restriction, seen_among
from app.patients.schemas import (
    EmergencyContact,
    NewPatient,
    PatientDemographics,
    PatientRecord,
    Sex,
    UpdatePatient,
)
from app.patients.search_text import describe as search_text_of
from app.patients.service import get_patient, read_patient, register_patient, update_patient
from app.patients.visibility import (
    PRIVACY,
    hidden_from_named,
    hidden_in_sql,
    hidden_of_many,
    seer,
    visible_patients,
    visible_to_named,
)

__all__ = [
    "PRIVACY",
    "AlreadyMerged",
    "BirthDateInFuture",
    "BreakGlassGrant",
    "ClinicalFieldsNotYours",
    "EmergencyContact",
    "MayNotMerge",
    "MergeAlreadyReversed",
    "MergeNotFound",
    "MergeReversed",
    "MergedOnwards",
    "NamePage",
    "NewPatient",
    "NotARegistrar",
    "Patient",
    "PatientChanged",
    "PatientDemographics",
    "PatientMerge",
    "PatientNotFound",
    "PatientRecord",
    "PatientRenamed",
    "PatientRestriction",
    "PatientsMerged",
    "PossibleDuplicate",
    "RestrictionDiffers",
    "RestrictionException",
    "SamePatient",
    "Sex",
    "TooLateToReverse",
    "UpdatePatient",
    "absorbed_records",
    "find_patients",
    "get_patient",
    "hidden_from_named",
    "hidden_in_sql",
    "hidden_of_many",
    "joined_to_patient",
    "list_merges",
    "merge_patients",
    "open_restriction",
    "possible_duplicates",
    "read_patient",
    "records_of",
    "register_patient",
    "reverse_merge",
    "search_text_of",
    "seen_among",
    "seer",
    "sees_clinical_fields",
    "update_patient",
    "visible_patients",
    "visible_to_named",
]
