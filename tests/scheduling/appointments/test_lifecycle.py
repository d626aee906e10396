"""The states of an appointment: what the database, FHIR and the lifecycle say of each."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling.appointments import APPOINTMENT, LIVE, AppointmentStatus, fhir_status
from app.scheduling.appointments.models import KEEPS_MOMENTS, MOMENTS
from app.scheduling.appointments.presenting import MOVES
from app.scheduling.appointments.schemas import MoveName
from tests.builders.appointments import an_appointment, an_arrival
from tests.builders.availability import Clinic

S = AppointmentStatus
SQL = Path(__file__).parents[3] / "sql" / "20261121070100_appointments.up.sql"
FHIR_R4 = {
    "proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow",
    "entered-in-error", "checked-in", "waitlist",
}  # fmt: skip
WHERE_THEY_LEAD = {
    MoveName.ARRIVAL: S.ARRIVED,
    MoveName.ROOMING: S.IN_ROOM,
    MoveName.DEPARTURE: S.CHECKED_OUT,
    MoveName.NO_SHOW: S.NOSHOW,
    MoveName.CANCELLATION: S.CANCELLED,
    MoveName.ENTERED_IN_ERROR: S.ENTERED_IN_ERROR,
}


def words_after(beginning: str) -> list[set[str]]:
    """The lists of words in the migration that follow these."""
    found = re.findall(re.escape(beginning) + r" in \(([^)]*)\)", SQL.read_text())
    return [set(re.findall(r"'([^']*)'", words)) for words in found]


def test_the_constraints_name_the_states_that_take_time() -> None:
    lists = words_after("status")
    blocking = [words for words in lists if "pending" in words and "cancelled" not in words]
    assert blocking == [set(LIVE)] * 3
    assert set(S) in lists


def test_every_state_has_a_word_of_fhir() -> None:
    assert {fhir_status(status) for status in S} <= FHIR_R4
    for status in (S.PENDING, S.BOOKED, S.ARRIVED, S.NOSHOW, S.CANCELLED, S.ENTERED_IN_ERROR):
        assert fhir_status(status) == status


def test_a_live_state_is_never_a_last_one() -> None:
    assert APPOINTMENT.terminal == {S.ENTERED_IN_ERROR}
    for status in S:
        ways_in = [one for one in S if APPOINTMENT.allows(one, status)]
        assert ways_in or status is S.PENDING


def test_what_may_be_done_is_what_the_lifecycle_allows() -> None:
    for status, moves in MOVES.items():
        for move in moves:
            if move is not MoveName.RESCHEDULE:
                assert APPOINTMENT.allows(status, WHERE_THEY_LEAD[move])


def test_each_moment_is_kept_from_its_state_on() -> None:
    for states in MOMENTS.values():
        assert not states & KEEPS_MOMENTS
        assert S.BOOKED not in states
        assert S.CHECKED_OUT in states


async def test_history_and_holds_cannot_be_rewritten(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic)
    await an_arrival(works, receptionist, booked.id)
    for change in (
        "delete from appointment_moves",
        "update appointment_moves set moved_at = moved_at",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            async with works.begin(receptionist) as uow:
                await uow.db.execute(text(change))


@pytest.mark.parametrize(
    "change",
    [
        "ends_at = starts_at",
        "ends_at = starts_at + interval '25 hours'",
        "status = 'pending', expires_at = null",
        "patient_id = null",
        "overridden = '{room}'",
        "status = 'gone'",
    ],
)
async def test_the_database_knows_nonsense_when_it_sees_it(
    works: Works, receptionist: Actor, clinic: Clinic, change: str
) -> None:
    await an_appointment(works, receptionist, clinic)
    with pytest.raises(DBAPIError, match="check constraint"):
        async with works.begin(receptionist) as uow:
            await uow.db.execute(text(f"update appointments set {change}"))
