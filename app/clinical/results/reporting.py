"""Results come in: by hand, by file, by the API; one version after the other."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from app import audit, identity, patients
from app.clinical import orders
from app.clinical.results import policies, repository
from app.clinical.results.errors import (
    ExternalIdTaken,
    Fault,
    OrderItemNotAwaited,
    ResultChanged,
    ResultOvertaken,
    ResultUnfit,
)
from app.clinical.results.events import ResultReported
from app.clinical.results.following import follow_version
from app.clinical.results.judging import is_abnormal
from app.clinical.results.lifecycle import DIAGNOSTIC_REPORT, ReportStatus
from app.clinical.results.models import DiagnosticReport, ReportVersion
from app.clinical.results.schemas import (
    NewContent,
    NewResult,
    NewVersion,
    OrderedResult,
    ReportKind,
    Source,
)
from app.clinical.results.storing import is_repetition, store_version
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
    not_awaited: orders.OrderItemStatus | None = None  # why what was ordered has no new result


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
    ordered_status = ordered.item.status
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
        not_awaited=None if ordered_status in AWAITED else ordered_status,
    )


async def report_unordered(uow: UnitOfWork, new: NewResult) -> DiagnosticReport:
    """A result nobody here ordered. Raises `PatientNotFound`, `ResultUnfit`, `ExternalIdTaken`."""
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
        raise ResultUnfit(errors=[fault])


async def add_version(uow: UnitOfWork, result_id: UUID, new: NewVersion) -> DiagnosticReport:
    """A further report of a result. The same sent again changes nothing.

    Raises `ResultNotFound`, `ResultChanged`, `ResultOvertaken`, `IllegalMove`.
    """
    policies.require_clinician(uow)
    report = await repository.get(uow, result_id, lock=True)
    if new.after is not None and new.after != report.versions:
        raise ResultChanged(
            result_id=report.id, expected_version=new.after, current_version=report.versions
        )
    await put(uow, report, new, ReportStatus(new.status))
    return report


async def take_in(uow: UnitOfWork, incoming: Incoming) -> tuple[DiagnosticReport, bool]:
    """Store what came in, as a new result or a further version; False: it was there already.

    What was called off has no new result; of one that is there the laboratory has the last word.
    """
    known = None
    if incoming.external_id is not None:
        known = await repository.by_external_id(uow, incoming.source, incoming.external_id)
    if known is None:
        require_awaited(incoming)
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


def require_awaited(incoming: Incoming) -> None:
    if incoming.not_awaited is not None:
        assert incoming.order_item_id is not None
        raise OrderItemNotAwaited(
            order_item_id=incoming.order_item_id, item_status=incoming.not_awaited
        )


async def same_person(uow: UnitOfWork, known: DiagnosticReport, incoming: Incoming) -> bool:
    """Also under the number of a record that was merged since. Of whom one may not see: no."""
    if known.patient_id == incoming.patient_id:
        return True
    try:
        theirs = await patients.get_patient(uow, known.patient_id)
    except patients.PatientNotFound:
        return False
    return theirs.id == (await patients.get_patient(uow, incoming.patient_id)).id


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
    DIAGNOSTIC_REPORT.check(report.status, status)
    require_later(report, content, status)
    version = await store_version(uow, report, content, status)
    uow.db.add(report.move_to(status, by=uow.actor.id, at=uow.now))
    count(uow, report, version)
    await uow.db.flush()
    await follow_version(uow, report)
    if status is not ReportStatus.PRELIMINARY and report.order_item_id is not None:
        await complete(uow, report.order_item_id)
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


def require_later(report: DiagnosticReport, content: NewContent, status: ReportStatus) -> None:
    """Of two corrections the one issued later counts, in whichever order they arrive."""
    if status is not report.status or content.issued_at is None:
        return
    if content.issued_at < report.reported_at:
        raise ResultOvertaken(result_id=report.id, current_version=report.versions)


def count(uow: UnitOfWork, report: DiagnosticReport, version: ReportVersion) -> None:
    """From now on this is the version that counts; nobody has acknowledged it."""
    report.versions, report.flag = version.number, version.flag
    report.reported_at = version.issued_at
    waits = version.status is not ReportStatus.PRELIMINARY or is_abnormal(version.flag)
    report.unacknowledged_since = uow.now if waits else None


async def complete(uow: UnitOfWork, order_item_id: UUID) -> None:
    """What was ordered is done, unless it was before, or was called off meanwhile."""
    item = (await repository.order_item(uow, order_item_id)).item
    if item.status in AWAITED - {orders.OrderItemStatus.COMPLETED}:
        await orders.complete_item(uow, order_item_id)


async def trace(uow: UnitOfWork, action: str, report: DiagnosticReport, **detail: object) -> None:
    """What the audit trail is told: never a value."""
    await audit.record(
        uow,
        f"result.{action}",
        patient_id=report.patient_id,
        subject=("diagnostic_report", report.id),
        detail=dict(detail),
    )
