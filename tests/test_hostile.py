"""A hostile cell comes out as the text that it is: in the page, in the figures, in the PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from reportgen.render.html.document import render_html
from reportgen.render.pdf.document import render_pdf
from tests.chapters.test_every_chapter import RELAPSED, patients
from tests.conftest import make
from tests.render.example import example
from tests.render.own_scripts import own_scripts
from tests.workbooks import write_workbook

ONSET = date(2020, 2, 1)
HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}}",
    "{% raw %}",
    "=cmd|' /C calc'!A0",
    r"$\frac{1}",
    "_leading underscore",
    "🎉 emoji",
    '"><img src=x onerror=alert(1)>',
    "</style><svg onload=alert(1)>",
    "file:///etc/passwd",
    "../../etc/passwd",
    "&lt;already escaped&gt;",
)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.text.append(data)


def source(tmp_path, text):
    changes = [RELAPSED | {"stage": text}, {"stage": "I"}, RELAPSED | {"patient_id": text}, {"stage": text}]
    toxicities = [
        {"patient_id": "P1", "term": text, "category": text, "grade": 3, "onset_date": ONSET},
        {"patient_id": "P2", "term": "Nausea", "category": "Gut", "grade": 1, "onset_date": ONSET},
    ]
    report = [{"key": "title", "value": text}, {"key": "treatment", "value": text}]
    return write_workbook(
        tmp_path / "cohort.xlsx", patients=patients(*changes), toxicities=toxicities, report=report
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_cell_is_text_in_the_page(tmp_path, text):
    page = render_html(make(source(tmp_path, text)).report)
    seen = Tags()
    seen.feed(page)
    assert own_scripts(page) and "img" not in seen.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert not [value for name, value in seen.attributes if name in ("href", "src") and "etc/passwd" in value]
    words = "".join(seen.text)
    # A glyph that the fonts lack is spelled out; every other character stands as it was written.
    assert text in words or text.startswith("🎉")


def test_hostile_cells_are_text_in_the_pdf(tmp_path):
    rows = patients(*[RELAPSED | {"patient_id": text, "stage": text} for text in HOSTILE], {"stage": "I"})
    toxicities = [
        {"patient_id": text, "term": text, "category": text, "grade": 3, "onset_date": ONSET}
        for text in HOSTILE
    ]
    report = make(write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)).report
    assert render_pdf(report, {"results.json": b"{}"}).startswith(b"%PDF-")
    short = replace(example(1), sections=example(1).sections[:1])
    for text in HOSTILE:
        titled = replace(short, title=text, subtitle=text, facts=(*short.facts, ("Treatment", text)))
        assert render_pdf(titled, {"results.json": b"{}"}).startswith(b"%PDF-")
