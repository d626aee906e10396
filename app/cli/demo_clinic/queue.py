"""What waits in the demo clinic around the moment it is set up, and who is on duty."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """Minutes count from now. `by`: who made it; `holder`: who works on it."""

    title: str
    came: int
    severity: str = "medium"
    pool: str = "nurses"
    patient: str | None = None
    due: int | None = None
    body: str | None = None
    checklist: tuple[str, ...] = ()
    ticked: int = 0
    by: str = "doctor"
    assignee: str | None = None
    holder: str | None = None
    comment: str | None = None
    snoozed: int | None = None
    repeats: str | None = None
    done: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedAlert:
    """`again`: at which minutes the same thing happened once more."""

    title: str
    came: int
    severity: str
    pool: str = "nurses"
    patient: str | None = None
    due: int | None = None
    body: str | None = None
    cause: str | None = None
    again: tuple[int, ...] = ()
    by: str = "doctor"
    acknowledged: str | None = None
    resolved: int | None = None


ALERTS = (
    PlannedAlert(
        "Potassium 6.8 mmol/l, called in by the laboratory", -9, "critical", patient="Okafor",
        due=21, body="Sample of this morning. Repeat at once, ECG, tell the doctor.",
    ),
    PlannedAlert(
        "Home blood pressure 192/118, twice within an hour", -48, "high", patient="Petrov",
        due=12, cause="demo:pressure", again=(-31, -5),
    ),
    PlannedAlert(
        "Peak flow below half of the personal best", -22, "high", patient="Ferreira", due=38,
        acknowledged="nurse2",
    ),
    PlannedAlert("Fridge for vaccines above 8 °C", -14, "medium", due=46, by="reception"),
    PlannedAlert("Glucose sensor sends nothing since last night", -75, "low", patient="Lindgren"),
    PlannedAlert("Step counter not worn for three days", -130, "low", patient="Amaral"),
    PlannedAlert("Diary of moods left empty, second week", -160, "low", patient="Rahimi"),
    PlannedAlert(
        "Saturation 89 % at rest", -205, "high", patient="Dahl", due=-145, acknowledged="nurse",
        resolved=-170,
    ),
)  # fmt: skip

TASKS = (
    PlannedTask(
        "Call back: dizzy since the new tablets", -95, "high", patient="Petrov", due=-6,
        body="Amlodipine was doubled on Friday. Ask for pressure, falls, swollen ankles.",
        by="reception", comment="Tried at half past, engaged.",
    ),
    PlannedTask(
        "Change the dressing, left heel", -40, patient="Sorrentino", due=55,
        checklist=("Photo before", "Clean and measure", "New dressing", "Next date booked"),
        ticked=2, holder="nurse",
    ),
    PlannedTask(
        "Take blood: INR, potassium", -28, "high", patient="Okafor", due=17, holder="nurse2",
        checklist=("Name and birth date asked", "Tubes labelled at the chair"),
    ),
    PlannedTask("Teach the inhaler once more", -120, patient="Ferreira", due=140, by="doctor2"),
    PlannedTask(
        "Send the repeat prescription", -65, patient="Watanabe", due=200, by="reception",
        body="Ibuprofen was asked for; see the note about the stomach.",
    ),
    PlannedTask("Weigh and measure before the school trip", -15, patient="Brandt", due=58),
    PlannedTask(
        "Emergency trolley: check and sign", -240, "low", due=330, by="admin", repeats="FREQ=DAILY",
        checklist=("Oxygen", "Defibrillator test", "Drugs in date", "Seal number written down"),
    ),
    PlannedTask("Order gauze and gloves, size M", -1500, "low", due=1500, by="nurse2"),
    PlannedTask(
        "Ask for the letter of the eye clinic", -300, "low", patient="Lindgren", due=2900,
        snoozed=180, by="doctor",
    ),
    PlannedTask(
        "Look at the ECG before she leaves", -8, "high", pool="doctors", patient="Dahl", due=22,
        by="nurse",
    ),
    PlannedTask(
        "Sign the sick note", -50, pool="doctors", patient="Ibarra", due=160, by="reception",
        assignee="doctor",
    ),
    PlannedTask(
        "Call the insurance about the referral", -70, "low", pool="reception", patient="Novotny",
        due=240, by="doctor2",
    ),
    PlannedTask("Vaccination book copied", -180, patient="Silveira", due=-90, done=-120),
    PlannedTask("Stitches removed", -260, patient="Wiesner", due=-150, done=-190),
    PlannedTask("Wheelchair brought to room 2", -330, "low", due=-280, done=-300),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """Hours from now, to the full hour."""

    pool: str
    who: str
    begins: int
    ends: int


SHIFTS = (
    PlannedShift("nurses", "nurse", -3, 5),
    PlannedShift("nurses", "nurse2", -1, 7),
    PlannedShift("nurses", "nurse2", 23, 31),
    PlannedShift("nurses", "nurse", 21, 29),
    PlannedShift("doctors", "doctor", -4, 6),
    PlannedShift("doctors", "doctor2", 20, 30),
)


@dataclass(frozen=True, slots=True)
class PlannedTemplate:
    name: str
    title: str
    severity: str
    pool: str
    amount: int
    unit: str
    checklist: tuple[str, ...] = field(default=())


TEMPLATES = (
    PlannedTemplate(
        "Dressing", "Change the dressing", "medium", "nurses", 1, "working-days",
        ("Photo before", "Clean and measure", "New dressing", "Next date booked"),
    ),
    PlannedTemplate("Call back", "Call the patient back", "high", "nurses", 2, "working-days"),
    PlannedTemplate(
        "Blood sample", "Take blood", "medium", "nurses", 60, "minutes",
        ("Name and birth date asked", "Tubes labelled at the chair"),
    ),
)  # fmt: skip
