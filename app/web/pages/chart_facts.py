"""What stands beside a patient's history, for those who may read it."""

from app.clinical import prescriptions, problems, results
from app.infra.uow import UnitOfWork
from app.patients import Patient
from app.web.presenters.chart_facts import ChartFacts, medication_card, problems_card
from app.web.presenters.result_words import trends

TRENDS_SHOWN = 3


async def facts_of(uow: UnitOfWork, patient: Patient) -> ChartFacts:
    often = await results.often_measured(uow, patient.id, limit=TRENDS_SHOWN)
    return ChartFacts(
        cards=(
            problems_card(await problems.problems_of(uow, patient.id), patient),
            medication_card(await prescriptions.medication_list(uow, patient.id), patient),
        ),
        trends=trends(await results.trend(uow, patient.id, *often), uow.zone),
    )
