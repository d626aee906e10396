"""One version of a result is judged and stored; after that nothing in it changes."""

import hashlib
import json
from datetime import date

from app import patients
from app.clinical.results import repository
from app.clinical.results.judging import (
    Flag,
    Judgement,
    Whose,
    gravest,
    judge,
    months_old,
)
from app.clinical.results.lifecycle import ReportStatus
from app.clinical.results.models import DiagnosticReport, Observation, ReportVersion
from app.clinical.results.schemas import NewContent, NewObservation
from app.infra.uow import UnitOfWork


async def is_repetition(
    uow: UnitOfWork, report: DiagnosticReport, content: NewContent, status: ReportStatus
) -> bool:
    """Told with its time of issue, it is the same whenever it comes; without, only at once."""
    if report.versions == 0:
        return False
    number = report.versions if content.issued_at is None else None
    sha256 = sha256_of(content, status, number)
    found = await repository.version_of_content(uow, report.id, sha256)
    return found is not None and number in {None, found.number}


def sha256_of(content: NewContent, status: ReportStatus, number: int | None) -> str:
    """Over what was sent: JSON with sorted keys. `number` only where no time of issue was sent."""
    fields = set(NewContent.model_fields)
    told = {
        "status": status,
        "number": number,
        "content": content.model_dump(mode="json", include=fields),
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


async def store_version(
    uow: UnitOfWork, report: DiagnosticReport, content: NewContent, status: ReportStatus
) -> ReportVersion:
    number = report.versions + 1
    issued_at = content.issued_at or uow.now
    observed_at = content.collected_at or issued_at
    judged = await judge_all(uow, report, content, observed_at.astimezone(uow.zone).date())
    flags = [judgement.flag for judgement in judged]
    if content.interpretation is not None:
        flags.append(Flag(content.interpretation))
    version = ReportVersion(
        report_id=report.id,
        number=number,
        status=status,
        conclusion=content.conclusion,
        flag=gravest(flags),
        collected_at=content.collected_at,
        issued_at=issued_at,
        content_sha256=sha256_of(content, status, None if content.issued_at else number),
        reported_by=uow.actor.id,
        reported_at=uow.now,
    )
    uow.db.add(version)
    await uow.db.flush()
    for position, (new, judgement) in enumerate(zip(content.observations, judged, strict=True), 1):
        observation = row_of(report, version, new, judgement)
        observation.position = position
        uow.db.add(observation)
    await uow.db.flush()
    return version


async def judge_all(
    uow: UnitOfWork, report: DiagnosticReport, content: NewContent, on: date
) -> list[Judgement]:
    """Each value by the ranges in effect on the day of the sample, for the patient's age then."""
    patient = await patients.get_patient(uow, report.patient_id)
    whose = Whose(sex=patient.sex, age_months=months_old(patient.birth_date, on))
    codes = {each.code for each in content.observations if each.code is not None}
    known = await repository.ranges(uow, codes, on)
    return [
        judge(each.measured(), known.get(each.code or "", []), whose)
        for each in content.observations
    ]


def row_of(
    report: DiagnosticReport,
    version: ReportVersion,
    new: NewObservation,
    judgement: Judgement,
) -> Observation:
    limits = judgement.limits
    return Observation(
        report_id=version.report_id,
        number=version.number,
        patient_id=report.patient_id,
        code=new.code,
        name=new.name,
        comparator=new.comparator,
        value_number=new.value,
        value_text=new.text,
        unit=new.unit,
        low=limits.low,
        high=limits.high,
        critical_low=limits.critical_low,
        critical_high=limits.critical_high,
        range_text=new.range_text,
        range_source=judgement.source,
        flag=judgement.flag,
        unjudged_because=judgement.because,
        observed_at=version.collected_at or version.issued_at,
    )
