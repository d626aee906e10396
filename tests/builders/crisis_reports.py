"""Suspicions and the reports that come of them, for tests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.crisis import reports
from app.crisis.reports import SuspicionKind
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import rosters
from tests.builders.patients import a_patient

COMPLIANCE = UUID("00000000-0000-4000-8000-0000000000a5")


async def a_suspicion(
    works: Works,
    reporter: Actor,
    *,
    kind: SuspicionKind = SuspicionKind.CHILD_ABUSE,
    jurisdiction: str = "US-CA",
    formed_at: datetime | None = None,
    patient_id: UUID | None = None,
    **more: Any,
) -> list[UUID]:
    """The ids of the reports that are due because of it, by deadline."""
    if patient_id is None:
        patient_id = (await a_patient(works, reporter)).id
    new = reports.NewSuspicion(
        patient_id=patient_id,
        kind=kind,
        formed_at=formed_at or works.clock.now(),
        reasons="Bruises of different ages.",
        **more,
    )
    async with works.begin(reporter) as uow:
        suspicion = await reports.form_suspicion(uow, new, jurisdiction=jurisdiction)
        return [found.report.id for found in await reports.reports_of(uow, suspicion)]


async def of_compliance(works: Works, admin: Actor, person: Actor) -> Actor:
    async with works.begin(admin) as uow:
        await rosters.add_member(uow, COMPLIANCE, person.id)
    return person


def a_call(at: datetime, **fields: Any) -> reports.NewOralReport:
    told = {"recipient": "County welfare department", "reference": "26-7", "called_at": at}
    return reports.NewOralReport.model_validate(told | fields)


def a_filing(at: datetime, **fields: Any) -> reports.NewWrittenReport:
    told: dict[str, Any] = {
        "recipients": ["County welfare department"],
        "form": "SS/BCIA 8572",
        "channel": "fax",
        "sent_at": at,
        "text_version": 0,
    }
    return reports.NewWrittenReport.model_validate(told | fields)
