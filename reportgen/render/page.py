"""What one rendering of a report gathers on its way, and the few words that are the page's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reportgen.render import fonts

SCREEN, PRINT = "screen", "print"
WORDS = {
    "en": {"contents": "Contents", "skip": "Skip to the report", "cutoff": "Data cut-off",
           "table": "Table", "figure": "Figure", "decimal": "."},
    "de": {"contents": "Inhalt", "skip": "Zum Bericht", "cutoff": "Datenschnitt",
           "table": "Tabelle", "figure": "Abbildung", "decimal": ","},
}  # fmt: skip


@dataclass
class Page:
    """rules: CSS for this page alone, in order. assets: files it names. ids: those in use."""

    medium: str
    words: dict[str, str]
    rules: dict[str, None] = field(default_factory=dict)
    colours: set[str] = field(default_factory=set)
    assets: dict[str, bytes] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: {"table": 0, "figure": 0})

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
