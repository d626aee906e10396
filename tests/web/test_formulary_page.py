"""The formulary as a page: loud while there is none, and every drug by any of its names."""

from app.infra.uow import Works
from tests.builders.formulary import the_starter
from tests.conftest import Client, FrozenClock
from tests.web.conftest import browsing


async def test_the_page_says_what_is_in_use(
    client: Client,
    doctors_browser: Client,
    desk_browser: Client,
    works: Works,
    clock: FrozenClock,
) -> None:
    empty = await doctors_browser.get("/formulary")
    assert "There is no formulary: nothing is checked." in empty.text
    await the_starter(works)
    shown = await doctors_browser.get("/formulary?q=augmentin")
    assert "amoxicillin / clavulanate" in shown.text
    assert "Nobody of your clinic has reviewed this release." in shown.text
    assert "oral, adults: 250 to 2000 mg each time" in shown.text
    none = await doctors_browser.get("/formulary?q=wonderdrug")
    assert "No drug is called so." in none.text
    assert (await desk_browser.get("/formulary")).status_code == 403
    clock.at = clock.at.replace(year=2028)
    async with browsing(client, "doctor") as later:
        assert "Outdated since" in (await later.get("/formulary")).text
