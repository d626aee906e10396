"""One episode for each patient, from the first sign of danger to the closing checklist."""

from datetime import timedelta
from uuid import UUID

import pytest

from app import identity
from app.crisis import episodes
from app.crisis.episodes import AddContact, AddRemark, EndStep, EpisodeStatus, StepStatus, opening
from app.crisis.episodes.tasks import alert_overdue
from app.crisis.risk import RiskLevel
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.patients import Patient
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock
from tests.crisis.episodes.conftest import (
    all_episodes,
    entries,
    judged,
    open_work,
    raised,
    seen,
    steps,
    told,
)


async def test_a_confirmed_sign_opens_one_that_the_next_only_feeds(
    works: Works, doctor: Actor, nurse: Actor, patient: Patient
) -> None:
    await raised(works, doctor, patient, "suicidal_intent")
    await told(works)
    [episode] = await all_episodes(works)
    assert episode.level is RiskLevel.HIGH
    await raised(works, nurse, patient, "suicidal_ideation")
    await told(works)
    assert len(await all_episodes(works)) == 1
    assert (await entries(works)).count("signal") == 2
    assert set(await steps(works)) == {
        "observation", "referral", "means-safety", "contacts", "safety-plan", "follow-up",
    }  # fmt: skip
    assert len(await open_work(works, "crisis.step")) == 6
    assert len(await open_work(works, "crisis.unowned")) == 1


async def test_a_threat_to_others_says_nothing_of_suicide_risk(
    works: Works, doctor: Actor, patient: Patient
) -> None:
    await raised(works, doctor, patient, "child_abuse")
    await told(works)
    [episode] = await all_episodes(works)
    assert episode.level is RiskLevel.UNDETERMINED
    assert set(await steps(works)) == {"screening"}


async def test_a_higher_level_hastens_what_is_due(
    works: Works, doctor: Actor, patient: Patient
) -> None:
    await judged(works, doctor, patient, level="moderate")
    before = (await steps(works))["safety-plan"].due_at, (await steps(works))["follow-up"].due_at
    await judged(works, doctor, patient, level="high")
    after = await steps(works)
    assert after["follow-up"].due_at < before[1]
    assert after["safety-plan"].due_at == before[0]
    assert "referral" in after
    [task] = [
        each for each in await open_work(works, "crisis.step") if each.title == "Call the patient"
    ]
    assert task.due_at == after["follow-up"].due_at


async def test_low_alone_opens_none(works: Works, doctor: Actor, patient: Patient) -> None:
    await judged(works, doctor, patient, level="low")
    assert await all_episodes(works) == []


async def test_who_answers_for_it_may_hand_it_over(
    works: Works, doctor: Actor, nurse: Actor, receptionist: Actor, patient: Patient
) -> None:
    await judged(works, doctor, patient, level="high")
    [episode] = await all_episodes(works)
    async with works.begin(doctor) as uow:
        await episodes.own(uow, episode.id)
    assert await open_work(works, "crisis.unowned") == []
    on = episodes.PassEpisodeOn(user_id=receptionist.id, remark="Off from five.")
    with pytest.raises(episodes.OwnerUnfit):
        async with works.begin(doctor) as uow:
            await episodes.pass_on(uow, episode.id, on)
    async with works.begin(doctor) as uow:
        await episodes.pass_on(uow, episode.id, on.model_copy(update={"user_id": nurse.id}))
    assert (await seen(works, nurse, episode.id)).owner_id == nurse.id


async def test_a_step_past_its_moment_is_told_once_and_its_alert_goes_with_it(
    works: Works, doctor: Actor, patient: Patient, clock: FrozenClock
) -> None:
    await judged(works, doctor, patient, level="high")
    assert await alert_overdue(works) == 0
    clock.advance(minutes=16)
    assert await alert_overdue(works) == 1
    assert await alert_overdue(works) == 0
    [alert] = await open_work(works, "crisis.overdue")
    assert alert.patient_id == patient.id
    [episode] = await all_episodes(works)
    step = (await steps(works))["observation"]
    async with works.begin(doctor) as uow:
        await episodes.finish_step(uow, episode.id, step.id, EndStep(outcome="Sister is here."))
    assert await open_work(works, "crisis.overdue") == []
    assert (await steps(works))["observation"].status is StepStatus.DONE


async def ready_to_close(works: Works, doctor: Actor, patient: Patient) -> episodes.Episode:
    await judged(works, doctor, patient, level="high")
    [episode] = await all_episodes(works)
    async with works.begin(doctor) as uow:
        await episodes.own(uow, episode.id)
        contact = {"code": "patient", "outcome": "reached"}
        await episodes.add_contact(uow, episode.id, AddContact.model_validate(contact))
    for step in (await steps(works)).values():
        async with works.begin(doctor) as uow:
            said = EndStep(outcome="Went to the hospital.")
            await episodes.finish_step(uow, episode.id, step.id, said, needed=False)
    return episode


async def test_it_closes_when_everything_on_the_checklist_holds(
    works: Works, doctor: Actor, patient: Patient
) -> None:
    episode = await ready_to_close(works, doctor, patient)
    with pytest.raises(episodes.EpisodeNotClosable) as refused:
        async with works.begin(doctor) as uow:
            await episodes.close_episode(uow, episode.id, AddRemark(remark="Well again."))
    assert refused.value.missing == ["level"]
    await judged(works, doctor, patient, level="low", reason="Discharged with a plan.")
    # What the lower level asks for is to be done as well.
    [step] = [each for each in (await steps(works)).values() if each.status is StepStatus.DUE] or [
        None
    ]
    if step is not None:
        async with works.begin(doctor) as uow:
            await episodes.finish_step(uow, episode.id, step.id, EndStep(outcome="Called."))
    async with works.begin(doctor) as uow:
        await episodes.close_episode(uow, episode.id, AddRemark(remark="Well again."))
    [closed] = await all_episodes(works)
    assert closed.status is EpisodeStatus.CLOSED
    with pytest.raises(episodes.EpisodeClosed):
        async with works.begin(doctor) as uow:
            await episodes.own(uow, episode.id)


@pytest.mark.parametrize("days", [29, 31])
async def test_a_new_sign_within_the_window_opens_it_again(
    works: Works, doctor: Actor, patient: Patient, clock: FrozenClock, days: int
) -> None:
    count = 1 if days < opening.REOPENS_WITHIN.days else 2
    await test_it_closes_when_everything_on_the_checklist_holds(works, doctor, patient)
    clock.at += timedelta(days=days)
    await raised(works, doctor, patient, "suicide_plan")
    await told(works)
    found = await all_episodes(works)
    assert len(found) == count
    assert found[-1].status is EpisodeStatus.OPEN
    assert ("reopened" in await entries(works)) == (count == 1)


async def closing(works: Works, doctor: Actor, episode_id: UUID) -> dict[str, bool]:
    return {each.code: each.ok for each in (await seen(works, doctor, episode_id)).checklist}


async def test_one_that_was_opened_again_asks_for_everything_anew(
    works: Works, doctor: Actor, patient: Patient, clock: FrozenClock
) -> None:
    await test_it_closes_when_everything_on_the_checklist_holds(works, doctor, patient)
    clock.at += timedelta(days=20)
    await raised(works, doctor, patient, "suicide_plan")
    await told(works)
    [episode] = await all_episodes(works)
    due = {
        step.code
        for step in (await seen(works, doctor, episode.id)).steps
        if step.status is StepStatus.DUE
    }
    assert {"observation", "safety-plan", "means-safety"} <= due
    async with works.begin(doctor) as uow:
        for step in (await episodes.read_episode(uow, episode.id)).steps:
            if step.status is StepStatus.DUE and step.code != "safety-plan":
                await episodes.finish_step(uow, episode.id, step.id, EndStep(outcome="Done."))
    checks = await closing(works, doctor, episode.id)
    assert not checks["safety-plan"]  # the reason of last time is no reason now
    assert not checks["contact"]


async def test_a_contact_from_before_is_nobody_reached_since(
    works: Works, doctor: Actor, patient: Patient, clock: FrozenClock
) -> None:
    clock.at = clock.at.replace(second=30)
    await judged(works, doctor, patient, level="high")
    [episode] = await all_episodes(works)
    reached = {"code": "patient", "outcome": "reached"}
    for before, counts in ((timedelta(days=10), False), (timedelta(seconds=30), True)):
        contact = AddContact.model_validate(reached | {"happened_at": clock.at - before})
        async with works.begin(doctor) as uow:
            await episodes.add_contact(uow, episode.id, contact)
        assert (await closing(works, doctor, episode.id))["contact"] is counts


@pytest.mark.parametrize("days", [-32, 1])
async def test_a_moment_that_cannot_be_is_refused_and_never_bent(
    works: Works, doctor: Actor, patient: Patient, clock: FrozenClock, days: int
) -> None:
    await judged(works, doctor, patient, level="high")
    [episode] = await all_episodes(works)
    contact = AddContact.model_validate(
        {
            "code": "patient",
            "outcome": "reached",
            "happened_at": clock.at + timedelta(days=days),
        }
    )
    with pytest.raises(episodes.HappenedUnfit):
        async with works.begin(doctor) as uow:
            await episodes.add_contact(uow, episode.id, contact)
    assert "contact" not in await entries(works)


async def test_an_older_one_is_not_opened_beside_a_newer_one(
    works: Works, doctor: Actor, patient: Patient, clock: FrozenClock
) -> None:
    await test_a_new_sign_within_the_window_opens_it_again(works, doctor, patient, clock, 31)
    old, new = await all_episodes(works)
    with pytest.raises(episodes.EpisodeOpen) as refused:
        async with works.begin(doctor) as uow:
            await episodes.reopen_episode(uow, old.id, AddRemark(remark="Too early."))
    assert refused.value.episode_id == new.id


async def test_one_whose_owner_is_locked_out_is_nobodys_when_it_is_opened_again(
    works: Works, doctor: Actor, nurse: Actor, patient: Patient
) -> None:
    await test_it_closes_when_everything_on_the_checklist_holds(works, doctor, patient)
    async with works.begin(Actor.system("test-setup")) as uow:
        await identity.lock_user(uow, "doctor")
    [episode] = await all_episodes(works)
    async with works.begin(nurse) as uow:
        await episodes.reopen_episode(uow, episode.id, AddRemark(remark="Too early."))
    assert (await seen(works, nurse, episode.id)).owner_id is None
    assert len(await open_work(works, "crisis.unowned")) == 1


@pytest.mark.parametrize("remark", ["a\u202eb", "\x1b[31mred"])
async def test_words_that_hide_or_turn_letters_are_refused(
    as_doctor: Client, patient: Patient, remark: str
) -> None:
    said = {"patient_id": str(patient.id), "remark": remark}
    assert (await as_doctor.post("/api/v1/crisis-episodes", json=said)).status_code == 422


async def test_only_clinicians_see_it(
    works: Works, doctor: Actor, admin: Actor, receptionist: Actor, patient: Patient
) -> None:
    await judged(works, doctor, patient, level="high")
    [episode] = await all_episodes(works)
    other = await a_user(works, Role.DOCTOR, username="other")
    assert (await seen(works, other, episode.id)).level is RiskLevel.HIGH
    for nobody in (admin, receptionist):
        with pytest.raises(episodes.MayNotWorkCrises):
            await seen(works, nobody, episode.id)


async def test_the_board_has_the_gravest_first(
    works: Works, doctor: Actor, patient: Patient
) -> None:
    other = await a_patient(works, doctor, given_name="Ines")
    await judged(works, doctor, patient, level="moderate")
    await judged(works, doctor, other, level="high")
    async with works.begin(doctor) as uow:
        first, cursor = await episodes.board(uow, limit=1)
        rest, end = await episodes.board(uow, cursor=cursor, limit=1)
    assert [each.level for each, _ in (*first, *rest)] == [RiskLevel.HIGH, RiskLevel.MODERATE]
    assert end is None
