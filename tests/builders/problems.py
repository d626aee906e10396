"""A small release of ICD-10-CM, and problems on patients' lists."""

from datetime import date
from typing import Any
from uuid import UUID

from app.clinical import problems
from app.clinical.problems.loading import load_release
from app.clinical.problems.releases import CodeRow, Release, fingerprint
from app.infra.uow import Works
from app.kernel.actors import Actor

LOADER = Actor.system("icd10-loader")
CODES = (
    CodeRow(
        code="I10",
        description="Essential (primary) hypertension",
        billable=True,
        parent=None,
        inclusion_terms=("high blood pressure",),
    ),
    CodeRow(code="E11", description="Type 2 diabetes mellitus", billable=False, parent=None),
    CodeRow(
        code="E11.9",
        description="Type 2 diabetes mellitus without complications",
        billable=True,
        parent="E11",
    ),
    CodeRow(code="J20", description="Acute bronchitis", billable=False, parent=None),
    CodeRow(code="J20.9", description="Acute bronchitis, unspecified", billable=True, parent="J20"),
    CodeRow(
        code="J18.9", description="Pneumonia, unspecified organism", billable=True, parent=None
    ),
)


def a_release(codes: tuple[CodeRow, ...] = CODES, name: str = "ICD-10-CM, for tests") -> Release:
    return Release(
        name=name,
        published_on=date(2026, 4, 1),
        source="invented for tests",
        sha256=fingerprint(name, codes),
        codes=codes,
    )


async def a_loaded_release(works: Works, release: Release | None = None) -> None:
    async with works.begin(LOADER) as uow:
        await load_release(uow, release or a_release())


async def a_problem(
    works: Works, doctor: Actor, patient_id: UUID, **fields: Any
) -> problems.ProblemOut:
    """Without a code unless one is named: then a release has to be loaded."""
    said = {"description": "Hypertension"} if "code" not in fields else {}
    new = problems.NewProblem.model_validate({"patient_id": patient_id, **said, **fields})
    async with works.begin(doctor) as uow:
        return await problems.record_problem(uow, new)
