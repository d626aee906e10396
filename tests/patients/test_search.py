"""Finding patients by whatever somebody at the desk has heard."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app import patients
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.paging import CursorUnreadable
from app.patients.search_text import describe, fold, grams_of, wanted_words
from tests.builders.patients import a_patient, new_patient

PEOPLE = (
    ("Mara", "Okafor-Lind", date(1945, 7, 14), "+1 (555) 010-2030"),
    ("José", "Núñez", date(1960, 4, 3), "555-777-8899"),
    ("Łucja", "O\u2019Brien", date(2001, 12, 1), None),
    ("Jo", "Xu", date(1988, 1, 31), "030/12345"),
)


@pytest.fixture
async def people(works: Works, doctor: Actor) -> None:
    for given_name, family_name, birth_date, phone in PEOPLE:
        await a_patient(
            works,
            doctor,
            given_name=given_name,
            family_name=family_name,
            birth_date=birth_date,
            phone=phone,
        )


async def found(works: Works, actor: Actor, question: str | None) -> list[str]:
    async with works.begin(actor) as uow:
        items, _ = await patients.find_patients(uow, question)
        return [patient.given_name for patient in items]


QUESTIONS: tuple[tuple[str | None, list[str]], ...] = (
    ("mara", ["Mara"]),
    ("kafo", ["Mara"]),
    ("OKAFOR-LIND", ["Mara"]),
    ("lind mara", ["Mara"]),
    ("mara nunez", []),
    ("14-Jul-1945", ["Mara"]),
    ("1945-07-14", ["Mara"]),
    ("14.07.1945", ["Mara"]),
    ("14.7.1945", ["Mara"]),
    ("07/14/1945", ["Mara"]),
    ("7/14/1945", ["Mara"]),
    ("14/07/1945", ["Mara"]),
    ("14 July 1945", ["Mara"]),
    ("July 14, 1945", ["Mara"]),
    ("lind, 14-jul-1945", ["Mara"]),
    ("3/4/1960", ["José"]),
    ("4/3/1960", ["José"]),
    ("1945", ["Mara"]),
    ("31-Jan-1988", ["Jo"]),
    ("15-Jul-1945", []),
    ("010-2030", ["Mara"]),
    ("(555) 777", ["José"]),
    ("+15550102030", ["Mara"]),
    ("03012345", ["Jo"]),
    ("MRN-100001", ["Mara"]),
    ("100002", ["José"]),
    ("NUNEZ", ["José"]),
    ("nún\u0303ez", ["José"]),
    ("lucja", ["Łucja"]),
    ("obrien", ["Łucja"]),
    ("o'brien", ["Łucja"]),
    ("xu", ["Jo"]),
    ("x", ["Jo"]),
    ("jo", ["José", "Jo"]),
    ("j xu", ["Jo"]),
    ("ra", []),
    ("%", []),
    ("_", []),
    ("m%a", []),
    ("mar_", ["Mara"]),
    ("%%ara\\", ["Mara"]),
    ("'; drop table patients; --", []),
    ("   ", ["José", "Łucja", "Mara", "Jo"]),
    (None, ["José", "Łucja", "Mara", "Jo"]),
)


@pytest.mark.usefixtures("people")
async def test_everybody_is_found_by_what_people_ask_for(works: Works, receptionist: Actor) -> None:
    answers = {question: await found(works, receptionist, question) for question, _ in QUESTIONS}
    assert answers == dict(QUESTIONS)


@pytest.mark.usefixtures("people")
async def test_a_changed_name_is_found_and_the_old_one_is_not(works: Works, doctor: Actor) -> None:
    async with works.begin(doctor) as uow:
        (mara, *_), _ = await patients.find_patients(uow, "mara")
        update = patients.UpdatePatient(family_name="Summer", phone=None)
        await patients.update_patient(uow, mara.id, update, version=1)
    assert await found(works, doctor, "mara summer") == ["Mara"]
    assert await found(works, doctor, "okafor") == []
    assert await found(works, doctor, "5550102030") == []


@pytest.mark.parametrize("cursor", ["?", "AAAA", "né", "AAAAAAAAAAAAAAAAAAAAAA=="])
async def test_a_cursor_that_is_not_ours_is_refused(
    works: Works, doctor: Actor, cursor: str
) -> None:
    async with works.begin(doctor) as uow:
        with pytest.raises(CursorUnreadable):
            await patients.find_patients(uow, None, patients.NamePage.read(cursor))


async def all_pages(uow: UnitOfWork, question: str | None, limit: int) -> list[UUID]:
    ids: list[UUID] = []
    cursor: str | None = None
    while True:
        page = patients.NamePage.read(cursor, limit)
        items, cursor = await patients.find_patients(uow, question, page)
        assert len(items) <= limit
        ids += [patient.id for patient in items]
        if cursor is None:
            return ids


NAMES = ("ann", "Ann", "ANN", "Änn", "Anna", "ann b", "ann-b", "a'nn", "ann")


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_pages_hold_everybody_once_in_order_even_namesakes(
    works: Works, doctor: Actor, limit: int
) -> None:
    for given_name in NAMES:
        for family_name in ("Berg", "berg"):
            await a_patient(works, doctor, given_name=given_name, family_name=family_name)
    async with works.begin(doctor) as uow:
        at_once, _ = await patients.find_patients(uow, "berg", patients.NamePage(limit=100))
        assert len(at_once) == 2 * len(NAMES)
        assert await all_pages(uow, "berg", limit) == [patient.id for patient in at_once]
        assert await all_pages(uow, None, limit) == [patient.id for patient in at_once]


class Undone(Exception):
    """Takes back what one example wrote."""


few_names = st.lists(
    st.tuples(st.sampled_from(NAMES), st.text("aAäzÅ -'", min_size=1, max_size=3).map("x".__add__)),
    max_size=8,
)


@given(names=few_names, limit=st.integers(1, 4))
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_pages_hold_everybody_once_whatever_their_names(
    works: Works, doctor: Actor, names: list[tuple[str, str]], limit: int
) -> None:
    with suppress(Undone):
        async with works.begin(doctor) as uow:
            for given_name, family_name in names:
                new = new_patient(given_name=given_name, family_name=family_name)
                await patients.register_patient(uow, new)
            at_once, _ = await patients.find_patients(uow, None, patients.NamePage(limit=100))
            assert len(at_once) == len(names)
            assert await all_pages(uow, None, limit) == [patient.id for patient in at_once]
            raise Undone


letters = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(letters)
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(given_name=letters, family_name=letters, birth=st.dates(min_value=date(1870, 1, 1)))
def test_whoever_is_typed_as_written_is_found(
    given_name: str, family_name: str, birth: date
) -> None:
    phrase = describe(
        given=given_name, family=family_name, birth=birth, phone=None, mrn="MRN-100001"
    )
    for question in (family_name, given_name, f"{birth:%d-%b-%Y}", f"{birth:%d.%m.%Y}"):
        assert all(word in phrase for word in wanted_words(question)), question


async def test_the_database_cuts_words_as_we_do(works: Works, doctor: Actor) -> None:
    phrases: Sequence[str] = ("mara okafor lind 19450714", "jo xu", "x", "李 小龙 a", "")
    async with works.begin(doctor) as uow:
        for phrase in phrases:
            row = await uow.db.execute(text("select search_grams(:phrase)"), {"phrase": phrase})
            assert set(grams_of(phrase.split())) <= set(row.scalar_one())
