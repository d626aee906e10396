"""How well the kidneys work, for whoever is about to check a medicine."""

from decimal import Decimal

from app.clinical.prescriptions import MeasuresWanted
from app.clinical.results import repository
from app.infra.uow import UnitOfWork

# LOINC: estimated from creatinine or cystatin C, by whichever formula the laboratory uses.
EGFR = ("33914-3", "48642-3", "48643-1", "50044-7", "50210-4", "62238-1", "69405-9", "98979-8")
UNIT = "ml/min"  # "mL/min/1.73m2", "mL/min/{1.73_m2}"
UNDER = {"<": Decimal("0.1"), "<=": Decimal(0)}  # "<15" is below fifteen


async def tell_kidneys(uow: UnitOfWork, wanted: MeasuresWanted) -> None:
    """The latest number that counts; a text or another unit is no number."""
    found = await repository.points(uow, wanted.patient_id, EGFR)
    for observation, _ in reversed(found):
        if observation.value_number is not None and UNIT in (observation.unit or "").lower():
            wanted.egfr = observation.value_number - UNDER.get(observation.comparator or "", 0)
            wanted.egfr_on = observation.observed_at.astimezone(uow.zone).date()
            return
