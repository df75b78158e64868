"""Slides, tables and figures to take away: what the page says, in other forms, and no more than that."""

from __future__ import annotations

import gzip
import io
import re
import stat
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pptx
import pytest
from PIL import Image

from reportgen.base.errors import MachineFailed
from reportgen.publish.report_tables import _several, tables_xlsx
from reportgen.render.figure_files import figure_files, printed_figures
from reportgen.render.pptx import render_pptx
from reportgen.render.pptx.content import MOST_ROWS, _parts, slides
from reportgen.report import Row, Table, Value, plain
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from reportgen.writing.language import speaking
from tests.conftest import SAMPLE, TWO_GROUPS

WANTED = ("html", "pptx", "xlsx", "figures", "text", "ard")


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, Path]:
    """Profile → the folder of a report with all that can be taken away."""
    made = {}
    for profile, source in (("internal", SAMPLE), ("board", TWO_GROUPS), ("external", TWO_GROUPS)):
        wanted = {"privacy.profile": profile, "language": "de" if profile == "board" else "en"}
        output = tmp_path_factory.mktemp(profile)
        request = Request(source, output=output, formats=WANTED, overrides=wanted)
        made[profile] = build(request).folder
    return made


@pytest.fixture(scope="module")
def slides_of(runs):
    return {name: pptx.Presentation(folder / "report.pptx") for name, folder in runs.items()}


def words(presentation) -> set[str]:
    found: set[str] = set()
    for slide in presentation.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found |= {paragraph.text for paragraph in shape.text_frame.paragraphs}
            if shape.has_table:
                found |= {cell.text for row in shape.table.rows for cell in row.cells}
        if slide.has_notes_slide:
            found |= set(slide.notes_slide.notes_text_frame.text.split("\n"))
    return {text.strip() for text in found if text.strip()}


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def test_they_are_published_with_the_report_for_the_owner_only_and_proved(runs):
    for folder in runs.values():
        figures = sorted(path.name for path in (folder / "figures").iterdir())
        assert len(figures) >= 6 and {Path(name).suffix for name in figures} == {".svg", ".pdf", ".png"}
        for path in [*folder.glob("report.*"), *(folder / "figures").iterdir()]:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert verify(runs["internal"]).intact


def test_equal_reports_give_equal_bytes(sample):
    assert render_pptx(sample.report) == render_pptx(sample.report)
    assert tables_xlsx(sample.report, sample.results) == tables_xlsx(sample.report, sample.results)
    page_one = replace(sample.report, sections=sample.report.sections[:1], parts=())
    files = figure_files(page_one)
    assert len(files) >= 6 and files == figure_files(page_one)


def test_a_report_that_leaves_the_house_says_no_more_in_slides_and_tables_than_on_its_page(runs, slides_of):
    folder = runs["external"]
    page = bare(re.sub(r"<[^>]+>", "", (folder / "report.html").read_text("utf-8")).replace("&amp;", "&"))
    results = (folder / "results.json").read_text("utf-8")
    said = {text for text in words(slides_of["external"]) if not text.isdigit()}
    assert len(said) > 30
    for text in said:
        for line in (re.sub(r"\((Part|Teil) \d.*", "", text),):
            assert bare(line) in page or all(bare(piece) in page for piece in re.split(r"[ ·]+", line)), text
    book = openpyxl.load_workbook(folder / "report.xlsx")
    *tables, estimates = book.worksheets[1:]
    assert len(tables) >= 2
    for row in estimates.iter_rows(min_row=2, max_col=1, values_only=True):
        assert f'"id": "{row[0]}"'.replace("\\", "\\\\") in results
    for sheet in tables:
        for row in sheet.iter_rows(min_row=2, values_only=True):
            assert all(bare(cell) in page for cell in row if isinstance(cell, str)), row


@pytest.mark.parametrize("profile", ["board", "external"])
def test_nobody_is_named_and_no_date_is_told_where_the_page_does_not(runs, slides_of, profile):
    ids = re.findall(r"\b[RL]\d{3}\b", " ".join(words(slides_of[profile])))
    assert ids == []
    for name in ("report.pptx", "report.xlsx"):
        with zipfile.ZipFile(runs[profile] / name) as parts:
            content = b"".join(parts.read(part) for part in parts.namelist() if part.endswith(".xml"))
        assert not re.search(rb">[RL]0\d\d<", content)
    for path in (runs[profile] / "figures").glob("*.svg"):
        assert "data-patient" not in path.read_text("utf-8") and "<text" not in path.read_text("utf-8")


def test_the_deck_begins_with_title_and_headline_and_has_a_figure_a_slide(sample, slides_of):
    deck = list(slides_of["internal"].slides)
    assert deck[0].shapes.title.text == sample.report.title
    assert deck[1].shapes.title.text.startswith("All eight responded")
    assert any(shape.has_table for shape in deck[1].shapes)
    pictures = [[shape for shape in slide.shapes if shape.shape_type == 13] for slide in deck]
    shown = {block.id for block in printed_figures(sample.report)} & {
        slide.figure.id for slide in slides(sample.report) if slide.figure
    }
    assert [len(found) for found in pictures].count(1) == len(shown) and max(map(len, pictures)) == 1
    assert all(slide.shapes.title.text for slide in deck)
    for found in pictures:
        assert all(len(picture._element.nvPicPr.cNvPr.get("descr")) > 40 for picture in found)


def test_figures_are_lines_with_a_picture_for_what_cannot_show_them(runs):
    with zipfile.ZipFile(runs["internal"] / "report.pptx") as parts:
        names = parts.namelist()
        drawings = [name for name in names if name.endswith(".svg")]
        assert drawings and all(b"<text" not in parts.read(name) for name in drawings)
        held = b"".join(parts.read(name) for name in names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name))
        assert held.count(b"svgBlip") == len(drawings)
        assert not [name for name in names if "thumbnail" in name or "printerSettings" in name]
        assert {info.date_time[0] for info in parts.infolist()} == {1980}


def test_the_speaker_has_the_definitions_before_him(slides_of):
    notes = [
        slide.notes_slide.notes_text_frame.text
        for slide in slides_of["internal"].slides
        if slide.has_notes_slide
    ]
    assert len(notes) >= 3


def test_they_speak_the_language_of_the_report(slides_of):
    deck = slides_of["board"]
    assert deck.core_properties.language == "de-DE"
    xml = deck.slides[1].shapes.title._element.xml
    assert 'lang="de-DE"' in xml and "Rezidiv" in " ".join(words(deck))


def test_no_title_runs_off_its_slide(two_groups):
    told = list(slides(two_groups.report))
    assert len(told) > 15 and max(len(slide.title) for slide in told) <= 260
    assert all(len(slide.table.rows) <= 14 for slide in told if slide.table)
    assert all(slide.title.count("(") == slide.title.count(")") for slide in told), (
        "none ends within brackets"
    )


def test_an_empty_cell_makes_its_row_no_higher(slides_of):
    tables = [shape.table for slide in slides_of["board"].slides for shape in slide.shapes if shape.has_table]
    empty = [cell for table in tables for row in table.rows for cell in row.cells if not cell.text]
    ends = [cell.text_frame.paragraphs[0]._p.endParaRPr for cell in empty]
    assert ends and all(end is not None and 1000 <= end.sz <= 1400 for end in ends)


def test_a_long_table_is_parted_with_the_head_of_its_group_again():
    rows = [Row((("Group A",),), head=True), *(Row(((f"a{n}",),), 1) for n in range(30))]
    parts = list(_parts(tuple(rows)))
    assert [plain(part[0].cells[0]) for part in parts] == ["Group A"] * 3
    assert sum(not row.head for part in parts for row in part) == 30
    assert max(map(len, parts)) <= 13
    assert MOST_ROWS > 39  # a table of patients at the start fits


def test_every_printed_table_has_its_sheet_with_numbers_as_numbers(two_groups):
    book = openpyxl.load_workbook(io.BytesIO(tables_xlsx(two_groups.report, two_groups.results)))
    tables = [block for part in two_groups.report.printed for section in part.sections for block in section.blocks
              if isinstance(block, Table)]  # fmt: skip
    assert len(book.worksheets) == len(tables) + 2
    sheet = book["S8 survival"]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "12 months")
    said = dict(zip(heads, row, strict=True))
    of = "Progression-free survival"
    assert said[f"{of} At risk"] == 56 and said[f"{of} Estimate"] == 0.58 and said[f"{of} 95% CI"] == "48–66%"
    assert (said[f"{of} 95% CI: low"], said[f"{of} 95% CI: high"]) == (0.48, 0.66)
    whole = {row[0]: row[7] for row in book.worksheets[-1].iter_rows(min_row=2, values_only=True)}
    assert whole["survival.pfs.all.survival@365.25"] == pytest.approx(
        two_groups.results["survival.pfs.all.survival@365.25"].value, rel=1e-14
    )
    assert len(whole) == len(two_groups.results.estimates)


def test_numbers_are_read_in_the_language_of_the_report():
    with speaking("de"):
        assert _several(["58\u00a0% (48–66)"]) == [("value", [0.58]), ("low", [0.48]), ("high", [0.66])]
        assert _several(["1.234/2.000 (62%)"]) == [("n", [1234]), ("N", [2000])]
        ratios = _several(["Referenz", "n. b.", "1,20 (0,80–n. e.)"])
        assert ratios == [("value", [None, None, 1.2]), ("low", [None, None, 0.8]), ("high", [None] * 3)]
    assert _several(["31 to >99%", "11.4–NR"]) == [("low", [0.31, 11.4]), ("high", [">99%", None])]
    assert [part for _name, part in _several(["", "reference", "2.00 (1.10–3.50)"])] == [
        [None, None, 2.0],
        [None, None, 1.1],
        [None, None, 3.5],
    ]
    assert _several(["0.5–NR", "–"]) == [("low", [0.5, None]), ("high", [None, None])]
    assert _several(["see above", "3–4"]) == []


def test_words_of_the_data_stay_words(sample):
    from dataclasses import replace

    from reportgen.report import Column, Part, Section

    odd = Table("table-odd", ("Odd",), (Column("Patient", align="left"), Column("n")),
                (Row((("007",), ("1",))), Row((("=1+1",), (Value("2"),))), Row((("1E5",), ("−3",)))))  # fmt: skip
    report = replace(sample.report, parts=(Part("", (Section("odd", "Odd", (odd,)),)),))
    sheet = openpyxl.load_workbook(io.BytesIO(tables_xlsx(report, sample.results))).worksheets[1]
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [
        ("007", 1),
        ("=1+1", 2),
        ("1E5", -3),
    ]
    assert sheet["A3"].data_type == "s"


def test_a_figure_is_whole_in_each_of_its_three_forms(runs):
    folder = runs["internal"] / "figures"
    for path in folder.glob("*.svg"):
        root = ET.parse(path).getroot()
        assert root.get("width").endswith("pt") and root.get("viewBox")
        with Image.open(path.with_suffix(".png")) as picture:
            assert round(picture.info["dpi"][0]) == 300
            assert picture.width == pytest.approx(float(root.get("width")[:-2]) / 72 * 300, abs=2)
        pdf = path.with_suffix(".pdf").read_bytes()
        assert pdf.startswith(b"%PDF") and b"/Font" not in pdf


def test_a_library_that_is_missing_is_said_before_anything_is_made(monkeypatch, tmp_path):
    monkeypatch.setattr("reportgen.run.exports.find_spec", lambda name: None)
    with pytest.raises(MachineFailed, match=r"clinical-reportgen\[parquet\]"):
        build(Request(tmp_path / "none.xlsx", output=tmp_path, formats=("ard",)))


def test_formats_are_refused_by_name(tmp_path):
    from reportgen.base.errors import UsageError
    from reportgen.settings.choices import formats

    assert formats("pptx,xlsx,text") == ("pptx", "xlsx", "text")
    with pytest.raises(UsageError, match="pptx, xlsx, figures, text, ard"):
        formats("ppt")


def test_the_abstract_is_there_to_paste(runs, sample):
    text = (runs["internal"] / "abstract.txt").read_text("utf-8")
    assert text.startswith(f"{sample.report.title}\n") and "All eight responded" in text
    assert re.findall(r"^(\w+): ", text, re.MULTILINE) == ["Purpose", "Methods", "Results", "Course"]
    page = bare(re.sub(r"<[^>]+>", "", (runs["external"] / "report.html").read_text("utf-8")))
    for line in (runs["external"] / "abstract.txt").read_text("utf-8").splitlines():
        assert bare(line) in page, line


def test_the_report_as_markdown_has_every_chapter_and_table_and_no_code_of_the_data(runs, sample):
    text = (runs["internal"] / "report.md").read_text("utf-8")
    sections = [section for part in sample.report.printed for section in part.sections]
    assert len(re.findall(r"^## ", text, re.MULTILINE)) == len(sections)
    tables = [block for section in sections for block in section.blocks if isinstance(block, Table)]
    assert len(re.findall(r"^\| ---:|^\| :---", text, re.MULTILINE)) == len(tables)
    page = bare(
        re.sub(r"<[^>]+>", "", (runs["external"] / "report.html").read_text("utf-8")).replace("&amp;", "&")
    )
    lines = (runs["external"] / "report.md").read_text("utf-8").splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below.startswith("| :---"):  # a head over several columns stands before each of theirs
            assert all(bare(word) in page for word in line.replace("|", " ").split()), line
            continue
        words = re.sub(r"^[#> *|-]+|\*\*(Table|Figure) \w+\.\*\*", "", line)
        assert all(bare(cell) in page for cell in re.split(r"(?<!\\)\||\*\*|·", words)) or line[:1] == "*", (
            line
        )


def test_references_are_those_of_the_methods_that_were_used(runs, two_groups):
    text = (runs["internal"] / "references.bib").read_text("utf-8")
    entries = re.findall(r"^@(\w+)\{(\w+),$", text, re.MULTILINE)
    assert ("article", "kaplan1958457") in entries and "author = {Kaplan, E. L. and Meier, P.}" in text
    assert len({key for _kind, key in entries}) == len(entries) >= 8
    assert text.count("{") == text.count("}") and "Gray" not in text
    assert "gray1988" in (runs["board"] / "references.bib").read_text("utf-8")


def test_results_for_other_programs_hold_every_number_of_results_json(runs):
    import json

    from jsonschema import Draft7Validator
    from pyarrow import parquet

    from reportgen.publish.ard import IDS, SEPARATOR

    # model/ars_ldm.json of github.com/cdisc-org/analysis-results-standard at cf0aedfa, MIT licence
    published = Path(__file__).parents[1] / "golden" / "ars_ldm.json.gz"
    model = json.loads(gzip.decompress(published.read_bytes()))
    for folder in runs.values():
        rows = parquet.read_table(folder / "ard.parquet").to_pylist()
        held = json.loads((folder / "results.json").read_bytes())["estimates"]
        first = {row["id"]: row for row in reversed(rows)}
        assert set(first) == {row["id"] for row in held}
        for row in held:
            assert first[row["id"]]["stat"] == row["value"]
            assert (first[row["id"]]["error"] is None) == (row["value"] is not None)
        numbers = sum(
            row[name] is not None
            for row in held
            for name in ("low", "high", "level", "se", "n", "events", "at_risk")
        )
        assert len(rows) == len(held) + numbers
        event = json.loads((folder / "ard.json").read_bytes())
        operations = {one["id"] for method in event["methods"] for one in method["operations"]}
        told = [result for analysis in event["analyses"] for result in analysis["results"]]
        assert [result for result in told if result["operationId"] not in operations] == []
        ids = [one for a in event["analyses"] for one in a["description"].removeprefix(IDS).split(SEPARATOR)]
        assert {id: r["rawValue"] for id, r in zip(ids, told, strict=True)} == {
            r["id"]: "" if r["value"] is None else repr(float(r["value"])) for r in held
        }
        assert list(Draft7Validator(model).iter_errors(event)) == []
    outside = json.loads((runs["external"] / "ard.json").read_bytes())
    told = (runs["external"] / "results.json").read_text("utf-8")
    assert all(f'"{group["id"]}' in told for one in outside["analysisGroupings"] for group in one["groups"])
    groups = {row["group1_level"] for row in parquet.read_table(runs["board"] / "ard.parquet").to_pylist()}
    assert groups == {None, "regimen A", "regimen B"}
