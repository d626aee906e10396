"""The chart as a page and as a PDF: the same content, nothing dropped, each taking written down."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from app import audit, patients
from app.clinical import notes, orders, prescriptions, results
from app.clinical.notes.body import SectionKey
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.web.pdf import Letters, chart_pdf
from app.web.presenters.chart_export import Chart, Content
from app.web.presenters.chart_sections import Entry, Paragraph, Section
from tests.builders.encounters import an_encounter
from tests.builders.notes import TYPED, a_typed_note, amended, signed, with_addendum
from tests.builders.orders import a_draft as a_draft_order
from tests.builders.orders import an_order
from tests.builders.patients import a_patient
from tests.builders.prescriptions import (
    AMOXICILLIN,
    ASPIRIN,
    LISINOPRIL,
    WARFARIN,
    WHY,
    a_draft,
    a_formulary,
    an_issued,
)
from tests.builders.problems import a_problem
from tests.builders.results import CRITICAL, a_result, acknowledged, an_outside_result, potassium
from tests.conftest import Client

PATIENT = UUID("0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01")
MADE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STRINGS = re.compile(rb"\((?:[^()\\]|\\.)*\) Tj", re.S)


def text_of(pdf: bytes) -> str:
    """The words of an uncompressed PDF of core fonts, in their order."""
    pieces = [each[1:-4] for each in STRINGS.findall(pdf)]
    return " ".join(re.sub(rb"\\(.)", rb"\1", each).decode("windows-1252") for each in pieces)


def a_chart(*entries: Entry, name: str = "Okafor-Lind, Mara") -> Chart:
    content = Content(
        name=name,
        born="14-Jul-1945",
        sex="female",
        mrn="MRN-100001",
        contact=("Phone 555 0101",),
        sections=(
            Section("Allergies", (), "Not recorded"),
            Section("Signed notes", entries, "No signed note."),
        ),
    )
    return Chart(
        patient_id=PATIENT, content=content, age="80 y", made_at=MADE, made_by="Dr. Ada Winter",
        sha256=content.sha256,
    )  # fmt: skip


async def a_full_record(works: Works, doctor: Actor) -> patients.Patient:
    patient = await a_patient(
        works, doctor, allergies=["penicillin"], medications=[], family_name="Łukowska"
    )
    await a_problem(works, doctor, patient.id, description="Chronic cough", onset="2019")
    encounter = await an_encounter(works, doctor, patient_id=patient.id, reason="cough")
    note = await signed(
        works, doctor, await a_typed_note(works, doctor, TYPED, encounter_id=encounter.id)
    )
    await amended(works, doctor, note.id, {SectionKey.DIAGNOSES: "Acute bronchitis, left."})
    await with_addendum(works, doctor, note.id, "Potassium was normal.")
    await a_typed_note(
        works, doctor, {SectionKey.DIAGNOSES: "A draft of mine."}, encounter_id=encounter.id
    )
    async with works.begin(doctor) as uow:
        opened = await notes.open_amendment(uow, note.id, reason="Look again.")
    assert opened.version is not None
    async with works.begin(doctor) as uow:
        await notes.save_draft(
            uow,
            note.id,
            version=opened.version,
            sections={SectionKey.DIAGNOSES: "Not signed yet."},
            accepted_words=(),
        )
    return patient


async def test_the_page_holds_what_was_signed_and_no_draft(
    as_doctor: Client, as_nurse: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_full_record(works, doctor)
    for client in (as_doctor, as_nurse):
        page = await client.get(f"/patients/{patient.id}/chart/print")
        assert page.status_code == 200
        for said in (
            "Łukowska, Mara",
            "penicillin",
            "Takes no medication",
            "Chronic cough",
            "since 2019",
            "Risk not assessed",
            "Acute bronchitis, left.",
            "Amended: this is revision 2",
            "Corrected after review.",
            "Potassium was normal.",
            "SHA-256 of the content",
        ):
            assert said in page.text, said
        assert "A draft of mine" not in page.text
        assert "Not signed yet" not in page.text


async def test_page_and_file_have_one_hash_and_both_are_written_down(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_full_record(works, doctor)
    page = await as_doctor.get(f"/patients/{patient.id}/chart/print")
    file = await as_doctor.get(f"/patients/{patient.id}/chart.pdf")
    assert file.headers["content-type"] == "application/pdf"
    assert "chart-MRN-" in file.headers["content-disposition"]
    assert file.content.startswith(b"%PDF-")
    async with works.sessions() as db:
        rows = list(
            await db.scalars(
                select(audit.AuditEvent)
                .where(audit.AuditEvent.action == "chart.export")
                .order_by(audit.AuditEvent.seq)
            )
        )
    assert [row.detail["form"] for row in rows] == ["print", "pdf"]
    assert len({row.detail["sha256"] for row in rows}) == 1
    assert rows[0].detail["sha256"] in page.text
    assert {row.patient_id for row in rows} == {patient.id}


async def a_treated_patient(works: Works, doctor: Actor) -> UUID:
    """Medicines, orders and results in every state that a chart has to tell apart."""
    await a_formulary(works)
    patient = await a_patient(works, doctor, allergies=[], medications=[])
    taken = await an_issued(works, doctor, patient.id, WARFARIN, ASPIRIN)
    held = await an_issued(works, doctor, patient.id, AMOXICILLIN)
    wrong = await an_issued(works, doctor, patient.id, LISINOPRIL)
    async with works.begin(doctor) as uow:
        await prescriptions.hold_item(uow, held.items[0].id, reason="Diarrhoea since Sunday.")
        await prescriptions.enter_item_in_error(uow, wrong.items[0].id, reason="For her sister.")
    assert len(taken.items) == 2
    await a_draft(works, doctor, patient.id, LISINOPRIL | {"strength": "7 mg"})
    await an_order(works, doctor, "lipid-panel", patient_id=patient.id, priority="urgent")
    revoked = await an_order(works, doctor, "chest-x-ray", patient_id=patient.id)
    async with works.begin(doctor) as uow:
        await orders.revoke_item(uow, revoked.items[0].id, reason="Done elsewhere.")
    await a_draft_order(works, doctor, "tsh", patient_id=patient.id)
    await a_result(works, doctor, CRITICAL, patient_id=patient.id)
    seen = await an_outside_result(works, doctor, potassium(4.25), patient_id=patient.id)
    await acknowledged(works, doctor, seen.id, decision="no-action", note="Good.")
    withdrawn = await an_outside_result(
        works, doctor, potassium(3.33, conclusion="Haemolytic."), patient_id=patient.id
    )
    async with works.begin(doctor) as uow:
        await results.enter_in_error(uow, withdrawn.id, reason="of somebody else")
    return patient.id


async def test_medicines_orders_and_results_are_in_it_with_how_they_stand(
    as_doctor: Client, as_nurse: Client, works: Works, doctor: Actor
) -> None:
    patient_id = await a_treated_patient(works, doctor)
    page = await as_nurse.get(f"/patients/{patient_id}/chart/print")
    told = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    for said in (
        "Warfarin 5 mg tablet Active 30 tablets, 0 refills · prescribed 02-Mar-2026 09:00 UTC by",
        "Take 1 tablet by mouth once a day.",
        f"Prescribed all the same: {WHY} (",
        "Known to be not checked: ",
        "On hold: Diarrhoea since Sunday.",
        "Entered in error: do not rely on it. For her sister.",
        "Lipid panel Active since 02-Mar-2026 Laboratory · Urgent · ordered 02-Mar-2026 09:00 UTC",
        "Revoked on 02-Mar-2026 Imaging",
        "Potassium Completed on 02-Mar-2026 Laboratory",
        "Critical high, nobody has acknowledged it yet",
        "Potassium: 6.8 mmol/L, critical high (3.5 to 5.1)",
        "Potassium: 4.25 mmol/L, normal (3.5 to 5.1)",
        "Acknowledged No action needed: Good. (",
        "Potassium Entered in error: do not rely on it. reported",
        "Haemolytic.",
    ):
        assert said in told, said
    assert told.index("On hold: ") < told.index("For her sister.")
    for draft in ("7 mg", "TSH"):
        assert draft not in told
    file = await as_doctor.get(f"/patients/{patient_id}/chart.pdf")
    async with works.sessions() as db:
        rows = list(
            await db.scalars(
                select(audit.AuditEvent).where(audit.AuditEvent.action == "chart.export")
            )
        )
    assert file.content.startswith(b"%PDF-")
    assert [len(row.detail["results"]) for row in rows] == [3, 3]
    assert len({row.detail["sha256"] for row in rows}) == 1  # the nurse's page, the doctor's file
    assert rows[0].detail["sha256"] in page.text


async def test_a_merged_record_leads_to_the_one_that_counts(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    kept, gone = await a_patient(works, doctor), await a_patient(works, doctor, given_name="Maria")
    await a_problem(works, doctor, gone.id, description="Chronic cough")
    await an_order(works, doctor, "lipid-panel", patient_id=gone.id)
    await a_result(works, doctor, CRITICAL, patient_id=gone.id)
    async with works.begin(doctor) as uow:
        await patients.merge_patients(uow, gone.id, kept.id, "one card")
    led = await as_doctor.get(f"/patients/{gone.id}/chart.pdf")
    assert (led.status_code, led.headers["location"]) == (303, f"/patients/{kept.id}/chart.pdf")
    page = await as_doctor.get(f"/patients/{kept.id}/chart/print")
    for said in ("Chronic cough", "Lipid panel", "6.8 mmol/L, critical high"):
        assert said in page.text


async def test_the_desk_takes_no_chart(
    as_receptionist: Client, as_admin: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    for client in (as_receptionist, as_admin):
        for path in ("chart/print", "chart.pdf", "problems"):
            assert (await client.get(f"/patients/{patient.id}/{path}")).status_code == 403


def test_every_page_of_the_file_says_whose_it_is() -> None:
    long = Entry("SOAP note", "Signed", "Amended: this is revision 2", (
        Paragraph("Plan", "\n".join(f"Line {n} of many." for n in range(200))),
    ))  # fmt: skip
    chart = a_chart(long)
    said = text_of(chart_pdf(chart, compress=False))
    pages = said.count("Okafor-Lind, Mara, born 14-Jul-1945, female, record MRN-100001")
    assert pages > 2
    assert f"Page {pages} of {pages}" in " ".join(said.split())
    assert said.count(chart.sha256) == pages
    assert "Not recorded" in said
    for n in range(200):
        assert f"Line {n} of many." in said


# In braces what stands in angle quotes.
LETTERS = (
    ("José Núñez \u2013 “ok” €5", "José Núñez \u2013 “ok” €5"),
    ("Jose\u0301", "José"),
    ("Łódź", "{L}ód{z}"),
    ("≥ 5 → 6", "{>=} 5 {->} 6"),
    ("王", "{U+738B}"),
    ("\ufb01ne", "{fi}ne"),
    ("a\u200bb", "a{U+200B}b"),
    ("\U0001f642", "{U+1F642}"),
    ("\u0414\u0439", "{U+0414}{U+0439}"),
)


@pytest.mark.parametrize(("written", "braced"), LETTERS)
def test_letters_no_font_has_are_written_otherwise_and_told(written: str, braced: str) -> None:
    letters = Letters()
    assert letters.plain(written) == braced.replace("{", "\u2039").replace("}", "\u203a")
    said = text_of(chart_pdf(a_chart(Entry(written), name=written), compress=False))
    assert ("angle quotes" in said) == ("{" in braced)
    for letter in letters.otherwise:
        assert f"U+{ord(letter):04X}" in said


def test_any_text_becomes_a_file() -> None:
    every = "".join(map(chr, [*range(1, 0x300), *range(0x2000, 0x2100), 0xFFFD, 0x10FFFF]))
    assert chart_pdf(a_chart(Entry(every, every, every, (Paragraph(every, every),)), name=every))
    assert chart_pdf(a_chart(Entry("x" * 5000, "", "", (Paragraph("", ""),))))
