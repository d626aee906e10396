"""Problems, medicines, orders and results in the demo clinic, through the verbs of everybody.

Of a kind of which a patient has anything already nothing is added: somebody may have worked there.
"""

from datetime import datetime, timedelta
from uuid import UUID

from app.cli.demo_clinic.chart import (
    DOCTOR,
    NURSE,
    ORDERS,
    PRESCRIPTIONS,
    PROBLEMS,
    RECONCILIATION,
    SERIES,
    PlannedOrder,
    PlannedPrescription,
    PlannedProblem,
    PlannedReconciliation,
    PlannedSeries,
)
from app.cli.seeding_appointments import DAY, MINUTE, Cast
from app.clinical import orders, prescriptions, problems, results
from app.clinical.formulary import Outcome
from app.infra.uow import UnitOfWork

SAMPLE_TAKEN_BEFORE = timedelta(hours=20)
SEEN_AFTER = timedelta(hours=5)


async def seed_chart(cast: Cast) -> None:
    """Whatever is not there yet; what was there before this began decides."""
    there = await already_there(cast)
    for problem in PROBLEMS:
        if problem.patient not in there["problems"]:
            await let_record(cast, problem)
    for prescription in PRESCRIPTIONS:
        if prescription.patient not in there["prescriptions"]:
            await let_prescribe(cast, prescription)
    if RECONCILIATION.patient not in there["reconciliations"]:
        await let_reconcile(cast, RECONCILIATION)
    if SERIES.patient not in there["results"]:
        await let_measure(cast, SERIES)
    for order in ORDERS:
        if order.patient not in there["orders"]:
            await let_order(cast, order)


async def already_there(cast: Cast) -> dict[str, set[str]]:
    """Of each kind, those for whom something of it is there."""
    plans = (*PROBLEMS, *PRESCRIPTIONS, RECONCILIATION, *ORDERS, SERIES)
    there: dict[str, set[str]] = {}
    async with cast.at(cast.now, DOCTOR) as uow:
        for name in sorted({plan.patient for plan in plans}):
            for kind, found in (await found_of(uow, cast.patients[name])).items():
                there.setdefault(kind, set()).update({name} if found else ())
    return there


async def found_of(uow: UnitOfWork, patient_id: UUID) -> dict[str, bool]:
    listed = await prescriptions.list_prescriptions(uow, patient_id)
    heard = await prescriptions.list_reconciliations(uow, patient_id)
    reports, _ = await results.list_results(uow, patient_id)
    placed = await orders.list_orders(uow, patient_id)
    return {
        "problems": bool(await problems.problems_of(uow, patient_id)),
        "prescriptions": bool(listed.items),
        "reconciliations": bool(heard.items),
        "results": bool(reports),
        "orders": bool(placed.items),
    }


def moment(cast: Cast, minutes: int) -> datetime:
    return cast.now + minutes * MINUTE


async def let_record(cast: Cast, plan: PlannedProblem) -> None:
    """By its code where the codes of diagnoses are loaded, else in the words of the record."""
    async with cast.at(cast.now, DOCTOR) as uow:
        coded = await problems.is_loaded(uow)
        new = problems.NewProblem(
            patient_id=cast.patients[plan.patient],
            code=plan.code if coded else None,
            description=None if coded else plan.written.capitalize(),
            onset=plan.onset,
            note=plan.note,
            written_as=plan.written,
        )
        await problems.record_problem(uow, new)


async def let_prescribe(cast: Cast, plan: PlannedPrescription) -> None:
    new = prescriptions.BeginPrescription.model_validate(
        {"patient_id": cast.patients[plan.patient], "items": plan.items}
    )
    async with cast.at(cast.now - plan.days * DAY, DOCTOR) as uow:
        draft = await prescriptions.begin_prescription(uow, new)
        if not plan.issued:
            return
        draft = await answer_checks(uow, draft, plan.why)
        issued = await prescriptions.issue_prescription(uow, draft.id, version=draft.version)
    if plan.held is None:
        return
    name, why = plan.held
    async with cast.at(cast.now - DAY, NURSE) as uow:
        for item in issued.items:
            if item.name == name:
                await prescriptions.hold_item(uow, item.id, reason=why)


async def answer_checks(
    uow: UnitOfWork, draft: prescriptions.PrescriptionOut, why: str
) -> prescriptions.PrescriptionOut:
    """Every warning is overridden with the reason; what was not checked is known to be so."""
    unchecked = []
    for item in draft.items:
        for finding in item.check.findings if item.check else ():
            if finding.outcome is Outcome.WARNING:
                draft = await prescriptions.override_warning(uow, item.id, finding.id, reason=why)
            elif finding.outcome is Outcome.NOT_CHECKED:
                unchecked.append(finding.id)
    if unchecked:
        draft = await prescriptions.acknowledge_not_checked(uow, draft.id, unchecked)
    return draft


async def let_reconcile(cast: Cast, plan: PlannedReconciliation) -> None:
    """The nurse goes through the list as it stood."""
    patient_id = cast.patients[plan.patient]
    remarks = dict(plan.differently)
    async with cast.at(cast.now - plan.days * DAY, NURSE) as uow:
        listed = await prescriptions.medication_list(uow, patient_id)
        lines = [line_of(item.name, remarks) | {"item_id": item.id} for item in listed.active]
        lines += [line_of(item.name, remarks) | {"item_id": item.id} for item in listed.on_hold]
        lines += [
            line_of(entry.text, remarks) | {"text": entry.text}
            for entry in listed.recorded or ()
            if entry.prescribed_as is None
        ]
        if lines:
            said = prescriptions.Reconcile.model_validate({"lines": lines})
            await prescriptions.reconcile(uow, patient_id, said)


def line_of(medicine: str, remarks: dict[str, str]) -> dict[str, object]:
    remark = remarks.get(medicine)
    decision = prescriptions.Decision.AS_PRESCRIBED
    if remark is not None:
        decision = prescriptions.Decision.DIFFERENTLY
    return {"decision": decision, "remark": remark}


async def let_measure(cast: Cast, plan: PlannedSeries) -> None:
    """Reports of a laboratory over a year; all but the last were seen the same day."""
    for days, values in plan.reports:
        reported = cast.now - days * DAY
        said = {
            "patient_id": cast.patients[plan.patient],
            "responsible_id": cast.people[DOCTOR].id,
            "kind": "lab",
            "title": plan.title,
            "status": "final",
            "collected_at": reported - SAMPLE_TAKEN_BEFORE,
            "observations": [
                {"code": code, "name": name, "unit": unit, "value": value}
                for (code, name, unit), value in zip(plan.analytes, values, strict=True)
            ],
        }
        async with cast.at(reported, NURSE) as uow:
            report = await results.report_unordered(uow, results.NewResult.model_validate(said))
        if days == plan.reports[-1][0]:
            return
        async with cast.at(reported + SEEN_AFTER, DOCTOR) as uow:
            seen = results.Acknowledge(number=1, decision=results.Decision.TELL_PATIENT)
            await results.acknowledge(uow, report.id, seen)


async def let_order(cast: Cast, plan: PlannedOrder) -> None:
    new = orders.NewOrder.model_validate(
        {
            "patient_id": cast.patients[plan.patient],
            "priority": plan.priority,
            "items": [{"orderable_key": plan.key, "reason": plan.reason}],
            "placed": True,
        }
    )
    async with cast.at(moment(cast, plan.placed), DOCTOR) as uow:
        order = await orders.draft_order(uow, new)
        item = (await orders.describe_order(uow, order.id)).items[0]
    if plan.collected is not None:
        async with cast.at(moment(cast, plan.collected), NURSE) as uow:
            await orders.collect_specimen(uow, item.id)
    if plan.reported is not None:
        await let_report(cast, plan, item.id)


async def let_report(cast: Cast, plan: PlannedOrder, item_id: UUID) -> None:
    """What came back; the doctor has seen it where the plan says what followed."""
    assert plan.reported is not None
    said = {
        "status": "final",
        "collected_at": moment(cast, plan.collected) if plan.collected is not None else None,
        "conclusion": plan.conclusion,
        "observations": plan.observations,
    }
    async with cast.at(moment(cast, plan.reported), NURSE) as uow:
        new = results.OrderedResult.model_validate(said)
        report = await results.report_ordered(uow, item_id, new)
    if plan.decision is None:
        return
    async with cast.at(moment(cast, plan.reported) + SEEN_AFTER, DOCTOR) as uow:
        seen = results.Acknowledge(
            number=1, decision=results.Decision(plan.decision), note=plan.remark
        )
        await results.acknowledge(uow, report.id, seen)
