"""A chart as a PDF, with the fonts every reader of PDFs has.

Those fonts know the letters of Western Europe only. Whatever else stands in a chart is written
otherwise in angle quotes, and the first page says how: nothing is dropped, nothing fails.
"""

import re
import unicodedata
from collections.abc import Iterator

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from app.web.presenters.chart_export import Chart
from app.web.presenters.chart_sections import Entry, Section

ENCODING = "windows-1252"
FONT = "Helvetica"
MARGIN_MM, LINE_MM = 18, 5
TITLE_PT, SECTION_PT, TEXT_PT, SMALL_PT = 16, 13, 10, 8
LATIN = re.compile(r"LATIN (CAPITAL|SMALL) LETTER ([A-Z]{1,2})\b")
SAME = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2212": "-",
        "\u202f": "\u00a0",
        "\u2009": " ",
        "\t": "    ",
        "\r": "",
    }
)
SIGNS = {
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2192": "->",
    "\u2190": "<-",
    "\u2260": "not =",
    "\u2248": "about",
}


class Letters:
    """Writes texts in letters the fonts have, and remembers what was written otherwise."""

    def __init__(self) -> None:
        self.otherwise: dict[str, str] = {}

    def plain(self, text: str) -> str:
        composed = unicodedata.normalize("NFC", text).translate(SAME)
        return "".join(self._letter(letter) for letter in composed)

    def _letter(self, letter: str) -> str:
        if is_printed(letter):
            return letter
        said = self.otherwise.setdefault(letter, substitute(letter))
        return f"\u2039{said}\u203a"

    def legend(self) -> Iterator[str]:
        for letter, said in sorted(self.otherwise.items()):
            name = unicodedata.name(letter, "unnamed")
            yield f"U+{ord(letter):04X} {name} as \u2039{said}\u203a"


def is_printed(letter: str) -> bool:
    if letter == "\n":
        return True
    try:
        return letter.isprintable() and bool(letter.encode(ENCODING))
    except UnicodeEncodeError:
        return False


def substitute(letter: str) -> str:
    """The letter it is built on where there is one, else its number."""
    if letter in SIGNS:
        return SIGNS[letter]
    base = "".join(each for each in unicodedata.normalize("NFKD", letter) if is_printed(each))
    if base:
        return base
    latin = LATIN.match(unicodedata.name(letter, ""))
    if latin:
        return latin[2] if latin[1] == "CAPITAL" else latin[2].lower()
    return f"U+{ord(letter):04X}"


class Paper(FPDF):
    """Every page says whose chart it is, when it was made and by whom, and which page it is."""

    def __init__(self, chart: Chart, letters: Letters) -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = ENCODING
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, margin=MARGIN_MM + 2 * LINE_MM)
        self.set_creation_date(chart.made_at)
        self.set_title(f"Chart {chart.content.mrn}")
        self.set_producer("Dr. Assistant")
        who = chart.content
        self._whose = letters.plain(f"{who.name}, born {who.born}, {who.sex}, record {who.mrn}")
        self._made = letters.plain(chart.made)
        self._hash = f"SHA-256 of the content {chart.sha256}"

    def header(self) -> None:
        self.set_font(FONT, "B", SMALL_PT)
        self.line_of(self._whose)
        self.ln(2)

    def footer(self) -> None:
        self.set_y(-(MARGIN_MM + LINE_MM))
        self.set_font(FONT, "", SMALL_PT)
        self.line_of(f"{self._made}. Page {self.page_no()} of {{nb}}")
        self.line_of(self._hash)

    def line_of(self, text: str) -> None:
        self.cell(0, LINE_MM - 1, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def write_text(self, text: str, *, style: str = "", size: int = TEXT_PT) -> None:
        self.set_font(FONT, style, size)
        self.multi_cell(0, size / 2, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def chart_pdf(chart: Chart, *, compress: bool = True) -> bytes:
    """The whole file; takes no longer than it takes to lay out the text."""
    letters = Letters()
    body = [in_letters(section, letters) for section in chart.content.sections]
    contact = [letters.plain(line) for line in chart.content.contact]
    paper = Paper(chart, letters)
    paper.set_compression(compress)
    paper.add_page()
    paper.write_text("Patient chart", style="B", size=TITLE_PT)
    for line in contact:
        paper.write_text(line)
    paper.write_text(chart.left_out, style="I", size=SMALL_PT)
    if letters.otherwise:
        legend = "; ".join(letters.legend())
        said = f"Letters that the fonts of this file do not have stand in angle quotes: {legend}."
        paper.write_text(said, style="B", size=SMALL_PT)
    for section in body:
        write_section(paper, section)
    return bytes(paper.output())


def in_letters(section: Section, letters: Letters) -> Section:
    plain = letters.plain
    return Section(
        section.title,
        tuple(
            Entry(
                plain(entry.title),
                plain(entry.detail),
                plain(entry.mark),
                tuple(type(each)(plain(each.label), plain(each.text)) for each in entry.paragraphs),
            )
            for entry in section.entries
        ),
        plain(section.absence),
    )


def write_section(paper: Paper, section: Section) -> None:
    paper.ln(3)
    paper.write_text(section.title, style="B", size=SECTION_PT)
    if not section.entries:
        paper.write_text(section.absence, style="I")
    for entry in section.entries:
        paper.ln(1)
        paper.write_text(entry.title, style="B")
        if entry.mark:
            paper.write_text(f"[{entry.mark}]", style="B")
        if entry.detail:
            paper.write_text(entry.detail, size=SMALL_PT)
        for each in entry.paragraphs:
            paper.write_text(each.label, style="I", size=SMALL_PT)
            paper.write_text(each.text)
