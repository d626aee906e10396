"""What a person does in front of the site, by keyboard, and what axe thinks of the page."""

from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.builders.identity import PASSWORD

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async (rules) => {
    const {violations} = await axe.run({runOnly: rules});
    return violations.map(({id, impact, nodes}) => ({id, impact, html: nodes.map((n) => n.html)}));
}"""
ELEMENTS = (
    "dra-form",
    "dra-recorder",
    "dra-upload",
    "dra-note-editor",
    "dra-safety-plan",
    "dra-glass",
    "dra-calendar",
    "dra-fresh",
    "dra-chart",
    "dra-week",
    "dra-queue",
    "dra-queue-board",
    "dra-queue-plans",
    "dra-clinic-moment",
    "dra-declined",
    "dra-sent-text",
    "dra-screening",
    "dra-interruption",
    "dra-observations",
    "dra-results",
    "dra-order-draft",
    "dra-order-proposals",
    "dra-code-field",
    "dra-problem-suggestions",
    "dra-prescribe",
    "dra-said-lines",
    "dra-known",
    "dra-proposals",
    "dra-note-panels",
    "dra-more",
)
MOST_TABS = 80


class Person:
    """Keyboard only: whatever is reached is reached with Tab and pressed with Enter or Space."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def go(self, path: str) -> None:
        await self.page.goto(path)
        await self.settled()

    async def settled(self) -> None:
        """Every element of ours on the page is at work."""
        await self.page.wait_for_load_state()
        waiting = ", ".join(f"{element}:not([data-ready])" for element in ELEMENTS)
        await expect(self.page.locator(waiting)).to_have_count(0)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def tab_to(self, target: Locator) -> None:
        """Move the focus forward until it is there; what cannot be reached fails."""
        await expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if await target.evaluate("(element) => element === document.activeElement"):
                return
            await self.press("Tab")
        raise AssertionError(f"not reachable with Tab: {target}")

    async def activate(self, target: Locator) -> None:
        await self.tab_to(target)
        await self.press("Enter")

    def button(self, name: str, *, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name)

    async def sign_in(self, username: str, password: str = PASSWORD) -> None:
        await self.go("/login")
        await self.type(username)
        await self.press("Tab")
        await self.type(password)
        await self.press("Enter")
        await expect(self.button("Sign out")).to_be_visible()
        await self.settled()

    async def expect_accessible(self) -> None:
        """Nothing for axe to complain about, in light and in dark."""
        for scheme in ("light", "dark"):
            await self.page.emulate_media(color_scheme=scheme)
            if not await self.page.evaluate("'axe' in window"):
                await self.page.add_script_tag(path=AXE)
            violations: list[dict[str, Any]] = await self.page.evaluate(RUN_AXE, RULES)
            assert violations == [], f"{scheme}: {self.page.url}"
