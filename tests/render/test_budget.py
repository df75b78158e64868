"""Findings keep to their pages: how many there are, how full each is, and that no heading stands without its matter."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pikepdf
import pytest

from reportgen.cohort.load import load_cohort
from reportgen.privacy.key_file import read_key
from reportgen.privacy.protect import protect
from reportgen.publish.workbook import Sheet, workbook_bytes
from reportgen.render.html.document import PRINT, render_page
from reportgen.render.pdf.csv_attachments import tables_csv
from reportgen.render.pdf.document import render_pdf
from reportgen.report import Figure, Heading, Report, plain
from reportgen.run.composing import analyse, compose
from reportgen.writing.language import speaking
from sample_data import make_ap_imt_crizotinib, make_two_groups
from tests.render.test_cohorts import first, good_on_paper, in_groups
from tests.render.test_pages import BOTTOM, MM, TOP, needs_poppler, pictures, supplement_of


def of_groups(sheets: list[Sheet], n: int) -> list[Sheet]:
    """The workbook n times over, in six groups."""
    many = []
    for sheet in sheets:
        if "patient_id" not in sheet.head:
            many.append(sheet)
            continue
        who = sheet.head.index("patient_id")
        rows = [[*r[:who], f"{r[who]}-{k}", *r[who + 1 :]] for k in range(n) for r in sheet.rows]
        many.append(replace(sheet, rows=rows))
    return in_groups(many, 6)


def without(sheets: list[Sheet], name: str) -> list[Sheet]:
    return [sheet for sheet in sheets if sheet.name != name]


# Name → its workbook, the most pages of its findings, and the settings.
COHORTS: dict[str, tuple[Callable[[], list[Sheet]], int, dict]] = {
    "one": (lambda: first(make_two_groups.sheets(), 1), 6, {}),
    "eight": (make_ap_imt_crizotinib.sheets, 6, {}),
    "23": (lambda: first(make_two_groups.sheets(), 23), 6, {"group": ""}),
    "40 without toxicities": (lambda: without(first(make_two_groups.sheets(), 40), "toxicities"), 12, {}),
    "120 in two groups": (make_two_groups.sheets, 12, {}),
    "300 in six groups": (lambda: of_groups(first(make_two_groups.sheets(), 100), 3), 15, {}),
    "German": (make_two_groups.sheets, 12, {"language": "de"}),
    "board": (make_ap_imt_crizotinib.sheets, 6, {"privacy.profile": "board"}),
    "external": (make_two_groups.sheets, 12, {"privacy.profile": "external"}),
}
LEFT, LAST = 0.25, 0.67  # of a page that may be empty at its foot; of the last one
PANELS = 0.37  # of one page before six panels, which are half a page high and stand whole
FOLLOWED = 0.5  # of the last page: where more is empty, the supplement follows on it


WHOLE = ("one", "40 without toxicities")  # looked at beyond the findings, as the unusual cohorts are

# What the session has made already of the same workbook, its report and its PDF.
MADE = {"eight": ("sample", "sample_pdf"), "120 in two groups": ("two_groups", "two_groups_pdf")}


@cache
def composed(name: str, folder) -> Report:
    sheets, _most, settings = COHORTS[name]
    source = folder / f"{name}.xlsx"
    source.write_bytes(workbook_bytes(sheets()))
    cohort = load_cohort(source, overrides=settings)
    if cohort.settings.privacy.profile != "internal":
        key = read_key(folder) if cohort.settings.privacy.profile == "board" else None
        cohort = protect(cohort, key)
    with speaking(cohort.settings.language):
        return compose(cohort, *analyse(cohort))


def findings_of(report: Report) -> Report:
    """The report without its supplement, which is most of the work. Its pages are the same, as is tested below."""
    return replace(report, parts=report.printed[:1])


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def text_of(pdf: bytes, folder, pages: int) -> list[str]:
    """What stands on the first pages, as it stands there."""
    (folder / "report.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", "-l", str(pages), str(folder / "report.pdf"), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\f")[:pages]


def empty(page) -> float:
    """Which part of the page is empty at its foot."""
    inked = np.flatnonzero((page < 200)[round(TOP * MM) : round(BOTTOM * MM)].any(axis=1))
    return 1 - inked[-1] / ((BOTTOM - TOP) * MM)


def last_lines(pdf: bytes, folder, pages: int) -> list[str]:
    """The last line of each of the first pages, above its foot."""
    lines = [[line for line in page.splitlines() if line.strip()] for page in text_of(pdf, folder, pages)]
    return [page[-2].strip() for page in lines]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("budget")


@needs_poppler
@pytest.mark.parametrize("name", COHORTS)
def test_findings_keep_to_their_pages(name, folder, tmp_path, request):
    if name in MADE:
        made, pdf = map(request.getfixturevalue, MADE[name])
        report = made.report
    elif name in WHOLE:
        report = composed(name, folder)
        files = tables_csv(report)
        pdf = render_pdf(report, files)
        (tmp_path / "whole").mkdir()
        good_on_paper(pdf, files, tmp_path / "whole")
    else:
        report = composed(name, folder)
        pdf = render_pdf(findings_of(report))
    whole = name in MADE or name in WHOLE
    pages = supplement_of(pdf, report.parts[1].title) if whole else pages_of(pdf)
    assert pages <= COHORTS[name][1], f"{pages} pages of findings"
    left = [empty(page) for page in pictures(pdf, tmp_path, pages)]
    *others, last = left
    fullest = sorted(others)
    if "six groups" in name:
        assert fullest.pop() < PANELS, [f"{part:.1%}" for part in left]
    assert max(fullest, default=0.0) < LEFT, [f"{part:.1%}" for part in left]
    followed = last > FOLLOWED and not whole  # drawn without its supplement, which would follow there
    assert last < LAST or pages == 1 or followed, f"the last page is {last:.0%} empty"
    findings = report.printed[0]
    on_page_one = text_of(pdf, tmp_path, 1)[0]
    page_one = [line.strip() for line in on_page_one.splitlines()]
    drawn = sum(isinstance(block, Figure) for block in findings.sections[0].blocks)
    word = "Abbildung" if name == "German" else "Figure"
    assert all(f"{word} {k + 1} " in on_page_one for k in range(drawn)), "page one does not hold its figures"
    assert findings.sections[1].title not in page_one, "another chapter begins on page one"
    heads = {b.text for s in findings.sections for b in s.blocks if isinstance(b, Heading)}
    heads |= {section.title for section in findings.sections}
    assert not heads & set(last_lines(pdf, tmp_path, pages)), "a heading stands alone at the foot of a page"
    for section in findings.sections:
        assert section.blocks, section.key
        for block, after in zip(section.blocks, (*section.blocks[1:], None), strict=True):
            assert not isinstance(block, Heading) or (after is not None and not isinstance(after, Heading)), (
                block
            )
    assert [part.title for part in report.printed][1:] == ["Anhang" if name == "German" else "Supplement"]


@needs_poppler
def test_findings_stand_on_their_pages_as_they_do_without_the_supplement(
    two_groups, two_groups_pdf, tmp_path
):
    alone, pages = render_pdf(findings_of(two_groups.report)), supplement_of(two_groups_pdf, "Supplement")
    assert alone is not None and pages_of(alone) == pages
    count = re.compile(r"/ \d+$", re.M)  # in the foot: of so many pages
    said = [
        [count.sub("", text) for text in text_of(pdf, tmp_path, pages)] for pdf in (alone, two_groups_pdf)
    ]
    assert said[0] == said[1]


@needs_poppler
def test_the_running_head_names_the_chapter_at_the_top_of_the_page(two_groups, two_groups_pdf, tmp_path):
    findings, supplement = two_groups.report.printed
    waiting = [section.title for section in (*findings.sections[1:], *supplement.sections)]
    waiting.insert(len(findings.sections) - 1, supplement.title)
    now, wrong, shared = "", [], 0
    for text in text_of(two_groups_pdf, tmp_path, pages_of(two_groups_pdf))[1:]:
        head, *lines = [line.strip() for line in text.splitlines() if line.strip()]
        top = waiting[0] if waiting and lines[0] == waiting[0] else now
        for line in lines:
            if waiting and line == waiting[0]:
                now = waiting.pop(0)
        shared += now != top
        if not head.endswith(f"  {top}"):
            wrong.append((head, top))
    assert wrong == [] and waiting == []
    assert shared > 3  # pages on which another chapter begins


@needs_poppler
def test_the_supplement_follows_where_it_would_leave_a_page_half_empty(sample_pdf, two_groups_pdf, tmp_path):
    """Of eight patients less than half a page is left over, of 120 more."""
    last = [line.strip() for line in text_of(sample_pdf, tmp_path, 4)[3].splitlines() if line.strip()]
    assert last.index("Patients at the start") < last.index("Supplement")
    begins = supplement_of(two_groups_pdf, "Supplement")
    page = text_of(two_groups_pdf, tmp_path, begins + 1)[begins]
    assert [line.strip() for line in page.splitlines() if line.strip()][1] == "Supplement"


def test_nothing_else_begins_on_page_one(sample, two_groups):
    for report in (sample.report, two_groups.report):
        assert report.printed[0].sections[0].key == "summary"
        html, _assets = render_page(report, PRINT)
        assert html.count('class="headline"') == 1


def test_outside_no_chapter_is_empty(folder):
    report = composed("external", folder)
    titles = {section.title for part in report.printed for section in part.sections}
    assert "Patients" not in titles and any("What is not in this report" in title for title in titles)
    headline = plain(report.printed[0].sections[0].blocks[0].text)
    assert headline.startswith(
        "About 123 patients, regimen A against regimen B: a response in 46% against 59%; "
    )
    assert len(headline.split()) <= 35
