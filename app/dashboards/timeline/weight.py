"""The weight signed notes say, for whoever is about to check a dose."""

from datetime import timedelta
from decimal import Decimal

from app.clinical.prescriptions import MeasuresWanted
from app.dashboards.timeline import vitals
from app.infra.uow import UnitOfWork
from app.patients import records_of

WEIGHT = "29463-7"  # LOINC
GOOD_FOR = timedelta(days=90)  # children grow
IN_KG = {"kg": Decimal(1), "[lb_av]": Decimal("0.45359237"), "g": Decimal("0.001")}


async def tell_weight(uow: UnitOfWork, wanted: MeasuresWanted) -> None:
    """As far as it is told here: of a note nobody has heard of yet, the weight is not known."""
    records = list(await uow.db.scalars(records_of(wanted.patient_id)))
    measured = [sign for sign in await vitals.latest_vitals(uow, records) if sign.code == WEIGHT]
    if measured and measured[0].unit in IN_KG and uow.now - measured[0].taken_at <= GOOD_FOR:
        wanted.weight_kg = Decimal(str(measured[0].value)) * IN_KG[measured[0].unit]
