"""The paper of a PDF: fonts with Vietnamese letters, colours, margins and the footer of every page."""

from datetime import datetime
from typing import Literal

from fpdf import FPDF
from ttf_opensans import OPENSANS_BOLD, OPENSANS_REGULAR

from regulars.rendering.labels import Labels

Align = Literal["L", "C", "R"]
INK, QUIET, RULE, PALE = "#1f2933", "#56616a", "#d5dadd", "#f3f5f6"
TEAL, AMBER, SLATE, UNSEEN, HIDDEN = "#0f766e", "#d97706", "#94a3b8", "#fdf0dc", "#e5e7eb"
WARNING = "#7a4207"
MARGIN_MM = 14.0
_FONT = "text"
_PAGES = "\x02"
"""Stands for the number of pages until that is known: a control character, as no name that people type has one."""


class Paper(FPDF):
    """An A4 sheet, upright; lengths in millimetres, sizes of letters in points."""

    def __init__(self, title: str, foot: str, labels: Labels, made_at: datetime) -> None:
        """`foot` stands at the foot of every page."""
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self._foot, self._words = foot, labels.words
        self.add_font(_FONT, "", OPENSANS_REGULAR.path)
        self.add_font(_FONT, "B", OPENSANS_BOLD.path)
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(False)
        self.set_lang(labels.language)
        self.set_title(title)
        self.set_creation_date(made_at)
        self.alias_nb_pages(_PAGES)
        self.c_margin = 0

    @property
    def bottom(self) -> float:
        """Where the footer begins."""
        return self.h - MARGIN_MM - 4

    def footer(self) -> None:
        """Say at the foot of a page what it belongs to and its number; fpdf calls this."""
        words = self._words
        self.pen(7, QUIET)
        self.put(MARGIN_MM, self.h - MARGIN_MM, self.epw, self._foot)
        number = words.page.format(number=self.page_no(), of=_PAGES)
        # Two digits stand for the number of pages: its mark is wider than what takes its place.
        width = self.get_string_width(words.page.format(number=self.page_no(), of="99"))
        self.put(self.w - MARGIN_MM - width, self.h - MARGIN_MM, width, number)

    def pen(self, size_pt: float, colour: str = INK, *, bold: bool = False) -> None:
        """Write on with letters of this size and colour."""
        self.set_font(_FONT, "B" if bold else "", size_pt)
        self.set_text_color(colour)

    def put(self, x: float, y: float, width: float, text: str, align: Align = "L", height: float = 4.0) -> None:
        """Write one line into a box, cut where it would not fit."""
        self.set_xy(x, y)
        self.cell(width, height, text if _PAGES in text else self.fitted(text, width), align=align)

    def fitted(self, text: str, width: float) -> str:
        """Return the text, or as much of it as fits with an ellipsis."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def wrapped(self, text: str, width: float) -> list[str]:
        """Return the text as lines that fit, broken at blanks only."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.get_string_width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        self.set_fill_color(colour)
        self.rect(x, y, width, height, style="F")

    def rule(self, x: float, y: float, width: float, colour: str = RULE) -> None:
        """Draw a thin line from left to right."""
        self.set_draw_color(colour)
        self.set_line_width(0.15)
        self.line(x, y, x + width, y)

    def heading(self, text: str, needs: float) -> None:
        """Begin a part of the report, on a new page when less than `needs` is left of this one."""
        if self.get_y() + needs > self.bottom:
            self.add_page()
        y = self.get_y()
        self.pen(11, bold=True)
        self.put(MARGIN_MM, y, self.epw, text, height=6)
        self.set_xy(MARGIN_MM, y + 8)
