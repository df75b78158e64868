"""The Word file: what is in it, and what another program makes of it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pikepdf
import pytest
from docx import Document
from PIL import Image

from reportgen.base.errors import UsageError
from reportgen.render.docx import render_docx
from reportgen.report import Brand, Column, Figure, Paragraph, Part, Report, Row, Section, Table, Value, plain
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from tests.conftest import SAMPLE
from tests.pdf_gate import elements
from tests.render.example import curve_drawing, example

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
ASVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SOFFICE = shutil.which("soffice")


def blocks(report: Report, kind: type) -> list:
    return [block for part in report.printed for block in of_part(part, kind)]


def of_part(part: Part, kind: type) -> list:
    return [block for section in part.sections for block in section.blocks if isinstance(block, kind)]


def heads(report: Report) -> list[str]:
    """Of the chapters, and of the parts that have one, in the order of print."""
    return [
        head
        for part in report.printed
        for head in (*filter(None, [part.title]), *(section.title for section in part.sections))
    ]


def part(written: bytes, name: str) -> Element:
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        return fromstring(package.read(name))


def body(written: bytes) -> Element:
    return part(written, "word/document.xml")


def words(element: Element) -> str:
    """Its text; what ties words together is as good as what it stands for here."""
    pieces = (
        "-" if piece.tag == f"{W}noBreakHyphen" else piece.text or ""
        for piece in element.iter()
        if piece.tag in (f"{W}t", f"{W}noBreakHyphen")
    )
    return "".join(pieces).replace("\u00a0", " ").replace("\u2060", "")


def loose(text) -> str:
    return plain(text).replace("\u00a0", " ")


def styled(root: Element, style: str) -> list[str]:
    found = (p for p in root.iter(f"{W}p") if (kind := p.find(f"{W}pPr/{W}pStyle")) is not None and
             kind.get(f"{W}val") == style)  # fmt: skip
    return [words(p) for p in found]


def data_tables(root: Element) -> list[Element]:
    return [table for table in root.iter(f"{W}tbl") if table.find(f"{W}tblPr/{W}tblStyle") is not None]


@pytest.fixture(scope="module")
def written(sample) -> bytes:
    return render_docx(sample.report)


@pytest.fixture(scope="module")
def many(two_groups) -> bytes:
    return render_docx(two_groups.report)


def report_of(*made, **more) -> Report:
    return Report("A title", "", "2018-06-30", (), (Section("one", "One", made),), **more)


def test_headings_and_captions_are_styles(sample, written):
    root, report = body(written), sample.report
    assert styled(root, "Title") == [report.title]
    assert styled(root, "Heading1") == heads(report)
    captions = styled(root, "Caption")
    for kind, word in ((Table, "Table"), (Figure, "Figure")):
        expected = [
            f"{word} {part.letter}{n} {loose(b.caption)}"
            for part in report.printed
            for n, b in enumerate(of_part(part, kind), 1)
        ]
        shown = [c for c in captions if c.startswith(word)]
        assert len(shown) == len(expected)
        for caption, begins in zip(shown, expected, strict=True):  # what a figure remarks follows its caption
            assert caption.startswith(begins.split(" The line is")[0])
    names = {style.name for style in Document(io.BytesIO(written)).styles}
    assert {"Title", "Heading 1", "Heading 2", "Caption", "Header", "Footer", "toc 1", "List Bullet"} <= names


def test_tables_can_be_edited_and_read(sample, written):
    tables = data_tables(body(written))
    assert len(tables) == len(blocks(sample.report, Table))
    for table, source in zip(tables, blocks(sample.report, Table), strict=True):
        rows = table.findall(f"{W}tr")
        heads = 2 if any(column.over for column in source.columns) else 1
        assert len(rows) == len(source.rows) + heads
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert words(rows[heads - 1]) == "".join(column.head + column.unit for column in source.columns)
        assert [words(row) for row in rows[heads:]] == ["".join(map(loose, row.cells)) for row in source.rows]
        for row in rows:
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
            in_words = [column for column in source.columns if column.align != "axis"]  # dots are none
            assert sum(1 if s is None else int(s.get(f"{W}val")) for s in spans) == len(in_words)


def test_numbers_stand_under_one_another():
    rows = tuple(Row(((name,), (number,))) for name, number in (("a", "5/8"), ("b", "10/12"), ("c", "–")))
    table = Table("t", ("A caption.",), (Column("Name", align="left"), Column("Count", "n/N")), rows)
    cells = [
        row.findall(f"{W}tc")[1] for row in data_tables(body(render_docx(report_of(table))))[0].iter(f"{W}tr")
    ]
    assert {cell.find(f"{W}p/{W}pPr/{W}jc").get(f"{W}val") for cell in cells} == {"right"}
    rooms = [int(cell.find(f"{W}p/{W}pPr/{W}ind").get(f"{W}right")) for cell in cells[1:]]
    assert rooms[1] == 0 < rooms[0] < rooms[2]  # as wide as the tail is short: "/12" < "/8" < nothing


def test_no_line_ends_within_a_number_a_date_or_an_id():
    said = ("2 of 8 (95% CI ", Value("3", "a"), "–", Value("65", "b"), "), 2016–2018, 30 June 2018, QX-017.")
    paragraph = next(
        p for p in body(render_docx(report_of(Paragraph(said)))).iter(f"{W}p") if "CI" in words(p)
    )
    assert words(paragraph) == plain(said)
    raw = "".join("\u2011" if e.tag == f"{W}noBreakHyphen" else e.text or "" for e in paragraph.iter())
    for whole in ("95%\u00a0CI\u00a03–\u206065", "2016–\u20602018", "30\u00a0June\u00a02018", "QX\u2011017"):
        assert whole in raw


def test_a_german_interval_is_not_broken_at_its_hyphens():
    (paragraph,) = (
        p for p in body(render_docx(report_of(Paragraph(("51 % (95-%-KI 42–60)",))))).iter(f"{W}p") if "KI" in words(p)
    )  # fmt: skip
    raw = "".join("\u2011" if e.tag == f"{W}noBreakHyphen" else e.text or "" for e in paragraph.iter())
    assert "95\u2011%\u2011KI" in raw


def test_no_number_of_a_table_is_broken_in_other_fonts(two_groups, tmp_path):
    tables = blocks(two_groups.report, Table)
    broad = tuple(table for table in tables if len(table.columns) > 4 and len(table.rows) < 40)
    tight = Section("tight", "Tight", broad)
    some = replace(two_groups.report, sections=(*two_groups.report.sections[:1], tight), parts=())
    converted(render_docx(some), tmp_path).close()
    text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True,
                          text=True, check=True, timeout=60).stdout  # fmt: skip
    keys = next(table for table in blocks(two_groups.report, Table))
    lines = [re.sub(r"\s+", "", line) for line in text.splitlines()]
    for row in keys.rows:
        assert re.sub(r"\s+", "", "".join(map(plain, row.cells))) in [
            line.replace("\u2060", "") for line in lines
        ]
    # What is broken leaves a sign or two on a line of its own: "−14 to 2", and the "3" below.
    assert len(broad) > 5 and not [line for line in lines if 0 < len(line) < 3]


def test_heads_over_columns_repeat_with_the_others():
    columns = (Column("Name", align="left"), Column("n", over="A"), Column("%", over="A"), Column("p"))
    table = Table("t", ("A caption.",), columns, (Row((("a",), ("1",), ("2",), ("3",))),))
    over, heads, _row = data_tables(body(render_docx(report_of(table))))[0].findall(f"{W}tr")
    assert [words(cell) for cell in over.findall(f"{W}tc")] == ["", "A", ""]
    assert [span.get(f"{W}val") for span in over.iter(f"{W}gridSpan")] == ["2"]
    assert [words(cell) for cell in heads.findall(f"{W}tc")] == ["Name", "n", "%", "p"]
    assert all(row.find(f"{W}trPr/{W}tblHeader") is not None for row in (over, heads))


def test_every_figure_is_lines_and_dots_and_words(sample, written):
    root, figures = body(written), blocks(sample.report, Figure)
    shown = list(root.iter(f"{DRAWING}inline"))
    assert [s.find(f"{DRAWING}docPr").get("descr") for s in shown] == [figure.alt for figure in figures]
    ids = [s.find(f"{DRAWING}docPr").get("id") for s in shown]
    assert len(set(ids)) == len(ids)
    targets = {rel.get("Id"): rel.get("Target") for rel in part(written, "word/_rels/document.xml.rels")}
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        assert len(set(package.namelist())) == len(package.namelist())
        for place in shown:
            (lines,) = place.iter(f"{ASVG}svgBlip")
            svg = package.read("word/" + targets[lines.get(f"{R}embed")]).decode()
            assert (
                "<text" not in svg and "data-plot" not in svg and "font-family=" not in svg.partition(">")[2]
            )
            (dots,) = (b for b in place.iter() if b.tag.endswith("}blip"))
            image = Image.open(io.BytesIO(package.read("word/" + targets[dots.get(f"{R}embed")])))
            printed = int(place.find(f"{DRAWING}extent").get("cx")) / 914400
            assert image.width / printed == pytest.approx(300, abs=1)
            assert len(image.convert("L").getcolors(256)) > 8  # something is drawn on it


def test_references_lead_to_captions(sample, written):
    """Every number in a caption is counted by Word, and every reference to one names a bookmark that is there."""
    root = body(written)
    places = {mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")}
    numbers = [mark.get(f"{W}id") for mark in root.iter(f"{W}bookmarkStart")]
    assert len(numbers) == len(set(numbers)) == len(places) and all(len(place) <= 40 for place in places)
    fields = [(f.get(f"{W}instr").split(), words(f)) for f in root.iter(f"{W}fldSimple")]
    referred = [code[1] for code, _ in fields if code[0] == "REF"]
    assert len(referred) > 7 and set(referred) <= places
    assert {link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink")} <= places
    for word, kind in (("Table", Table), ("Figure", Figure)):
        for part in sample.report.printed:
            counted = [shown for code, shown in fields if code[:2] == ["SEQ", word + part.letter]]
            assert counted == [str(n) for n in range(1, len(of_part(part, kind)) + 1)]
    by_place = {
        start.get(f"{W}name"): words(p) for p in root.iter(f"{W}p") for start in p.iter(f"{W}bookmarkStart")
    }
    for code, shown in fields:
        if code[0] == "REF":
            assert re.match(rf"(Table|Figure) {shown} ", by_place[code[1]])


def test_a_paragraph_names_what_it_speaks_of(many):
    text = styled(body(many), "BodyText")
    assert any(re.search(r"observed for it .+ \(Figures \d+, \d+; Table \d+\)\.$", p) for p in text)
    assert any(re.search(r"coefficients\) \(Table \d+\)\.$", p) for p in text)
    assert any(re.search(r"patients were left out \(Table S\d+\)\.$", p) for p in text)
    assert any(re.search(r"constant distance \(Figures S\d+, S\d+; Table S\d+\)\.$", p) for p in text)
    assert not any("(Table" in p for p in text if p.startswith(("Purpose", "Results")))


def test_contents_are_links_and_wait_for_nothing(sample, written):
    titles = heads(sample.report)
    lines = [
        p for p in body(written).iter(f"{W}p") if p.find(f"{W}pPr/{W}pStyle[@{W}val='TOC1']") is not None
    ]
    assert all(p.find(f"{W}hyperlink") is not None and p.find(f".//{W}tab") is None for p in lines)
    assert "updateFields" not in zipfile.ZipFile(io.BytesIO(written)).read("word/settings.xml").decode()
    assert styled(body(written), "TOC1") == titles[1:]
    codes = [code.text for code in body(written).iter(f"{W}instrText")]
    assert codes == [r' TOC \o "1-1" \n \h \z \u ']


def test_head_and_foot(sample, written):
    document = Document(io.BytesIO(written))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.header.paragraphs[0].text == sample.report.title
    assert section.different_first_page_header_footer
    for foot in (section.footer, section.first_page_footer):
        said = words(foot._element)
        assert "2018-06-30" in said and "internal" in said and "reportgen" in said
        codes = [f.get(f"{W}instr").strip() for f in foot._element.iter(f"{W}fldSimple")]
        assert codes == ["PAGE", "NUMPAGES"]


def test_it_says_whose_it_is_and_nothing_more(sample, written):
    about = Document(io.BytesIO(written)).core_properties
    assert about.title == sample.report.title and about.language == "en-GB"
    assert about.author == about.last_modified_by == about.comments == ""
    assert about.created.isoformat()[:10] == about.modified.isoformat()[:10] == "2018-06-30"
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        names = package.namelist()
        everything = b"".join(package.read(name) for name in names if name.endswith((".xml", ".rels")))
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in names if "custom" in name or "thumbnail" in name or "comments" in name]
    assert b"rsid" not in everything and b"w:vanish" not in everything and b"python-docx" not in everything
    assert b'TargetMode="External"' not in everything


def test_wide_tables_come_in_parts_under_one_number():
    heads = (Column("Feature", align="left"), *(Column(f"Regimen number {i}", "n/N (%)") for i in range(17)))
    rows = tuple(Row(((f"level {k}",), *((f"{k}/25 ({4 * k}%)",) for _ in range(17)))) for k in range(5))
    root = body(
        render_docx(
            report_of(Table("t", ("Wide.",), heads, rows), Table("u", ("Next.",), heads[:2], rows[:0]))
        )
    )
    captions = styled(root, "Caption")
    assert captions[0].startswith("Table 1 Wide. Part 1 of ") and captions[-1] == "Table 2 Next."
    codes = [
        f.get(f"{W}instr").split()[-2:] for f in root.iter(f"{W}fldSimple") if "SEQ" in f.get(f"{W}instr")
    ]
    assert codes == [["\\*", "ARABIC"], *[["Table", "\\c"]] * (len(captions) - 2), ["\\*", "ARABIC"]]
    for table in data_tables(root):
        assert sum(int(c.get(f"{W}w")) for c in table.iter(f"{W}gridCol")) <= 9640  # 170 mm


def test_hostile_words_are_words():
    """No text can break the file, or become anything else than text."""
    written = render_docx(example(20))
    said = words(body(written))
    for expected in (
        "<script>alert(1)</script>",
        "{{7*7}}",
        "nul[U+0000]bell[U+0007]",
        "a[U+202E]b",
        "山田 太郎",
    ):
        assert expected in said
    Document(io.BytesIO(written))
    odd = "".join(map(chr, (*range(32), 0x7F, 0xD800, 0xFFFE, 0xFFFF)))
    table = Table(
        "t" + odd,
        (odd,),
        (Column(odd, odd), Column(odd)),
        (Row(((odd, Value(odd, odd)), (odd,))),),
        ((odd,),),
    )
    figure = Figure("f", curve_drawing("title"), (odd,), odd + "x")
    body(render_docx(replace(report_of(Paragraph((odd,), odd), table, figure), title=odd, subtitle=odd)))


def test_a_figure_needs_words():
    with pytest.raises(ValueError, match="no text alternative"):
        render_docx(report_of(Figure("f", curve_drawing("title"), ("A caption.",), " ")))


def test_a_house_has_its_colours_and_its_logo():
    box = '<rect width="40" height="10" fill="#336699"/>'
    logo = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10">{box}</svg>'
    written = render_docx(report_of(brand=Brand("A clinic", "Its foot", "#702080", "#203040", logo.encode())))
    styles = part(written, "word/styles.xml")
    colours = {
        style.get(f"{W}styleId"): style.find(f"{W}rPr/{W}color").get(f"{W}val")
        for style in styles.iter(f"{W}style")
        if style.find(f"{W}rPr/{W}color") is not None
    }
    assert (
        colours["Heading1"] == colours["Label"] == "702080"
        and colours["Title"] == colours["Heading2"] == "203040"
    )
    assert styled(body(written), "House") == ["  A clinic"]
    assert [s.get("descr") for s in body(written).iter(f"{DRAWING}docPr")] == ["A clinic"]
    with pytest.raises(UsageError, match="letters as outlines"):
        lettered = logo.replace("</svg>", "<text>A</text></svg>")
        render_docx(report_of(brand=Brand(logo=lettered.encode())))


def test_it_is_loaded_only_when_asked_for(tmp_path):
    program = (
        "import sys; from pathlib import Path; from reportgen.run.pipeline import Request, build; "
        f"build(Request({str(SAMPLE)!r}, output=Path({str(tmp_path)!r}), formats=('html',))); "
        "print('docx' in sys.modules, 'resvg_py' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=300
    )
    assert done.stdout.split() == ["False", "False"], done.stderr


def converted(written: bytes, folder: Path) -> pikepdf.Pdf:
    """What LibreOffice makes of the file, as a tagged PDF."""
    if SOFFICE is None:
        pytest.skip("needs LibreOffice (apt-get install libreoffice-writer-nogui)")
    (folder / "report.docx").write_bytes(written)
    tagged = {"UseTaggedPDF": {"type": "boolean", "value": "true"}}
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
         f"pdf:writer_pdf_Export:{json.dumps(tagged)}", "--outdir", str(folder), str(folder / "report.docx")],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return pikepdf.open(folder / "report.pdf")


@pytest.mark.parametrize(("name", "file"), [("sample", "written"), ("two_groups", "many")])
def test_another_program_reads_it_whole(name, file, request, tmp_path):
    report, file = request.getfixturevalue(name).report, request.getfixturevalue(file)
    with converted(file, tmp_path) as pdf:
        found = list(elements(pdf))
        kinds = [kind for kind, _ in found]
        alternatives = [str(node.Alt) for kind, node in found if kind == "Figure" and "/Alt" in node]
        assert kinds.count("Table") == len(data_tables(body(file)))  # broad ones in parts
        assert kinds.count("H1") == len(heads(report))
        assert [
            next((a for a in alternatives if figure.alt in a), None) is None
            for figure in blocks(report, Figure)
        ] == ([False] * len(blocks(report, Figure)))
        assert 10 < len(pdf.pages) < 55
    text = subprocess.run(["pdftotext", "-raw", str(tmp_path / "report.pdf"), "-"], capture_output=True, text=True,
                          check=True, timeout=60).stdout  # fmt: skip
    squeezed = re.sub(r"\s+", "", text)
    said = [plain(b.text) for b in blocks(report, Paragraph)] + [
        plain(b.caption) for b in blocks(report, Table)
    ]
    cells = [plain(cell) for table in blocks(report, Table) for row in table.rows for cell in row.cells]
    for words_of in [w.rstrip(".")[:60] for w in said] + cells:
        assert re.sub(r"\s+", "", words_of)[:25] in squeezed, words_of


def test_it_speaks_its_language(sample):
    written = render_docx(replace(sample.report, language="de"))
    captions = styled(body(written), "Caption")
    assert {caption.split()[0] for caption in captions} == {"Tabelle", "Abbildung"}
    assert styled(body(written), "TOCHeading") == ["Inhalt"]
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        styles, settings = (
            package.read("word/styles.xml").decode(),
            package.read("word/settings.xml").decode(),
        )
    assert 'w:lang w:val="de-DE"' in styles and 'decimalSymbol w:val=","' in settings


def test_a_published_file_is_proved_and_made_again(tmp_path):
    folder = build(Request(SAMPLE, output=tmp_path, formats=("docx",))).folder
    verdict = verify(folder, SAMPLE)
    assert verdict.intact and verdict.checked["pages"] == 1
    with (folder / "report.docx").open("ab") as edited:
        edited.write(b"\n")
    assert ("changed", "report.docx") in [(found.kind, found.name) for found in verify(folder).findings]
