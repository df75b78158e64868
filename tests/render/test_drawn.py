"""Figures that are drawn straight into a PDF look as the library draws them, and hold the same words."""

import io
import shutil
import subprocess
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image, ImageChops

from reportgen.base.drawing import Circle, Path
from reportgen.render.html.document import PRINT, render_page
from reportgen.render.pdf import document as module
from reportgen.render.pdf import shortcuts
from reportgen.render.pdf.document import render_pdf
from reportgen.render.pdf.drawn import operators
from reportgen.render.pdf.shortcuts import Shortcuts
from reportgen.report import Figure
from tests.pdf_gate import faults


def groups(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        kinds = [item.get("/Subtype") for item in document.objects if isinstance(item, pikepdf.Stream)]
    return kinds.count("/Form")


def seen(pdf: bytes, folder) -> tuple[list[Image.Image], str]:
    folder.mkdir()
    (folder / "report.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "72", "-gray", "report.pdf", "page"], cwd=folder, check=True)
    text = subprocess.run(
        ["pdftotext", "-layout", "report.pdf", "-"], cwd=folder, check=True, capture_output=True
    )
    return [Image.open(file) for file in sorted(folder.glob("page*"))], text.stdout.decode()


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm (poppler-utils)")
def test_a_figure_looks_as_the_library_draws_it(tmp_path, monkeypatch, two_groups):
    figures = [
        replace(
            section, blocks=tuple(block for block in section.every if isinstance(block, Figure)), further=()
        )
        for section in two_groups.report.sections
    ]
    drawn = replace(two_groups.report, sections=tuple(s for s in figures if s.blocks), parts=())
    ours = render_pdf(drawn)
    assert faults(ours) == []
    monkeypatch.setattr(shortcuts, "shortcuts", lambda: Shortcuts(drawn=False, packed=False))
    theirs = render_pdf(drawn)
    assert faults(theirs) == []
    assert len(theirs) > len(ours)
    assert groups(theirs) > groups(ours) == 0
    pages, words = seen(ours, tmp_path / "ours")
    others, their_words = seen(theirs, tmp_path / "theirs")
    assert sorted(words.split()) == sorted(their_words.split())
    for page, other in zip(pages, others, strict=True):
        other_ink = sum(other.histogram()[:200])
        unlike = sum(ImageChops.difference(page, other).histogram()[100:])
        # Kerning moves a letter by a part of a pixel: on pages that are mostly letters, up to 2.5% were seen.
        assert unlike <= 0.03 * other_ink


def test_every_figure_is_drawn_from_its_marks(two_groups):
    assets = render_page(two_groups.report, PRINT)[1]
    figures = [name for name in assets if name.endswith(".svg")]
    assert len(shortcuts.drawings(assets, module._font_config(), shared=True)) == len(figures) > 3
    steps = Path((((1, 2), (9, 2), (9, 3), (4.25, 5)), ((0, 0), (1, 1))), closed=True)
    assert operators(steps) == b"1 2 m 9 2 l 9 3 l 4.25 5 l h 0 0 m 1 1 l h"
    assert operators(Circle(5, 5, 2)).startswith(b"7 5 m 7 6.1 6.1 7 5 7 c 3.9 7 ")


def test_an_inside_that_is_not_the_known_one_is_left_alone(monkeypatch):
    """A later release of the library, or one whose functions take other parameters."""
    assert shortcuts.shortcuts() == Shortcuts(drawn=True, packed=True)
    monkeypatch.setattr(shortcuts, "version", lambda package: {"weasyprint": "70.3"}.get(package, "0.14.0"))
    assert shortcuts.shortcuts.__wrapped__() == Shortcuts(drawn=True, packed=False)
    monkeypatch.setattr("weasyprint.draw.text.draw_first_line", lambda stream, line: None)
    assert not shortcuts.shortcuts.__wrapped__().drawn
    monkeypatch.undo()
    monkeypatch.setattr(shortcuts, "version", lambda package: "71.0")
    assert shortcuts.shortcuts.__wrapped__() == Shortcuts(drawn=False, packed=False)
