"""Results come in: by hand, by file, by the API; one version after the other."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from app import audit, identity, patients
from app.clinical import orders
from app.clinical.results import policies, repository
from app.clinical.results.errors import (
    ExternalIdTaken,
    Fault,
    OrderItemNotAwaited,
    ReportUnfit,
)
from app.clinical.results.events import ResultReported
from app.clinical.results.following import follow_version
from app.clinical.results.judging import (
    Flag,
    Judgement,
    Whose,
    gravest,
    is_abnormal,
    judge,
    months_old,
)
from app.clinical.results.lifecycle import ReportStatus
from app.clinical.results.models import DiagnosticReport, Observation, ReportVersion
from app.clinical.results.schemas import (
    NewContent,
    NewObservation,
    NewResult,
    NewVersion,
    OrderedResult,
    ReportKind,
    Source,
)
from app.identity import UserStatus
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

AWAITED = frozenset(
    {
        orders.OrderItemStatus.ACTIVE,
        orders.OrderItemStatus.ON_HOLD,
        orders.OrderItemStatus.COMPLETED,
    }
)
KINDS = {orders.OrderKind.LAB: ReportKind.LAB, orders.OrderKind.IMAGING: ReportKind.IMAGING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A report as it comes in, with everything settled but what is there already."""

    patient_id: UUID
    order_item_id: UUID | None
    responsible_id: UUID
    kind: ReportKind
    title: str
    source: Source
    external_id: str | None
    status: ReportStatus
    content: NewContent


async def report_ordered(
    uow: UnitOfWork, order_item_id: UUID, new: OrderedResult
) -> DiagnosticReport:
    """What came back for something ordered; it is the ordering doctor's.

    Raises `OrderItemNotFound`, `OrderItemNotAwaited`, `ExternalIdTaken`, `IllegalMove`.
    """
    policies.require_clinician(uow)
    incoming = await for_order(
        uow,
        order_item_id,
        status=ReportStatus(new.status),
        content=new,
        source=Source(new.source),
        external_id=new.external_id,
        title=new.title,
    )
    return (await take_in(uow, incoming))[0]


async def for_order(
    uow: UnitOfWork,
    order_item_id: UUID,
    *,
    status: ReportStatus,
    content: NewContent,
    source: Source,
    external_id: str | None,
    title: str | None = None,
) -> Incoming:
    """Whose it is and what it is about, as the order says."""
    ordered = await repository.order_item(uow, order_item_id)
    if ordered.item.status not in AWAITED:
        raise OrderItemNotAwaited(order_item_id=order_item_id, status=ordered.item.status)
    return Incoming(
        patient_id=ordered.item.patient_id,
        order_item_id=ordered.item.id,
        responsible_id=ordered.order.orderer_id,
        kind=KINDS.get(ordered.item.kind, ReportKind.OTHER),
        title=title or ordered.item.name,
        source=source,
        external_id=external_id,
        status=status,
        content=content,
    )


async def report_unordered(uow: UnitOfWork, new: NewResult) -> DiagnosticReport:
    """A result nobody here ordered. Raises `PatientNotFound`, `ReportUnfit`, `ExternalIdTaken`."""
    policies.require_clinician(uow)
    patient = await patients.get_patient(uow, new.patient_id)
    await require_doctor_there(uow, new.responsible_id)
    incoming = Incoming(
        patient_id=patient.id,
        order_item_id=None,
        responsible_id=new.responsible_id,
        kind=new.kind,
        title=new.title,
        source=Source(new.source),
        external_id=new.external_id,
        status=ReportStatus(new.status),
        content=new,
    )
    return (await take_in(uow, incoming))[0]


async def require_doctor_there(uow: UnitOfWork, user_id: UUID) -> None:
    """A result is a doctor's, with an active account."""
    try:
        user = await identity.get_user(uow, user_id)
    except identity.UserNotFound:
        user = None
    if user is None or user.role is not Role.DOCTOR or user.status is not UserStatus.ACTIVE:
        why = "No doctor with an active account has that id."
        fault: Fault = {"at": ["body", "responsible_id"], "why": why, "rule": "doctor_known"}
        raise ReportUnfit(errors=[fault])


async def add_version(uow: UnitOfWork, result_id: UUID, new: NewVersion) -> DiagnosticReport:
    """A further report of a result. The same sent again changes nothing.

    Raises `ReportNotFound`, `IllegalMove`.
    """
    policies.require_clinician(uow)
    report = await repository.get(uow, result_id, lock=True)
    await put(uow, report, new, ReportStatus(new.status))
    return report


async def take_in(uow: UnitOfWork, incoming: Incoming) -> tuple[DiagnosticReport, bool]:
    """Store what came in, as a new result or a further version; False: it was there already."""
    known = None
    if incoming.external_id is not None:
        known = await repository.by_external_id(uow, incoming.source, incoming.external_id)
    if known is None:
        report_id = uuid4()
        if await repository.add_unless_there(uow, **columns_of(uow, incoming, report_id)):
            report = await repository.get(uow, report_id, lock=True)
            uow.db.add(report.moved(None, by=uow.actor.id, at=uow.now))
            await put(uow, report, incoming.content, incoming.status, begun=True)
            return report, True
        assert incoming.external_id is not None  # only that can be taken
        known = await repository.by_external_id(uow, incoming.source, incoming.external_id)
        assert known is not None
    if known.order_item_id != incoming.order_item_id or not await same_person(uow, known, incoming):
        raise ExternalIdTaken(result_id=known.id)
    report = await repository.get(uow, known.id, lock=True)
    return report, await put(uow, report, incoming.content, incoming.status)


async def same_person(uow: UnitOfWork, known: DiagnosticReport, incoming: Incoming) -> bool:
    """Also under the number of a record that was merged since."""
    if known.patient_id == incoming.patient_id:
        return True
    return (await patients.get_patient(uow, known.patient_id)).id == (
        await patients.get_patient(uow, incoming.patient_id)
    ).id


def columns_of(uow: UnitOfWork, incoming: Incoming, report_id: UUID) -> dict[str, object]:
    return {
        "id": report_id,
        "patient_id": incoming.patient_id,
        "order_item_id": incoming.order_item_id,
        "responsible_id": incoming.responsible_id,
        "kind": incoming.kind,
        "title": incoming.title,
        "status": ReportStatus.REGISTERED,
        "versions": 0,
        "reported_at": incoming.content.issued_at or uow.now,
        "source": incoming.source,
        "external_id": incoming.external_id,
        "created_by": uow.actor.id,
        "created_at": uow.now,
    }


async def put(
    uow: UnitOfWork,
    report: DiagnosticReport,
    content: NewContent,
    status: ReportStatus,
    *,
    begun: bool = False,
) -> bool:
    """Of a locked report: register it, or store its next version; False: it is there already."""
    if status is ReportStatus.REGISTERED:
        await trace(uow, "register" if begun else "report-again", report)
        return begun
    if await is_repetition(uow, report, content, status):
        await trace(uow, "report-again", report)
        return False
    # A laboratory may correct what we never heard of.
    if not (begun and status is ReportStatus.CORRECTED):
        uow.db.add(report.move_to(status, by=uow.actor.id, at=uow.now))
    else:
        report.status = status
        uow.db.add(report.moved(ReportStatus.REGISTERED, by=uow.actor.id, at=uow.now))
    version = await store_version(uow, report, content, status)
    await follow_version(uow, report)
    if status is not ReportStatus.PRELIMINARY and report.order_item_id is not None:
        await orders.complete_item(uow, report.order_item_id)
    await uow.publish(
        ResultReported(
            report_id=report.id,
            order_item_id=report.order_item_id,
            encounter_id=await repository.encounter_of(uow, report.order_item_id),
            patient_id=report.patient_id,
            responsible_id=report.responsible_id,
            number=version.number,
            status=status,
            flag=version.flag,
        )
    )
    await trace(uow, "report", report, number=version.number, status=status, flag=version.flag)
    return True


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
    uow.db.add_all(
        row_of(report, number, position, new, judgement, observed_at)
        for position, (new, judgement) in enumerate(
            zip(content.observations, judged, strict=True), start=1
        )
    )
    report.versions, report.flag, report.reported_at = number, version.flag, issued_at
    waits = status is not ReportStatus.PRELIMINARY or is_abnormal(version.flag)
    report.unacknowledged_since = uow.now if waits else None
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
    number: int,
    position: int,
    new: NewObservation,
    judgement: Judgement,
    observed_at: datetime,
) -> Observation:
    limits = judgement.limits
    return Observation(
        report_id=report.id,
        number=number,
        position=position,
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
        observed_at=observed_at,
    )


async def trace(
    uow: UnitOfWork, action: str, report: DiagnosticReport, **detail: object
) -> None:
    """What the audit trail is told: never a value."""
    await audit.record(
        uow,
        f"result.{action}",
        patient_id=report.patient_id,
        subject=("diagnostic_report", report.id),
        detail=dict(detail),
    )
