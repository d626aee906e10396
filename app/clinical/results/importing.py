"""A laboratory's file is taken in: each report whole or not at all, and the same one once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from uuid import UUID

from app import identity
from app.clinical.orders import OrderItemNotFound
from app.clinical.results import answering, repository
from app.clinical.results.csv_files import read_csv
from app.clinical.results.errors import ExternalIdTaken
from app.clinical.results.file_reports import FileReport, Unreadable
from app.clinical.results.hl7_files import read_hl7
from app.clinical.results.lifecycle import ReportStatus
from app.clinical.results.reporting import Incoming, for_order, take_in
from app.clinical.results.schemas import Source
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.errors import DomainError
from app.patients import PatientNotFound, get_patient

IMPORTER = Actor.system("results-import")
HL7 = ("MSH", "FHS", "BHS")
Progress = Callable[[int, int], None]


class LineRejected(Exception):
    """Why a report of a file was not taken in; says nothing of what stood in it."""


class OnlyTried(Exception):
    """A dry run takes everything back."""

    def __init__(self, is_new: bool) -> None:
        self.is_new = is_new


@dataclass(frozen=True, slots=True)
class Rejection:
    line: int
    why: str


@dataclass(slots=True)
class Imported:
    """`again`: reports that were there already."""

    taken: int = 0
    again: int = 0
    rejected: list[Rejection] = field(default_factory=list)


def read_file(text: str, zone: tzinfo) -> list[FileReport | Unreadable]:
    """What a file says; raises ValueError for a file that is neither HL7 nor our CSV."""
    read = read_hl7 if text.lstrip("\x0b\ufeff \r\n").startswith(HL7) else read_csv
    return list(read(text, zone))


async def import_reports(
    works: Works,
    reports: Sequence[FileReport | Unreadable],
    *,
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> Imported:
    """Every report in a transaction of its own: a crash leaves whole ones, and all others out.

    Taken in again, the file changes nothing. `dry_run`: says the same and stores nothing.
    """
    found = Imported()
    for place, report in enumerate(reports, start=1):
        if isinstance(report, Unreadable):
            found.rejected.append(Rejection(report.line, report.why))
        else:
            await import_one(works, report, found, dry_run=dry_run)
        if on_progress is not None:
            on_progress(place, len(reports))
    return found


async def import_one(works: Works, report: FileReport, found: Imported, *, dry_run: bool) -> None:
    try:
        async with works.begin(IMPORTER) as uow:
            is_new = await take(uow, report)
            if dry_run:
                raise OnlyTried(is_new)
    except OnlyTried as tried:
        is_new = tried.is_new
    except LineRejected as rejected:
        found.rejected.append(Rejection(report.line, str(rejected)))
        return
    except DomainError as refused:
        found.rejected.append(Rejection(report.line, f"{refused.code}: {refused.title}"))
        return
    if is_new:
        found.taken += 1
    else:
        found.again += 1


async def take(uow: UnitOfWork, report: FileReport) -> bool:
    """Whether there was anything new in it."""
    patient_id = await patient_of(uow, report)
    if report.status is ReportStatus.CANCELLED:
        return await cancel(uow, report, patient_id)
    if report.content.is_empty is not (report.status is ReportStatus.REGISTERED):
        raise LineRejected("content: a report has values, but what is only registered none")
    if report.order_item_id is not None:
        incoming = await of_order(uow, report, patient_id)
    else:
        incoming = await of_doctor(uow, report, patient_id)
    return (await take_in(uow, incoming))[1]


async def patient_of(uow: UnitOfWork, report: FileReport) -> UUID:
    """Record number and birth date have to agree: one alone may be a slip of the pen."""
    found = await repository.patient_by_number(uow, report.mrn)
    if found is None:
        raise LineRejected("patient-unknown: no record has that number")
    counts = await get_patient(uow, found.id)
    if report.birth_date not in {found.birth_date, counts.birth_date}:
        raise LineRejected("birth-date-differs: the record of that number has another")
    return counts.id


async def of_order(uow: UnitOfWork, report: FileReport, patient_id: UUID) -> Incoming:
    try:
        incoming = await for_order(
            uow,
            UUID(report.order_item_id or ""),
            status=report.status,
            content=report.content,
            source=Source.FILE,
            external_id=report.external_id,
            title=report.title or None,
        )
    except (ValueError, OrderItemNotFound):
        raise LineRejected("order-unknown: nothing with that id was ordered here") from None
    try:
        whose = (await get_patient(uow, incoming.patient_id)).id
    except PatientNotFound:
        whose = None
    if whose != patient_id:
        raise LineRejected("order-of-another: it was ordered for another patient")
    return incoming


async def of_doctor(uow: UnitOfWork, report: FileReport, patient_id: UUID) -> Incoming:
    if report.responsible is None:
        raise LineRejected("responsible-missing: neither an order nor a doctor is named")
    if not report.title:
        raise LineRejected("title-missing: it says not what was examined")
    users = {user.username: user for user in await identity.list_practitioners(uow)}
    doctor = users.get(report.responsible.lower())
    if doctor is None:
        raise LineRejected("responsible-unknown: no doctor has that user name")
    return Incoming(
        patient_id=patient_id,
        order_item_id=None,
        responsible_id=doctor.id,
        kind=report.kind,
        title=report.title,
        source=Source.FILE,
        external_id=report.external_id,
        status=report.status,
        content=report.content,
    )


async def cancel(uow: UnitOfWork, report: FileReport, patient_id: UUID) -> bool:
    known = await repository.by_external_id(uow, Source.FILE, report.external_id)
    if known is None:
        raise LineRejected("report-unknown: what is cancelled was never reported")
    if (await get_patient(uow, known.patient_id)).id != patient_id:
        raise ExternalIdTaken(result_id=known.id)
    if known.status is ReportStatus.CANCELLED:
        return False
    await answering.cancel(uow, known.id, reason="The laboratory cancelled it.")
    return True
