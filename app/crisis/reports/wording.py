"""The draft of a report in words, made from the record and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.crisis.reports.models import OralReport, Suspicion
from app.crisis.reports.rule_models import ReportRule
from app.patients import Patient

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the record says; instants are written on the clinic's wall."""

    patient: Patient
    suspicion: Suspicion
    rule: ReportRule
    reporter: str
    visit_at: datetime | None
    calls: Sequence[OralReport]
    zone: ZoneInfo


def draft_of(known: Known) -> str:
    parts = [
        ("Report", [known.rule.title, *form_lines(known.rule)]),
        ("To", known.rule.recipients),
        ("Reported by", [known.reporter]),
        ("About", patient_lines(known.patient)),
        ("When this became known", moment_lines(known)),
        ("What was observed or said", known.suspicion.reasons.splitlines()),
        ("Reported by telephone", call_lines(known)),
        ("What else the recipient should know", [""]),
    ]
    return "\n\n".join("\n".join([title, *lines]).rstrip() for title, lines in parts) + "\n"


def form_lines(rule: ReportRule) -> list[str]:
    return [f"Form: {rule.form}"] if rule.form else []


def patient_lines(patient: Patient) -> list[str]:
    address = ", ".join((patient.address or "").splitlines()) or NOT_RECORDED
    lines = [
        f"Name: {patient.given_name} {patient.family_name}",
        f"Born: {day(patient.birth_date)}",
        f"Sex: {patient.sex}",
        f"Address: {address}",
        f"Phone: {patient.phone or NOT_RECORDED}",
    ]
    for contact in patient.emergency_contacts:
        relationship = contact.get("relationship")
        whom = f" ({relationship})" if relationship else ""
        lines.append(f"Contact: {contact['name']}{whom}, {contact['phone']}")
    return lines


def moment_lines(known: Known) -> list[str]:
    lines = [on_the_wall(known.suspicion.formed_at, known.zone)]
    if known.visit_at is not None:
        lines.append(f"At a visit that began {on_the_wall(known.visit_at, known.zone)}")
    return lines


def call_lines(known: Known) -> list[str]:
    if not known.calls:
        return ["Not yet" if known.rule.oral_unit else "Not asked for"]
    return [call_line(call, known.zone) for call in known.calls]


def call_line(call: OralReport, zone: ZoneInfo) -> str:
    told = f", {call.spoken_to}" if call.spoken_to else ""
    number = f", reference {call.reference}" if call.reference else ""
    return f"{on_the_wall(call.called_at, zone)}: {call.recipient}{told}{number}"


def day(value: date) -> str:
    """14-Jul-1945."""
    return f"{value.day:02d}-{MONTHS[value.month - 1]}-{value.year:04d}"


def on_the_wall(at: datetime, zone: ZoneInfo) -> str:
    wall = at.astimezone(zone)
    return f"{day(wall.date())} {wall:%H:%M} ({zone.key})"
