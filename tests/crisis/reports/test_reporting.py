"""From a suspicion to a filed report: what is due, what is done, and what is written of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app import patients
from app.audit import AuditEvent
from app.crisis import reports
from app.crisis.reports import ReportStatus, SuspicionKind
from app.crisis.reports.tasks import remove_orphans
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.errors import DomainError
from app.kernel.lifecycle import IllegalMove
from tests.builders.crisis_reports import a_call, a_filing, a_suspicion
from tests.builders.encounters import an_encounter
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock

HOUR = timedelta(hours=1)


async def read(works: Works, who: Actor, report_id: UUID) -> reports.ReportOut:
    async with works.begin(who) as uow:
        return await reports.read_report(uow, report_id)


async def file(works: Works, who: Actor, report_id: UUID, at: datetime, **more: object) -> None:
    async with works.begin(who) as uow:
        await reports.file_written_report(uow, report_id, a_filing(at, **more))


async def call(works: Works, who: Actor, report_id: UUID, at: datetime) -> None:
    async with works.begin(who) as uow:
        await reports.log_oral_report(uow, report_id, a_call(at))


async def disclosed(works: Works, who: Actor, patient_id: UUID) -> list[tuple[str, str]]:
    async with works.begin(who) as uow:
        found, _ = await reports.list_disclosures(uow, patient_id)
        return [(each.recipient, each.what) for each in found]


async def test_the_clock_starts_when_it_became_known_not_when_it_is_entered(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    formed = clock.at - 3 * HOUR
    (report_id,) = await a_suspicion(works, doctor, formed_at=formed)
    report = await read(works, doctor, report_id)
    oral, written = report.legs
    assert (oral.due_at, oral.at_once) == (formed, True)
    assert written.due_at == formed + 36 * HOUR
    assert report.next_leg == "oral"
    assert report.moves == ["oral-report", "written-report", "draft", "refusal", "readers"]


async def test_a_call_and_a_letter_file_it_and_account_for_themselves(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    patient = await a_patient(works, doctor)
    (report_id,) = await a_suspicion(works, doctor, patient_id=patient.id)
    clock.advance(hours=2)
    await call(works, doctor, report_id, clock.at - HOUR)
    made = await read(works, doctor, report_id)
    assert (made.status, made.next_leg) == (ReportStatus.ORAL_MADE, "written")
    clock.advance(hours=20)
    await file(works, doctor, report_id, clock.at)
    filed = await read(works, doctor, report_id)
    assert (filed.status, filed.next_leg) == (ReportStatus.FILED, None)
    assert [each.to_status for each in filed.history] == ["open", "oral-made", "filed"]
    assert await disclosed(works, doctor, patient.id) == [
        ("County welfare department", "Written report, form SS/BCIA 8572"),
        (
            "County welfare department",
            "Report by telephone: who the patient is and what was observed",
        ),
    ]


async def test_late_is_filed_all_the_same_and_says_so(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    clock.advance(hours=37)
    await file(works, doctor, report_id, clock.at)
    filed = await read(works, doctor, report_id)
    assert filed.status is ReportStatus.FILED_LATE
    assert [each.late for each in filed.legs] == [False, True]


async def test_sent_in_time_and_written_down_late_is_not_late(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    clock.advance(hours=60)
    await file(works, doctor, report_id, clock.at - 30 * HOUR)
    assert (await read(works, doctor, report_id)).status is ReportStatus.FILED


@pytest.mark.parametrize(
    ("after_hours", "status"), [(24, ReportStatus.FILED), (25, ReportStatus.FILED_LATE)]
)
async def test_where_only_a_call_is_asked_for_the_call_files_it(
    works: Works,
    doctor: Actor,
    clock: FrozenClock,
    after_hours: int,
    status: ReportStatus,
) -> None:
    (report_id,) = await a_suspicion(works, doctor, jurisdiction="US-TX")
    clock.advance(hours=after_hours)
    await call(works, doctor, report_id, clock.at)
    assert (await read(works, doctor, report_id)).status is status


async def test_a_second_call_is_logged_and_accounted_for_too(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    patient = await a_patient(works, doctor)
    (report_id,) = await a_suspicion(works, doctor, patient_id=patient.id)
    await call(works, doctor, report_id, clock.at)
    await file(works, doctor, report_id, clock.at)
    await call(works, doctor, report_id, clock.at)
    report = await read(works, doctor, report_id)
    assert len(report.oral_reports) == 2
    assert report.status is ReportStatus.FILED
    assert len(await disclosed(works, doctor, patient.id)) == 3


async def test_a_threat_makes_three_reports_each_its_own(works: Works, doctor: Actor) -> None:
    ids = await a_suspicion(works, doctor, kind=SuspicionKind.THREAT_TO_VICTIM)
    found = [await read(works, doctor, each) for each in ids]
    assert sorted(each.rule.key for each in found) == [
        "us-ca-firearm-prohibition",
        "us-ca-threat-police",
        "us-ca-threat-victims",
    ]


async def test_what_is_declined_has_a_reason_and_stays(works: Works, doctor: Actor) -> None:
    async with works.begin(doctor) as uow:
        rule_id = (await reports.list_rules(uow, jurisdiction="US-TX"))[-1].id
    declined = [{"rule_id": rule_id, "reason": "Reported by the school an hour ago."}]
    (report_id,) = await a_suspicion(works, doctor, jurisdiction="US-TX", declined=declined)
    report = await read(works, doctor, report_id)
    assert report.status is ReportStatus.NOT_REQUIRED
    assert report.reason == "Reported by the school an hour ago."
    with pytest.raises(reports.ReportClosed):
        await call(works, doctor, report_id, works.clock.now())
    with pytest.raises(reports.ReportClosed):
        await file(works, doctor, report_id, works.clock.now())


async def test_after_the_call_it_cannot_be_declined(works: Works, doctor: Actor) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    await call(works, doctor, report_id, works.clock.now())
    with pytest.raises(IllegalMove):
        async with works.begin(doctor) as uow:
            await reports.decline(uow, report_id, "changed my mind")


async def test_nothing_in_the_future_and_nothing_before_it_was_known(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    with pytest.raises(reports.SuspicionUnfit):
        await a_suspicion(works, doctor, formed_at=clock.at + HOUR)
    (report_id,) = await a_suspicion(works, doctor, formed_at=clock.at - HOUR)
    for at in (clock.at + HOUR, clock.at - 2 * HOUR):
        with pytest.raises(reports.MomentUnfit):
            await call(works, doctor, report_id, at)
        with pytest.raises(reports.MomentUnfit):
            await file(works, doctor, report_id, at)


async def test_what_no_rule_covers_is_said_and_not_swallowed(works: Works, doctor: Actor) -> None:
    with pytest.raises(reports.SuspicionUnfit) as refused:
        await a_suspicion(works, doctor, kind=SuspicionKind.ASSAULTIVE_INJURY, jurisdiction="US-TX")
    assert refused.value.errors[0]["rule"] == "rule_known"


async def test_the_visit_has_to_be_of_this_patient(works: Works, doctor: Actor) -> None:
    encounter = await an_encounter(works, doctor)
    await a_suspicion(works, doctor, patient_id=encounter.patient_id, encounter_id=encounter.id)
    with pytest.raises(reports.SuspicionUnfit):
        await a_suspicion(works, doctor, encounter_id=encounter.id)


async def test_two_who_file_at_once_file_once(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    patient = await a_patient(works, doctor)
    (report_id,) = await a_suspicion(works, doctor, patient_id=patient.id)
    attempts = [file(works, doctor, report_id, clock.at) for _ in range(2)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "ReportClosed"]
    assert len(await disclosed(works, doctor, patient.id)) == 1


async def test_the_draft_is_made_from_the_record_until_somebody_saves_one(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    async with works.begin(doctor) as uow:
        first = await reports.read_draft(uow, report_id)
    assert (first.version, first.origin, first.is_draft) == (0, "drafted", True)
    for said in ("Mara Okafor-Lind", "14-Jul-1945", "Dr. Ada Winter", "Bruises", "SS/BCIA 8572"):
        assert said in first.text
    async with works.begin(doctor) as uow:
        await reports.save_draft(uow, report_id, "In my own words.", version=0)
    with pytest.raises(reports.ReportTextChanged):
        async with works.begin(doctor) as uow:
            await reports.save_draft(uow, report_id, "Over somebody's.", version=0)
    with pytest.raises(reports.ReportTextChanged):
        await file(works, doctor, report_id, clock.at)
    await file(works, doctor, report_id, clock.at, text_version=1)
    async with works.begin(doctor) as uow:
        filed = await reports.read_draft(uow, report_id)
    assert (filed.version, filed.is_draft, filed.text) == (1, False, "In my own words.")
    with pytest.raises(reports.ReportClosed):
        async with works.begin(doctor) as uow:
            await reports.save_draft(uow, report_id, "Afterwards.", version=1)


async def test_a_text_that_was_changed_behind_our_back_is_not_shown(
    works: Works, doctor: Actor
) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    async with works.begin(doctor) as uow:
        await reports.save_draft(uow, report_id, "In my own words.", version=0)
    stored = works.stores.documents["report_texts"]
    await stored.update_one({"report_id": report_id}, {"$set": {"text": "Others'."}})
    with pytest.raises(reports.ReportTextDamaged):
        async with works.begin(doctor) as uow:
            await reports.read_draft(uow, report_id)


@pytest.mark.parametrize(
    "change",
    [
        "update suspicions set reporter_id = patient_id",
        "delete from suspicions",
        "update mandatory_reports set reporter_id = id",
        "update mandatory_reports set written_due_at = now()",
        "delete from mandatory_reports",
        "update report_rules set written_amount = 99",
        "delete from report_rules",
        "update disclosures set recipient = 'x'",
        "delete from oral_reports",
        "update written_reports set sent_at = now()",
        "delete from report_readers",
        "update report_texts set origin = 'typed'",
        "delete from mandatory_report_moves",
    ],
)
async def test_what_was_written_stays(works: Works, doctor: Actor, change: str) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    await call(works, doctor, report_id, works.clock.now())
    await file(works, doctor, report_id, works.clock.now())
    async with works.begin(doctor) as uow:
        await reports.name_reader(
            uow, report_id, reports.NewReader(user_id=doctor.id, reason="myself")
        )
    with pytest.raises(Exception, match="append-only"):
        async with works.begin(doctor) as uow:
            await uow.db.execute(text(change))


async def test_every_look_and_every_step_leaves_a_trace_without_a_name(
    works: Works, doctor: Actor
) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    await read(works, doctor, report_id)
    await call(works, doctor, report_id, works.clock.now())
    async with works.begin(doctor) as uow:
        await reports.list_reports(uow)
        await reports.read_draft(uow, report_id)
    await file(works, doctor, report_id, works.clock.now())
    async with works.sessions() as db:
        rows = (await db.scalars(select(AuditEvent).order_by(AuditEvent.seq))).all()
    ours = [row for row in rows if row.action.startswith(("report", "suspicion"))]
    assert [row.action for row in ours] == [
        "suspicion.form",
        "report.read",
        "report.call",
        "report.list",
        "report.read-text",
        "report.file",
    ]
    said = str([row.detail for row in ours]).lower()
    assert not [name for name in ("mara", "bruises", "county", "abuse") if name in said]


async def test_a_report_follows_its_patient_through_a_merge(works: Works, doctor: Actor) -> None:
    gone, stays = await a_patient(works, doctor), await a_patient(works, doctor)
    (report_id,) = await a_suspicion(works, doctor, patient_id=gone.id)
    await call(works, doctor, report_id, works.clock.now())
    async with works.begin(doctor) as uow:
        await patients.merge_patients(uow, gone.id, stays.id, "one card")
    assert (await read(works, doctor, report_id)).patient.id == stays.id
    assert len(await disclosed(works, doctor, stays.id)) == 1


async def test_only_clinicians_form_suspicions(
    works: Works, doctor: Actor, receptionist: Actor, admin: Actor
) -> None:
    patient = await a_patient(works, doctor)
    for person in (receptionist, admin):
        with pytest.raises(DomainError) as refused:
            await a_suspicion(works, person, patient_id=patient.id)
        assert refused.value.code == "may-not-form-suspicions"


async def test_orphaned_texts_are_removed_and_no_others(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    async with works.begin(doctor) as uow:
        await reports.save_draft(uow, report_id, "Kept.", version=0)
    stored = works.stores.documents["report_texts"]
    document = await stored.find_one({"report_id": report_id})
    assert document is not None
    await stored.insert_one(document | {"_id": doctor.id})
    assert await remove_orphans(works) == 0
    clock.at = datetime(2027, 1, 1, tzinfo=UTC)
    assert await remove_orphans(works) == 1
    async with works.begin(doctor) as uow:
        assert (await reports.read_draft(uow, report_id)).text == "Kept."
