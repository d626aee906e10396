"""Results for tests: one potassium, ordered and reported."""

from typing import Any
from uuid import UUID

from app.clinical import results
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.orders import an_order
from tests.builders.patients import a_patient

POTASSIUM: dict[str, Any] = {
    "code": "2823-3",
    "name": "Potassium",
    "value": 4.1,
    "unit": "mmol/L",
    "low": 3.5,
    "high": 5.1,
}
NORMAL: dict[str, Any] = {"status": "final", "observations": [POTASSIUM]}


def potassium(value: float, **said: Any) -> dict[str, Any]:
    return {"status": "final", "observations": [POTASSIUM | {"value": value}], **said}


CRITICAL = potassium(6.8)


async def an_ordered_item(
    works: Works, doctor: Actor, *, patient_id: UUID | None = None, key: str = "potassium"
) -> UUID:
    order = await an_order(
        works, doctor, key, patient_id=patient_id, because="again", priority="routine"
    )
    return order.items[0].id


async def a_result(
    works: Works,
    doctor: Actor,
    said: dict[str, Any] = NORMAL,
    *,
    patient_id: UUID | None = None,
    by: Actor | None = None,
) -> results.DiagnosticReport:
    """Reported for something the doctor ordered, by the doctor or by somebody else."""
    item_id = await an_ordered_item(works, doctor, patient_id=patient_id)
    async with works.begin(by or doctor) as uow:
        new = results.OrderedResult.model_validate(said)
        return await results.report_ordered(uow, item_id, new)


async def an_outside_result(
    works: Works, doctor: Actor, said: dict[str, Any] = NORMAL, *, patient_id: UUID | None = None
) -> results.DiagnosticReport:
    """Reported though nobody here ordered it, for this doctor."""
    if patient_id is None:
        patient_id = (await a_patient(works, doctor)).id
    new = results.NewResult.model_validate(
        {
            "patient_id": patient_id,
            "responsible_id": doctor.id,
            "kind": "lab",
            "title": "Potassium",
            **said,
        }
    )
    async with works.begin(doctor) as uow:
        return await results.report_unordered(uow, new)


async def corrected(
    works: Works, by: Actor, report: results.DiagnosticReport, value: float, **said: Any
) -> results.DiagnosticReport:
    new = results.NewVersion.model_validate(potassium(value) | {"status": "corrected"} | said)
    async with works.begin(by) as uow:
        return await results.add_version(uow, report.id, new)


async def acknowledged(
    works: Works, by: Actor, report_id: UUID, number: int = 1, **said: Any
) -> Any:
    new = results.Acknowledge.model_validate({"number": number, "decision": "repeat", **said})
    async with works.begin(by) as uow:
        return await results.acknowledge(uow, report_id, new)


async def called(
    works: Works, by: Actor, report_id: UUID, number: int = 1, **said: Any
) -> results.ResultCallback:
    async with works.begin(by) as uow:
        new = results.RecordCallback.model_validate(
            {
                "number": number,
                "told_name": "Dr. Winter, by telephone",
                "told_at": uow.now,
                "read_back": True,
                **said,
            }
        )
        return await results.record_callback(uow, report_id, new)
