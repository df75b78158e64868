"""A presentation being filled: titles, tables, figures and notes, in the colours of the house."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from reportgen.base.required import required
from reportgen.render.html.fonts import writable
from reportgen.render.html.page import Page, foot_of
from reportgen.render.html.page_brand import drawn_logo, flat, is_png
from reportgen.render.lines import EXTENSION, Lines, in_lines, logo_in_lines, raster
from reportgen.render.pptx.content import Slide
from reportgen.render.pptx.fitting import FONT, Fitted, fitted, head_of, lines, spans
from reportgen.render.pptx.panels import TITLE_SIZE, caption_room, places, title_room
from reportgen.report import Figure, Report, Table, plain

WIDTH, HEIGHT = 960, 540  # points: 16 to 9
EDGE, TOP, BOTTOM = 48, 118, 500
LIFTED, NOTE = 30, 10  # panels have short titles and begin higher; size of captions and notes
Room = tuple[float, float, float, float]  # left, top, width, height
ACCENT, INK, QUIET, RULE = "#0b5c6b", "#1a1a1a", "#5f6670", "#c8ccd0"
UNDATED = "1970-01-01"
TAGS = {"en": "en-GB", "de": "de-DE"}
SIDES = {"left": PP_ALIGN.LEFT, "number": PP_ALIGN.RIGHT, "centre": PP_ALIGN.CENTER, "axis": PP_ALIGN.LEFT}
DROPPED = ("/thumbnail", "/printerSettings")
TITLE_ONLY = 5


class Deck:
    """Turns slides into those of PowerPoint; page: gives the words of the foot and what letters may be written."""

    def __init__(self, report: Report, page: Page):
        self.report, self.page = report, page
        self.accent = report.brand.accent or ACCENT
        self.second = report.brand.second or INK
        self.file = pptx.Presentation()
        self.file.slide_width, self.file.slide_height = Pt(WIDTH), Pt(HEIGHT)
        self.foot = foot_of(report, page.words)
        self.drawings = 0
        _describe(self.file, report)

    def front(self) -> None:
        """Title, what is reported, whose it is, and the warning that nobody must miss."""
        report = self.report
        slide = self._slide(report.title, report.brand.institution, size=34, top=130, height=130)
        required(slide.shapes.title).text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        lines = [report.subtitle, " · ".join(f"{name} {value}" for name, value in report.facts)]
        self._text(slide, [line for line in lines if line], (EDGE, 280, WIDTH - 2 * EDGE, 90), 18, INK)
        if report.notice:
            self._text(slide, [report.notice], (EDGE, 400, WIDTH - 2 * EDGE, 40), 16, self.accent, bold=True)
        self._logo(slide)

    def add(self, content: Slide) -> None:
        """One slide more: its figure, else its table, else its lines; a caption beneath and notes for the speaker."""
        slide = self._slide(content.title, content.kicker)
        bottom = BOTTOM - (34 if content.caption else 0)
        room = (EDGE, TOP, WIDTH - 2 * EDGE, bottom - TOP)
        if content.lines and (content.figure or content.table):
            said = self._lead(slide, content.lines, room)
            room = (room[0], room[1] + said, room[2], room[3] - said)
        if content.panels:
            self._panels(slide, content.panels, room)
        elif content.figure:
            self._figure(slide, content.figure, room)
        elif content.table:
            self._table(slide, content.table, room)
        elif content.lines:
            self._text(slide, content.lines, (EDGE, TOP, WIDTH - 2 * EDGE, BOTTOM - TOP), 16, INK, gap=8)
        if content.caption:
            self._text(slide, [content.caption], (EDGE, bottom, WIDTH - 2 * EDGE, 32), 11, QUIET)
        if content.notes:
            frame = required(slide.notes_slide.notes_text_frame)
            frame.text = "\n".join(self._written(note) for note in content.notes)

    def packed(self) -> bytes:
        """The presentation as a file. Equal ones give equal bytes: no time of day, and parts in one order."""
        package = self.file.part.package
        for holder in (package, self.file.part):
            rels = holder._rels
            for key in [key for key, rel in rels.items() if rel.reltype.endswith(DROPPED)]:
                rels.pop(key)
        saved, packed = io.BytesIO(), io.BytesIO()
        self.file.save(saved)
        with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(packed, "w") as target:
            for name in parts.namelist():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
                target.writestr(entry, parts.read(name))
        return packed.getvalue()

    def _written(self, words: str) -> str:
        return writable(words, False).replace("\n", " ")

    def _slide(self, title: str, kicker: str, size: int = 26, top: int = 40, height: int = 66):
        slide = self.file.slides.add_slide(self.file.slide_layouts[TITLE_ONLY])
        holder = required(slide.shapes.title)
        holder.left, holder.top, holder.width, holder.height = map(Pt, (EDGE, top, WIDTH - 2 * EDGE, height))
        frame = holder.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = Pt(0)
        smaller = size if len(title) < 90 else size - 4 if len(title) < 150 else size - 8
        self._run(frame.paragraphs[0], title, smaller, self.second, bold=True)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        if kicker:
            self._text(slide, [kicker], (EDGE, top - 22, WIDTH - 2 * EDGE, 20), 13, self.accent, bold=True)
        number = f"{len(self.file.slides)}"
        self._text(slide, [self.foot], (EDGE, 512, WIDTH - 2 * EDGE - 40, 18), NOTE, QUIET)
        self._text(slide, [number], (WIDTH - EDGE - 40, 512, 40, 18), NOTE, QUIET, align=PP_ALIGN.RIGHT)
        return slide

    def _text(self, slide, lines, place, size, colour, bold=False, gap=2, align=PP_ALIGN.LEFT) -> None:
        frame = slide.shapes.add_textbox(*map(Pt, place)).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
        for n, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            paragraph.space_after, paragraph.alignment = Pt(gap), align
            self._run(paragraph, line, size, colour, bold)

    def _run(self, paragraph, words: str, size: float, colour: str, bold: bool = False) -> None:
        run = paragraph.add_run()
        run.text = self._written(words)
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
        run._r.get_or_add_rPr().set("lang", TAGS.get(self.report.language, self.report.language))

    def _lead(self, slide, said: tuple[str, ...], room: Room) -> float:
        """Lines over a figure or a table; their height."""
        left, top, wide, _high = room
        high = 22.0 * sum(lines(line, wide, 16) for line in said)
        self._text(slide, said, (left, top, wide, high), 16, INK)
        return high + 6

    def _panels(self, slide, panels: tuple[Slide, ...], room: Room) -> None:
        """Beside each other, wide tables above one another; over each what it shows, below it its caption."""
        left, top, width, height = room
        for one, (x, y, wide, high) in zip(
            panels, places(panels, (left, top - LIFTED, width, height + LIFTED)), strict=True
        ):
            over = title_room(one, wide)
            self._text(slide, [one.title], (x, y, wide, over), TITLE_SIZE, self.accent, bold=True)
            below = caption_room(one, wide)
            inner = (x, y + over + 2, wide, high - over - 2 - below)
            if one.figure:
                self._figure(slide, one.figure, inner)
            elif one.table:
                set_in = self._table(slide, one.table, inner)
                y -= max(0, inner[3] - set_in.height - 12)  # its notes stand with it
            if one.caption:
                self._text(slide, [one.caption], (x, y + high - below, wide, below), NOTE, QUIET)

    def _figure(self, slide, figure: Figure, room: Room) -> None:
        if not figure.alt.strip():
            raise ValueError(f"figure {figure.id!r} has no text alternative")
        name = self.page.unique(f"figure-{figure.id.removeprefix('figure-')}")
        drawing = figure.drawing.reworded(self.page.writable)
        lines = in_lines(drawing, f"{name}-{drawing.id}-svg")
        self._drawing(slide, lines, figure.alt, room)

    def _drawing(self, slide, lines: Lines, alt: str, room) -> None:
        """A drawing as large as its room allows, in the middle of it: as a picture, and beside it as lines."""
        width, height = lines.fitted(room[2], room[3])
        left, top = room[0] + (room[2] - width) / 2, room[1] + (room[3] - height) / 2
        shape = slide.shapes.add_picture(
            io.BytesIO(raster(lines, width / lines.size[0])), *map(Pt, (left, top, width, height))
        )
        self.drawings += 1
        uri = PackURI(f"/ppt/media/drawing{self.drawings}.svg")
        part = Part(uri, "image/svg+xml", slide.part.package, lines.svg.encode())
        key = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        for blip in shape._element.iter(qn("a:blip")):
            blip.append(parse_xml(EXTENSION.format(key)))
        named = shape._element.nvPicPr.cNvPr
        named.set("descr", self._written(alt))

    def _logo(self, slide) -> None:
        brand = self.report.brand
        if not brand.logo:
            return
        name = brand.institution or "Logo"
        if is_png(brand.logo):
            shape = slide.shapes.add_picture(io.BytesIO(flat(brand.logo)), Pt(EDGE), Pt(40), height=Pt(48))
            shape._element.nvPicPr.cNvPr.set("descr", self._written(name))
        else:
            self._drawing(slide, logo_in_lines(drawn_logo(brand.logo, self.page)), name, (EDGE, 40, 220, 48))

    def _table(self, slide, table: Table, room: Room) -> Fitted:
        """A table of PowerPoint, ruled as in print: a line below the head and one at the end."""
        rows, columns = len(table.rows) + 1, len(table.columns)
        left, top, width, height = room
        found = fitted(table, (width, height))
        shape = slide.shapes.add_table(
            rows, columns, Pt(left), Pt(top), Pt(width), Pt((found.size * 1.2 + 6) * rows)
        )
        grid = shape.table
        shape._element.graphic.graphicData.tbl.tblPr.attrib.pop("bandRow", None)
        grid._tbl.tblPr.find(qn("a:tableStyleId")).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style
        for place, share in enumerate(found.widths):
            grid.columns[place].width = Pt(share)
        for place, column in enumerate(table.columns):
            self._cell(
                grid.cell(0, place), head_of(table, place), found.size, self.accent, SIDES[column.align],
                bold=True, rule=True,
            )  # fmt: skip
        for n, row in enumerate(table.rows, start=1):
            if spans(row) and columns > 1:
                grid.cell(n, 0).merge(grid.cell(n, columns - 1))
            for place, column in enumerate(table.columns):
                words = plain(row.cells[place]) if place < len(row.cells) else ""
                indent = "    " * row.indent if place == 0 else ""
                self._cell(
                    grid.cell(n, place), indent + words, found.size, INK, SIDES[column.align],
                    bold=row.head, rule=n == len(table.rows),
                )  # fmt: skip
        return found

    def _cell(self, cell, words: str, size: int, colour: str, align, bold: bool, rule: bool) -> None:
        cell.margin_top = cell.margin_bottom = Pt(3)
        cell.margin_left = cell.margin_right = Pt(5)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = align
        if words:
            self._run(paragraph, words, size, colour, bold)
        else:  # without its size an empty cell has a line of 18 pt, and its row grows
            paragraph._p.get_or_add_endParaRPr().sz = size * 100
        if rule:
            line = (
                '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="9525"><a:solidFill>'
                f'<a:srgbClr val="{RULE[1:].upper()}"/></a:solidFill></a:lnB>'
            )
            cell._tc.get_or_add_tcPr().insert(0, parse_xml(line))


def _describe(file, report: Report) -> None:
    about, date = file.core_properties, datetime.fromisoformat(report.date or UNDATED)
    about.title, about.subject = (writable(text, False)[:255] for text in (report.title, report.subtitle))
    about.author = about.last_modified_by = about.comments = about.keywords = about.category = ""
    about.language = TAGS.get(report.language, report.language)
    about.revision, about.created, about.modified = 1, date, date
