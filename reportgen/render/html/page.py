"""What one rendering of a report gathers on its way, and the few words that are the page's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from reportgen.base.colours import DARK, READABLE, contrast, on_dark
from reportgen.base.drawing import Drawing
from reportgen.render.html import fonts
from reportgen.report import Report
from reportgen.writing.language import _, _c, rules

SCREEN, PRINT = "screen", "print"
Asset = bytes | Drawing  # what a page for print has apart: a font or a picture, or a figure
MARK = re.compile("[ᵃ-ᵡʰⁱʲˡ]")  # of a note, raised
MARKS = str.maketrans("ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐ", "abcdefghijklm")


def page_words() -> dict[str, str]:
    """The page's own words in the active language, and the sign before its decimals."""
    return {
        "contents": _("Contents"),
        "skip": _("Skip to the report"),
        "cutoff": _("Data cut-off"),
        "table": _("Table"),
        "figure": _("Figure"),
        "tables": _("Tables"),
        "figures": _("Figures"),
        "confidential": _("Confidential"),
        "replaced": _(
            "Characters that the fonts of this document lack are given by their Unicode numbers, U+ and a number in "
            "brackets, or in figures as an empty box."
        ),
        "decimal": rules().decimal,
    }


def script_words() -> dict[str, str]:
    """The words of the page's script: of the panel that answers for a number, of curves, and of tables."""
    return {
        "close": _("Close"),
        "value": _("Value"),
        "interval": _("Interval"),
        "to": _c("between two limits", "to"),
        "se": _("Standard error"),
        "time": _c("before a number of days", "At"),
        "days": _c("after At and a number", "days"),
        "whole_unit": _("days"),
        "n": _("Patients"),
        "events": _("Events"),
        "at_risk": _("At risk"),
        "method": _("Method"),
        "note": _c("to a number", "Note"),
        "id": _("Id"),
        "patients": _c("patients", "Counted"),
        "cells": _("Cells"),
        "steps": _("Step by step"),
        "earlier": _("earlier steps are left out"),
        "digits": _("All digits, and where they come from"),
        "read": _("Time on the curve"),
        "at_risk_there": _("at risk"),
        "beyond": _("beyond the last follow-up"),
        "read_hint": _("Point at the curve, or use the arrow keys."),
        "touch_hint": _("Touch the curve."),
        "filter": _c("rows of a table", "Filter"),
        "of": _c("between two numbers", "of"),
        "rows": _("rows"),
        "copy_csv": _("Copy as CSV"),
        "save_csv": _("Save as CSV"),
        "save_svg": _("Save as SVG"),
        "saved": _c("before a file's name", "Saved"),
        "copied": _("Copied"),
        "not_copied": _("Not copied: this browser forbids it"),
        "light": _c("colours of the page", "Light"),
        "dark": _c("colours of the page", "Dark"),
        "moves": _("Can be moved sideways."),
        "all": _c("groups of patients", "All"),
        "decimal": rules().decimal,
    }


@dataclass
class Page:
    """rules: CSS for this page alone, in order. assets: files it names. ids: those in use. words: the page's own.

    replaced: whether a character could not be shown. refs: the estimates that its numbers name, in order.
    curves: what a cursor reads, by figure. letter: before the numbers of the part that is written. groups: of patients,
    by their column, each with its number from 1, and lit: the estimates that are of one, with its number.
    """

    medium: str
    rules: dict[str, None] = field(default_factory=dict)
    colours: set[str] = field(default_factory=set)
    assets: dict[str, Asset] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    refs: dict[str, None] = field(default_factory=dict)
    curves: dict[str, dict] = field(default_factory=dict)
    replaced: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    letter: str = ""
    groups: dict[str, dict[str, int]] = field(default_factory=dict)
    lit: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=page_words)

    def lights(self, report: Report):
        """Know which estimates and marks are of which group; paper has no switch to choose one."""
        if self.printed:
            return
        numbers = {name: k for k, name in enumerate(report.groups.names, start=1)}
        self.groups = {report.groups.column: numbers} if numbers else {}
        self.lit = {ref: numbers[one.group] for ref, one in report.origins.items() if one.group in numbers}

    @property
    def printed(self) -> bool:
        """Whether this is the page for paper, of which the PDF is made."""
        return self.medium == PRINT

    def writable(self, text: str) -> str:
        """A text in code points that this page can show (see fonts.writable)."""
        return self._told(text, fonts.writable(text, self.printed))

    def running(self, text: str) -> str:
        """The same for a line of words, with its ranges tied (see fonts.running)."""
        return self._told(text, fonts.running(text, self.printed))

    def _told(self, text: str, said: str) -> str:
        """What is said of a text; whether a character of it had to be replaced is remembered."""
        self.replaced |= "☐" in said or "[U+" in said and "[U+" not in text
        return said

    def unique(self, name: str) -> str:
        """The name as an id that no other element of the page has."""
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "block"
        slug, count = stem, 1
        while slug in self.ids:
            count += 1
            slug = f"{stem}-{count}"
        self.ids.add(slug)
        return slug

    def number(self, kind: str) -> str:
        """The next number of its kind within its part of the report: "Table 3", "Table S3"."""
        counted = f"{kind} {self.letter}"
        self.counts[counted] = self.counts.get(counted, 0) + 1
        return f"{self.words[kind]}\u00a0{self.letter}{self.counts[counted]}"


def shortened(title: str, limit: int = 90) -> str:
    """The title for a running head."""
    return title if len(title) <= limit else title[: limit - 1].rsplit(" ", 1)[0] + "…"


def foot_of(report: Report, words: dict[str, str]) -> str:
    """The running foot: cut-off, profile, version, and the house's own."""
    parts = (
        f"{words['cutoff']} {rules().short_date(date.fromisoformat(report.date))}" if report.date else "",
        _(report.profile),
        f"reportgen {report.version}",
        report.brand.footer,
    )
    return " · ".join(part.strip() for part in parts if part)


# Grades 1–5 on the dark ground: graver is lighter there, in even steps, and the numbers on the bars read.
GRADES = {
    "#f3ebc8": "#39341f",
    "#e2cb6e": "#574a1b",
    "#c3a02f": "#66521a",
    "#8c6c12": "#c39c3c",
    "#483306": "#f0dca2",
}


def dark_rules(colours: set[str]) -> str:
    """Rules that show figures on a dark ground: each colour's lightness is turned over, its hue kept.

    Words in a colour are lightened further where they would not read; those that stand on a bar never are.
    """
    written = ""
    for colour in sorted(colours):
        dark = GRADES.get(colour) or turned(colour)
        written += "".join(f'figure [{name}="{colour}"]{{{name}:{dark}}}' for name in ("fill", "stroke"))
        if 2 < contrast(dark, DARK) < READABLE:
            written += f'figure text[fill="{colour}"]{{fill:{on_dark(dark)}}}'
    return f"@media screen and (prefers-color-scheme:dark){{{written}}}\n" if written else ""


def margin_rules(head: str, foot: str) -> str:
    """Running head and foot for a browser's printer, which can't take them from the page as a PDF does."""
    boxes = {"top-left": head, "top-right": "", "bottom-left": foot}
    rules = "".join(f"@{place}{{content:{quoted(text)}}}" for place, text in boxes.items())
    return f"@media print{{@page{{{rules}}}}}\n"


def quoted(text: str) -> str:
    """The text as a CSS string that nothing in it can end.

    >>> quoted('a"}</style>')
    '"a\\\\22 \\\\7d \\\\3c \\\\2f style\\\\3e "'
    """
    return '"' + re.sub(r"[^\w .,:·()–-]", lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def turned(colour: str) -> str:
    """White becomes the dark ground, black the light ink, a colour its own lighter or darker kin.

    Strong colours stop short of the lightest, which would glare in large areas.

    >>> turned("#ffffff"), turned("#000000")
    ('#15181b', '#e6e9ec')
    """
    ground, ink = (0x15, 0x18, 0x1B), (0xE6, 0xE9, 0xEC)
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    highest, lowest = max(channels), min(channels)
    lightness = (highest + lowest) / 510
    strength = (highest - lowest) / 255
    light = min(1 - lightness, 1 - 0.6 * strength)
    grey = sum(channels) / 3
    kept = 0.85 * min(1.0, 3 * light / max(lightness, 0.01))
    mixed = (
        low + (high - low) * light + kept * (channel - grey)
        for low, high, channel in zip(ground, ink, channels, strict=True)
    )
    return "#" + "".join(f"{round(min(255, max(0, channel))):02x}" for channel in mixed)
