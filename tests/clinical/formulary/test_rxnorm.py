"""RxNorm's files: numbers and names for drugs, and no promise about checks."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.clinical import formulary
from app.clinical.formulary import CheckKind, Medicine, Outcome, PatientFacts
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.formulary import IMPORTER, the_starter

CONCEPTS = [
    ("29046", "IN", "lisinopril"),
    ("203644", "BN", "Zestril"),
    ("999001", "BN", "Lisibrand"),
    ("999010", "IN", "novelamine"),
    ("999011", "BN", "Novelbrand"),
    ("999012", "PIN", "novelamine mesylate"),
    ("214618", "MIN", "hydrochlorothiazide / lisinopril"),
    ("5487", "IN", "hydrochlorothiazide"),
    ("999020", "MIN", "lisinopril / novelamine"),
]
RELATIONS = [
    ("29046", "999001", "tradename_of"),
    ("29046", "203644", "tradename_of"),
    ("999011", "999010", "has_tradename"),
    ("999010", "999012", "form_of"),
    ("214618", "29046", "part_of"),
    ("5487", "214618", "has_part"),
    ("999020", "29046", "part_of"),
    ("999020", "999010", "part_of"),
]


def concept(cui: str, kind: str, name: str) -> str:
    cells = [cui, "ENG", "", "", "", "", "", "", "", "", "", "RXNORM", kind, "", name, "", "N", ""]
    return "|".join(cells) + "|"


def relation(first: str, second: str, what: str) -> str:
    return "|".join([first, "", "CUI", "RO", second, "", "CUI", what, *[""] * 8]) + "|"


@pytest.fixture
def rrf(tmp_path: Path) -> Path:
    folder = tmp_path / "RxNorm" / "rrf"
    folder.mkdir(parents=True)
    lines = [concept(*one) for one in CONCEPTS]
    lines.append(concept("1", "IN", "not ours").replace("RXNORM", "MMSL"))
    (folder / "RXNCONSO.RRF").write_text("\n".join(lines) + "\n")
    (folder / "RXNREL.RRF").write_text("\n".join(relation(*one) for one in RELATIONS) + "\n")
    return folder.parent


async def test_known_drugs_gain_numbers_and_new_ones_cover_nothing(
    works: Works, doctor: Actor, rrf: Path
) -> None:
    starter = await the_starter(works)
    async with works.begin(IMPORTER) as uow:
        head, contents = await formulary.read_release(uow, rrf, version="2026-11-02")
        imported = await formulary.import_release(uow, head, contents, replace=True)
    assert imported.release.counts["drugs"] == starter.counts["drugs"] + 2
    assert imported.release.counts["interactions"] == starter.counts["interactions"]
    assert imported.release.effective_on == starter.effective_on
    async with works.begin(doctor) as uow:
        known = await formulary.get_drug(uow, "lisinopril")
        assert known.rxcui == "29046"
        assert "Lisibrand" in known.brands
        assert known.brands.count("Zestril") == 1
        assert (await formulary.get_drug(uow, "lisinopril-hydrochlorothiazide")).rxcui == "214618"
        names = ["Novelbrand", "novelamine mesylate", "lisinopril / novelamine", "not ours"]
        keys = await formulary.recognise(uow, names)
        assert list(keys.values())[:2] == ["novelamine"] * 2
        assert list(keys.values())[2:] == ["lisinopril-novelamine", None]
        facts = PatientFacts(
            age_years=40,
            sex="male",
            allergies=("penicillin",),
            medicines=(Medicine(drug_key="warfarin", name="warfarin"),),
        )
        novel = Medicine(drug_key="novelamine", name="novelamine")
        said = {one.kind: one.outcome for one in await formulary.check(uow, novel, facts)}
        assert said[CheckKind.ALLERGY] == said[CheckKind.INTERACTION] == Outcome.NOT_CHECKED
        assert said[CheckKind.DUPLICATE] == said[CheckKind.DOSE] == Outcome.NOT_CHECKED
        allergic = facts.model_copy(update={"allergies": ("Novelbrand: hives",)})
        assert (await formulary.check(uow, novel, allergic))[0].outcome == Outcome.WARNING
        both = Medicine(drug_key="lisinopril-novelamine", name="both")
        pressed = facts.model_copy(update={"allergies": ("lisinopril",)})
        assert (await formulary.check(uow, both, pressed))[0].outcome == Outcome.WARNING


async def test_a_file_that_is_no_rxnorm_says_where(works: Works, rrf: Path) -> None:
    (rrf / "rrf" / "RXNREL.RRF").write_text("29046|not|enough\n")
    (rrf / "rrf" / "RXNCONSO.RRF").write_text(concept(*CONCEPTS[0]) + "\n29046|ENG\n")
    async with works.begin(IMPORTER) as uow:
        with pytest.raises(formulary.FormularyUnreadable) as refused:
            await formulary.read_release(uow, rrf)
    assert [one["at"] for one in refused.value.errors] == [
        ["RXNCONSO.RRF", "2"],
        ["RXNREL.RRF", "1"],
    ]


def test_the_command_line_tries_first_and_tells_every_line(
    urls: StoreUrls, rrf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("DATABASE_URL", urls.database_url), ("MONGO_URL", urls.mongo_url)):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["formulary", *arguments])
        return result.exit_code, result.output

    assert run("load-starter") == (0, "The starter formulary is in use.\n")
    assert run("load-starter") == (0, "Nothing to do.\n")
    tried = run("import", str(rrf), "--version", "2026-11-02", "--dry-run")
    assert tried[0] == 0, tried[1]
    assert "Nothing was changed." in tried[1]
    done = run("import", str(rrf), "--version", "2026-11-02")
    assert done[0] == 0, done[1]
    assert "RxNorm with Starter formulary 2026.11 2026-11-02" in done[1]
    (tmp_path / "release.toml").write_text('name = "x"\nversion = "1"\n')
    refused = run("import", str(tmp_path))
    assert refused[0] == 1
    assert "release.toml" in refused[1]
