"""Records for the fuzzer to find: one of each kind that an address can name."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app import identity
from app.clinical import notes, orders, prescriptions, problems
from app.clinical.notes.body import SectionKey
from app.crisis import episodes, signals
from app.crisis.detection import Concept
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling import calendar_feeds, waiting_list
from app.scheduling.rules import DEFAULT_RULES
from app.work_queues import items
from tests.builders.availability import Clinic, a_clinic, an_exception
from tests.builders.crisis_reports import a_suspicion
from tests.builders.encounters import an_encounter_to_record
from tests.builders.notes import a_dictated_note, a_typed_note
from tests.builders.orders import a_draft, an_order
from tests.builders.prescriptions import LISINOPRIL, WARFARIN, an_issued
from tests.builders.prescriptions import a_draft as a_prescription_draft
from tests.builders.problems import a_loaded_release, a_problem
from tests.builders.recordings import a_recording
from tests.builders.results import CRITICAL, a_result, an_ordered_item
from tests.builders.safety_plans import a_begun_plan
from tests.builders.screenings import a_demand, a_screening
from tests.builders.waiting_list import somebody_waiting
from tests.builders.work_queues_alerts import an_alert
from tests.builders.work_queues_rosters import DOCTORS, NURSES, a_shift, an_absence
from tests.builders.work_queues_tasks import a_task
from tests.fixtures.live_site import SETUP, LiveSite

SUPERVISOR = Actor.system("test-supervisor")


@dataclass(frozen=True)
class Population:
    """Ids by the name of the path parameter."""

    ids: dict[str, tuple[UUID, ...]]

    def settle(self, path_parameters: dict[str, Any]) -> None:
        """Put real ids in the place of half of the invented ones; by content, never by chance."""
        for name, value in path_parameters.items():
            try:
                invented = UUID(str(value))
            except ValueError:
                continue
            known = self.ids.get(name, ())
            if known and invented.int % 2:
                path_parameters[name] = str(known[invented.int // 2 % len(known)])


async def populate(works: Works, doctor: Actor | None = None) -> Population:
    """All of it is that doctor's; where nobody is named, the first doctor's."""
    doctor = doctor or await the_doctor(works)
    encounter = await an_encounter_to_record(works, doctor)
    clinic = await a_clinic(works, doctor_who_plans(doctor), doctor)
    leave = await an_exception(
        works,
        doctor,
        kind="leave",
        practitioner_id=doctor.id,
        starts_local="2030-03-04T00:00",
        ends_local="2030-03-05T00:00",
    )
    waiting, offered, offer_id = await those_who_wait(works, doctor, clinic)
    receiving = await a_recording(works, doctor, encounter_id=encounter.id, pieces=[b"RIFFsound"])
    drafts = [await a_dictated_note(works, doctor) for _ in range(2)]
    return Population(
        joined(
            {
                "patient_id": (encounter.patient_id, drafts[0].patient_id),
                "encounter_id": (encounter.id, drafts[0].encounter_id),
                "recording_id": (receiving.id, *(d.recording_id for d in drafts if d.recording_id)),
                "practitioner_id": (doctor.id,),
                "room_id": (clinic.room.id,),
                "visit_type_id": (clinic.visit_type.id,),
                "exception_id": (leave.id,),
                "entry_id": (waiting, offered),
                "offer_id": (offer_id,),
                "feed_id": (await a_feed(works, doctor),),
                "note_id": tuple(draft.id for draft in drafts),
                "screening_id": ((await a_screening(works, doctor, encounter.patient_id)).id,),
                "demand_id": ((await a_demand(works, doctor, encounter.patient_id)).id,),
            },
            await what_waits(works, doctor, encounter.patient_id),
            await what_is_dangerous(works, doctor, encounter.patient_id),
            await what_is_ordered(works, doctor, encounter.patient_id),
            await what_is_prescribed(works, doctor, encounter.patient_id),
            await what_is_diagnosed(works, doctor, encounter.patient_id),
            await what_came_back(works, doctor, encounter.patient_id),
        )
    )


def joined(*kinds: dict[str, tuple[UUID, ...]]) -> dict[str, tuple[UUID, ...]]:
    """Several kinds of things may share the name of a parameter."""
    ids: dict[str, tuple[UUID, ...]] = {}
    for name, found in (each for kind in kinds for each in kind.items()):
        ids[name] = ids.get(name, ()) + found
    return ids


async def what_is_diagnosed(
    works: Works, doctor: Actor, patient_id: UUID
) -> dict[str, tuple[UUID, ...]]:
    """Problems with a code and without, and diagnoses named in a note."""
    await a_loaded_release(works)
    coded = await a_problem(works, doctor, patient_id, code="I10")
    worded = await a_problem(works, doctor, patient_id)
    note = await a_typed_note(works, doctor, {SectionKey.DIAGNOSES: "Pneumonia and bronchitis."})
    async with works.begin(doctor) as uow:
        named = await problems.examine_note(uow, note.id)
    return {
        "problem_id": (coded.id, worded.id),
        "suggestion_id": tuple(each.id for each in named.items),
    }


async def what_is_dangerous(
    works: Works, doctor: Actor, patient_id: UUID
) -> dict[str, tuple[UUID, ...]]:
    """An episode with its steps, a signal, a safety plan and a report."""
    async with works.begin(doctor) as uow:
        said = episodes.OpenEpisode(patient_id=patient_id, remark="Called in tears.")
        episode = await episodes.read_episode(uow, (await episodes.open_episode(uow, said)).id)
        concern = signals.RaiseSignal(
            patient_id=patient_id, concept=Concept.SELF_HARM, words="Fresh cuts."
        )
        signal = await signals.raise_signal(uow, concern)
    return {
        "episode_id": (episode.id,),
        "step_id": tuple(step.id for step in episode.steps),
        "signal_id": (signal.id,),
        "plan_id": ((await a_begun_plan(works, doctor, patient_id)).id,),
        "report_id": tuple(await a_suspicion(works, doctor, patient_id=patient_id)),
    }


async def what_is_ordered(
    works: Works, doctor: Actor, patient_id: UUID
) -> dict[str, tuple[UUID, ...]]:
    """A draft and an order, a set of the doctor's own, and what a note asks for."""
    draft = await a_draft(works, doctor, "cbc", "bmp", patient_id=patient_id)
    order = await an_order(works, doctor, "tsh", "ekg", patient_id=patient_id)
    note = await a_typed_note(works, doctor, {notes.SectionKey.TREATMENT: "Order CBC and TSH."})
    said = {"name": "Mine", "items": [{"orderable_key": "tsh"}]}
    async with works.begin(doctor) as uow:
        mine = await orders.save_set(uow, orders.SaveOrderSet.model_validate(said))
        proposals = await orders.look_through(uow, note.id)
    return {
        "order_id": (draft.id, order.id),
        "item_id": tuple(item.id for each in (draft, order) for item in each.items),
        "set_id": (mine.id,),
        "proposal_id": tuple(each.id for each in proposals),
    }


async def what_is_prescribed(
    works: Works, doctor: Actor, patient_id: UUID
) -> dict[str, tuple[UUID, ...]]:
    """An issued prescription and a draft, a favourite, and a proposal of a dictated plan."""
    issued = await an_issued(works, doctor, patient_id, LISINOPRIL)
    draft = await a_prescription_draft(works, doctor, patient_id, WARFARIN)
    plan = {notes.SectionKey.TREATMENT: "Start lisinopril 10 mg once daily."}
    note = await a_typed_note(works, doctor, plan)
    async with works.begin(doctor) as uow:
        favourite = await prescriptions.keep_favourite(uow, issued.items[0].id)
        await prescriptions.examine_note(uow, note.id)
        proposals = await prescriptions.list_proposals(uow, note.id)
    return {
        "prescription_id": (draft.id, issued.id),
        "item_id": (draft.items[0].id, issued.items[0].id),
        "favourite_id": (favourite.id,),
        "proposal_id": tuple(one.id for one in proposals),
    }


async def what_came_back(
    works: Works, doctor: Actor, patient_id: UUID
) -> dict[str, tuple[UUID, ...]]:
    """A critical result, and something ordered that waits for its result."""
    report = await a_result(works, doctor, CRITICAL, patient_id=patient_id)
    waits = await an_ordered_item(works, doctor, patient_id=patient_id, key="bmp")
    return {"result_id": (report.id,), "order_item_id": (waits, report.order_item_id or waits)}


async def what_waits(works: Works, doctor: Actor, patient_id: UUID) -> dict[str, tuple[UUID, ...]]:
    """Tasks and alerts, one of each in the doctor's hands, and what stands around them."""
    said: Any = {"by": doctor, "pool_id": DOCTORS, "patient_id": patient_id}
    tasks = [await a_task(works, **said) for _ in range(2)]
    alerts = [await an_alert(works, **said) for _ in range(2)]
    async with works.begin(doctor) as uow:
        for item in (tasks[0], alerts[0]):
            await items.claim(uow, item.id)
    day = datetime(2030, 3, 4, tzinfo=UTC)
    shift = await a_shift(works, SUPERVISOR, doctor, day, day + timedelta(hours=8), pool_id=DOCTORS)
    absence = await an_absence(works, doctor, day + timedelta(days=7), day + timedelta(days=8))
    return {
        "task_id": tuple(each.id for each in tasks),
        "alert_id": tuple(each.id for each in alerts),
        "pool_id": (NURSES, DOCTORS),
        "user_id": (doctor.id,),
        "shift_id": (shift.id,),
        "absence_id": (absence.id,),
    }


async def those_who_wait(works: Works, doctor: Actor, clinic: Clinic) -> tuple[UUID, UUID, UUID]:
    """An entry that waits, one that is being offered a time, and that offer."""
    waiting, offered = [
        await somebody_waiting(works, doctor, clinic.visit_type.id) for _ in range(2)
    ]
    new = waiting_list.NewOffer.model_validate(
        {"practitioner_id": doctor.id, "starts_at": "2030-03-05T10:00:00Z"}
    )
    async with works.begin(doctor) as uow:
        offer = await waiting_list.offer_by_hand(uow, offered.id, new, DEFAULT_RULES)
    return waiting.id, offered.id, offer.id


async def a_feed(works: Works, doctor: Actor) -> UUID:
    async with works.begin(doctor) as uow:
        new = calendar_feeds.NewCalendarFeed(label="Phone")
        feed, _token = await calendar_feeds.create_feed(uow, new)
    return feed.id


def doctor_who_plans(doctor: Actor) -> Actor:
    """Rooms and visit types are for the desk to make."""
    return replace(doctor, roles=doctor.roles | {Role.RECEPTIONIST})


async def the_doctor(works: Works) -> Actor:
    async with works.begin(SETUP) as uow:
        users = await identity.list_users(uow)
        return next(u.as_actor(uow.now) for u in users if u.role is Role.DOCTOR)


def population_of(site: LiveSite) -> Population:
    return site.run(populate)
