"""What stands in the charts of some patients of the demo clinic; all of it is invented."""

from dataclasses import dataclass
from typing import Any

DOCTOR, NURSE = "doctor", "nurse"


@dataclass(frozen=True, slots=True)
class PlannedProblem:
    """`written`: the line of the record it is taken over from, said of it where codes are not."""

    patient: str
    written: str
    code: str
    onset: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedPrescription:
    """`days`: so long ago. `held`: which medicine is on hold (name), and why. Else a draft.

    `why`: the reason for whatever the checks warn of.
    """

    patient: str
    items: tuple[dict[str, Any], ...]
    days: int = 0
    issued: bool = True
    why: str = ""
    held: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PlannedReconciliation:
    """`differently`: by the first word of a medicine what the patient says; the rest is taken."""

    patient: str
    days: int
    differently: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """Minutes count from now. `collected`, `reported`: when, unless it still waits for that."""

    patient: str
    key: str
    placed: int
    priority: str = "routine"
    reason: str | None = None
    collected: int | None = None
    reported: int | None = None
    observations: tuple[dict[str, Any], ...] = ()
    conclusion: str | None = None
    decision: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedSeries:
    """The same panel over and over: so many days ago, its values; the last waits to be seen."""

    patient: str
    title: str
    analytes: tuple[tuple[str, str, str], ...]
    reports: tuple[tuple[int, tuple[float, ...]], ...]


ONCE_DAILY = {"amount": 1, "unit": "{tbl}", "route": "oral", "times_a_day": 1}
MONTH_OF_TABLETS = {"form": "tablet", "quantity": 30, "quantity_unit": "tablets", "refills": 2}

PROBLEMS = (
    PlannedProblem("Okafor", "hypertension", "I10", "2009"),
    PlannedProblem("Okafor", "atrial fibrillation", "I48.91", "2019-05", "Found at a check-up."),
    PlannedProblem("Lindgren", "type 2 diabetes", "E11.9", "2024-02"),
)

PRESCRIPTIONS = (
    PlannedPrescription(
        "Okafor",
        (
            MONTH_OF_TABLETS | {
                "name": "Lisinopril", "strength": "20 mg",
                "sig": ONCE_DAILY | {"when": ["morning"]},
                "reason": "hypertension", "continues": "lisinopril 20 mg once daily",
            },
            MONTH_OF_TABLETS | {
                "name": "Warfarin", "strength": "5 mg", "sig": ONCE_DAILY | {"when": ["evening"]},
                "reason": "atrial fibrillation", "continues": "warfarin 5 mg once daily",
            },
            MONTH_OF_TABLETS | {
                "name": "Amiodarone", "strength": "200 mg", "sig": ONCE_DAILY,
                "reason": "atrial fibrillation", "refills": 0,
            },
        ),
        days=12,
        why="Agreed with cardiology; INR twice a week, warfarin is lowered by it",
    ),
    PlannedPrescription(
        "Lindgren",
        (
            MONTH_OF_TABLETS | {
                "name": "Metformin", "strength": "500 mg", "quantity": 60,
                "sig": ONCE_DAILY | {"times_a_day": 2, "meals": "with"},
                "reason": "type 2 diabetes", "continues": "metformin 500 mg twice daily",
            },
            MONTH_OF_TABLETS | {
                "name": "Empagliflozin", "strength": "10 mg", "sig": ONCE_DAILY,
                "reason": "type 2 diabetes",
            },
        ),
        days=95,
        why="Talked over with her, and known",
        held=("Empagliflozin", "Infection of the bladder; start again when it is over."),
    ),
    PlannedPrescription(
        "Petrov",
        (
            MONTH_OF_TABLETS | {
                "name": "Spironolactone", "strength": "25 mg", "sig": ONCE_DAILY,
                "reason": "swollen ankles", "refills": 0,
            },
        ),
        days=10,
        why="Potassium is measured after a week",
    ),
    PlannedPrescription(
        "Amaral",
        (
            {
                "name": "Tramadol", "strength": "50 mg", "form": "tablet", "quantity": 10,
                "quantity_unit": "tablets", "reason": "pain in the knee",
                "sig": ONCE_DAILY | {
                    "times_a_day": None, "every": 8, "every_period": "hours", "as_needed": True,
                    "as_needed_for": "pain", "most_a_day": 3,
                },
            },
        ),
        issued=False,
    ),
)  # fmt: skip

RECONCILIATION = PlannedReconciliation(
    "Okafor", days=5, differently=(("Warfarin", "Half a tablet on Sundays, his daughter says."),)
)

POTASSIUM = {"code": "2823-3", "name": "Potassium", "unit": "mmol/L", "low": 3.5, "high": 5.0}
ORDERS = (
    PlannedOrder(
        "Okafor", "chest-x-ray", -11 * 1440, reason="Before amiodarone", reported=-10 * 1440,
        conclusion="Heart of normal size. No infiltrate, no effusion, no sign of congestion.",
        decision="no-action", remark="Nothing against amiodarone.",
    ),
    PlannedOrder("Okafor", "pt-inr", -40, "urgent", reason="Amiodarone was added to warfarin"),
    PlannedOrder(
        "Petrov", "potassium", -1440, "urgent", reason="Spironolactone since ten days",
        collected=-190, reported=-18, observations=(POTASSIUM | {"value": 6.3},),
    ),
    PlannedOrder("Lindgren", "retinal-exam", -30 * 1440, reason="Yearly, with diabetes"),
)  # fmt: skip

SERIES = PlannedSeries(
    "Lindgren",
    "Hemoglobin A1c and LDL",
    (
        ("4548-4", "Hemoglobin A1c", "%"),
        ("13457-7", "LDL cholesterol, calculated", "mg/dL"),
    ),
    (
        (386, (9.4, 148)),
        (291, (8.6, 139)),
        (196, (8.1, 124)),
        (95, (7.5, 109)),
        (4, (7.9, 112)),
    ),
)
