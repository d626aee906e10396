"""Files of laboratories: what is read of them, what is refused, and that twice is once."""

from datetime import UTC, date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.clinical import results
from app.clinical.results.file_reports import FileReport, Unreadable
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.patients import Patient
from tests.builders.patients import a_patient
from tests.builders.results import an_ordered_item

HEAD = (
    "report_id,mrn,birth_date,status,issued_at,order_item_id,responsible,title,collected_at,"
    "conclusion,code,name,value,unit,low,high,flag"
)


ELECTROLYTES = "24326-1^Electrolytes^LN"
TAKEN, ISSUED = "202603010800+0100", "202603011000+0100"


def csv_of(*rows: str) -> str:
    return "\n".join([HEAD, *rows])


def potassium(mrn: str, number: str = "L1", value: str = "6.8", **said: str) -> str:
    told = {
        "born": "1945-07-14",
        "status": "final",
        "issued": "2026-03-01T10:00:00Z",
        "order": "",
        "responsible": "doctor",
        **said,
    }
    return (
        f"{number},{mrn},{told['born']},{told['status']},{told['issued']},{told['order']},"
        f"{told['responsible']},Chemistry,2026-03-01T08:00:00Z,,2823-3,Potassium,{value},mmol/L,3.5,5.1,"
    )


def oru(mrn: str, *, order: str = "", status: str = "F", value: str = "6.8") -> str:
    return "\r".join(
        [
            "MSH|^~\\&|LIS|LAB|DRA|CLINIC|202603011005||ORU^R01|M1|P|2.5.1",
            f"PID|1||{mrn}^^^CLINIC^MR~999^^^NAT||Okafor-Lind^Mara||19450714|F",
            f"OBR|1|{order}|F77|{ELECTROLYTES}|||{TAKEN}|||||||||doctor^W||||||{ISSUED}|||{status}",
            f"OBX|1|NM|2823-3^Potassium^LN||{value}|mmol/L|3.5-5.1|HH|||{status}",
            "OBX|2|SN|2951-2^Sodium^LN||<^120|mmol/L|136-145|LL|||F",
            "OBX|3|CE|883-9^ABO group^LN||A^Group A^L||||||F",
            "OBX|4|TX|IMP^Impression^L||Haemolysed\\T\\ repeated.\\.br\\Call the ward.||||||F",
            "NTE|1||Called to the ward.",
        ]
    )


async def taken(works: Works, text: str, **how: bool) -> results.Imported:
    return await results.import_reports(works, results.read_file(text, UTC), **how)


async def everything(works: Works, doctor: Actor, patient: Patient) -> list[results.WholeReport]:
    async with works.begin(doctor) as uow:
        found, _ = await results.list_results(uow, patient.id)
        return [await results.read_result(uow, each.id) for each in found]


async def count(works: Works, model: type) -> int:
    async with works.sessions() as db:
        return (await db.execute(select(func.count()).select_from(model))).scalar_one()


async def test_a_csv_file_twice_is_taken_in_once(works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    mrn = patient.mrn
    text = csv_of(
        potassium(mrn),
        potassium(mrn).replace("2823-3,Potassium,6.8", "2951-2,Sodium,140"),
        potassium(mrn, "L2", "4.1", status="preliminary"),
        potassium(mrn, "L2", "4.2", issued="2026-03-01T11:00:00Z"),
    )
    first = await taken(works, text)
    assert (first.taken, first.again, first.rejected) == (3, 0, [])
    second = await taken(works, text)
    assert (second.taken, second.again, second.rejected) == (0, 3, [])
    whole = await everything(works, doctor, patient)
    assert [(each.external_id, each.versions, each.flag) for each in whole] == [
        ("L2", 2, "normal"),
        ("L1", 1, "critical-high"),
    ]
    assert [each.name for each in whole[1].reports[0].observations] == ["Potassium", "Sodium"]
    assert whole[0].responsible.name == "Dr. Ada Winter"


async def test_an_oru_message_completes_its_order_and_says_what_it_said(
    works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    item_id = await an_ordered_item(works, doctor, patient_id=patient.id)
    for again in (0, 1):
        found = await taken(works, oru(patient.mrn, order=str(item_id)))
        assert (found.taken, found.again, found.rejected) == (1 - again, again, [])
    [report] = await everything(works, doctor, patient)
    assert (report.order_item_id, report.external_id) == (item_id, "LAB:F77")
    version = report.reports[0]
    assert version.collected_at is not None
    assert version.collected_at.isoformat() == "2026-03-01T07:00:00+00:00"
    assert version.conclusion == "Haemolysed& repeated.\nCall the ward.\nCalled to the ward."
    assert [
        (each.name, each.comparator, each.value, each.text, each.flag)
        for each in version.observations
    ] == [
        ("Potassium", None, 6.8, None, "critical-high"),
        ("Sodium", "<", 120.0, None, "critical-low"),
        ("ABO group", None, None, "Group A", "not-judged"),
    ]
    corrected = await taken(works, oru(patient.mrn, order=str(item_id), status="C", value="4.8"))
    assert corrected.taken == 1
    late = await taken(works, oru(patient.mrn, order=str(item_id), status="P", value="4.9"))
    assert [each.why.split(":")[0] for each in late.rejected] == ["illegal-move"]


async def test_what_does_not_fit_is_rejected_with_its_line_and_the_rest_is_taken_in(
    works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    other = await a_patient(works, doctor, given_name="Eva", birth_date=date(1970, 1, 2))
    theirs = await an_ordered_item(works, doctor, patient_id=other.id)
    mrn = patient.mrn
    text = csv_of(
        potassium("MRN-1"),
        potassium(mrn, "L2", born="1945-07-15"),
        potassium(mrn, "L3", order=str(theirs)),
        potassium(mrn, "L4", order="whatever"),
        potassium(mrn, "L5", responsible="nobody"),
        potassium(mrn, "L6", responsible=""),
        potassium(mrn, "L7", status="done"),
        potassium(mrn, "L8", value=""),
        potassium(mrn, "L9").replace("3.5,5.1", "low,5.1"),
        potassium(mrn, "L10", "4.1"),
    )
    tried = await taken(works, text, dry_run=True)
    assert (tried.taken, len(tried.rejected)) == (1, 9)
    assert await count(works, results.DiagnosticReport) == 0
    found = await taken(works, text)
    assert found.taken == 1
    assert {each.line: each.why.split(":")[0] for each in found.rejected} == {
        2: "patient-unknown",
        3: "birth-date-differs",
        4: "order-of-another",
        5: "order-unknown",
        6: "responsible-unknown",
        7: "responsible-missing",
        8: "cannot be read",
        9: "content",
        10: "cannot be read",
    }
    assert "1945" not in str(found.rejected)


async def test_a_laboratory_cancels_only_what_it_reported_of_this_patient(
    works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    other = await a_patient(works, doctor, given_name="Eva")
    await taken(works, csv_of(potassium(patient.mrn, status="preliminary")))
    wrong = await taken(works, csv_of(potassium(other.mrn, status="cancelled", value="")))
    assert [each.why.split(":")[0] for each in wrong.rejected] == ["external-id-taken"]
    [report] = await everything(works, doctor, patient)
    assert (report.status, report.flag) == ("preliminary", "critical-high")
    right = await taken(works, csv_of(potassium(patient.mrn, status="cancelled", value="")))
    assert (right.taken, right.rejected) == (1, [])


async def test_a_line_that_cannot_be_kept_stops_no_other(works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    text = csv_of(
        potassium(patient.mrn, "L1").replace("Chemistry", "C" * 201),
        potassium(patient.mrn, "L" * 201),
        potassium("M\x00RN", "L3"),
        potassium(patient.mrn, "L4", status="entered-in-error"),
        potassium(patient.mrn, "L5"),
    )
    found = await taken(works, text)
    assert (found.taken, [(each.line, each.why) for each in found.rejected]) == (
        1,
        [
            (2, "cannot be read: title"),
            (3, "cannot be read: report_id"),
            (4, "cannot be read: mrn"),
            (5, "cannot be read: status"),
        ],
    )
    message = oru(patient.mrn)
    spoilt = [
        message.replace("^Electrolytes^", f"^{'E' * 201}^"),
        message.replace(f"||{patient.mrn}^", "||M\x00^"),
        message.replace("+0100", "+9900"),
    ]
    found = await taken(works, "\r".join([*spoilt, message]))
    assert (found.taken, [each.why.split(": ")[1] for each in found.rejected]) == (
        1,
        ["OBR-4", "PID-3", "OBR-22"],
    )


async def test_an_import_that_is_stopped_leaves_whole_reports_and_goes_on_later(
    works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    text = csv_of(
        *(potassium(patient.mrn, f"L{number}") for number in range(4)),
        *(
            potassium(patient.mrn, f"L{number}").replace("2823-3,Potassium", "2951-2,Sodium")
            for number in range(4)
        ),
    )

    class Stopped(BaseException):
        pass

    def stop(done: int, total: int) -> None:
        assert total == 4
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        await results.import_reports(works, results.read_file(text, UTC), on_progress=stop)
    assert await count(works, results.DiagnosticReport) == 2
    assert await count(works, results.Observation) == 4
    found = await taken(works, text)
    assert (found.taken, found.again) == (2, 2)


def test_a_file_that_is_neither_is_refused_whole() -> None:
    with pytest.raises(ValueError, match="lacks the columns report_id"):
        results.read_file("a,b\n1,2", UTC)
    with pytest.raises(ValueError, match="nothing is known of the columns colour"):
        results.read_file(HEAD + ",colour\n", UTC)


def content_of(text: str) -> Any:
    [found] = results.read_file(text, UTC)
    assert isinstance(found, FileReport), found
    return found.content


@pytest.mark.parametrize(
    ("sent", "words"), [("^1^:^128", "1:128"), ("^100^-^200", "100-200"), ("^2^+", "2+")]
)
def test_a_ratio_or_a_range_is_no_number(sent: str, words: str) -> None:
    titre = content_of(oru("MRN-1").replace("<^120", sent)).observations[1]
    assert (titre.value, titre.text) == (None, words)


@pytest.mark.parametrize("status", list("DNWX"))
def test_what_the_laboratory_takes_back_is_no_value(status: str) -> None:
    content = content_of(oru("MRN-1").replace("|HH|||F", f"|HH|||{status}"))
    assert [each.name for each in content.observations] == ["Sodium", "ABO group"]
    wrong = content_of(oru("MRN-1").replace("ward.||||||F", f"ward.|||AA|||{status}"))
    assert (wrong.conclusion, wrong.interpretation) == ("Called to the ward.", None)


def test_a_critical_finding_in_words_is_critical() -> None:
    assert content_of(oru("MRN-1")).interpretation is None
    found = content_of(oru("MRN-1").replace("ward.||||||F", "ward.|||AA|||F"))
    assert found.interpretation == "critical"
    unknown = content_of(oru("MRN-1").replace("ward.||||||F", "ward.|||POS|||F"))
    assert (unknown.interpretation, unknown.conclusion) == (None, content_of(oru("M-1")).conclusion)


def test_somebody_may_be_born_at_a_time_of_day() -> None:
    [found] = results.read_file(oru("MRN-1").replace("|19450714|", "|194507140315|"), UTC)
    assert isinstance(found, FileReport)
    assert found.birth_date == date(1945, 7, 14)


def test_words_in_a_csv_file_may_go_over_several_lines() -> None:
    told = potassium("MRN-1").replace("00Z,,2823", '00Z,"No fracture.\r\nAgain in a week.",2823')
    first, second = results.read_file(csv_of(told, "", potassium("MRN-1", "L2")), UTC)
    assert isinstance(first, FileReport)
    assert (first.line, first.content.conclusion) == (2, "No fracture.\r\nAgain in a week.")
    assert second.line == 5
    with pytest.raises(ValueError, match="line 2 is no CSV"):
        results.read_file(csv_of('"' + "x" * 200_000 + '"'), UTC)


@pytest.mark.parametrize(
    ("cut", "why"),
    [
        ("PID|1||", "PID-3"),
        ("|F77|", "OBR-3"),
        ("ORU^R01", "is no result"),
        ("19450714", "PID-7"),
        ("202603010800+0100", "OBR-7"),
    ],
)
def test_a_message_that_lacks_what_is_needed_says_which_field(cut: str, why: str) -> None:
    instead = {"|F77|": "||", "ORU^R01": "ADT^A01", "202603010800+0100": "2026030108"}
    text = oru("MRN-100001").replace(cut, instead.get(cut, "PID|1||^" if "PID" in cut else "soon"))
    [found] = results.read_file(text, UTC)
    assert isinstance(found, Unreadable)
    assert why in found.why


def test_the_documented_example_can_be_read() -> None:
    page = Path("docs/results-files.md").read_text()
    blocks = page.split("```")[1::2]
    csv_text, hl7_text = (block.split("\n", 1)[1] for block in blocks[:2])
    for text in (csv_text, hl7_text):
        found = results.read_file(text, UTC)
        assert found
        assert all(isinstance(each, FileReport) for each in found)
        assert UUID(str(found[0].order_item_id))  # type: ignore[union-attr]
