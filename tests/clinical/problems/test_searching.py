"""What doctors type, and the code they mean; and that it is quick."""

import pytest
from sqlalchemy import text

from app.clinical import problems
from app.clinical.problems import wording
from app.clinical.problems.finding import mentions_in, possible_names
from app.clinical.problems.lexicon import SAID
from app.clinical.problems.naming import short_forms
from app.clinical.problems.searching import require_release
from app.clinical.problems.suggesting import codes_of_names
from app.clinical.problems.suggestion_schemas import Certainty
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.clinical.problems.sentences import LATER, SENTENCES
from tests.fixtures.statements import heard

Table = tuple[tuple[str, tuple[str, ...]], ...]
TYPED: tuple[tuple[str, str], ...] = (
    ("htn", "I10"),
    ("hypertension", "I10"),
    ("high blood pressure", "I10"),
    ("I10", "I10"),
    ("i10", "I10"),
    ("dm2", "E11.9"),
    ("t2dm", "E11.9"),
    ("type 2 diabetes", "E11.9"),
    ("diabetes type 2", "E11.9"),
    ("diab mell type 2 without", "E11.9"),
    ("dm2 neuropathy", "E11.40"),
    ("type 1 diabetes", "E10.9"),
    ("E119", "E11.9"),
    ("E11.9", "E11.9"),
    ("e11.6", "E11.610"),
    ("copd", "J44.9"),
    ("copd exac", "J44.1"),
    ("chronic obstructive pulm", "J44.9"),
    ("uti", "N39.0"),
    ("urinary tract inf", "N39.0"),
    ("gerd", "K21.9"),
    ("reflux", "K21.9"),
    ("heartburn", "R12"),
    ("afib", "I48.91"),
    ("atrial fib", "I48.91"),
    ("fibrillation atrial", "I48.91"),
    ("paroxysmal af", "I48.0"),
    ("mi", "I21.9"),
    ("heart attack", "I21.9"),
    ("nstemi", "I21.4"),
    ("old mi", "I25.2"),
    ("cad", "I25.10"),
    ("chf", "I50.9"),
    ("systolic heart failure", "I50.20"),
    ("pneumonia", "J18.9"),
    ("asthma", "J45.909"),
    ("mild persistent asthma", "J45.30"),
    ("bronchitis acute", "J20.9"),
    ("uri", "J06.9"),
    ("strep throat", "J02.0"),
    ("flu", "J11.1"),
    ("covid", "U07.1"),
    ("depression", "F32.A"),
    ("mdd recurrent severe", "F33.2"),
    ("anxiety", "F41.9"),
    ("ptsd", "F43.10"),
    ("adhd", "F90.9"),
    ("migraine", "G43.909"),
    ("headache", "R51.9"),
    ("low back pain", "M54.50"),
    ("lbp", "M54.50"),
    ("sciatica right", "M54.31"),
    ("osteoarthritis knee right", "M17.11"),
    ("gout", "M10.9"),
    ("osteoporosis", "M81.0"),
    ("ra", "M06.9"),
    ("hypothyroidism", "E03.9"),
    ("high cholesterol", "E78.00"),
    ("obesity", "E66.9"),
    ("vitamin d def", "E55.9"),
    ("iron deficiency anaemia", "D50.9"),
    ("ckd 3b", "N18.32"),
    ("ckd stage 4", "N18.4"),
    ("kidney stone", "N20.0"),
    ("bph", "N40.0"),
    ("crohn's", "K50.90"),
    ("diverticulitis", "K57.92"),
    ("gallstones", "K80.20"),
    ("appendicitis", "K37"),
    ("cellulitis left leg", "L03.116"),
    ("eczema", "L30.9"),
    ("shingles", "B02.9"),
    ("stroke", "I63.9"),
    ("tia", "G45.9"),
    ("pe", "I26.99"),
    ("deep embolism thrombosis right lower", "I82.401"),
    ("breast cancer", "C50.919"),
    ("otitis media right", "H66.91"),
    ("pink eye", "H10.9"),
    ("sprained ankle", "S93.409A"),
    ("fracture lower radius right", "S52.501A"),
    ("alzheimer", "G30.9"),
    ("sleep apnoea", "G47.30"),
    ("ménière", "H81.09"),
)


async def test_what_a_doctor_types_is_found_among_the_first_five(
    coded: Works, reader: Actor
) -> None:
    missed = []
    async with coded.begin(reader) as uow:
        for typed, code in TYPED:
            found = await problems.search_codes(uow, typed, limit=5)
            codes = [each.code for each in found.items]
            if code not in codes:
                missed.append((typed, code, codes))
    assert not missed


async def test_codes_come_before_headings_and_the_release_is_told(
    coded: Works, reader: Actor
) -> None:
    async with coded.begin(reader) as uow:
        found = await problems.search_codes(uow, "cholera", limit=10)
        nothing = await problems.search_codes(uow, "zzyzx")
    kinds = [each.billable for each in found.items]
    assert kinds == sorted(kinds, reverse=True)
    assert found.release.name == nothing.release.name == "ICD-10-CM, April 2026"
    assert str(found.release.published_on) == "2026-04-01"
    assert nothing.items == []


@pytest.mark.parametrize(
    "typed", ["a", "right", "encounter", "fracture", "dm2", "e11", "%_'\\", "&|!:*"]
)
async def test_no_search_reads_the_whole_table(coded: Works, reader: Actor, typed: str) -> None:
    async with coded.begin(reader) as uow:
        async with heard(coded) as sent:
            await problems.search_codes(uow, typed)
        for each in sent:
            if "icd10_codes" in each.sql:
                plan = await uow.line.driver.fetch(f"explain {each.sql}", *each.arguments)
                said = "\n".join(row[0] for row in plan)
                assert "Seq Scan on icd10_codes" not in said, said


async def test_without_a_release_it_is_said_that_nothing_was_searched(
    works: Works, reader: Actor
) -> None:
    async with works.begin(reader) as uow:
        with pytest.raises(problems.NoReleaseLoaded):
            await problems.search_codes(uow, "gout")


def test_words_of_a_question_are_letters_and_digits_only() -> None:
    words = wording.wanted_words("O'Brien's & (type:* | 2) !")
    assert words == ["obrien", "type", "2"]
    assert wording.word_query(["dm2"], short_forms()) == "(dm2:* | (type:* & 2:* & diabete:*))"


async def test_every_code_of_the_doctors_words_is_in_the_packaged_release(
    coded: Works, reader: Actor
) -> None:
    async with coded.begin(reader) as uow:
        known = set(
            (await uow.db.execute(text("select code from icd10_codes where billable"))).scalars()
        )
    assert sorted({code for code, _ in SAID} - known) == []


async def misread(works: Works, reader: Actor, table: Table) -> list[object]:
    wrong: list[object] = []
    async with works.begin(reader) as uow:
        release = await require_release(uow)
        for sentence, expected in table:
            known, _ = await codes_of_names(uow, release, possible_names(sentence))
            found = tuple(
                f"{each.code}{'?' if each.certainty is Certainty.UNCERTAIN else ''}"
                for each in mentions_in(sentence, known)
            )
            if found != expected:
                wrong.append((sentence, expected, found))
    return wrong


async def test_an_assessment_names_its_diagnoses_and_nothing_it_denies(
    coded: Works, reader: Actor
) -> None:
    """Of sentences written before any tuning all, of later ones nine in ten."""
    assert await misread(coded, reader, SENTENCES) == []
    wrong = await misread(coded, reader, LATER)
    assert len(wrong) <= len(LATER) // 10, wrong
