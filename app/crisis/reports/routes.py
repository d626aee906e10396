"""Mandatory reports over HTTP. Whoever may not see one is told that there is none."""

from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request, Response

from app.crisis.reports import forming, queries, saving_texts, service
from app.crisis.reports.deadlines import Leg
from app.crisis.reports.inputs import (
    NewOralReport,
    NewReader,
    NewSuspicion,
    NewWrittenReport,
    Refusal,
    SaveDraft,
)
from app.crisis.reports.policies import CLINICIANS
from app.crisis.reports.rule_schemas import Jurisdiction, SuspicionKind
from app.crisis.reports.rules import rule_out
from app.crisis.reports.schemas import (
    DraftOut,
    Proposal,
    Proposals,
    ReportOut,
    ReportPage,
    SuspicionOut,
)
from app.infra.http.access import ANYONE_SIGNED_IN, allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.kernel.instants import Instant

router = api_router("/mandatory-reports", "mandatory reports")

# Everybody is admitted, so that a refusal tells nobody whether there is a report.
ASKING = [allow(*ANYONE_SIGNED_IN)]
STALE: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "report-text-changed: somebody saved another text since you read it",
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        'precondition-missing: send If-Match with the ETag you read, "0" for the first text',
    ),
}


@router.post("", status_code=201, dependencies=[allow(*CLINICIANS)])
async def form_suspicion(body: NewSuspicion, uow: Uow, request: Request) -> SuspicionOut:
    """Say what you suspect; every report that is due because of it is opened, for you."""
    jurisdiction = request.state.settings.jurisdiction
    suspicion = await forming.form_suspicion(uow, body, jurisdiction=jurisdiction)
    found = await forming.reports_of(uow, suspicion)
    return SuspicionOut(id=suspicion.id, reports=await queries.shown(uow, found))


@router.get("", dependencies=ASKING)
async def list_mandatory_reports(
    uow: Uow, page: Paging, state: Literal["open", "closed"] = "open"
) -> ReportPage:
    """Your reports and those opened to you, of compliance all: open ones by deadline."""
    found, next_cursor = await queries.list_reports(uow, closed=state == "closed", page=page)
    return ReportPage(items=found, next_cursor=next_cursor)


@router.get("/proposals", dependencies=[allow(*CLINICIANS)])
async def propose_reports(
    uow: Uow,
    request: Request,
    kind: SuspicionKind,
    formed_at: Annotated[Instant, Query(description="An instant, with its offset.")],
    jurisdiction: Jurisdiction | None = None,
) -> Proposals:
    """Which reports would be due, to whom and by when, by the rules in force at that moment."""
    where = jurisdiction or request.state.settings.jurisdiction
    found = await forming.propose(uow, kind, where, formed_at)
    return Proposals(
        items=[
            Proposal(
                rule=rule_out(rule),
                oral_due_at=due.get(Leg.ORAL),
                written_due_at=due.get(Leg.WRITTEN),
            )
            for rule, due in found
        ]
    )


@router.get("/{report_id:uuid}", dependencies=ASKING)
async def get_mandatory_report(report_id: UUID, uow: Uow, response: Response) -> ReportOut:
    """Everything about one report; the look is written down."""
    report = await queries.read_report(uow, report_id)
    put_etag(response, report.version)
    return report


@router.post("/{report_id:uuid}/oral-report", status_code=201, dependencies=ASKING)
async def log_oral_report(report_id: UUID, body: NewOralReport, uow: Uow) -> ReportOut:
    """You called: whom, when, and the number they gave. Earlier times are allowed."""
    await service.log_oral_report(uow, report_id, body)
    return await queries.read_report(uow, report_id)


@router.post(
    "/{report_id:uuid}/written-report",
    status_code=201,
    dependencies=ASKING,
    responses={412: STALE[412]},
)
async def file_written_report(report_id: UUID, body: NewWrittenReport, uow: Uow) -> ReportOut:
    """You filed it, in time or late; the accounting of disclosures is written by itself."""
    await service.file_written_report(uow, report_id, body)
    return await queries.read_report(uow, report_id)


@router.post("/{report_id:uuid}/refusal", status_code=201, dependencies=ASKING)
async def decline_report(report_id: UUID, body: Refusal, uow: Uow) -> ReportOut:
    """You hold it not to be required, and why; compliance sees that."""
    await service.decline(uow, report_id, body.reason)
    return await queries.read_report(uow, report_id)


@router.post("/{report_id:uuid}/readers", status_code=201, dependencies=ASKING)
async def name_report_reader(report_id: UUID, body: NewReader, uow: Uow) -> ReportOut:
    """Open a report to somebody, with a reason; for its reporter and compliance."""
    await service.name_reader(uow, report_id, body)
    return await queries.read_report(uow, report_id)


@router.get("/{report_id:uuid}/draft", dependencies=ASKING)
async def get_report_draft(report_id: UUID, uow: Uow, response: Response) -> DraftOut:
    """The text as it stands, or as the record gives it; the ETag is the version to save over."""
    draft = await queries.read_draft(uow, report_id)
    put_etag(response, draft.version)
    return draft


@router.put("/{report_id:uuid}/draft", dependencies=ASKING, responses=STALE)
async def save_report_draft(
    report_id: UUID, body: SaveDraft, version: IfMatch, uow: Uow, response: Response
) -> DraftOut:
    """Save the text as a new version; earlier ones stay."""
    row = await saving_texts.save_draft(uow, report_id, body.text, version=version)
    put_etag(response, row.version)
    return await queries.draft_out(uow, row, is_draft=True)
