"""The embedded fonts: what they can write, how wide it is, and the part of them that a page needs."""

from __future__ import annotations

import base64
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import uharfbuzz

from reportgen.render import templates_folder

SANS, SERIF = "Source Sans Pro", "Source Serif Pro"


@dataclass(frozen=True)
class Face:
    """A font of the page. weight: as in CSS, 100–900; file: within templates/fonts."""

    family: str
    weight: int
    file: str


FACES = (
    Face(SERIF, 400, "SourceSerifPro-Regular.ttf"),
    Face(SANS, 300, "SourceSansPro-Light.ttf"),
    Face(SANS, 400, "SourceSansPro-Regular.ttf"),
    Face(SANS, 600, "SourceSansPro-Semibold.ttf"),
)
# For what those lack, on paper: Arabic, Hebrew, Georgian, symbols; Chinese, Japanese, Korean.
FURTHER = (Face("Further Sans", 400, "DejaVuSans.ttf"), Face("Further Han", 400, "DroidSansFallback.ttf"))
# The layout features the stylesheets use: without the others (small capitals, ornaments) a subset is half.
FEATURES = ("ccmp", "kern", "locl", "mark", "mkmk", "liga", "lnum", "tnum")
# Spaces and hyphens that neither family holds, and what it holds that looks alike.
ALIKE = str.maketrans({0x2008: 0x202F, 0x2009: 0x202F, 0x200A: 0x202F, 0x2011: 0x2D, 0x0A: 0x20, 0x09: 0x20})
# Kept for a browser, which has further fonts: joiners, soft hyphen, variation selectors.
JOINERS = frozenset((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, *range(0xFE00, 0xFE10)))
# Written from right to left: numbers that follow would be drawn among it, in another order than they are read.
LEFTWARDS, LEFT_TO_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"), "\u200e"
# Where a line must not end: within a range, after or before a comparison, around CI, before a unit or what is counted,
# within "2 of 8". What follows or goes before may be a number that is asked alone.
UNITS = (
    r"(?:days?|weeks?|months?|years?|Tage?n?|Wochen?|Monate?n?|Jahre?n?|mm|mg|U/L|patients?|Patient(?:en|in|innen)?"
    r"|events?|Ereigniss?e?n?|deaths?|relapses?|patient-years|Patientenjahren?|percentage points|Prozentpunkten?"
    r"|CR|PR|SD|PD|NE|at risk|unter Risiko|(?:of|von)(?= (?:\d|$)))(?!\w)"
)
TIES = re.compile(
    r"(?<=\d)–(?=[\d>])|(?<=[≥≤<>=±×]) (?=[\d−]|$)| (?=[=≥≤<>] (?:[\d−]|$))|(?<=\d%) (?=CI\b)"
    rf"|(?<=\b[CK]I) (?=(?:up|bis)\b|[\d<−]|$)|(?<=\d)-(?=%-KI)|(?<=\d-%)-(?=KI)|(?<=\bSE) (?=\d|$)|(?<=\S) (?=[†‡]$)"
    rf"|(?:(?<=\d)|^) (?={UNITS})|(?<=\d of) (?=\d|$)|(?<=\d von) (?=\d|$)|(?<=^ of) (?=\d|$)|(?<=^ von) (?=\d|$)"
    r"|(?<=[a-z]) (?=[A-Z](?:[^\w’']|$))|(?<=\bat) (?=risk\b)|(?<=^not) (?=recorded$)"
    r"|(?<=\d) (?=(?:to|bis) [>−\d])|(?<=\d to) (?=[>−\d])|(?<=\d bis) (?=[>−\d])"
    r"|(?<=^nicht) (?=erfasst$)|(?<=\bunter) (?=Risiko\b)"
    r"|(?<=\b[Gg]rade) (?=\d)|(?<=\bGrad) (?=\d)"
)

# A date in words, whose day, month and year stay together.
DATE = re.compile(
    r"\b\d{1,2}\.? (?:Jan|Feb|M[aä]r|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])[a-z]* (?:19|20)\d\d\b"
)


@cache
def font_bytes(face: Face) -> bytes:
    """The whole font, before the part that a page needs is taken."""
    return (templates_folder() / "fonts" / face.file).read_bytes()


@cache
def _font(face: Face) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(font_bytes(face))))


@cache
def charset() -> frozenset[int]:
    """The code points that text can be set in: those of the two regular faces."""
    return frozenset().union(*(_font(face).face.unicodes for face in FACES if face.weight == 400))


@cache
def further(character: str) -> Face | None:
    """The face that a letter, mark, digit or point is set in which ours lack; None if no face holds it.

    No symbols: those that are emoji would be taken from fonts of the machine.
    """
    if unicodedata.category(character)[0] not in "LMNP":
        return None
    return next((f for f in FURTHER if _font(f).get_nominal_glyph(ord(character)) is not None), None)


@cache
def advance(character: str) -> float:
    """Width of a character in em, in the face that tables are set in; 0.5 where no face holds it."""
    face = FACES[2]
    if _font(face).get_nominal_glyph(ord(character)) is None:
        face = further(character)
    if face is None:
        return 0.5
    font = _font(face)
    return font.get_glyph_h_advance(font.get_nominal_glyph(ord(character))) / font.face.upem


def width(text: str) -> float:
    """Width of a text in em as tables set it: no kerning, figures of one width."""
    return sum(map(advance, text))


def writable(text: str, printed: bool) -> str:
    """The text in code points that can be shown; others are spelled out, such as [U+1F600].

    Control, private, unassigned and direction-changing code points are spelled out everywhere: they can't be
    seen, or make the text read as something else. printed: so is whatever all our fonts lack, because a PDF has
    no other fonts; a browser has.

    >>> writable("a\\u2009b \\U00020000\\x07", printed=True)
    'a\\u202fb [U+20000 U+0007]'
    >>> writable("\\U00020000", printed=False) == "\\U00020000"
    True
    """
    if _plain().issuperset(text):
        return text
    text = unicodedata.normalize("NFC", text).translate(ALIKE)
    shown = [_shown(character, printed) for character in text]
    text = re.sub(r"\]\x00\x00\[", " ", "".join(shown)).replace("\x00", "")
    return LEFTWARDS.sub(rf"\g<0>{LEFT_TO_RIGHT}", text)


@lru_cache(maxsize=8192)
def running(text: str, printed: bool) -> str:
    """The text for a line of words: writable and tied. On screen a range is tied by its page: see bound."""
    return bound(writable(text, printed), printed)


def bound(text: str, printed: bool = True) -> str:
    """The text with its ranges, comparisons, "95% CI", dates and units tied, so that no line ends within one.

    Ranges on paper alone: what ties them is a character, and a browser's search would miss them.

    >>> bound("5 (95% CI 3–65; n = 8)").replace("\u00a0", "~").replace("\u2060", "|")
    '5 (95%~CI~3–|65; n~=~8)'
    >>> bound("; 95% CI ").replace("\u00a0", "~"), bound(" months, at 12 months").replace("\u00a0", "~")
    ('; 95%~CI~', '~months, at 12~months')
    >>> [bound(t).replace("\u00a0", "~") for t in ("In 2 of 8, 13 PD", " of ", " von 8 (", "with 1 at risk")]
    ['In 2~of~8, 13~PD', '~of~', '~von~8 (', 'with 1~at~risk']
    >>> bound("95-%-KI 3").replace("\u00a0", "~").replace("\u2060", "|")
    '95-|%-|KI~3'
    >>> bound("on 30 June 2018").replace("\u00a0", "~"), bound("30. Juni 2018").replace("\u00a0", "~")
    ('on 30~June~2018', '30.~Juni~2018')
    """
    tied = TIES.sub(lambda tie: "\u00a0" if tie[0] == " " else tie[0] + ("\u2060" if printed else ""), text)
    return DATE.sub(lambda date: date[0].replace(" ", "\u00a0"), tied)


@cache
def _plain() -> frozenset[str]:
    """The characters that are written as they are, whatever stands beside them."""
    characters = set(map(chr, charset())) - set(map(chr, (*ALIKE, *JOINERS)))
    return frozenset(c for c in characters if unicodedata.category(c)[0] not in "CM" and _shown(c, True) == c)


def _shown(character: str, printed: bool) -> str:
    code = ord(character)
    if code in JOINERS:
        return "" if printed else character
    category = unicodedata.category(character)
    if category[0] == "C" or category in ("Zl", "Zp") or (printed and not _set(character)):
        # The null marks where two spelled code points meet, to be written in one bracket.
        return f"\x00[U+{code:04X}]\x00"
    return character


def _set(character: str) -> bool:
    """Whether a character can be set on paper."""
    return ord(character) in charset() or further(character) is not None


@cache
def subset(face: Face, codepoints: frozenset[int]) -> bytes:
    """The face with these code points only, as WOFF. Equal input gives equal bytes.

    WOFF (one zlib stream per table) takes 1 ms and is half the size of TTF; WOFF2 would save a fifth more
    and takes 40 ms.
    """
    return woff(_subset(face, codepoints, FEATURES))


def _subset(face: Face, codepoints: Iterable[int], features: tuple[str, ...]) -> bytes:
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(codepoints)
    if features:
        wanted.layout_feature_tag_set.clear()
        wanted.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in features)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    return uharfbuzz.subset(_font(face).face, wanted).blob.data


def lacking(text: str) -> bool:
    """Whether a text holds what our faces lack."""
    return not charset().issuperset(map(ord, text))


def further_faces(texts: Iterable[str]) -> tuple[str, dict[str, bytes]]:
    """What a printed page needs besides our faces: rules, and the files they name as asset:<file>.

    They hold a space and the characters of these texts that ours lack, and are the last in every list of families.
    """
    files = {face: _subset(face, wanted, ()) for face, wanted in _wanted(set().union(*texts)).items()}
    rules = "".join(_rule(face, f"asset:{face.file}") for face in files)
    return rules, {face.file: content for face, content in files.items()}


def _wanted(characters: Iterable[str]) -> dict[Face, set[int]]:
    """What each further face has to hold; none that holds nothing."""
    wanted: dict[Face, set[int]] = {}
    for character in characters:
        face = None if ord(character) in charset() else further(character)
        if face:
            wanted.setdefault(face, {0x20}).add(ord(character))
    return {face: wanted[face] for face in FURTHER if face in wanted}


def woff(sfnt: bytes) -> bytes:
    """A TrueType font as WOFF 1.0 (W3C Recommendation, 13 December 2012)."""
    flavor, count = struct.unpack(">4sH", sfnt[:6])
    records = [struct.unpack(">4sLLL", sfnt[12 + 16 * i : 28 + 16 * i]) for i in range(count)]
    offset, directory, body = 44 + 20 * count, b"", b""
    for tag, checksum, start, length in sorted(records):
        table = sfnt[start : start + length]
        packed = zlib.compress(table, 9)
        if len(packed) >= length:
            packed = table
        directory += struct.pack(">4sLLLL", tag, offset + len(body), len(packed), length, checksum)
        body += packed + b"\0" * (-len(packed) % 4)
    plain_size = 12 + 16 * count + sum(length + -length % 4 for _, _, _, length in records)
    header = struct.pack(
        ">4s4sLHHLHHLLLLL", b"wOFF", flavor, offset + len(body), count, 0, plain_size, 1, 0, 0, 0, 0, 0, 0
    )
    return header + directory + body


def embedded_css(codepoints: Iterable[int]) -> str:
    """@font-face rules that carry all faces, with the given code points, inside themselves."""
    given = frozenset(codepoints)
    wanted = given & charset() | frozenset(range(0x20, 0x7F))
    faces = {face: subset(face, wanted) for face in FACES}
    for face, held in _wanted(map(chr, given - charset())).items():
        faces[face] = woff(_subset(face, held, ()))
    return "".join(
        _rule(face, f"data:font/woff;base64,{base64.b64encode(content).decode()}")
        for face, content in faces.items()
    )


def asset_css() -> str:
    """@font-face rules that name the whole faces as asset:<file>, for a renderer that is given them."""
    return "".join(_rule(face, f"asset:{face.file}") for face in FACES)


def _rule(face: Face, url: str) -> str:
    return f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};src:url("{url}")}}\n'
