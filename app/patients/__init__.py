"""Who we care for, and who may see whom."""

from app.patients.duplicates import possible_duplicates
from app.patients.errors import (
    BirthDateInFuture,
    ClinicalFieldsNotYours,
    NotARegistrar,
    PatientChanged,
    PatientNotFound,
    PossibleDuplicate,
)
from app.patients.events import MergeReversed, PatientRenamed, PatientsMerged
from app.patients.models import Patient
from app.patients.pages import NamePage
from app.patients.policies import sees_clinical_fields
from app.patients.queries import find_patients
from app.patients.schemas import (
    EmergencyContact,
    NewPatient,
    PatientDemographics,
    PatientRecord,
    Sex,
    UpdatePatient,
)
from app.patients.service import get_patient, read_patient, register_patient, update_patient
from app.patients.visibility import visible_patients

__all__ = [
    "BirthDateInFuture",
    "ClinicalFieldsNotYours",
    "EmergencyContact",
    "MergeReversed",
    "NamePage",
    "NewPatient",
    "NotARegistrar",
    "Patient",
    "PatientChanged",
    "PatientDemographics",
    "PatientNotFound",
    "PatientRecord",
    "PatientRenamed",
    "PatientsMerged",
    "PossibleDuplicate",
    "Sex",
    "UpdatePatient",
    "find_patients",
    "get_patient",
    "possible_duplicates",
    "read_patient",
    "register_patient",
    "sees_clinical_fields",
    "update_patient",
    "visible_patients",
]
