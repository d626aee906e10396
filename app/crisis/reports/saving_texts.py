"""The text of a report: made from the record, corrected, and kept version by version."""

from datetime import datetime
from uuid import UUID

from app import identity
from app.clinical import encounters
from app.crisis.reports import repository, texts
from app.crisis.reports.errors import ReportTextChanged, ReportTextDamaged
from app.crisis.reports.models import ReportTextVersion
from app.crisis.reports.policies import require_reporter
from app.crisis.reports.repository import Found
from app.crisis.reports.rule_models import ReportRule
from app.crisis.reports.schemas import (
    TextOrigin,
)
from app.crisis.reports.tracing import trace
from app.crisis.reports.wording import Known, draft_of
from app.infra.uow import UnitOfWork


async def drafted(uow: UnitOfWork, found: Found, rule: ReportRule) -> str:
    """The text as the record gives it."""
    names = await identity.names_of(uow, [found.report.reporter_id])
    known = Known(
        patient=found.patient,
        suspicion=found.suspicion,
        rule=rule,
        reporter=names[found.report.reporter_id],
        visit_at=await visit_of(uow, found.suspicion.encounter_id),
        calls=await repository.orals(uow, found.report.id),
        zone=uow.zone,
    )
    return draft_of(known)


async def visit_of(uow: UnitOfWork, encounter_id: UUID | None) -> datetime | None:
    """None also of a patient who was restricted since: nothing keeps a report from being made."""
    if encounter_id is None:
        return None
    try:
        return (await encounters.get_encounter(uow, encounter_id)).started_at
    except encounters.EncounterNotFound:
        return None


async def save_draft(
    uow: UnitOfWork, report_id: UUID, text: str, *, version: int
) -> ReportTextVersion:
    """The next version of a report's text; `version`: the one that was read.

    Raises `ReportNotFound`, `NotYourReport`, `ReportClosed`, `ReportTextChanged`.
    """
    found = await repository.get(uow, report_id, lock=True)
    require_reporter(uow, found.report)
    found.report.require_open()
    await require_latest(uow, found, version)
    row = await store(uow, found, text, version + 1, TextOrigin.TYPED)
    await trace(uow, "save-text", found, text_version=row.version)
    return row


async def text_to_file(uow: UnitOfWork, found: Found, rule: ReportRule, *, version: int) -> int:
    """The version that goes out, of a locked report; version 0 is made from the record now.

    Raises `ReportTextChanged`, `ReportTextDamaged`.
    """
    await require_latest(uow, found, version)
    if version == 0:
        text = await drafted(uow, found, rule)
        return (await store(uow, found, text, 1, TextOrigin.DRAFTED)).version
    row = await repository.text_version(uow, found.report.id, version)
    if row is None:
        raise ReportTextDamaged(report_id=found.report.id, version=version)
    await texts.read(uow, row)
    return version


async def require_latest(uow: UnitOfWork, found: Found, version: int) -> None:
    latest = await repository.latest_text(uow, found.report.id)
    current = latest.version if latest else 0
    if current != version:
        raise ReportTextChanged(
            report_id=found.report.id, expected_version=version, current_version=current
        )


async def store(
    uow: UnitOfWork, found: Found, text: str, version: int, origin: TextOrigin
) -> ReportTextVersion:
    """The words first, then the row that points to them."""
    sha256 = texts.sha256_of(text)
    row = ReportTextVersion(
        report_id=found.report.id,
        version=version,
        document_id=texts.document_id(found.report.id, version, sha256),
        content_sha256=sha256,
        origin=origin,
        written_by=uow.actor.id,
        written_at=uow.now,
    )
    await texts.write(uow, row, found.suspicion.patient_id, text)
    uow.db.add(row)
    await uow.db.flush()
    return row
