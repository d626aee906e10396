from playwright.async_api import expect
async def test_x(person, works, doctor, receptionist):
    from tests.builders.availability import a_clinic
    from tests.dashboards.timeline.history import a_history
    clinic = await a_clinic(works, receptionist, doctor)
    pid = await a_history(works, doctor, receptionist, clinic)
    await person.sign_in("doctor")
    await person.go(f"/patients/{pid}")
    await person.page.screenshot(path="/tmp/f_1280.png", full_page=True)
    await person.page.emulate_media(color_scheme="dark")
    await person.press("f"); await person.type("hyper"); await person.press("Enter")
    await expect(person.page.locator("[data-row]")).to_have_count(3)
    await person.page.evaluate("document.activeElement.blur()")
    await person.press("j", "j", "Enter")
    await expect(person.page.locator("[data-side] h2").first).to_be_focused()
    await person.page.screenshot(path="/tmp/f_side.png")
    await person.page.set_viewport_size({"width": 820, "height": 1180})
    await person.page.emulate_media(color_scheme="light")
    await person.page.screenshot(path="/tmp/f_820_side.png")
    await person.press("Escape")
    await person.page.screenshot(path="/tmp/f_820.png", full_page=True)
    await person.expect_accessible()
