"""The calendar as the desk uses it, in a clinic where it is always nine in the morning."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, Page, expect

from tests.journeys.person import Person

NINE = 9
FURTHEST_BEHIND = -12  # Etc/GMT+12 is the furthest west there is


def zone_where_it_is_nine() -> ZoneInfo:
    """So that a test of a clinic's day does not depend on when it runs."""
    ahead = NINE - datetime.now(UTC).hour
    if ahead < FURTHEST_BEHIND:
        ahead += 24
    # The signs of these zones are the other way round: Etc/GMT-5 is five hours ahead of UTC.
    return ZoneInfo(f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")


class CalendarPage:
    """One person's calendar; names are as they stand on the page."""

    def __init__(self, person: Person, zone: ZoneInfo) -> None:
        self.person = person
        self.page: Page = person.page
        self.zone = zone

    @property
    def today(self) -> date:
        return datetime.now(self.zone).date()

    @property
    def tomorrow(self) -> date:
        return self.today + timedelta(days=1)

    def in_weeks(self, weeks: int) -> date:
        """The weekday of tomorrow, some weeks on."""
        return self.tomorrow + timedelta(weeks=weeks)

    async def open(self, day: date | None = None, view: str = "day") -> None:
        await self.person.go(f"/calendar?date={day or self.tomorrow}&view={view}")
        await self.is_live()

    async def is_live(self) -> None:
        await expect(self.page.locator(".cal-live")).to_have_attribute("data-state", "live")

    def event(self, text: str) -> Locator:
        """An appointment in the grid by what is said of it: "09:00 to 09:30, Mara"."""
        return self.page.locator(".cal-event").and_(self.page.get_by_role("button", name=text))

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog:modal")

    @property
    def panel(self) -> Locator:
        return self.page.locator("dialog.cal-panel")

    def button(self, name: str, *, exact: bool = True) -> Locator:
        """A button of the dialog in front."""
        return self.dialog.get_by_role("button", name=name, exact=exact)

    async def point_at(self, clock: str, doctor: str) -> tuple[float, float]:
        """Where on the screen a time of a doctor lies."""
        hour, minute = clock.split(":")
        label = self.page.locator(".ec-sidebar time", has_text=f"{hour}:00")
        await label.scroll_into_view_if_needed()
        line = await label.bounding_box()
        slots = self.page.locator(".ec-time-grid .ec-main")
        height = await slots.evaluate(
            "node => parseFloat(getComputedStyle(node).getPropertyValue('--ec-slot-height'))"
        )
        head = await self.page.locator(".ec-col-head", has_text=doctor).bounding_box()
        assert line is not None
        assert head is not None
        top = line["y"] + line["height"] / 2 + int(minute) / 15 * height
        return head["x"] + head["width"] / 2, top + height / 2

    async def click_time(self, clock: str, doctor: str) -> None:
        await self.page.mouse.click(*await self.point_at(clock, doctor))
        await expect(self.dialog).to_be_visible()

    async def drag(self, text: str, clock: str, doctor: str) -> None:
        """By its upper edge, so that it lands where the pointer is."""
        box = await self.event(text).bounding_box()
        assert box is not None
        await self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
        await self.page.mouse.down()
        x, y = await self.point_at(clock, doctor)
        await self.page.mouse.move(x - 20, y - 20, steps=4)
        await self.page.mouse.move(x, y, steps=4)
        await self.page.mouse.up()

    async def find(self, typed: str) -> None:
        """Type into the patient search of the dialog and wait for what it finds."""
        await self.dialog.get_by_role("combobox", name="Patient").fill(typed)
        await expect(self.dialog.get_by_role("option").first).to_be_visible()

    async def is_held(self) -> None:
        await expect(self.dialog.locator(".cal-hold")).to_contain_text("Held for you")

    async def is_told(self, text: str) -> None:
        await expect(self.page.locator("#toasts")).to_contain_text(text)
