"""What medicines are: names, classes, doses, and what does not go together."""

from app.clinical.formulary.checking import check_medicine
from app.clinical.formulary.csv_files import Head, read_folder
from app.clinical.formulary.errors import (
    DrugNotFound,
    FormularyUnreadable,
    MayNotImportFormulary,
    MayNotReadFormulary,
    ReleaseExists,
)
from app.clinical.formulary.lifecycle import RELEASE, ReleaseStatus
from app.clinical.formulary.models import FormularyRelease
from app.clinical.formulary.policies import CLINICIANS
from app.clinical.formulary.queries import (
    check,
    check_together,
    find_drugs,
    get_drug,
    list_releases,
    named_in,
    recognise,
    release,
)
from app.clinical.formulary.rows import Contents
from app.clinical.formulary.schemas import (
    CheckKind,
    DoseSaid,
    Dosing,
    DrugFound,
    DrugOut,
    Finding,
    Medicine,
    Outcome,
    PatientFacts,
    ReleaseOut,
    Severity,
)
from app.clinical.formulary.service import (
    STARTER,
    Imported,
    import_release,
    load_starter,
    read_release,
)
from app.clinical.formulary.tables import Tables
from app.clinical.formulary.words import name_in

__all__ = [
    "CLINICIANS",
    "RELEASE",
    "STARTER",
    "CheckKind",
    "Contents",
    "DoseSaid",
    "Dosing",
    "DrugFound",
    "DrugNotFound",
    "DrugOut",
    "Finding",
    "FormularyRelease",
    "FormularyUnreadable",
    "Head",
    "Imported",
    "MayNotImportFormulary",
    "MayNotReadFormulary",
    "Medicine",
    "Outcome",
    "PatientFacts",
    "ReleaseExists",
    "ReleaseOut",
    "ReleaseStatus",
    "Severity",
    "Tables",
    "check",
    "check_medicine",
    "check_together",
    "find_drugs",
    "get_drug",
    "import_release",
    "list_releases",
    "load_starter",
    "name_in",
    "named_in",
    "read_folder",
    "read_release",
    "recognise",
    "release",
]
