"""A report that follows its source: made again when a cell is corrected, and shown where it was read."""

from __future__ import annotations

import json
import selectors
import shutil
import signal
import subprocess
import sys
import time
from threading import Event, Thread

import openpyxl
import pytest

from reportgen.base.errors import UsageError
from reportgen.desk.watch import watch
from tests.conftest import ROOT, SAMPLE

PATIENCE = 120


def until(true) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def test_a_corrected_cell_is_in_the_report_and_errors_are_waited_out(tmp_path):
    source = shutil.copy(SAMPLE, tmp_path / "cohort.xlsx")
    results = tmp_path / "output" / "cohort" / "results.json"
    command = [sys.executable, "-W", "error", "-m", "reportgen", "build", str(source), "--watch", "--format", "html",
               "--output", str(tmp_path / "output")]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until(results.exists)
        first = results.read_bytes()
        book = openpyxl.load_workbook(source)
        sheet = book["patients"]
        place = next(cell.column for cell in sheet[1] if cell.value == "patient_id")
        sheet.cell(2, place).value, kept = None, sheet.cell(2, place).value
        book.save(source)
        selector = selectors.DefaultSelector()
        selector.register(process.stderr, selectors.EVENT_READ)
        assert selector.select(PATIENCE), "nothing was said"
        assert "error" in process.stderr.readline() and results.read_bytes() == first
        assert "assessments!A2" in process.stderr.readline()  # where
        selector.close()
        sheet.cell(2, place).value = kept
        sex = next(cell.column for cell in sheet[1] if cell.value == "sex")
        sheet.cell(2, sex).value = "male" if sheet.cell(2, sex).value == "female" else "female"
        book.save(source)
        until(lambda: results.read_bytes() != first)
        assert json.loads(results.read_bytes())["provenance"]["patients"] == 8
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0


MADE = """
import sys
from pathlib import Path
from reportgen.run.pipeline import Request, build
for source, output in zip(sys.argv[1::2], sys.argv[2::2]):
    build(Request(Path(source), output=Path(output), formats=("html",)))
"""


def test_a_warm_report_is_that_of_a_new_process_to_the_byte(tmp_path):
    """What is remembered between two reports is what was asked and answered, and never a cohort."""
    before, after = tmp_path / "before" / "cohort.xlsx", tmp_path / "after" / "cohort.xlsx"
    for path in (before, after):
        path.parent.mkdir()
        shutil.copy(ROOT / "sample_data" / "two_groups.xlsx", path)
    book = openpyxl.load_workbook(after)
    sheet = book["patients"]
    place = next(cell.column for cell in sheet[1] if cell.value == "sex")
    sheet.cell(2, place).value = "male" if sheet.cell(2, place).value == "female" else "female"
    book.save(after)
    for pairs in ([(before, "a"), (after, "warm")], [(after, "new")]):
        asked = [str(word) for source, name in pairs for word in (source, tmp_path / name)]
        subprocess.run([sys.executable, "-W", "error", "-c", MADE, *asked], check=True)
    first, warm, new = (
        [(tmp_path / name / "cohort" / file).read_bytes() for file in ("report.html", "results.json")]
        for name in ("a", "warm", "new")
    )
    assert warm == new and first[1] != new[1]


def test_the_page_stays_where_it_was_read(browser, tmp_path):
    """Served as --open serves it; the report is a page of our own that tells where it is read, as ours does. It is
    of no origin, and reaches neither the page around it nor what serves it."""
    report, source = tmp_path / "report.html", tmp_path / "cohort.xlsx"
    tells = f"<script>{(ROOT / 'templates' / 'js' / 'place.js').read_text()}</script>"
    report.write_text(f"<p id=a>first</p><div style='height:5000px'></div>{tells}")
    source.write_text("")
    made, addresses, opened = [], [], Event()

    def make():
        opened.wait(PATIENCE)  # the page is there before the first report
        made.append(1)
        if len(made) == 2:
            raise UsageError("the setting is wrong")
        if len(made) == 3:
            report.write_text(f"<p id=a>second</p><div style='height:5000px'></div>{tells}")
        return report

    # The loop runs in a process of its own in the program; here in a thread, and the change is a saved file.
    Thread(target=watch, args=(make, source, None, lambda said: None, addresses.append), daemon=True).start()
    until(lambda: addresses)
    context = browser.new_context()
    page = context.new_page()
    page.goto(addresses[0])
    page.wait_for_selector("text=Beginning")
    opened.set()
    frame = page.frame_locator("#report")
    frame.locator("text=first").wait_for()
    assert not page.locator("#making").inner_text()
    inner = page.frames[1]
    assert inner.evaluate("origin") == "null"
    assert inner.evaluate("fetch('/state').then(() => 'reached', () => 'refused')") == "refused"
    inner.evaluate("scrollTo(0, 1234)")
    source.write_text("a")
    page.wait_for_selector("text=the setting is wrong")
    assert frame.locator("p").inner_text() == "first"
    source.write_text("b")
    frame.locator("text=second").wait_for()
    until(lambda: page.frames[1].evaluate("scrollY") == 1234)
    assert not page.locator("#wrong").inner_text()
    context.close()


@pytest.mark.parametrize(
    "options", [["--watch", "--json"], ["--open", "--format", "pdf"]], ids=["no answer", "no page"]
)
def test_what_does_not_go_together_is_said(tmp_path, options):
    done = subprocess.run(
        [sys.executable, "-m", "reportgen", "build", str(SAMPLE), "--output", str(tmp_path), *options],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2 and options[0] in done.stderr and not list(tmp_path.iterdir())
