"""The PDF: archival, accessible, safe, the same bytes anywhere, and made of nothing but the page."""

import csv
import io
import logging
import os
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from reportgen.base.errors import MachineFailed, ReportError
from reportgen.render.pdf import document as module
from reportgen.render.pdf import laid_out
from reportgen.render.pdf.csv_attachments import tables_csv
from reportgen.render.pdf.document import render_pdf
from reportgen.report import Column, Paragraph, Report, Row, Section, Table
from tests.pdf_gate import elements, faults, fonts
from tests.render.example import example, summary

ROOT = Path(__file__).resolve().parents[2]
DATA = {"results.json": b'{"schema": "reportgen/results/1"}'}


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(example(60), DATA)


@pytest.fixture(scope="module")
def document(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        yield opened


def small(date: str | None = "2018-06-30") -> Report:
    section = Section("survival", "Survival", (Paragraph(("75% (95% CI 32–97)",)),))
    return Report("A title", "A subtitle", date, (), (section,), version="0.1.0")


def test_the_gate_finds_no_fault(pdf):
    assert faults(pdf, DATA) == []


def test_the_gate_finds_faults():
    """What the gate is worth: each damage is seen."""
    good = render_pdf(Report("A title", "", "2018-06-30", (), (summary(),)), DATA)
    for name, damage in {
        "language": lambda d: d.Root.__delitem__("/Lang"),
        "acts by itself": lambda d: d.Root.__setitem__(
            "/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript)
        ),
        "alternative": lambda d: next(n for k, n in elements(d) if k == "Figure").__delitem__("/Alt"),
        "follows a heading": lambda d: next(n for k, n in elements(d) if k == "H2").__setitem__(
            "/S", pikepdf.Name.H4
        ),
        "is not attached": lambda d: d.attachments.__delitem__("results.json"),
        "can't be read": lambda d: next(iter(fonts(d).values())).__delitem__("/ToUnicode"),
    }.items():
        with pikepdf.open(io.BytesIO(good)) as document:
            damage(document)
            damaged = io.BytesIO()
            document.save(damaged)
        assert any(name in fault for fault in faults(damaged.getvalue(), DATA)), name


def test_only_the_embedded_fonts_are_used(document):
    assert all(
        name.startswith(("Source-Sans-Pro", "Source-Serif-Pro", "Further-")) for name in fonts(document)
    )


def test_reading_order_and_bookmarks(document):
    kinds = [kind for kind, _ in elements(document)]
    assert kinds.count("H1") == 1 and kinds.count("H2") == len(example().sections)
    assert kinds.count("Figure") == 5 and kinds.count("Caption") == 5 + 4
    with document.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles[:3] == ["Summary", "Survival", "Toxicity"]
        assert [child.title for child in outline.root[1].children][:1] == ["Overall survival"]


def test_every_date_is_the_reports_date(document):
    assert str(document.docinfo.CreationDate).startswith("D:20180630000000")
    attached = document.attachments["results.json"].get_file()
    assert attached.creation_date.date().isoformat() == "2018-06-30"


def test_no_line_ends_within_a_range_but_the_metadata_are_plain():
    html, _ = module.render_page(replace(small(), title="Outcome 2010–2017"), "print")
    assert "75% (95%\u00a0CI\u00a032–\u206097)" in html and "<title>Outcome 2010–2017</title>" in html


def test_a_report_without_date_has_none():
    with pikepdf.open(io.BytesIO(render_pdf(small(None)))) as document:
        assert "/CreationDate" not in document.docinfo


def test_the_head_of_a_long_table_repeats(document):
    kinds = [kind for kind, _ in elements(document)]
    assert kinds.count("THead") == kinds.count("Table") > 4


def test_equal_bytes_whatever_the_process_and_its_fonts(tmp_path):
    script = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]);"
        "from tests.render.example import example; from reportgen.render.pdf.document import render_pdf;"
        "print(hashlib.sha256(render_pdf(example(5), {'results.json': b'{}'})).hexdigest());"
        "print({'fontTools.subset', 'fontTools.varLib.instancer'} & set(sys.modules))"
    )
    digests = set()
    for seed, zone, folder in (("1", "UTC", ROOT), ("2", "Pacific/Auckland", tmp_path)):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "HOME": str(folder)}
        run = subprocess.run(
            [sys.executable, "-c", script, str(ROOT)],
            env=environment,
            cwd=folder,
            capture_output=True,
            check=True,
        )
        digests.add(run.stdout)
        assert run.stderr == b"" and run.stdout.endswith(
            b"\nset()\n"
        )  # no library that nothing of ours needs
    assert len(digests) == 1


def test_every_stream_is_packed_once(monkeypatch):
    packs = []

    class Packer:
        def __getattr__(self, name):
            packs.append(name)
            return getattr(zlib, name)

    monkeypatch.setattr("pydyf.zlib", Packer())
    assert render_pdf(small()).count(b"/ObjStm") == 1
    assert packs == []  # the library finds all of them packed


def test_nothing_outside_the_page_is_fetched(monkeypatch, caplog):
    assert render_pdf(small())  # our styles are read once, and the library tells of that
    page = '<html lang="en"><title>t</title><h1>x</h1><img alt="a" src="{}"></html>'
    for address in ("https://example.org/x.png", "file:///etc/hostname", "asset:absent.svg", "x.png"):
        monkeypatch.setattr(module, "render_page", lambda *_, address=address: (page.format(address), {}))
        with pytest.raises(ReportError, match="1 things from outside"), caplog.at_level(logging.DEBUG):
            render_pdf(small())
    assert caplog.records == []


def test_a_fault_that_the_library_only_logs_is_an_error_without_its_words(monkeypatch, caplog):
    page = '<html lang="en"><title>t</title><style>p { secret: 1 }</style><h1>x</h1></html>'
    monkeypatch.setattr(module, "render_page", lambda *_: (page, {}))
    with pytest.raises(ReportError, match="1 complaint") as raised:
        render_pdf(small())
    assert "secret" not in str(raised.value) and caplog.records == []


def test_a_missing_system_library_is_said_with_its_remedy(monkeypatch):
    module.weasyprint_library.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    def broken(name, *rest):
        raise OSError("cannot load library")

    monkeypatch.setattr("builtins.__import__", broken)
    try:
        with pytest.raises(MachineFailed, match="Pango"):
            module.weasyprint_library()
    finally:
        monkeypatch.undo()
        module.weasyprint_library.cache_clear()


def test_the_tables_are_attached_as_they_can_be_computed_with():
    report = example(3)
    files = tables_csv(report)
    names = [block.id for section in report.sections for block in section.blocks if isinstance(block, Table)]
    assert len(files) == len(names) and next(iter(files)).startswith("table-01-")
    rows = list(csv.reader(io.StringIO(next(iter(files.values())).decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1 and len(rows) > 1
    assert faults(render_pdf(report, DATA | files), DATA | files) == []


def test_a_cell_is_no_formula_and_a_semicolon_parts_cells_where_the_comma_parts_decimals():
    table = Table("t", ("A.",), (Column("Who", align="left"), Column("n")), (Row((("=1+1",), ("−0,5",))),))
    report = replace(small(), sections=(Section("a", "A", (table,)),), language="de")
    assert tables_csv(report)["table-01-t.csv"].decode("utf-8-sig") == '"Who";"n"\r\n"\'=1+1";"-0,5"\r\n'


def test_what_takes_more_pages_than_it_may_is_not_made():
    assert render_pdf(example(5), most_pages=1) is None
    assert render_pdf(small(), most_pages=1) == render_pdf(small())


def test_other_scripts_are_set_in_embedded_fonts_and_no_report_finds_those_of_another():
    def made(words: str) -> bytes:
        return render_pdf(replace(example(), sections=(Section("a", "A", (Paragraph((words,)),)),)))

    first = made("患者 山田, كريزوتينيب, 4 of 5")
    with pikepdf.open(io.BytesIO(first)) as document:
        assert {name.split("-")[0] for name in fonts(document)} == {"Source", "Further"}
        assert {name for name in fonts(document) if "Further" in name} == {"Further-Sans", "Further-Han"}
    assert faults(first, {}) == []
    made("患者 鈴木")
    assert made("患者 山田, كريزوتينيب, 4 of 5") == first


def test_where_the_library_keeps_its_boxes_elsewhere_pages_stay_as_it_lays_them_out(monkeypatch):
    """A later version of it must not have to wait for us: nothing is moved, and nothing else is lost."""
    report = example(5)
    monkeypatch.setattr(laid_out, "INSIDE", "boxes_of_another_version")
    plain = render_pdf(report)
    assert plain is not None and faults(plain) == []
    monkeypatch.setattr(module, "paged", lambda page, options: page.render(**options))
    assert render_pdf(report) == plain
