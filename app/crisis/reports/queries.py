"""Looking at reports: every look is written down."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import audit, identity, patients
from app.crisis.reports import repository, texts
from app.crisis.reports.deadlines import Leg
from app.crisis.reports.errors import ReportTextDamaged
from app.crisis.reports.lifecycle import ReportStatus
from app.crisis.reports.models import Disclosure, OralReport, ReportTextVersion, WrittenReport
from app.crisis.reports.policies import is_reporter, keeps_compartment
from app.crisis.reports.repository import Found, compartment_of
from app.crisis.reports.rule_models import ReportRule
from app.crisis.reports.rules import get_rule, rule_out
from app.crisis.reports.saving_texts import drafted
from app.crisis.reports.schemas import (
    DraftOut,
    LegOut,
    OralOut,
    PatientNamed,
    ReaderOut,
    ReportMoveOut,
    ReportOut,
    ReportRow,
    TextOrigin,
    WrittenOut,
)
from app.crisis.reports.tracing import trace
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.work_queues.items import Person

FIRST_PAGE = PageRequest()
Names = dict[UUID, str]


async def read_report(uow: UnitOfWork, report_id: UUID) -> ReportOut:
    """Somebody looks at a report; raises `ReportNotFound`."""
    found = await repository.get(uow, report_id)
    await trace(uow, "read", found)
    return await described(uow, found)


async def list_reports(
    uow: UnitOfWork, *, closed: bool = False, page: PageRequest = FIRST_PAGE
) -> tuple[list[ReportRow], str | None]:
    """The actor's reports and those open to them, of compliance all; open ones by deadline."""
    rows = await repository.page(uow, page, closed=closed)
    found, next_cursor = page_of(rows, page, key=place_of)
    ids = [str(each.report.id) for each in found]
    await audit.record(uow, "report.list", detail={"reports": ids})
    return await shown(uow, found), next_cursor


async def reports_about(uow: UnitOfWork, patient_id: UUID) -> list[ReportRow]:
    """Of this patient those the actor may see; an empty list says nothing about others."""
    found = await repository.of_patient(uow, patient_id, FIRST_PAGE.limit)
    if found:
        ids = [str(each.report.id) for each in found]
        await audit.record(uow, "report.list", patient_id=patient_id, detail={"reports": ids})
    return await shown(uow, found)


def place_of(found: Found) -> Cursor:
    return Cursor(at=found.report.turn_at, id=found.report.id)


async def sees_every_report(uow: UnitOfWork) -> bool:
    """Whether the actor is of compliance."""
    return (await compartment_of(uow)).everything


async def shown(uow: UnitOfWork, found: Sequence[Found]) -> list[ReportRow]:
    """Rows with names; audits nothing: the verb before does."""
    names = await identity.names_of(uow, {each.report.reporter_id for each in found})
    reasons = await repository.reasons(uow, [each.report.id for each in found])
    rules = {each.report.rule_id: await get_rule(uow, each.report.rule_id) for each in found}
    return [
        ReportRow(**row_of(each, rules[each.report.rule_id], names, reasons.get(each.report.id)))
        for each in found
    ]


def row_of(found: Found, rule: ReportRule, names: Names, reason: str | None) -> dict[str, Any]:
    report, patient = found.report, found.patient
    leg = report.next_leg
    return {
        "id": report.id,
        "status": report.status,
        "kind": found.suspicion.kind,
        "jurisdiction": found.suspicion.jurisdiction,
        "title": rule.title,
        "patient": PatientNamed(
            id=patient.id, name=f"{patient.given_name} {patient.family_name}", mrn=patient.mrn
        ),
        "reporter": named(names, report.reporter_id),
        "formed_at": found.suspicion.formed_at,
        "next_leg": leg,
        "next_due_at": report.due_of(leg) if leg else None,
        "at_once": leg is not None and rule.at_once(leg),
        "closed_at": report.closed_at,
        "reason": reason,
    }


async def described(uow: UnitOfWork, found: Found) -> ReportOut:
    """Everything about a report; audits nothing: the verb before does."""
    report = found.report
    rule = await get_rule(uow, report.rule_id)
    oral = await repository.orals(uow, report.id)
    written = await repository.written(uow, report.id)
    readers = await repository.readers(uow, report.id)
    moves = await repository.moves(uow, report.id)
    latest = await repository.latest_text(uow, report.id)
    people = {report.reporter_id} | {each.user_id for each in readers}
    people |= {each.named_by for each in readers} | {each.moved_by for each in moves}
    names = await identity.names_of(uow, people)
    reason = next((each.reason for each in moves if each.reason), None)
    return ReportOut(
        **row_of(found, rule, names, reason),
        version=report.version,
        rule=rule_out(rule),
        suspicion_id=found.suspicion.id,
        encounter_id=found.suspicion.encounter_id,
        signal_id=found.suspicion.signal_id,
        reasons=found.suspicion.reasons,
        entered_at=found.suspicion.entered_at,
        legs=legs_of(found, rule, oral, written),
        oral_reports=[OralOut.model_validate(each, from_attributes=True) for each in oral],
        written_report=written and WrittenOut.model_validate(written, from_attributes=True),
        readers=[
            ReaderOut(
                user=named(names, each.user_id),
                reason=each.reason,
                named_by=named(names, each.named_by),
                named_at=each.named_at,
            )
            for each in readers
        ],
        history=[
            ReportMoveOut(
                from_status=each.from_status,
                to_status=each.to_status,
                reason=each.reason,
                moved_by=named(names, each.moved_by),
                moved_at=each.moved_at,
            )
            for each in moves
        ],
        text_version=latest.version if latest else 0,
        moves=await moves_for(uow, found),
    )


def legs_of(
    found: Found, rule: ReportRule, oral: Sequence[OralReport], written: WrittenReport | None
) -> list[LegOut]:
    met = {
        Leg.ORAL: min((each.called_at for each in oral), default=None),
        Leg.WRITTEN: written.sent_at if written else None,
    }
    legs = []
    for leg in Leg:
        due = found.report.due_of(leg)
        if due is None:
            continue
        made, at_once = met[leg], rule.at_once(leg)
        late = made is not None and made > due and not at_once
        legs.append(LegOut(leg=leg, due_at=due, at_once=at_once, met_at=made, late=late))
    return legs


async def moves_for(uow: UnitOfWork, found: Found) -> list[str]:
    """The nouns of the API that the actor may create below this report, now."""
    report = found.report
    moves: list[str] = []
    if is_reporter(uow, report):
        if report.status is not ReportStatus.NOT_REQUIRED:
            moves.append("oral-report")
        if not report.is_closed:
            moves += ["written-report", "draft"]
        if report.status is ReportStatus.OPEN:
            moves.append("refusal")
    if await keeps_compartment(uow, report):
        moves.append("readers")
    return moves


def named(names: Names, user_id: UUID) -> Person:
    return Person(id=user_id, name=names.get(user_id))


async def read_draft(uow: UnitOfWork, report_id: UUID) -> DraftOut:
    """The text of a report as it stands, or as the record gives it.

    Raises `ReportNotFound`, `ReportTextDamaged`.
    """
    found = await repository.get(uow, report_id)
    await trace(uow, "read-text", found)
    latest = await repository.latest_text(uow, report_id)
    if latest is None:
        rule = await get_rule(uow, found.report.rule_id)
        return DraftOut(
            report_id=report_id,
            version=0,
            origin=TextOrigin.DRAFTED,
            is_draft=True,
            text=await drafted(uow, found, rule),
            written_by=None,
            written_at=None,
        )
    filed = await repository.written(uow, report_id)
    row = latest
    if filed is not None and filed.text_version != latest.version:
        exact = await repository.text_version(uow, report_id, filed.text_version)
        if exact is None:
            raise ReportTextDamaged(report_id=report_id, version=filed.text_version)
        row = exact
    return await draft_out(uow, row, is_draft=filed is None)


async def draft_out(uow: UnitOfWork, row: ReportTextVersion, *, is_draft: bool) -> DraftOut:
    names = await identity.names_of(uow, [row.written_by])
    return DraftOut(
        report_id=row.report_id,
        version=row.version,
        origin=row.origin,
        is_draft=is_draft,
        text=await texts.read(uow, row),
        written_by=named(names, row.written_by),
        written_at=row.written_at,
    )


async def list_disclosures(
    uow: UnitOfWork, patient_id: UUID, *, page: PageRequest = FIRST_PAGE
) -> tuple[list[Disclosure], str | None]:
    """The accounting of disclosures of one person, the latest first; raises `PatientNotFound`.

    Those that a report made are shown to whoever may see the report, and to nobody else.
    """
    patient = await patients.get_patient(uow, patient_id)
    rows = await repository.disclosures(uow, patient.id, page)
    found, next_cursor = page_of(rows, page, key=lambda d: Cursor(at=d.disclosed_at, id=d.id))
    ids = [str(each.id) for each in found]
    await audit.record(uow, "disclosure.list", patient_id=patient.id, detail={"disclosures": ids})
    return found, next_cursor
