"""A release is loaded whole or not at all, once, and old ones stay for those who name them."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from app.clinical import problems
from app.clinical.problems.releases import order_file, order_lines
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient
from tests.builders.problems import CODES, LOADER, a_loaded_release, a_problem, a_release

LINES = (
    "00001 A00     0 Cholera                                                      Cholera",
    (
        "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           "
        "Cholera due to Vibrio cholerae 01, biovar cholerae"
    ),
    (
        "00003 I10     1 Essential (primary) hypertension                             "
        "Essential (primary) hypertension"
    ),
)


async def counted(works: Works) -> tuple[int, int]:
    async with works.sessions() as db:
        releases = await db.scalar(text("select count(*) from icd10_releases"))
        codes = await db.scalar(text("select count(*) from icd10_codes"))
    return releases or 0, codes or 0


async def test_loading_the_same_twice_changes_nothing(works: Works) -> None:
    await a_loaded_release(works)
    async with works.begin(LOADER) as uow:
        told = await problems.load_release(uow, a_release())
    assert told.already_there
    assert await counted(works) == (1, len(CODES))


async def test_a_dry_run_tells_and_changes_nothing(works: Works) -> None:
    await a_loaded_release(works)
    newer = a_release(
        (replace(CODES[0], description="Hypertension"), *CODES[2:], CODES[0].__class__(
            code="U99", description="Something new", billable=True, parent=None)),
        "ICD-10-CM, newer",
    )  # fmt: skip
    async with works.begin(LOADER) as uow:
        told = await problems.compared(uow, newer)
    assert (told.added, told.gone, told.renamed) == (1, 1, 1)
    assert await counted(works) == (1, len(CODES))


async def test_what_breaks_on_the_way_leaves_the_old_release(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works)
    twice = a_release((*CODES[:2], CODES[0]), "ICD-10-CM, broken")
    with pytest.raises(Exception, match="duplicate key"):
        await a_loaded_release(works, twice)
    assert await counted(works) == (1, len(CODES))
    async with works.begin(doctor) as uow:
        found = await problems.search_codes(uow, "htn")
    assert (found.release.name, found.items[0].code) == ("ICD-10-CM, for tests", "I10")


async def test_a_problem_keeps_the_release_its_code_was_chosen_from(
    works: Works, doctor: Actor
) -> None:
    await a_loaded_release(works)
    patient = await a_patient(works, doctor)
    problem = await a_problem(works, doctor, patient.id, code="I10")
    await a_loaded_release(works, a_release(CODES[1:], "ICD-10-CM, newer"))
    async with works.begin(doctor) as uow:
        read = await problems.read_problem(uow, problem.id)
        found = await problems.search_codes(uow, "hypertension")
    assert read.release == "ICD-10-CM, for tests"
    assert (found.release.name, found.items) == ("ICD-10-CM, newer", [])
    await a_loaded_release(works)
    async with works.begin(doctor) as uow:
        assert (await problems.search_codes(uow, "hypertension")).items[0].code == "I10"
    assert (await counted(works))[0] == 2


def test_an_order_file_of_cms_is_read(tmp_path: Path) -> None:
    file = tmp_path / "icd10cm_order_2027.txt"
    file.write_text("\n".join(LINES) + "\n")
    release = order_file(file)
    assert [(row.code, row.billable, row.parent) for row in release.codes] == [
        ("A00", False, None),
        ("A00.0", True, "A00"),
        ("I10", True, None),
    ]
    assert str(release.published_on) == "2026-10-01"
    assert "high blood pressure" in release.codes[2].inclusion_terms


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ([], 1),
        (["code;name"], 1),
        ([LINES[0], "00002 I10 x Essential hypertension"], 2),
        ([LINES[0], LINES[0]], 2),
        ([LINES[0], f"{'00002 I10     1 ':<77}"], 2),
    ],
)
def test_a_file_that_is_none_is_refused_by_its_line(lines: list[str], line: int) -> None:
    with pytest.raises(problems.ReleaseUnreadable) as refused:
        list(order_lines(lines))
    assert refused.value.line == line


async def test_only_the_command_line_loads(works: Works, doctor: Actor) -> None:
    async with works.begin(doctor) as uow:
        with pytest.raises(problems.OnlyDoctorsDiagnose):
            await problems.load_release(uow, a_release())
