"""What one rendering of a report gathers on its way, and the few words that are the page's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reportgen.render import fonts

SCREEN, PRINT = "screen", "print"
WORDS = {
    "en": {"contents": "Contents", "skip": "Skip to the report", "cutoff": "Data cut-off",
           "table": "Table", "figure": "Figure", "confidential": "Confidential", "decimal": "."},
    "de": {"contents": "Inhalt", "skip": "Zum Bericht", "cutoff": "Datenschnitt",
           "table": "Tabelle", "figure": "Abbildung", "confidential": "Vertraulich", "decimal": ","},
}  # fmt: skip
SCRIPT_WORDS = {
    "en": {"close": "Close", "value": "Value", "interval": "Interval", "to": "to", "se": "Standard error",
           "time": "At", "days": "days", "n": "Patients", "events": "Events", "at_risk": "At risk",
           "method": "Method", "note": "Note", "id": "Id", "patients": "Counted", "cells": "Cells",
           "read": "Time on the curve", "at_risk_there": "at risk", "beyond": "beyond the last follow-up",
           "read_hint": "Point at the curve, or press the arrow keys here, to read it.",
           "filter": "Filter", "of": "of", "rows": "rows", "copy_csv": "Copy as CSV", "save_csv": "Save as CSV",
           "save_svg": "Save as SVG", "saved": "Saved", "copied": "Copied",
           "not_copied": "Not copied: this browser forbids it"},
    "de": {"close": "Schließen", "value": "Wert", "interval": "Intervall", "to": "bis", "se": "Standardfehler",
           "time": "Nach", "days": "Tagen", "n": "Patienten", "events": "Ereignisse", "at_risk": "Unter Risiko",
           "method": "Methode", "note": "Anmerkung", "id": "Id", "patients": "Gezählt", "cells": "Zellen",
           "read": "Zeit auf der Kurve", "at_risk_there": "unter Risiko",
           "beyond": "nach der letzten Beobachtung",
           "read_hint": "Auf die Kurve zeigen oder hier die Pfeiltasten drücken, um sie abzulesen.",
           "filter": "Filtern", "of": "von", "rows": "Zeilen", "copy_csv": "Als CSV kopieren",
           "save_csv": "Als CSV sichern", "save_svg": "Als SVG sichern", "saved": "Gesichert:",
           "copied": "Kopiert", "not_copied": "Nicht kopiert: der Browser verbietet es"},
}  # fmt: skip


@dataclass
class Page:
    """rules: CSS for this page alone, in order. assets: files it names. ids: those in use.

    refs: the estimates that its numbers name, in order. curves: what a cursor reads, by figure.
    """

    medium: str
    language: str
    rules: dict[str, None] = field(default_factory=dict)
    colours: set[str] = field(default_factory=set)
    assets: dict[str, bytes] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    refs: dict[str, None] = field(default_factory=dict)
    curves: dict[str, dict] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"table": 0, "figure": 0})

    @property
    def words(self) -> dict[str, str]:
        return WORDS[self.language]

    @property
    def printed(self) -> bool:
        return self.medium == PRINT

    def writable(self, text: str) -> str:
        return fonts.writable(text, self.printed)

    def running(self, text: str) -> str:
        return fonts.running(text, self.printed)

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
        """The next number of its kind: "Table 3"."""
        self.counts[kind] += 1
        return f"{self.words[kind]}\u00a0{self.counts[kind]}"


def dark_rules(colours: set[str]) -> str:
    """Rules that show figures on a dark ground: each colour's lightness is turned over, its hue kept."""
    rules = "".join(
        f'figure [{name}="{colour}"]{{{name}:{turned(colour)}}}'
        for colour in sorted(colours)
        for name in ("fill", "stroke")
    )
    return f"@media screen and (prefers-color-scheme:dark){{{rules}}}\n" if rules else ""


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
