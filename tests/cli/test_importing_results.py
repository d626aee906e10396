"""`dra results import`, from the file to the rows."""

import asyncio
from pathlib import Path

import pytest
import typer
from sqlalchemy import func, select

from app.cli.importing_results import import_file
from app.clinical import results
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient

HEAD = "report_id,mrn,birth_date,status,issued_at,responsible,code,name,value,unit"
VALUE = "1945-07-14,final,2026-03-01T08:00:00Z,doctor,2823-3,Potassium,4.1,mmol/L"


@pytest.fixture
def site_of_ours(urls: StoreUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", urls.database_url)
    monkeypatch.setenv("MONGO_URL", urls.mongo_url)


async def stored(works: Works) -> int:
    async with works.sessions() as db:
        statement = select(func.count()).select_from(results.DiagnosticReport)
        return (await db.execute(statement)).scalar_one()


async def test_a_file_is_tried_taken_in_and_taken_in_again(
    works: Works,
    doctor: Actor,
    site_of_ours: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    patient = await a_patient(works, doctor)
    file = tmp_path / "results.csv"
    file.write_text(f"{HEAD}\nL1,{patient.mrn},{VALUE}\nL2,MRN-1,{VALUE}\n")
    for dry_run, said, rows in (
        (True, "1 would be taken in, 0 there already, 1 rejected.", 0),
        (False, "1 taken in, 0 there already, 1 rejected.", 1),
        (False, "0 taken in, 1 there already, 1 rejected.", 1),
    ):
        with pytest.raises(typer.Exit):
            await asyncio.to_thread(import_file, file, dry_run=dry_run)
        told = " ".join(capsys.readouterr().out.split())
        assert said in told
        assert "patient-unknown" in told
        assert await stored(works) == rows
