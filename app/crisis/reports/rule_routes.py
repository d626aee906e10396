"""Rules of reporting over HTTP, and the accounting of disclosures."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response

from app.crisis.reports import queries, rules
from app.crisis.reports.rule_schemas import Jurisdiction, NewRuleVersion, RuleList, RuleOut
from app.crisis.reports.schemas import (
    DisclosureOut,
    DisclosurePage,
)
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router

router = api_router("/report-rules", "report rules")
disclosure_router = api_router("/patients", "disclosures")

STALE: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "report-rule-changed: somebody added a version since you read it",
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        'precondition-missing: send If-Match with the version you read, "0" for a new rule',
    ),
}
RuleKey = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,79}$", examples=["us-ca-child-abuse"])]


@router.get("", dependencies=[allow(*STAFF)])
async def list_report_rules(uow: Uow, jurisdiction: Jurisdiction | None = None) -> RuleList:
    """Every version of every rule, with its source and what of it is unverified."""
    return RuleList(items=await rules.list_rules(uow, jurisdiction=jurisdiction))


@router.post("/{key}/versions", status_code=201, dependencies=[allow(*STAFF)], responses=STALE)
async def add_report_rule_version(
    key: RuleKey, body: NewRuleVersion, version: IfMatch, uow: Uow, response: Response
) -> RuleOut:
    """Add a version of a rule, or a new rule (If-Match "0"); nothing is ever changed.

    Administrators and supervisors only. What is due by an earlier version stays due by it.
    """
    rule = await rules.add_version(uow, key, body, version=version)
    put_etag(response, rule.version)
    return rules.rule_out(rule)


@disclosure_router.get("/{patient_id}/disclosures", dependencies=[allow(*STAFF)])
async def list_disclosures(patient_id: UUID, uow: Uow, page: Paging) -> DisclosurePage:
    """To whom the law had us tell of this patient, the latest first.

    What a report made is shown to whoever may see the report.
    """
    found, next_cursor = await queries.list_disclosures(uow, patient_id, page=page)
    items = [DisclosureOut.model_validate(each) for each in found]
    return DisclosurePage(items=items, next_cursor=next_cursor)
