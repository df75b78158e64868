"""WordprocessingML in few words: elements, runs of text, fields and bookmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from reportgen.render.html import fonts
from reportgen.render.html.page import MARK, MARKS
from reportgen.report import Text, Value

TWIPS = 20  # in a point
# An id, a date of digits, a number with a sign or "95-%-KI": no line ends at its hyphens.
LIMIT = re.compile(r"(?<=[≥≤<>]) (?=\d)")  # "grade ≥ 3": the sign stays with its number
CODE = re.compile(r"(?:\w+-)*\d+(?:[.,]\d+)?-[\u2060]?%-[\u2060]?\w+|(?=[\w.-]*\d)\w+(?:[-.]\w+)+")
RANGE = re.compile(r"(?<=[\w%)])–(?=[\d<>−-]|NR|NE)")
MM = 1440 / 25.4  # twips


def element(tag: str, *children: Element, **values: object) -> Element:
    """<w:tag> with its children; values are its attributes, without their prefix.

    >>> element("jc", val="right").tag.rpartition("}")[2]
    'jc'
    """
    made = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def paragraph(style: str, *content: Element, **properties: Element | None) -> Element:
    """<w:p> in a style. properties: further paragraph properties by any name, in the schema's order."""
    given = [given for given in properties.values() if given is not None]
    return element("p", element("pPr", element("pStyle", val=style), *given), *content)


def run(text: str, style: str = "", mark: bool = False) -> Element:
    """Words in a character style; mark: raised, as the mark of a note is."""
    made = element("r")
    if style or mark:
        made.append(element("rPr", *([element("rStyle", val=style)] if style else [])))
        if mark:
            made[0].append(element("vertAlign", val="superscript"))
    text = LIMIT.sub("\u00a0", CODE.sub(lambda code: code[0].replace("-", "\u2011"), text))
    for n, piece in enumerate(text.split("\u2011")):
        if n:
            made.append(element("noBreakHyphen"))
        words = element("t")
        words.text = piece
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(words)
    return made


def written(text: Text | str, style: str = "") -> list[Element]:
    """A text as runs: second ink where a Value is quiet, note marks raised, nothing that XML can't hold."""
    runs: list[tuple[str, str, bool]] = []
    for words, used, mark in _pieces((text,) if isinstance(text, str) else text, style):
        if runs and runs[-1][1:] == (used, mark):
            runs[-1] = (runs[-1][0] + words, used, mark)
        elif words:
            runs.append((words, used, mark))
    texts = _whole_ranges([words for words, *_ in runs])
    return [run(words, used, mark) for words, (_, used, mark) in zip(texts, runs, strict=True)]


def _whole_ranges(texts: list[str]) -> list[str]:
    """The texts of one line of words, no range of which is broken, even where its numbers are texts of their own.

    >>> [text.replace("\u2060", "|") for text in _whole_ranges(["(3–65; 2", "–", "NR)"])]
    ['(3–|65; 2', '–|', 'NR)']
    """
    joined, place, whole = "".join(texts), 0, []
    dashes = {found.start() for found in RANGE.finditer(joined)}
    for text in texts:
        whole.append("".join(c + "\u2060" if place + n in dashes else c for n, c in enumerate(text)))
        place += len(text)
    return whole


def _pieces(parts: Text, style: str) -> Iterator[tuple[str, str, bool]]:
    for part in parts:
        used = "Quiet" if isinstance(part, Value) and part.quiet else style
        for words in re.split(f"({MARK.pattern}+)", fonts.running(str(part), printed=False)):
            mark = bool(MARK.match(words))
            yield words.translate(MARKS) if mark else words, used, mark


def field(instruction: str, shown: str, style: str = "") -> Element:
    """What Word can work out anew, with what it shows until then."""
    return element("fldSimple", run(shown, style), instr=f" {instruction} ")


def field_ends(instruction: str) -> tuple[list[Element], Element]:
    """The begin and the end of a field that holds whole paragraphs."""
    code = element("instrText")
    code.text = f" {instruction} "
    begin = [element("r", element("fldChar", fldCharType="begin")), element("r", code)]
    begin.append(element("r", element("fldChar", fldCharType="separate")))
    return begin, element("r", element("fldChar", fldCharType="end"))


def line_break() -> Element:
    """A new line within a paragraph."""
    return element("r", element("br"))


def tab() -> Element:
    """A jump to the next tab stop."""
    return element("r", element("tab"))


class Bookmarks:
    """Names and numbers of the places that fields refer to."""

    def __init__(self):
        self._names: dict[str, str] = {}

    def name(self, key: str) -> str:
        """The bookmark of a key: letters, digits and _, 40 at most, and no two alike."""
        if key not in self._names:
            stem = re.sub(r"\W+", "_", key, flags=re.ASCII)[:34]
            self._names[key] = f"_{stem}_{len(self._names) + 1}"
        return self._names[key]

    def around(self, key: str, *content: Element) -> list[Element]:
        """The content as the place that the key names."""
        name = self.name(key)
        number = list(self._names).index(key) + 1
        return [element("bookmarkStart", id=number, name=name), *content, element("bookmarkEnd", id=number)]
