"""The pages of the PDF as pictures: none is left empty, nothing leaves the paper; and a browser prints the same."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pikepdf
import pytest
from PIL import Image

from reportgen.render.pdf.document import render_pdf
from reportgen.report import Column, Paragraph, Row, Section, Table
from tests.render.example import example

MM = 36 / 25.4  # pixels
TOP, BOTTOM, OUTER = 19, 277, 6  # mm from the top and sides of the sheet
needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm (poppler-utils)")


def pictures(pdf: bytes, folder, last: int = 1000) -> list[np.ndarray]:
    """Every page up to the last in grey, 36 dots to the inch."""
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "36", "-l", str(last), "-gray", file, folder / "page"], check=True)
    pages = []
    for page in sorted(folder.glob("page-*.pgm")):
        with Image.open(page) as picture:
            pages.append(np.asarray(picture))
    return pages


def supplement_of(pdf: bytes, title: str) -> int:
    """The number of pages before the one that the bookmark leads to."""
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        (found,) = [item for item in outline.root if item.title == title]
        places = {page.objgen: n for n, page in enumerate(opened.pages)}
        return places[found.destination[0].objgen]


@needs_poppler
@pytest.mark.parametrize("name", ["sample_pdf", "two_groups_pdf"])
def test_no_page_is_left_empty_and_nothing_leaves_the_paper(name, request, tmp_path):
    """The supplement begins on a page of its own, so that the last page of the findings may be emptier, as the last of
    all; tables and figures of the supplement are many, and leave a little more."""
    pdf = request.getfixturevalue(name)
    pages, findings = pictures(pdf, tmp_path), supplement_of(pdf, "Supplement")
    assert len(pages) > 12 and 1 < findings < len(pages)
    for number, page in enumerate(pages, start=1):
        ink = page < 200
        most = 0.67 if number in (findings, len(pages)) else 0.3 if number < findings else 0.35
        left = 1 - np.flatnonzero(ink[round(TOP * MM) : round(BOTTOM * MM)].any(axis=1))[-1] / (
            (BOTTOM - TOP) * MM
        )
        assert left < most or number == len(pages), f"page {number} is {left:.0%} empty"
        side = round(OUTER * MM)
        assert not ink[:, :side].any() and not ink[:, -side:].any(), f"page {number} leaves the paper"


def test_a_browser_prints_what_the_pdf_holds(visit, eight, sample_pdf):
    page = visit(eight, color_scheme="dark")
    page.locator("#main p .ask").first.click()
    page.emulate_media(media="print")
    assert (
        page.locator(
            ".asked:visible, .tools:visible, .readout:visible, .filter:visible, .skip:visible"
        ).count()
        == 0
    )
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        with pikepdf.open(io.BytesIO(sample_pdf)) as ours:
            assert abs(len(printed.pages) - len(ours.pages)) <= 2
        box = [float(side) for side in printed.pages[0].MediaBox]
    assert box == pytest.approx([0, 0, 595, 842], abs=1)


@needs_poppler
@pytest.mark.parametrize("above", range(14, 40, 2))
def test_the_first_group_of_a_table_is_never_cut_behind_its_head(above, tmp_path):
    rows = [
        Row((f"{group} {k}" if k else f"{group} head",), 1 if k else 0, head=not k)
        for group in ("first", "second")
        for k in range(6)
    ]
    columns = (Column("Group", align="left"), Column("Value"))
    filler = tuple(Paragraph((f"Line {k}.",)) for k in range(above))
    section = Section("survival", "Survival", (*filler, Table("table-x", ("Groups.",), columns, tuple(rows))))
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(render_pdf(replace(example(), sections=(section,))))
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    (page,) = [page for page in text.split("\f") if "first head" in page]
    assert "first 5" in page
