"""A day on a page is the one on the clinic's wall, whatever day it is in UTC by then."""

from zoneinfo import ZoneInfo

from app.clinical import prescriptions
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.web.banners import banner_by_id
from app.web.presenters import medication, prescription_words, problems
from tests.builders.prescriptions import (
    AMOXICILLIN,
    WHY,
    a_draft,
    a_formulary,
    answered,
    issued,
    somebody,
)
from tests.builders.problems import a_problem

HAWAII = ZoneInfo("Pacific/Honolulu")  # where the clock of the tests says 01-Mar, 23:00


async def test_days_of_medicines_and_problems(works: Works, doctor: Actor) -> None:
    await a_formulary(works)
    patient = await somebody(works, doctor, allergies=["penicillin"])
    draft = await a_draft(works, doctor, patient, AMOXICILLIN)
    done = await issued(works, doctor, await answered(works, doctor, draft))
    problem = await a_problem(works, doctor, patient)
    async with works.begin(doctor) as uow:
        await prescriptions.hold_item(uow, done.items[0].id, reason="Until Monday.")
    async with works.begin(doctor) as uow:
        found = await prescriptions.medication_list(uow, patient)
        banner = await banner_by_id(uow, patient)
    page = medication.medication_page(found, banner=banner, drafts=(), zone=HAWAII)
    [row] = page.on_hold
    assert row.detail.endswith("since 01-Mar-2026")
    assert row.why == "01-Mar-2026: Until Monday."
    [said] = {one.answer for one in row.overrides}
    assert said == f"Prescribed all the same: {WHY} (Dr. Ada Winter, 01-Mar-2026)"
    check = prescription_words.check_view(found.on_hold[0].check, HAWAII)
    assert {one.answer.rpartition(", ")[2] for one in check.rows} == {"01-Mar-2026)", "01-Mar-2026"}
    assert "recorded 01-Mar-2026" in problems.row(problem, HAWAII).detail
