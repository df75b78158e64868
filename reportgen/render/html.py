"""A Report as one self-contained page. The templates lay out; everything that must be worked out is here."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reportgen.render import columns, fonts, svg, templates_folder
from reportgen.report import (
    Block,
    Bullets,
    Figure,
    Heading,
    KeyNumbers,
    Note,
    Notice,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    Text,
    Value,
    plain,
)

SCREEN, PRINT = "screen", "print"
LONG_TABLE = 34  # rows; what is longer may be split between pages, its head repeated
TEXT_COLUMN, FULL_MEASURE = 374 / 8.5, 482 / 8.5  # em of table type; a wide table takes the margin column too
MARKS = str.maketrans("ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐ", "abcdefghijklm")
WORDS = {
    "en": {"contents": "Contents", "skip": "Skip to the report", "cutoff": "Data cut-off", "page": "Page",
           "of": "of", "table": "Table", "figure": "Figure", "chapters": "Chapters", "decimal": "."},
    "de": {"contents": "Inhalt", "skip": "Zum Bericht", "cutoff": "Datenschnitt", "page": "Seite",
           "of": "von", "table": "Tabelle", "figure": "Abbildung", "chapters": "Kapitel", "decimal": ","},
}  # fmt: skip


@dataclass
class Page:
    """What one rendering gathers on its way: rules for its stylesheet, files it refers to, ids it has used."""

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
        """ "Table 3": the next number of its kind."""
        self.counts[kind] += 1
        return f"{self.words[kind]}\u00a0{self.counts[kind]}"


def render_html(report: Report) -> str:
    """The report as one page that needs nothing else: no network, no script, no font of the reader's.

    Equal reports give equal text. ValueError if a figure holds what no figure may hold.
    """
    return render_page(report, SCREEN)[0]


def render_page(report: Report, medium: str) -> tuple[str, dict[str, bytes]]:
    """The page for a screen, or for print: then with its figures and fonts apart, as asset:<name> → bytes."""
    page = Page(medium, WORDS[report.language])
    environment = _environment(medium)
    page.ids.update(("top", "main", "contents"))
    chapters = [_chapter(section, page, environment) for section in report.sections]

    def stylesheet(body: Markup) -> Markup:
        sheets = (_screen_css if medium == SCREEN else _print_css)()
        faces = fonts.embedded_css(map(ord, body)) if medium == SCREEN else fonts.asset_css()
        return Markup(
            faces + sheets + "".join(page.rules) + (_dark(page.colours) if medium == SCREEN else "")
        )

    html = environment.get_template("report.html").render(
        report=report,
        chapters=chapters,
        words=page.words,
        medium=medium,
        short_title=_shortened(report.title),
        foot=_foot(report, page.words),
        stylesheet=stylesheet,
        policy=_policy,
        inline=lambda text: _inline(text, page),
    )
    if page.printed:
        page.assets |= {face.file: fonts.font_bytes(face) for face in fonts.FACES}
    return html, page.assets


@cache
def _environment(medium: str) -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: (
            value if hasattr(value, "__html__") else fonts.writable(str(value), medium == PRINT)
        ),
    )


def _css(name: str) -> str:
    return (templates_folder() / "css" / name).read_text(encoding="utf-8")


@cache
def _screen_css() -> str:
    return f"{_css('base.css')}@media screen{{{_css('screen.css')}}}\n@media print{{{_css('print.css')}}}\n"


@cache
def _print_css() -> str:
    return _css("base.css") + _css("print.css")


def _policy(css: Markup) -> str:
    """The content security policy that allows this stylesheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(str(css).encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _dark(colours: set[str]) -> str:
    """Rules that show figures on a dark ground: each colour's lightness is turned over, its hue kept."""
    rules = "".join(
        f'svg [{name}="{colour}"]{{{name}:{_turned(colour)}}}'
        for colour in sorted(colours)
        for name in ("fill", "stroke")
    )
    return f"@media screen and (prefers-color-scheme:dark){{{rules}}}\n" if rules else ""


def _turned(colour: str) -> str:
    """White becomes the dark ground, black the light ink, a colour its own lighter or darker kin."""
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    middle = (max(channels) + min(channels)) / 2
    dark, light = 0x15, 0xEC
    target = dark + (light - dark) * (1 - middle / 255)
    scale = (
        min(1.0, min(target, 255 - target) / max(1e-9, min(middle, 255 - middle))) if 0 < middle < 255 else 0
    )
    turned = (round(min(255, max(0, target + (channel - middle) * scale))) for channel in channels)
    return "#" + "".join(f"{channel:02x}" for channel in turned)


def _shortened(title: str, limit: int = 72) -> str:
    return title if len(title) <= limit else title[: limit - 1].rsplit(" ", 1)[0] + "…"


def _foot(report: Report, words: dict[str, str]) -> str:
    parts = (
        f"{words['cutoff']} {report.date}" if report.date else "",
        report.profile,
        f"reportgen {report.version}",
    )
    return " · ".join(part.strip() for part in parts if part)


def _inline(text: Text | str, page: Page) -> Markup:
    """Running text: Values know their estimate and may be quiet; a raised ᵃ is a note's mark."""
    pieces = []
    for part in (text,) if isinstance(text, str) else text:
        words = escape(page.writable(str(part)))
        words = Markup(re.sub("[ᵃ-ᵡʰⁱʲˡ]", lambda mark: f"<sup>{mark[0].translate(MARKS)}</sup>", words))
        if not isinstance(part, Value) or (page.printed and not part.quiet):
            pieces.append(words)
            continue
        ref = Markup(' data-ref="{}"').format(part.ref) if part.ref and not page.printed else ""
        name = "v q" if part.quiet else "v"
        pieces.append(Markup('<span class="{}"{}>{}</span>').format(name, ref, words))
    return Markup("").join(pieces)


def _chapter(section: Section, page: Page, environment: Environment) -> dict:
    template = environment.select_template((f"sections/{section.key}.html", "sections/default.html"))
    return {"id": page.unique(section.key), "title": section.title, "template": template,
            "blocks": _views(section, page)}  # fmt: skip


def _views(section: Section, page: Page) -> list[dict]:
    """What the templates see of each block.

    Half figures that follow one another are one pair. Notes go with the next block that is no heading, so
    that a heading never stays behind at the foot of a page with a note alone.
    """
    views: list[dict] = []
    notes: list[dict] = []
    for block in section.blocks:
        view = _view(block, section.key, page)
        if view["kind"] == "note":
            notes.append(view)
            continue
        half = view["kind"] == "figure" and view["half"]
        if half and not notes and views and views[-1]["kind"] == "pair" and len(views[-1]["figures"]) == 1:
            views[-1]["figures"].append(view)
            continue
        view = {"kind": "pair", "figures": [view]} if half else view
        if view["kind"] != "heading":
            view, notes = view | {"notes": notes}, []
        views.append(view)
    return [*views, {"kind": "nothing", "notes": notes}] if notes else views


def _view(block: Block, key: str, page: Page) -> dict:
    match block:
        case Table():
            return _table(block, page)
        case Figure():
            return _figure(block, page)
        case Heading():
            kind = "heading"
        case Paragraph():
            kind = "paragraph"
        case Note():
            kind = "note"
        case Bullets():
            kind = "bullets"
        case Notice():
            kind = "notice"
        case KeyNumbers():
            kind = "key_numbers"
        case _:
            raise TypeError(f"a section may not hold a {type(block).__name__}")
    return {"kind": kind, "id": page.unique(f"{key}-{kind}"), "block": block}


def _figure(figure: Figure, page: Page) -> dict:
    if not figure.alt.strip():
        raise ValueError(f"figure {figure.id!r} has no text alternative")
    name = page.unique(f"figure-{figure.id}")
    tree = svg.checked(figure.svg, f"{name}-", page.writable)
    page.colours |= svg.colours(tree)
    view = {"kind": "figure", "id": name, "half": figure.width == "half", "figure": figure,
            "number": page.number("figure")}  # fmt: skip
    if page.printed:
        page.assets[f"{name}.svg"] = svg.markup(tree, xmlns="http://www.w3.org/2000/svg").encode()
        return view | {"src": f"asset:{name}.svg", "svg": None}
    for side in ("width", "height"):
        tree.attrib.pop(side, None)
    # The tree was checked element by element, and was written by a serialiser that escapes.
    drawn = Markup(svg.markup(tree, role="img", aria_label=page.writable(figure.alt), focusable="false"))
    return view | {"src": None, "svg": drawn}


def _table(table: Table, page: Page) -> dict:
    name = page.unique(f"table-{table.id}")
    count = len(table.columns)
    for row in table.rows:
        if len(row.cells) > count:
            raise ValueError(f"table {table.id!r} has {count} columns, but a row of {len(row.cells)} cells")
    texts = [
        [page.writable(plain(cell)) for cell in row.cells] + [""] * (count - len(row.cells))
        for row in table.rows
    ]
    rooms, sizes = [], []
    for i, column in enumerate(table.columns):
        cells = [row[i] for row in texts]
        numbers = column.align == "number"
        rooms.append(columns.tails(cells, page.words["decimal"]) if numbers else [None] * len(cells))
        aligned = [
            cell for cell, room in zip(cells, rooms[i], strict=True) if room is not None or not numbers
        ]
        sizes.append(columns.measured(f"{column.head} {column.unit}", aligned, breakable=not numbers))
    natural = columns.room_needed(sizes)
    room = TEXT_COLUMN if natural <= TEXT_COLUMN else FULL_MEASURE
    for i, share in enumerate(columns.shares(sizes, [column.width for column in table.columns], room), 1):
        page.rules[f"#{name} col:nth-child({i}){{width:{100 * share:.4g}%}}"] = None
    if not page.printed:
        page.rules[
            f"#{name} table{{min-width:{min(natural, sum(s.least + columns.GUTTER for s in sizes)):.4g}em}}"
        ] = None
    rows = [_row(row, [room[n] for room in rooms], table, page) for n, row in enumerate(table.rows)]
    return {
        "kind": "table", "id": name, "table": table, "number": page.number("table"), "groups": _groups(rows),
        "classes": " ".join((["wide"] if room > TEXT_COLUMN else [])
                            + ["long" if len(rows) > LONG_TABLE else "short"]),
    }  # fmt: skip


def _row(row: Row, rooms: list[float | None], table: Table, page: Page) -> dict:
    """A row's cells, each with its class and its markup. A head without further cells spans the table."""
    filled = [*row.cells, *((),) * (len(table.columns) - len(row.cells))]
    spans = row.head and not any(plain(cell).strip() for cell in filled[1:])
    cells = []
    for cell, room, column in zip(filled, rooms, table.columns, strict=True):
        name = {"left": "l", "number": "n", "centre": "c"}[column.align]
        if column.align == "number" and room is None and plain(cell):
            name = "w"
        if room:
            page.rules[f".e{room * 1000:.0f}{{padding-right:{room:.3f}em}}"] = None
            name += f" e{room * 1000:.0f}"
        cells.append({"class": name, "text": _inline(cell, page)})
    return {
        "cells": cells[:1] if spans else cells,
        "head": row.head,
        "spans": spans,
        "indent": min(row.indent, 3),
    }


def _groups(rows: list[dict]) -> list[list[dict]]:
    """Rows by group: a head begins one."""
    groups: list[list[dict]] = []
    for row in rows:
        if row["head"] or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups
