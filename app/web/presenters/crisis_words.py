"""What the crisis pages call things; never a colour alone: a sign and a word."""

from app.crisis.episodes import (
    ContactOutcome,
    ContactWith,
    EntryKind,
    Factor,
    Intervention,
    InterventionOutcome,
)

INTERVENTIONS = {
    Intervention.MEANS_COUNSELLING: "Talked about means",
    Intervention.SAFETY_PLANNING: "Worked on the safety plan",
    Intervention.OBSERVATION: "Stayed with the patient",
    Intervention.REFERRAL: "Referred",
    Intervention.EMERGENCY_SERVICES: "Called emergency services",
    Intervention.ADMISSION: "Admitted",
    Intervention.MEDICATION_CHANGE: "Changed medication",
    Intervention.FAMILY_INVOLVED: "Brought in family",
    Intervention.THERAPY: "Therapy session",
    Intervention.OTHER: "Something else",
}
INTERVENTION_OUTCOMES = {
    InterventionOutcome.DONE: "done",
    InterventionOutcome.PARTLY: "in part",
    InterventionOutcome.DECLINED: "patient declined",
    InterventionOutcome.NOT_POSSIBLE: "was not possible",
}
CONTACTS = {
    ContactWith.PATIENT: "Patient",
    ContactWith.FAMILY: "Family or friend",
    ContactWith.CLINICIAN: "Another clinician",
    ContactWith.EMERGENCY_SERVICES: "Emergency services",
    ContactWith.AGENCY: "An agency",
}
CONTACT_OUTCOMES = {
    ContactOutcome.REACHED: "reached",
    ContactOutcome.MESSAGE_LEFT: "left a message",
    ContactOutcome.NOT_REACHED: "not reached",
}
FACTORS = {
    Factor.PREVIOUS_ATTEMPT: "Previous attempt",
    Factor.ACCESS_TO_MEANS: "Access to means",
    Factor.SUBSTANCE_USE: "Alcohol or drugs",
    Factor.HOPELESSNESS: "Hopelessness",
    Factor.AGITATION: "Agitation",
    Factor.INSOMNIA: "Cannot sleep",
    Factor.PSYCHOSIS: "Psychosis",
    Factor.RECENT_LOSS: "Recent loss",
    Factor.ISOLATION: "Isolation",
    Factor.CHRONIC_PAIN: "Lasting pain",
    Factor.FAMILY_HISTORY: "Suicide in the family",
    Factor.RECENT_DISCHARGE: "Recently discharged",
    Factor.REASONS_FOR_LIVING: "Reasons for living",
    Factor.SUPPORTING_PEOPLE: "People who support",
    Factor.RESPONSIBLE_FOR_OTHERS: "Responsible for others",
    Factor.BELIEFS: "Beliefs against it",
    Factor.COPING_SKILLS: "Ways to cope",
    Factor.ENGAGED_IN_CARE: "Comes to care",
}
KINDS = {
    EntryKind.OPENED: "Episode opened",
    EntryKind.REOPENED: "Episode opened again",
    EntryKind.SIGNAL: "Sign of danger confirmed",
    EntryKind.SCREENING: "Screening completed",
    EntryKind.LEVEL: "Risk level",
    EntryKind.STEP: "Step",
    EntryKind.INTERVENTION: "Intervention",
    EntryKind.CONTACT: "Contact",
    EntryKind.FACTOR: "Factor",
    EntryKind.SAFETY_PLAN: "Safety plan published",
    EntryKind.HANDOVER: "Handed over",
    EntryKind.OWNER: "Owner",
    EntryKind.REMARK: "Remark",
    EntryKind.CLOSED: "Episode closed",
}
