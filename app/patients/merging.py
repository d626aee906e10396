"""Two records of one person become one, and for a day two again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.patients import repository
from app.patients.errors import (
    AlreadyMerged,
    MergeAlreadyReversed,
    MergedOnwards,
    SamePatient,
    TooLateToReverse,
)
from app.patients.events import MergeReversed, PatientsMerged
from app.patients.models import Patient, PatientMerge
from app.patients.policies import require_merger
from app.patients.restrictions import require_alike
from app.patients.schemas import CLINICAL_FIELDS

REVERSIBLE_FOR = timedelta(days=1)

Entries = list[str] | None


async def merge_patients(
    uow: UnitOfWork,
    absorbed_id: UUID,
    survivor_id: UUID,
    reason: str,
    *,
    absorbed_version: int | None = None,
    survivor_version: int | None = None,
) -> PatientMerge:
    """From now on what was written under either record is the survivor's.

    Who somebody is, is what the survivor says; the clinical lists of both are united. With a
    version only the record that was read is merged. Raises `PatientNotFound`, `SamePatient`,
    `AlreadyMerged`, `RestrictionDiffers`, `PatientChanged`.
    """
    require_merger(uow)
    require_two(absorbed_id, survivor_id)
    records = await repository.lock_for_merge(uow, absorbed_id, survivor_id)
    absorbed, survivor = records[absorbed_id], records[survivor_id]
    for record, version in ((absorbed, absorbed_version), (survivor, survivor_version)):
        require_counting(record)
        record.require_version(version)
    await require_alike(uow, absorbed_id, survivor_id)
    carried = merged_into(absorbed_id, records)
    merge = PatientMerge(
        absorbed_id=absorbed_id,
        survivor_id=survivor_id,
        carried=[record.id for record in carried],
        before={field: getattr(survivor, field) for field in sorted(CLINICAL_FIELDS)},
        reason=reason,
        merged_by=uow.actor.id,
        merged_at=uow.now,
        reversible_until=uow.now + REVERSIBLE_FOR,
    )
    uow.db.add(merge)
    unite_lists(survivor, absorbed)
    for record in (absorbed, *carried):
        record.merged_into = survivor_id
    survivor.refresh_search_text(merged_into(survivor_id, records))
    outdate(uow, absorbed, survivor)
    await uow.db.flush()
    await uow.publish(PatientsMerged.model_validate(told_of(merge)))
    await trace(uow, "patient.merge", merge, brought=brought_by(merge, absorbed))
    return merge


async def reverse_merge(uow: UnitOfWork, merge_id: UUID) -> PatientMerge:
    """They were two persons after all: each has again what was written under its own record.

    What was written under the survivor's since then stays there. Raises `MergeNotFound`,
    `MergeAlreadyReversed`, `TooLateToReverse`, `MergedOnwards`, `RestrictionDiffers`.
    """
    require_merger(uow)
    asked = await repository.get_merge(uow, merge_id)
    records = await repository.lock_for_merge(uow, asked.absorbed_id, asked.survivor_id)
    merge = await repository.get_merge(uow, merge_id, fresh=True)
    absorbed, survivor = records[merge.absorbed_id], records[merge.survivor_id]
    require_reversible(uow, merge, survivor)
    await require_alike(uow, absorbed.id, survivor.id)
    absorbed.merged_into = None
    for patient_id in merge.carried:
        records[patient_id].merged_into = absorbed.id
    staying = merged_into(survivor.id, records)
    part_lists(survivor, absorbed, merge, staying)
    for other in await repository.standing_merges(uow, survivor.id):
        if other.id != merge.id:
            forget_brought(other, absorbed, merge)
    survivor.refresh_search_text(staying)
    outdate(uow, absorbed, survivor)
    merge.reversed_by, merge.reversed_at = uow.actor.id, uow.now
    await uow.db.flush()
    await uow.publish(MergeReversed.model_validate(told_of(merge)))
    await trace(uow, "patient.reverse_merge", merge)
    return merge


async def list_merges(uow: UnitOfWork, patient_id: UUID) -> Sequence[PatientMerge]:
    """Every merge this person's records were part of, the latest first, reversed ones too."""
    patient = await repository.get(uow, patient_id)
    await audit.record(
        uow, "patient.list_merges", patient_id=patient.id, subject=("patient", patient.id)
    )
    return await repository.merges_of(uow, patient.id)


async def absorbed_records(uow: UnitOfWork, patient_id: UUID) -> Sequence[Patient]:
    """The records merged into this one that counts; leaves no trace of its own."""
    return await repository.absorbed_by(uow, patient_id)


def require_two(absorbed_id: UUID, survivor_id: UUID) -> None:
    if absorbed_id == survivor_id:
        why = "A record cannot be merged with itself."
        raise SamePatient(
            errors=[{"at": ["body", "absorbed_id"], "why": why, "rule": "two_records"}]
        )


def require_counting(record: Patient) -> None:
    if record.merged_into is not None:
        raise AlreadyMerged(patient_id=record.id, merged_into=record.merged_into)


def require_reversible(uow: UnitOfWork, merge: PatientMerge, survivor: Patient) -> None:
    if merge.reversed_at is not None:
        raise MergeAlreadyReversed(merge_id=merge.id)
    if not merge.is_reversible(uow.now):
        raise TooLateToReverse(merge_id=merge.id, reversible_until=merge.reversible_until)
    if survivor.merged_into is not None:
        raise MergedOnwards(
            merge_id=merge.id, patient_id=survivor.id, merged_into=survivor.merged_into
        )


def merged_into(patient_id: UUID, records: Mapping[UUID, Patient]) -> list[Patient]:
    return [record for record in records.values() if record.merged_into == patient_id]


def outdate(uow: UnitOfWork, absorbed: Patient, survivor: Patient) -> None:
    """Whoever has either record open has read another one than they will find now."""
    version = max(absorbed.version, survivor.version) + 1
    for record in (absorbed, survivor):
        record.version = version
        record.updated_at = uow.now


def unite_lists(survivor: Patient, absorbed: Patient) -> None:
    for field in CLINICAL_FIELDS:
        setattr(survivor, field, united(getattr(survivor, field), getattr(absorbed, field)))


def part_lists(
    survivor: Patient, absorbed: Patient, merge: PatientMerge, staying: Iterable[Patient]
) -> None:
    """Take back what the merge brought, unless a record that stays merged says it too."""
    for field in CLINICAL_FIELDS:
        before: Entries = merge.before[field]
        for record in staying:
            before = united(before, getattr(record, field))
        brought = not_in(getattr(absorbed, field), before)
        setattr(survivor, field, parted(getattr(survivor, field), brought, before))


def forget_brought(other: PatientMerge, absorbed: Patient, merge: PatientMerge) -> None:
    """What a later merge found on the survivor was partly brought by the one taken back."""
    other.before = {
        field: parted(other.before[field], not_in(getattr(absorbed, field), before), before)
        for field, before in merge.before.items()
    }


def united(one: Entries, other: Entries) -> Entries:
    """What either says: never asked only when nobody ever asked."""
    if one is None or other is None:
        return other if one is None else one
    return [*one, *not_in(other, one)]


def parted(now: Entries, brought: list[str], before: Entries) -> Entries:
    """What was there before and what was written since, without what was brought."""
    kept = not_in(now, brought)
    return None if now is None or (not kept and before is None) else kept


def not_in(entries: Entries, known: Entries) -> list[str]:
    there = {alike(entry) for entry in known or ()}
    return [entry for entry in entries or () if alike(entry) not in there]


def alike(entry: str) -> str:
    """Penicillin and penicillin are one allergy."""
    return " ".join(entry.casefold().split())


def brought_by(merge: PatientMerge, absorbed: Patient) -> dict[str, int]:
    """How many entries each list of the survivor was given."""
    lists = sorted(CLINICAL_FIELDS)
    return {field: len(not_in(getattr(absorbed, field), merge.before[field])) for field in lists}


def told_of(merge: PatientMerge) -> dict[str, object]:
    return {
        "merge_id": merge.id,
        "absorbed_id": merge.absorbed_id,
        "survivor_id": merge.survivor_id,
        "carried": merge.carried,
    }


async def trace(
    uow: UnitOfWork, action: str, merge: PatientMerge, **detail: dict[str, int]
) -> None:
    ids = {"absorbed": str(merge.absorbed_id), "carried": [str(one) for one in merge.carried]}
    await audit.record(
        uow,
        action,
        patient_id=merge.survivor_id,
        subject=("patient_merge", merge.id),
        detail=ids | detail,
    )
