"""What is prescribed: drafted, checked, issued, and followed until it ends."""

from app.clinical.prescriptions.answering import dismiss_proposal, list_proposals, take_proposal
from app.clinical.prescriptions.drafting import (
    acknowledge_not_checked,
    add_item,
    begin_prescription,
    change_item,
    check_prescription,
    dry_check,
    override_warning,
)
from app.clinical.prescriptions.errors import (
    AlreadyIssued,
    AlreadyTaken,
    AnotherMedicine,
    ItemsIncomplete,
    MedicationListChanged,
    MedicationNotForYourRole,
    NotCheckedUnacknowledged,
    NothingPrescribed,
    NothingToStop,
    NotRenewable,
    NotThePrescriber,
    PrescribingIsForDoctors,
    PrescriptionChanged,
    PrescriptionItemNotFound,
    PrescriptionNotFound,
    ProposalAnswered,
    WarningsUnanswered,
)
from app.clinical.prescriptions.events import (
    MeasuresWanted,
    PrescriptionIssued,
    PrescriptionItemMoved,
    ReconciliationMade,
)
from app.clinical.prescriptions.favourites import drop_favourite, keep_favourite, list_favourites
from app.clinical.prescriptions.inputs import BeginPrescription, DryCheck
from app.clinical.prescriptions.issuing import issue_prescription
from app.clinical.prescriptions.lifecycle import (
    PRESCRIPTION_ITEM,
    PRESCRIPTION_PROPOSAL,
    ItemStatus,
    ProposalStatus,
)
from app.clinical.prescriptions.list_schemas import (
    Decision,
    MedicationList,
    NewLine,
    Reconcile,
    ReconciliationOut,
    RecordedOut,
)
from app.clinical.prescriptions.models import Prescription, PrescriptionItem, Reconciliation
from app.clinical.prescriptions.moving import (
    cancel_item,
    complete_item,
    enter_item_in_error,
    hold_item,
    renew_item,
    repeat_prescription,
    resume_item,
    stop_item,
)
from app.clinical.prescriptions.policies import PRESCRIBERS, READERS
from app.clinical.prescriptions.proposal_schemas import FavouriteOut, ProposalOut, ProposedAction
from app.clinical.prescriptions.proposing import examine_note
from app.clinical.prescriptions.queries import (
    drafts_for,
    item_history,
    list_prescriptions,
    list_reconciliations,
    medication_list,
    read_prescription,
)
from app.clinical.prescriptions.reconciling import reconcile
from app.clinical.prescriptions.schemas import (
    CheckOut,
    FindingOut,
    ItemContent,
    ItemHistory,
    ItemOut,
    PrescriptionOut,
)
from app.clinical.prescriptions.sig import (
    SINGULAR_PLURAL,
    DoseUnit,
    Meals,
    Period,
    Route,
    Sig,
    Weekday,
    When,
    sig_text,
)

__all__ = [
    "PRESCRIBERS", "PRESCRIPTION_ITEM", "PRESCRIPTION_PROPOSAL", "READERS", "SINGULAR_PLURAL",
    "AlreadyIssued", "AlreadyTaken", "AnotherMedicine", "BeginPrescription", "CheckOut",
    "Decision", "DoseUnit",
    "DryCheck", "FavouriteOut", "FindingOut", "ItemContent", "ItemHistory", "ItemOut",
    "ItemStatus", "ItemsIncomplete", "Meals", "MeasuresWanted", "MedicationList",
    "MedicationListChanged",
    "MedicationNotForYourRole", "NewLine", "NotCheckedUnacknowledged", "NotRenewable",
    "NotThePrescriber", "NothingPrescribed", "NothingToStop", "Period", "PrescribingIsForDoctors",
    "Prescription", "PrescriptionChanged", "PrescriptionIssued", "PrescriptionItem",
    "PrescriptionItemMoved", "PrescriptionItemNotFound", "PrescriptionNotFound",
    "PrescriptionOut", "ProposalAnswered", "ProposalOut", "ProposalStatus", "ProposedAction",
    "Reconcile", "Reconciliation", "ReconciliationMade", "ReconciliationOut", "RecordedOut",
    "Route", "Sig", "WarningsUnanswered", "Weekday", "When", "acknowledge_not_checked",
    "add_item", "begin_prescription", "cancel_item", "change_item", "check_prescription",
    "complete_item", "dismiss_proposal", "drafts_for", "drop_favourite", "dry_check",
    "enter_item_in_error", "examine_note", "hold_item", "issue_prescription", "item_history",
    "keep_favourite", "list_favourites", "list_prescriptions", "list_proposals",
    "list_reconciliations", "medication_list", "override_warning", "read_prescription",
    "reconcile", "renew_item", "repeat_prescription", "resume_item", "sig_text", "stop_item",
    "take_proposal",
]  # fmt: skip
