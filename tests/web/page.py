"""Reading a page the way a test needs it."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Links, form targets, and everything the content security policy forbids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.metas: dict[str, str] = {}
        self.inline: list[str] = []
        self._script: dict[str, str | None] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and (href := found.get("href")):
            self.links.append(href)
        if tag == "meta" and (name := found.get("name")):
            self.metas[name] = found.get("content") or ""
        if tag == "style" or "style" in found or any(name.startswith("on") for name in found):
            self.inline.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in found and found.get("type") != "application/json":
            self.inline.append("script")

    @property
    def pages(self) -> list[str]:
        """Links to other pages of the site."""
        return sorted({href for href in self.links if href.startswith("/")})
