"""Releases in the database: brought in whole, followed by another, read by those who may."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app import audit
from app.clinical import formulary
from app.clinical.formulary import CheckKind, Medicine, Outcome, PatientFacts
from app.clinical.formulary.models import FormularyReleaseMove
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.formulary import IMPORTER, starter_tables, the_starter
from tests.conftest import Client, FrozenClock

PATIENT = PatientFacts(age_years=40, sex="female", allergies=("PCN",), medicines=())
NOT_CHECKED = {Outcome.NOT_CHECKED}


async def checked(works: Works, actor: Actor, name: str) -> list[formulary.Finding]:
    async with works.begin(actor) as uow:
        key = (await formulary.recognise(uow, [name]))[name]
        return await formulary.check(uow, Medicine(drug_key=key, name=name), PATIENT)


async def test_without_a_release_nothing_is_checked(works: Works, doctor: Actor) -> None:
    assert {one.outcome for one in await checked(works, doctor, "amoxicillin")} == NOT_CHECKED
    async with works.begin(doctor) as uow:
        assert await formulary.release(uow) is None
        assert await formulary.find_drugs(uow, "amox") == []


async def test_the_starter_comes_back_as_it_was_written(works: Works, nurse: Actor) -> None:
    loaded = await the_starter(works)
    findings = await checked(works, nurse, "Amoxil")
    assert next(one for one in findings if one.kind is CheckKind.ALLERGY).outcome == "warning"
    async with works.begin(nurse) as uow:
        release = await formulary.release(uow)
        assert release is not None
        assert release.counts == starter_tables().contents.counts == loaded.counts
        found = await formulary.find_drugs(uow, "Tyl")
        assert (found[0].key, found[0].matched) == ("acetaminophen", "Tylenol")
        drug = await formulary.get_drug(uow, "amoxicillin-clavulanate")
        assert drug.ingredients == ("amoxicillin", "clavulanate")
        assert [dose.route for dose in drug.doses] == ["oral", "oral"]
        with pytest.raises(formulary.DrugNotFound):
            await formulary.get_drug(uow, "wonderdrug")
    async with works.begin(IMPORTER) as uow:
        assert await formulary.load_starter(uow) is None


async def test_an_old_release_is_outdated_on_the_day(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    release = await the_starter(works)
    clock.at = clock.at.replace(year=2026, month=11, day=2)
    assert (await checked(works, doctor, "azithromycin"))[0].outcome == "pass"
    clock.at += timedelta(days=release.shelf_life_days)
    outdated = await checked(works, doctor, "azithromycin")
    assert {one.outcome for one in outdated} == NOT_CHECKED
    assert all("outdated" in one.because for one in outdated if one.kind is CheckKind.ALLERGY)


def a_site_folder(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    head = (
        'name = "Our clinic"\nversion = "1"\neffective_on = 2026-02-01\nsource = "Our pharmacist"\n'
    )
    (folder / "release.toml").write_text(head + files.pop("head", ""))
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
    return folder


async def bring_in(works: Works, folder: Path, *, replace: bool = False) -> formulary.Imported:
    head, contents = formulary.read_folder(folder)
    async with works.begin(IMPORTER) as uow:
        return await formulary.import_release(uow, head, contents, replace=replace)


async def test_a_site_adds_its_own_and_the_rest_stays(
    works: Works, doctor: Actor, tmp_path: Path
) -> None:
    first = await the_starter(works)
    folder = a_site_folder(
        tmp_path / "ours",
        drugs="key,name,brands,classes,routes\nclinicin,clinicin,Clinobrand,penicillins,oral\n",
        interactions="first,second,severity,effect,advice,source\n"
        "clinicin,lisinopril;warfarin,major,it harms.,Avoid.,Our pharmacist\n",
    )
    imported = await bring_in(works, folder)
    assert imported.release.counts["drugs"] == first.counts["drugs"] + 1
    assert imported.release.counts["interactions"] == first.counts["interactions"] + 2
    findings = await checked(works, doctor, "Clinobrand")
    assert findings[0].outcome == "warning"  # PCN, by the class of the starter
    async with works.begin(doctor) as uow:
        releases = await formulary.list_releases(uow)
        moves = (
            await uow.db.execute(select(func.count()).select_from(FormularyReleaseMove))
        ).scalar()
        traces = await uow.db.scalars(
            select(audit.AuditEvent.action).where(audit.AuditEvent.action == "formulary.import")
        )
        assert len(list(traces)) == 2
    assert {(one.name, one.status) for one in releases} == {
        ("Our clinic", "current"),
        ("Starter formulary", "superseded"),
    }
    assert moves == 5
    with pytest.raises(formulary.ReleaseExists):
        await bring_in(works, folder)
    async with works.begin(IMPORTER) as uow:
        assert await formulary.load_starter(uow) is None


async def test_a_bad_file_is_refused_with_every_line_and_nothing_changes(
    works: Works, doctor: Actor, tmp_path: Path
) -> None:
    await the_starter(works)
    broken = a_site_folder(
        tmp_path / "broken",
        drugs="key,name,routes\nfine,fine,oral\nNot A Key,x,oral\nfine,again,oral\n",
        doses="drug,route,ages,unit,usual_low,usual_high,source\nfine,oral,grown,mg,5,1,x\n"
        "fine,oral,adult,mg,5,1,x\nfine,oral\n",
    )
    with pytest.raises(formulary.FormularyUnreadable) as refused:
        await bring_in(works, broken)
    at = {tuple(one["at"]) for one in refused.value.errors}
    assert {("drugs.csv", "3"), ("drugs.csv", "4"), ("doses.csv", "2")} <= at
    assert {("doses.csv", "3"), ("doses.csv", "4")} <= at
    dangling = a_site_folder(
        tmp_path / "dangling",
        interactions="first,second,severity,effect,advice,source\nwarfarin,nothere,major,e,a,s\n",
    )
    with pytest.raises(formulary.FormularyUnreadable) as refused:
        await bring_in(works, dangling)
    assert [one["at"] for one in refused.value.errors] == [["interactions.csv", "2"]]
    async with works.begin(doctor) as uow:
        release = await formulary.release(uow)
        assert release is not None
        assert release.name == "Starter formulary"
        assert len(await formulary.list_releases(uow)) == 1


async def test_two_at_once_leave_one_current(works: Works, tmp_path: Path, doctor: Actor) -> None:
    async def load() -> None:
        async with works.begin(IMPORTER) as uow:
            await formulary.load_starter(uow)

    await asyncio.gather(*(load() for _ in range(3)))
    async with works.begin(doctor) as uow:
        assert [one.status for one in await formulary.list_releases(uow)] == ["current"]


async def test_who_may(works: Works, receptionist: Actor, doctor: Actor) -> None:
    async with works.begin(receptionist) as uow:
        with pytest.raises(formulary.MayNotReadFormulary):
            await formulary.find_drugs(uow, "amox")
        with pytest.raises(formulary.MayNotReadFormulary):
            await formulary.release(uow)
    async with works.begin(doctor) as uow:
        with pytest.raises(formulary.MayNotImportFormulary):
            await formulary.load_starter(uow)


async def test_what_is_in_a_release_stays(works: Works) -> None:
    await the_starter(works)
    for change in ("update drugs set name = 'x'", "delete from dose_rules", "truncate drug_groups"):
        with pytest.raises(Exception, match="append-only"):
            async with works.sessions.begin() as db:
                await db.execute(text(change))


async def test_over_http(
    works: Works, as_doctor: Client, as_nurse: Client, as_receptionist: Client, as_admin: Client
) -> None:
    empty = await as_doctor.get("/api/v1/formulary?q=amox")
    assert empty.json() == {"items": [], "release": None}
    await the_starter(works)
    for who in (as_doctor, as_nurse):
        found = (await who.get("/api/v1/formulary?q=lisin")).json()
        assert found["items"][0]["key"] == "lisinopril"
        assert found["release"]["name"] == "Starter formulary"
        one = (await who.get("/api/v1/formulary/lisinopril")).json()
        assert one["class_keys"] == ["ace-inhibitors", "antihypertensives"]
        assert one["doses"][0]["says"].startswith("oral, adults: 2.5 to 40 mg each time")
        assert (await who.get("/api/v1/formulary/wonderdrug")).status_code == 404
    for refused in (as_receptionist, as_admin):
        assert (await refused.get("/api/v1/formulary?q=lisin")).status_code == 403
    releases = await as_admin.get("/api/v1/formulary/releases")
    assert [one["status"] for one in releases.json()["items"]] == ["current"]
    assert (await as_doctor.get("/api/v1/formulary?q=a&limit=1000")).status_code == 422
