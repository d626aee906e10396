"""What the register of patients tells the appointment book."""

from app.infra.uow import Subscriptions, UnitOfWork
from app.kernel.events import Fact
from app.patients import MergeReversed, PatientRenamed, PatientsMerged, get_patient
from app.scheduling.appointments.repointing import copy_name, follow_merge, follow_reversal


async def on_patient_renamed(uow: UnitOfWork, fact: Fact) -> None:
    event = fact.event
    assert isinstance(event, PatientRenamed)
    await copy_name(uow, await get_patient(uow, event.patient_id))


async def on_patients_merged(uow: UnitOfWork, fact: Fact) -> None:
    event = fact.event
    assert isinstance(event, PatientsMerged)
    absorbed = [event.absorbed_id, *event.carried]
    await follow_merge(uow, event.merge_id, absorbed, event.survivor_id)


async def on_merge_reversed(uow: UnitOfWork, fact: Fact) -> None:
    event = fact.event
    assert isinstance(event, MergeReversed)
    await follow_reversal(uow, event.merge_id, event.absorbed_id)


def subscribe(subs: Subscriptions) -> None:
    """Listen to what changes whose appointments these are."""
    subs.on(PatientRenamed, on_patient_renamed, name="appointments.patient-renamed")
    subs.on(PatientsMerged, on_patients_merged, name="appointments.patients-merged")
    subs.on(MergeReversed, on_merge_reversed, name="appointments.merge-reversed")
