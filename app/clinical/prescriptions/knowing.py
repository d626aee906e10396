"""What is known of a patient before a medicine is prescribed, and of what nothing is known."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app import patients
from app.clinical import formulary, problems
from app.clinical.formulary import Dosing, Medicine, PatientFacts
from app.clinical.prescriptions import repository
from app.clinical.prescriptions.events import MeasuresWanted
from app.clinical.prescriptions.lifecycle import ItemStatus
from app.clinical.prescriptions.models import PrescriptionItem
from app.clinical.prescriptions.schemas import ItemContent
from app.clinical.prescriptions.sig import DoseUnit, Sig
from app.infra.uow import UnitOfWork
from app.patients import Patient

# ICD-10-CM: pregnancy as an incidental or supervised state, and what goes with carrying a child.
PREGNANT = (("O09", "O48"), ("Z33.1", "Z33.1"), ("Z34", "Z34"))
STRENGTH = re.compile(
    r"^\s*(?P<amount>\d+(?:[.,]\d+)?)\s*(?P<unit>mg|mcg|ug|µg|g|units?|iu|meq)"
    r"(?:\s*(?:/|per|in)\s*(?P<per>\d+(?:\.\d+)?)?\s*"
    r"(?P<of>ml|tablet|capsule|puff|spray|patch|actuation|suppository))?\s*$",
    re.IGNORECASE,
)
MAYBE_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
IN_UCUM = {"mcg": "ug", "µg": "ug", "unit": "[IU]", "units": "[IU]", "iu": "[IU]"}
PIECES = frozenset(
    {
        DoseUnit.TABLET,
        DoseUnit.CAPSULE,
        DoseUnit.PUFF,
        DoseUnit.SPRAY,
        DoseUnit.PATCH,
        DoseUnit.SUPPOSITORY,
    }
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry of the patient's recorded medications, and the drugs that the formulary sees in it.

    None: it does not know the entry. Several: one line names them all.
    """

    text: str
    drug_keys: tuple[str, ...]

    @property
    def drug_key(self) -> str | None:
        """Where it is one medicine."""
        return self.drug_keys[0] if len(self.drug_keys) == 1 else None

    def taken_over_by(self, content: ItemContent | PrescriptionItem) -> bool:
        """Only as what it is: a different medicine does not make one forget this one."""
        same = not self.drug_keys or self.drug_keys == (content.drug_key,)
        return same and content.continues == self.text

    def beside(self, here: Collection[str | None]) -> list[Medicine]:
        """What of it is taken beside the drugs that are prescribed here."""
        if not self.drug_keys:
            return [Medicine(drug_key=None, name=self.text)]
        others = (key for key in self.drug_keys if key not in here)
        return [Medicine(drug_key=key, name=self.text) for key in others]


@dataclass(frozen=True, slots=True)
class Known:
    """`recorded` None: nobody has asked what the patient takes."""

    patient: Patient
    on: date
    active: tuple[PrescriptionItem, ...]
    on_hold: tuple[PrescriptionItem, ...]
    recorded: tuple[Recorded, ...] | None
    measures: MeasuresWanted
    pregnant: bool | None

    def facts_for(
        self,
        content: ItemContent,
        beside: Iterable[ItemContent] = (),
        *,
        itself: UUID | None = None,
    ) -> PatientFacts:
        """As the check of this medicine needs them; `beside`: drafted together with it.

        What it takes over (the earlier prescription it renews, the recorded entry it continues)
        is not taken beside it. What is recorded and prescribed here is one medicine.
        """
        replaced = {content.renews_id, itself} - {None}
        active = [item for item in self.active if item.id not in replaced]
        same = {item.drug_key for item in self.active}
        same |= {item.drug_key for item in self.on_hold if item.id in replaced}
        medicines = [medicine_of(item.content) for item in active]
        medicines += [medicine_of(other) for other in beside]
        for entry in self.recorded or ():
            if not entry.taken_over_by(content):
                medicines += entry.beside(same)
        return PatientFacts(
            age_years=years(self.patient.birth_date, self.on),
            sex=self.patient.sex.value,
            allergies=None if self.patient.allergies is None else tuple(self.patient.allergies),
            medicines=tuple(medicines),
            weight_kg=self.measures.weight_kg,
            egfr=self.measures.egfr,
            egfr_on=self.measures.egfr_on,
            pregnant=self.pregnant,
        )


async def known_of(uow: UnitOfWork, patient: Patient) -> Known:
    taken = await repository.taken_by(uow, patient.id)
    measures = MeasuresWanted(patient_id=patient.id)
    await uow.ask_guards(measures)
    return Known(
        patient=patient,
        on=uow.today,
        active=tuple(item for item in taken if item.status is ItemStatus.ACTIVE),
        on_hold=tuple(item for item in taken if item.status is ItemStatus.ON_HOLD),
        recorded=await recorded_of(uow, patient),
        measures=measures,
        pregnant=is_pregnant(await problems.active_codes(uow, patient.id)),
    )


def is_pregnant(codes: Iterable[str]) -> bool | None:
    """Where the list of problems says so; that it does not, says nothing."""
    said = (first <= code[: len(last)] <= last for code in codes for first, last in PREGNANT)
    return True if any(said) else None


async def known_now(uow: UnitOfWork, patient_id: UUID) -> Known:
    """Raises `PatientNotFound`."""
    return await known_of(uow, await patients.get_patient(uow, patient_id))


async def recorded_of(uow: UnitOfWork, patient: Patient) -> tuple[Recorded, ...] | None:
    if patient.medications is None:
        return None
    found = await formulary.named_in(uow, patient.medications)
    return tuple(Recorded(text, keys) for text, keys in found.items())


def medicine_of(content: ItemContent) -> Medicine:
    return Medicine(
        drug_key=content.drug_key,
        name=content.name,
        dosing=dosing_of(content.sig, content.strength),
    )


def dosing_of(sig: Sig, strength: str | None) -> Dosing | None:
    """Each dose as a weight where the strength tells it; None: how much was not said."""
    if sig.amount is None or sig.unit is None:
        return None
    amount, unit = weighed(sig.amount, sig.unit, strength)
    return Dosing(
        amount=amount,
        unit=unit,
        times_a_day=sig.doses_a_day,
        days_a_week=0 if sig.once_only else len(sig.weekdays) or 7,
        route=sig.route.value if sig.route else None,
    )


def weighed(amount: Decimal, unit: DoseUnit, strength: str | None) -> tuple[Decimal, str]:
    """Two tablets of 10 mg are 20 mg; unchanged when the strength says nothing that fits."""
    found = STRENGTH.match(strength or "")
    if found is None:
        return amount, unit.value
    by_volume = (found["of"] or "").lower() == "ml"
    if by_volume != (unit is DoseUnit.MILLILITRE) or not (by_volume or unit in PIECES):
        return amount, unit.value
    each = decimal_in(found["amount"])
    spread = Decimal(found["per"] or 1)
    said = found["unit"].lower()
    if each is None or not spread:
        return amount, unit.value
    return amount * each / spread, IN_UCUM.get(said, said)


def decimal_in(figures: str) -> Decimal | None:
    """None for 1,000: where that is a thousand and where it is one, nobody guesses here."""
    if MAYBE_THOUSANDS.fullmatch(figures):
        return None
    return Decimal(figures.replace(",", "."))


def years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def sha256_of(known: Known, facts: PatientFacts) -> str:
    """Over what a check was told of the patient; the day changes nothing but the age."""
    told = facts.model_dump(mode="json") | {"asked": known.recorded is not None}
    told["medicines"] = sorted(json.dumps(each, sort_keys=True) for each in told["medicines"])
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def beside(items: Sequence[PrescriptionItem], item_id: UUID | None) -> list[ItemContent]:
    """What is drafted together with one medicine."""
    return [i.content for i in items if i.id != item_id and i.status is ItemStatus.DRAFT]
