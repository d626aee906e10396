"""Signals of a note: found with their sound, answered by one person, never signed away."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app import identity
from app.clinical import notes
from app.clinical.notes import SectionKey
from app.crisis import signals
from app.crisis.detection import Concept
from app.crisis.signals import SignalStatus
from app.crisis.signals.models import SignalMove
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import (
    RELAY,
    a_dictated_note,
    a_signed_note,
    a_transcribed_recording,
    a_typed_note,
    drafted,
    saved,
    shown,
    signed,
)
from tests.builders.patients import a_patient
from tests.clinical.loose_ends.seeing import everything, waiting
from tests.scheduling.waiting_list.delivering import deliver_everything

CRISIS = (
    "subjective",
    "patient reports suicidal ideation with a plan",
    "objective",
    "lungs are clear",
    "assessment",
    "major depression",
    "plan",
    "follow up in two days",
)
WORDS = "She says that she wants to kill herself."
TYPED = {
    SectionKey.HISTORY_OF_PRESENT_ILLNESS: WORDS,
    SectionKey.FAMILY_HISTORY: "Attempted suicide.",
    SectionKey.PHYSICAL_EXAM: "Lungs are clear.",
    SectionKey.DIAGNOSES: "Depression.",
    SectionKey.TREATMENT: "Denies suicidal ideation.",
}


async def told(works: Works) -> None:
    """Carry to us what notes and signals have said, until nothing is left."""
    await deliver_everything(works, only="notes.")
    await deliver_everything(works, only="signals.")


async def of_note(works: Works, note_id: UUID) -> list[signals.Signal]:
    async with works.begin(RELAY) as uow:
        rows = select(signals.Signal).where(signals.Signal.note_id == note_id)
        return list(await uow.db.scalars(rows))


async def answer(works: Works, actor: Actor, signal_id: UUID) -> signals.Signal:
    async with works.begin(actor) as uow:
        return await signals.confirm(uow, signal_id)


async def test_a_dictated_draft_has_its_signal_with_the_sound_and_an_alert(
    works: Works, doctor: Actor
) -> None:
    note = await a_dictated_note(works, doctor, CRISIS)
    await told(works)
    [signal] = await of_note(works, note.id)
    assert (signal.status, signal.critical, signal.source) == ("proposed", True, "dictation")
    assert signal.concept is Concept.SUICIDE_PLAN
    assert signal.start_ms is not None
    assert signal.end_ms is not None
    assert signal.end_ms > signal.start_ms
    assert "suicidal ideation" in signal.quote
    [alert] = [item for item in await everything(works) if item.type == "crisis.signal"]
    assert (alert.severity, alert.status, alert.assignee_id) == (
        "critical",
        "triggered",
        doctor.id,
    )
    assert alert.subject_id == note.id


async def test_a_note_is_signed_when_its_signals_are_answered_and_not_before(
    works: Works, doctor: Actor
) -> None:
    note = await a_dictated_note(works, doctor, CRISIS)
    await told(works)
    with pytest.raises(signals.SignalsUnanswered) as refused:
        await signed(works, doctor, note)
    [signal] = await of_note(works, note.id)
    assert refused.value.context == {"note_id": note.id, "signals": [signal.id]}
    await answer(works, doctor, signal.id)
    await told(works)
    assert "crisis.signal" not in await waiting(works)
    assert (await signed(works, doctor, note)).revision == 1


async def test_a_signal_first_found_at_signing_outlives_the_refusal(
    works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor, TYPED)
    for _ in range(2):
        with pytest.raises(signals.SignalsUnanswered) as refused:
            await signed(works, doctor, note)
        [signal] = await of_note(works, note.id)
        assert refused.value.signals == [signal.id]
        assert (signal.quote, signal.source) == (WORDS, "note")
        assert signal.section == "subjective.history_of_present_illness"
    async with works.begin(doctor) as uow:
        await signals.dismiss(uow, signal.id, reason="A line of a play.")
    assert (await signed(works, doctor, note)).revision == 1


async def test_a_sentence_that_is_gone_takes_its_unanswered_signal_along(
    works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor, TYPED)
    async with works.begin(doctor) as uow:
        await signals.examine_note(uow, note.id)
    await told(works)
    assert "crisis.signal" in await waiting(works)
    note = await saved(works, doctor, note, {SectionKey.HISTORY_OF_PRESENT_ILLNESS: "Sad."})
    async with works.begin(doctor) as uow:
        [signal] = await signals.examine_note(uow, note.id)
    assert signal.status is SignalStatus.WITHDRAWN
    await told(works)
    assert "crisis.signal" not in await waiting(works)
    note = await saved(works, doctor, note, {SectionKey.HISTORY_OF_PRESENT_ILLNESS: WORDS})
    async with works.begin(doctor) as uow:
        [again] = await signals.examine_note(uow, note.id)
        moves = await uow.db.scalars(select(SignalMove.to_status).order_by(SignalMove.seq))
        assert list(moves) == ["proposed", "withdrawn", "proposed"]
    assert (again.id, again.status) == (signal.id, SignalStatus.PROPOSED)


async def test_a_dismissed_sentence_is_not_asked_about_again(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor, TYPED)
    async with works.begin(doctor) as uow:
        [signal] = await signals.examine_note(uow, note.id)
    async with works.begin(doctor) as uow:
        await signals.dismiss(uow, signal.id, reason="A line of a play.")
    note = await saved(works, doctor, note, {SectionKey.FOLLOW_UP: "In a week."})
    assert (await signed(works, doctor, note)).revision == 1
    [signal] = await of_note(works, note.id)
    assert (signal.status, signal.reason) == ("dismissed", "A line of a play.")


async def test_two_who_answer_at_once_are_one_answer_and_one_refusal(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    note = await a_dictated_note(works, doctor, CRISIS)
    await told(works)
    [signal] = await of_note(works, note.id)

    async def dismissed() -> signals.Signal:
        async with works.begin(nurse) as uow:
            return await signals.dismiss(uow, signal.id, reason="Of the mother.")

    outcomes = await asyncio.gather(
        answer(works, doctor, signal.id), dismissed(), return_exceptions=True
    )
    refusals = [each for each in outcomes if isinstance(each, signals.SignalAnswered)]
    assert len(refusals) == 1
    [after] = await of_note(works, note.id)
    assert refusals[0].current == after.status


async def test_looking_through_many_times_at_once_is_one_signal_and_one_alert(
    works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor, TYPED)

    async def look() -> None:
        async with works.begin(doctor) as uow:
            await signals.examine_note(uow, note.id)

    await asyncio.gather(*(look() for _ in range(5)))
    await asyncio.gather(told(works), told(works))
    async with works.begin(RELAY) as uow:
        assert await uow.db.scalar(select(func.count()).select_from(signals.Signal)) == 1
        assert await uow.db.scalar(select(func.count()).select_from(SignalMove)) == 1
    assert (await waiting(works)).count("crisis.signal") == 1


async def test_an_entered_in_error_note_leaves_nobody_waiting(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor, CRISIS)
    await told(works)
    async with works.begin(doctor) as uow:
        await notes.enter_in_error(uow, note.id, reason="Wrong patient.")
    await told(works)
    [signal] = await of_note(works, note.id)
    assert signal.status is SignalStatus.WITHDRAWN
    assert "crisis.signal" not in await waiting(works)


async def test_a_draft_made_twice_has_one_signal(works: Works, doctor: Actor) -> None:
    recording = await a_transcribed_recording(works, doctor, CRISIS)
    await drafted(works, doctor, recording.id)
    note = await drafted(works, doctor, recording.id)
    await told(works)
    await told(works)
    assert len(await of_note(works, note.id)) == 1


async def test_a_raised_concern_is_confirmed_at_once(works: Works, nurse: Actor) -> None:
    patient = await a_patient(works, nurse)
    new = signals.RaiseSignal(
        patient_id=patient.id, concept=Concept.VIOLENCE, words="Shouted threats at his brother."
    )
    async with works.begin(nurse) as uow:
        signal = await signals.raise_signal(uow, new)
    assert (signal.status, signal.answered_by) == (SignalStatus.CONFIRMED, nurse.id)
    with pytest.raises(signals.SignalAnswered):
        await answer(works, nurse, signal.id)


async def test_those_at_the_desk_see_and_answer_nothing(
    works: Works, doctor: Actor, receptionist: Actor, admin: Actor
) -> None:
    note = await a_dictated_note(works, doctor, CRISIS)
    await told(works)
    [signal] = await of_note(works, note.id)
    for somebody in (receptionist, admin):
        with pytest.raises(signals.SignalsNotForYourRole):
            await answer(works, somebody, signal.id)
        async with works.begin(somebody) as uow:
            with pytest.raises(signals.SignalsNotForYourRole):
                await signals.list_signals(uow, note_id=note.id)


async def test_a_signal_that_does_not_exist_is_not_found(works: Works, doctor: Actor) -> None:
    with pytest.raises(signals.SignalNotFound):
        await answer(works, doctor, uuid4())


async def test_an_amendment_is_looked_through_as_well(works: Works, doctor: Actor) -> None:
    first = await signed(works, doctor, await a_typed_note(works, doctor))
    async with works.begin(doctor) as uow:
        opened = await notes.open_amendment(uow, first.id, reason="Remembered later.")
    changed = await saved(works, doctor, opened, {SectionKey.HISTORY_OF_PRESENT_ILLNESS: WORDS})
    with pytest.raises(signals.SignalsUnanswered):
        await signed(works, doctor, changed)
    [signal] = await of_note(works, first.id)
    async with works.begin(doctor) as uow:
        await notes.drop_amendment(uow, first.id)
    await told(works)
    [signal] = await of_note(works, first.id)
    assert signal.status is SignalStatus.WITHDRAWN
    assert (await shown(works, doctor, first.id)).revision == 1


@pytest.mark.parametrize("who", ["worker", "nurse"])
async def test_who_does_not_see_an_amendment_withdraws_none_of_its_signals(
    works: Works, doctor: Actor, nurse: Actor, who: str
) -> None:
    note = await a_signed_note(works, doctor)
    async with works.begin(doctor) as uow:
        amending = await notes.open_amendment(uow, note.id, reason="More was said.")
    text = {SectionKey.HISTORY_OF_PRESENT_ILLNESS: WORDS}
    amended = await saved(works, doctor, amending, text)
    async with works.begin(doctor) as uow:
        [signal] = await signals.examine_note(uow, note.id)
    if who == "nurse":
        async with works.begin(nurse) as uow:
            await signals.examine_note(uow, note.id)
    await told(works)
    assert [each.status for each in await of_note(works, note.id)] == [SignalStatus.PROPOSED]
    assert await waiting(works) == ["crisis.signal"]
    async with works.begin(doctor) as uow:
        await notes.drop_amendment(uow, amended.id)
    await told(works)
    assert [each.status for each in await of_note(works, note.id)] == [SignalStatus.WITHDRAWN]
    assert signal.critical


async def test_a_signal_of_somebody_whose_account_is_locked_is_the_pools(
    works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor, sections=TYPED)
    async with works.begin(Actor.system("test-setup")) as uow:
        await identity.lock_user(uow, "doctor")
    await told(works)
    found = [(item.type, item.assignee_id) for item in await everything(works)]
    assert found == [("crisis.signal", None)]
    assert note.author.id == doctor.id
