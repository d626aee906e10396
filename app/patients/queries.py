"""Finding patients."""

from collections.abc import Sequence

from app import audit
from app.infra.uow import UnitOfWork
from app.patients import repository
from app.patients.models import Patient
from app.patients.pages import NamePage, cursor_after
from app.patients.search_text import wanted_words

FIRST_PAGE = NamePage()


async def find_patients(
    uow: UnitOfWork, question: str | None = None, page: NamePage = FIRST_PAGE
) -> tuple[Sequence[Patient], str | None]:
    """Patients in the order of their names, and the cursor of the next page.

    Every word asked for must be part of a name, the birth date in any usual spelling, the
    digits of the phone or the record number; words of one or two letters must begin one of
    these. A question without a single letter or digit finds nobody; no question, everybody.
    """
    words = wanted_words(question or "")
    asked = bool(question and question.strip())
    rows = await repository.search(uow, words, page) if words or not asked else []
    found = rows[: page.limit]
    next_cursor = cursor_after(found[-1].id) if len(rows) > page.limit else None
    await audit.record(
        uow,
        "patient.search",
        detail={"words": len(words), "patients": [str(patient.id) for patient in found]},
    )
    return found, next_cursor
