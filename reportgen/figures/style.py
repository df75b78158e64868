"""The look of every figure: sizes, palette, fonts, and how wide a text is when it is set.

All lengths are points (1/72 inch) unless the name says millimetres. Every tint is a colour of its own, for
archival, accessible PDF forbids opacity.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from reportgen.base.colours import luminance

MM = 72 / 25.4
WIDE, FULL, HALF, NARROW = 170.0, 132.0, 64.0, 80.0  # NARROW: of a screen as wide as a phone
WIDTHS = {"wide": WIDE, "full": FULL, "half": HALF}

SIZE, SMALL = 8.0, 7.5
LINE = 9.6
REGULAR, SEMIBOLD = 400, 600
FACES = {REGULAR: "SourceSansPro-Regular.ttf", SEMIBOLD: "SourceSansPro-Semibold.ttf"}

INK, SECOND, HAIRLINE, WASH, ACCENT, WHITE = (
    "#1B1F24", "#5B6570", "#D9DEE3", "#F5F7F8", "#0B5C6B", "#FFFFFF")  # fmt: skip
FAINT = "#C3CAD1"

GROUPS = ("#0072B2", "#D55E00", "#009E73", "#8A4F9E")
GROUP_INKS = ("#0069A4", "#AD4C00", "#00775A", "#7F4792")
DASHES = ((), (5, 1.8), (1.6, 1.4), (6, 1.6, 1.4, 1.6), (3, 1.2), (1, 1.6), (9, 1.8), (2.4, 2.4))
MARKERS = ("circle", "square", "triangle", "diamond", "ring", "box", "delta", "lozenge")

# A colour has one meaning in a document: groups, grades, responses and treatment share none, all patients are ink.
GRADES = ("#F3EBC8", "#E2CB6E", "#C3A02F", "#8C6C12", "#483306")
RESPONSES = {"CR": "#0F6270", "PR": "#5FA3AD", "SD": "#C4DCDF", "PD": "#A3195B", "NE": None}
# Of all who are in response, complete or partial: on treatment, off it; and of those who are not.
RESPONDED, RESPONDED_OFF, NOT_RESPONDED = "#303F73", "#949FC6", "#6B747D"
# States that the settings name, one after another.
OWN_STATES = ("#DEE3C2", "#B4BF82", "#7F8D45", "#4C571D")
TREATMENT, NEXT_LINE, OFF = "#46515B", "#97A1AA", "#E4E8EB"
ALL = ("#2A333B", "#2A333B", (), "circle")

FURTHER = ("DejaVuSans.ttf", "DroidSansFallback.ttf")  # for what those lack
UNKNOWN = "☐"


def group_style(i: int) -> tuple[str, str, tuple[float, ...], str]:
    """Line colour, text colour, dash and marker of the i-th group; eight differ even in grey."""
    return (GROUPS[i % 4], GROUP_INKS[i % 4], DASHES[i % len(DASHES)], MARKERS[i % len(MARKERS)])


# Curves of what became known later are of no group: theirs are other colours.
KNOWN_LATER = {
    "response": (RESPONDED, RESPONDED, DASHES[0], MARKERS[0]),
    "no response": (NOT_RESPONDED, SECOND, DASHES[1], MARKERS[1]),
}


def curve_style(i: int, group: str, of: int) -> tuple[str, str, tuple[float, ...], str]:
    """The style of the i-th of so many curves; one alone that is of all patients is ink, whatever groups there are."""
    return ALL if of == 1 and group == "all" else KNOWN_LATER.get(group) or group_style(i)


def tint(colour: str, strength: float) -> str:
    """The colour, thinned with white: 1 is the colour itself, 0 is white."""
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (c - 255) * strength):02X}" for c in channels)


def ink_on(colour: str) -> str:
    """The text colour that reads better on a ground."""
    return INK if luminance(colour) > 0.22 else WHITE


def fonts_folder() -> Path:
    """Where the embedded fonts are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "templates" / "fonts"
    return installed if installed.is_dir() else package.parent / "templates" / "fonts"


@cache
def _face(file: str):
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(fonts_folder() / file))


@cache
def _known() -> frozenset[str]:
    return frozenset.intersection(
        *(frozenset(map(chr, _face(file).get_charmap())) for file in FACES.values())
    )


@cache
def _further(char: str) -> str | None:
    """The file of the face that a letter, digit or point is set in which ours lack; None if there is none."""
    if unicodedata.category(char)[0] not in "LNP":
        return None
    return next((file for file in FURTHER if _face(file).get_char_index(ord(char))), None)


@cache
def _advance(char: str, weight: int) -> float:
    from matplotlib.ft2font import LoadFlags

    face = _face(FACES[weight] if char in _known() else _further(char) or FACES[weight])
    return face.load_char(ord(char), flags=LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM


def clean(text: str) -> str:
    """The text as our fonts can set it: one line, no invisible characters, ☐ for each glyph they lack."""
    known, kept = _known(), []
    for char in unicodedata.normalize("NFC", " ".join(str(text).split())):
        category = unicodedata.category(char)
        if category[0] == "C" and category != "Co" or category in ("Mn", "Me"):
            continue
        kept.append(char if char in known or _further(char) else " " if category == "Zs" else UNKNOWN)
    return "".join(kept)


def width_of(text: str, size: float = SIZE, weight: int = REGULAR) -> float:
    """How wide the cleaned text is when set, without kerning."""
    return size * sum(_advance(char, weight) for char in text)


def fit(text: str, room: float, size: float = SIZE, weight: int = REGULAR) -> str:
    """The cleaned text, cut with … between words where it is wider than its room; a first word is cut where it must.

    >>> fit("neutrophil count decreased", 60), fit("nausea", 60)
    ('neutrophil…', 'nausea')
    """
    text = clean(text)
    if (
        width_of(text, size, weight) <= room + 1e-6
    ):  # a room made for this very text is not to lose it by rounding
        return text
    words = text.split(" ")
    for count in range(len(words) - 1, 0, -1):
        cut = " ".join(words[:count]).rstrip(" ,;:–-(") + "…"
        if len(cut) > 1 and width_of(cut, size, weight) <= room + 1e-6:
            return cut
    return _cut(text, room + 1e-6, size, weight)


def _cut(text: str, room: float, size: float, weight: int) -> str:
    """Cut inside a word, for one that is wider than its room."""
    left, kept = room - width_of("…", size, weight), 0
    for char in text:
        left -= size * _advance(char, weight)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip(" ,;:–-(") + "…"


def wrap(text: str, room: float, lines: int, size: float = SIZE, weight: int = REGULAR) -> list[str]:
    """The cleaned text in at most so many lines, broken at spaces; the last is cut with … where needed."""
    words, rows = clean(text).split(" "), []
    while words and len(rows) < lines - 1:
        row = [words.pop(0)]
        while words and width_of(" ".join((*row, words[0])), size, weight) <= room:
            row.append(words.pop(0))
        rows.append(fit(" ".join(row), room, size, weight))
    return [*rows, fit(" ".join(words), room, size, weight)] if words else rows


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions nearest to the wanted ones that keep a gap and stay within low–high, in the same order.

    Where there is no room for all gaps they shrink evenly.

    >>> spread([10, 11, 30], 8, 0, 100)
    [6.5, 14.5, 30]
    """
    if not wanted:
        return []
    gap = min(gap, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[list[float]] = []  # mean wanted position of the first member, how many members
    for rank, i in enumerate(order):
        blocks.append([wanted[i] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            start, size = blocks.pop()
            other, count = blocks[-1]
            blocks[-1] = [(other * count + start * size) / (count + size), count + size]
    starts = [start for start, size in blocks for _ in range(int(size))]
    last = high - (len(wanted) - 1) * gap
    places = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        places[i] = min(max(starts[rank], low), last) + rank * gap
    return places
