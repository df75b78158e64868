"""The report as slides, for a meeting: the headline, the key table, then one finding a slide; methods in the notes."""

from __future__ import annotations

from reportgen.render.html.page import PRINT, Page
from reportgen.render.pptx.content import Slide, slides
from reportgen.render.pptx.deck import Deck
from reportgen.render.pptx.panels import joined
from reportgen.report import Report
from reportgen.writing.language import speaking


def render_pptx(report: Report) -> bytes:
    """The findings of the report as .pptx: no more than what the page says of them.

    Tables are tables of PowerPoint, figures are lines with a picture for what can't show them, each with its text
    alternative. Every date in it is the report's date, so equal reports give equal bytes. ValueError if a figure holds
    what no figure may hold, or has no text alternative.
    """
    with speaking(report.language):
        deck = Deck(report, Page(PRINT))
        deck.front()
        made = slides(report)
        for slide in joined(made) if report.kind == "case" else made:
            deck.add(slide)
        return deck.packed()


__all__ = ["Slide", "render_pptx"]
