"""The report as data: what a reader will see, in order, with no trace of how it is drawn.

All text is a Text: a tuple of plain strings and Values. A Value is a formatted number that knows the
Estimate it came from, so that a reader can ask any number where it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen.base.brand import Brand
from reportgen.base.described import Groups
from reportgen.base.drawing import Drawing
from reportgen.stats.results import Curve, Estimate


@dataclass(frozen=True)
class Value:
    """A printed number. ref: the id of the Estimate or Curve behind it. quiet: set in second ink."""

    text: str
    ref: str | None = None
    quiet: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Link:
    """Words that lead to a file beside the report, or to a table of it: paper shows the words.

    href: a relative path, percent-encoded, or "#" and the id of a block, which is then called by its number.
    """

    text: str
    href: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Dot:
    """A place on an axis and its interval, within 0–1, as shares are. group: of those side by side, from 1; 0: of all.
    part: of a share, drawn filled on the same line, the share itself hollow.
    """

    value: float
    low: float | None
    high: float | None
    group: int = 0
    part: float | None = None


@dataclass(frozen=True)
class Dots:
    """Dots with their intervals, below one another on the axis of their column; without words. reference: where no
    difference stands, on an axis of ratios; None on one of shares, from 0 to 100%.
    """

    dots: tuple[Dot, ...] = ()
    reference: float | None = None

    def __str__(self) -> str:
        return ""


Text = tuple[str | Value | Link | Dots, ...]


def plain(text: Text | str) -> str:
    """The words alone."""
    return text if isinstance(text, str) else "".join(str(part) for part in text)


@dataclass(frozen=True)
class Headline:
    """What was found and how sure it is, in one or two sentences, over everything else."""

    text: Text


@dataclass(frozen=True)
class Heading:
    """A heading within a chapter (level 2 below the chapter's own)."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; label is set before it ("Purpose", "Methods"), as in a structured abstract."""

    text: Text
    label: str = ""


@dataclass(frozen=True)
class Note:
    """A definition or remark for the margin, beside what follows it."""

    term: str
    text: str


@dataclass(frozen=True)
class Bullets:
    """A plain list."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Column:
    """align: "left", "number" (on the decimal or the slash), "centre", or "axis" of Dots. width: share, 0 = even.
    over: the head that stands once over this column and its neighbours that bear the same. marks: of an axis, their
    places within 0–1 and their words; (): those of shares.
    """

    head: str
    unit: str = ""
    align: str = "number"
    width: float = 0
    over: str = ""
    marks: tuple[tuple[float, str], ...] = ()

    @property
    def name(self) -> str:
        """All that stands over the column, in one line."""
        return " ".join(filter(None, (self.over, self.head, self.unit)))


@dataclass(frozen=True)
class Row:
    """One row. indent: depth within its group. head: the row names the group of rows that follows."""

    cells: tuple[Text, ...]
    indent: int = 0
    head: bool = False


@dataclass(frozen=True)
class Table:
    """id: unique in the report. caption: the sentence that the table supports. notes: below it.
    more: the rows that are too many to be shown, for the table's CSV file alone. dots: what its Dots say, where drawn.
    figures: the same rows drawn, for slides and as files. how: what it holds, after a caption of what it shows.
    """

    id: str
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Text, ...] = ()
    more: tuple[Row, ...] = ()
    dots: Text = ()
    figures: tuple[Figure, ...] = ()
    how: Text = ()


@dataclass(frozen=True)
class ReadLine:
    """A curve as it is read at a time. name: of its group, "" where there is one line only.
    times: in the figure's unit, ascending. said: what holds from each time on, in words; start: before the
    first. at_risk: counted just before each time. heights: the estimates, 0–1, one more than times, the first at 0.
    """

    name: str
    start: str
    times: tuple[float, ...]
    said: tuple[str, ...]
    at_risk: tuple[int, ...]
    heights: tuple[float, ...] = ()


@dataclass(frozen=True)
class Figure:
    """drawing: made by figures/. alt: what it shows. lines: what is read off a curve, in unit.
    width: "full" (of the text), "wide" (of the page) or "half" (two in a row stand beside each other).
    by: the column by whose groups its marks are told apart, "" where they are of none (see Groups).
    narrow: the same drawn for a narrow screen, None where it is narrow enough.
    """

    id: str
    drawing: Drawing
    caption: Text
    alt: str
    width: str = "full"
    notes: tuple[Text, ...] = ()
    lines: tuple[ReadLine, ...] = ()
    unit: str = ""
    by: str = ""
    narrow: Drawing | None = None


@dataclass(frozen=True)
class Notice:
    """Something the reader must know before reading on: a chapter without its columns, a doubt."""

    text: Text


Block = Headline | Heading | Paragraph | Note | Bullets | Table | Figure | Notice


@dataclass(frozen=True)
class Section:
    """One chapter. blocks: what it found; further: what proves it, for the supplement."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    estimates: tuple[Estimate, ...] = ()
    curves: tuple[Curve, ...] = ()
    further: tuple[Block, ...] = ()

    @property
    def every(self) -> tuple[Block, ...]:
        """All that it says, the findings first."""
        return (*self.blocks, *self.further)


@dataclass(frozen=True)
class Part:
    """Chapters as they are printed one after the other. title: over all of them, "" over the findings.
    letter: before the numbers of its tables and figures, as in "Table S1".
    """

    title: str
    sections: tuple[Section, ...]
    letter: str = ""


@dataclass(frozen=True)
class Cells:
    """Cells of the source: a sheet, the letter of a column, and the numbers of rows."""

    sheet: str
    column: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Steps:
    """How an estimate came about, event by event: heads and rows in words. left: earlier rows that are left out."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 0


@dataclass(frozen=True)
class Origin:
    """An Estimate that can be asked, and what it is, in words. unit: of its value, as in results.json.
    cells: where those who were counted stand in the source, () where nobody was; None where it is not said.
    story: what it tells, in a sentence with rounded numbers; steps: how it came about. group: of patients, that it is
    of, where groups are set side by side; "" where it is of none of them.
    """

    estimate: Estimate
    label: str
    unit: str = ""
    cells: tuple[Cells, ...] | None = None
    story: str = ""
    steps: Steps | None = None
    group: str = ""


@dataclass(frozen=True)
class Report:
    """The whole document. notice: a line over the title that nobody must miss ("Synthetic data …").
    facts: (name, value) pairs under the title (treatment, cut-off, patients). provenance: plain data for
    results.json and the methods chapter. date: ISO date that stands for the report (its cut-off).
    kind: the template, "report" or "case". parts: how the chapters are printed, where not one after the other.
    origins: by the id of an Estimate. patients: sheet → row → patient, of the rows that origins name. groups: that a
    reader may look at one by one.
    """

    title: str
    subtitle: str
    date: str | None
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    notice: str = ""
    profile: str = "internal"
    language: str = "en"
    version: str = ""
    kind: str = "report"
    provenance: dict = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    patients: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    groups: Groups = Groups()
    brand: Brand = Brand()
    parts: tuple[Part, ...] = ()

    @property
    def printed(self) -> tuple[Part, ...]:
        """What a reader meets, in order."""
        return self.parts or (Part("", self.sections),)
