"""A report that the desk keeps up to date: made again when its file is saved, in one process that ends with it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import active_children
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Error

from reportgen.base.errors import DataRefused
from reportgen.desk.job_process import DONE, FAILED, REFUSED, RUNNING, Made
from reportgen.desk.jobs import Job, Jobs
from tests.conftest import SAMPLE
from tests.desk.conftest import start, stop
from tests.desk.test_way import fits, violations

PATIENCE = 120


@dataclass(frozen=True)
class Reads:
    """Makes of a file what is written in it; refuses it where that is nothing."""

    path: Path

    def __call__(self, progress):
        progress("reading", 0.5)
        text = self.path.read_text()
        if not text:
            raise DataRefused(())
        if text == "wait":
            time.sleep(PATIENCE)
        return Made("folder", (text,))


def until(true) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.stop_all()


def following(jobs: Jobs, path: Path, source: str = "x") -> Job:
    path.write_text("first")
    job = jobs.start("build", source, Reads(path), (path,))
    until(lambda: job.state == DONE)
    assert (job.made.files, job.version, job.follows) == (("first",), 1, True)
    return job


def test_what_is_saved_is_made_again_and_what_fails_leaves_the_last_good_one(jobs, tmp_path):
    path = tmp_path / "file"
    job = following(jobs, path)
    path.write_text("second")
    until(lambda: job.version == 2)
    assert (job.state, job.made.files, job.fault) == (DONE, ("second",), "")
    path.write_text("")
    until(lambda: job.version == 3)
    assert (job.state, job.made.files, job.fault) == (DONE, ("second",), REFUSED)
    path.write_text("third")
    until(lambda: job.version == 4)
    assert (job.state, job.made.files, job.fault, job.why) == (DONE, ("third",), "", "")


def test_a_first_one_that_is_refused_is_made_when_the_file_is_mended(jobs, tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    job = jobs.start("build", "x", Reads(path), (path,))
    until(lambda: job.state == REFUSED)
    assert job.follows and not job.at_work
    path.write_text("mended")
    until(lambda: job.state == DONE)
    assert job.made.files == ("mended",)


def test_it_is_stopped_at_once_while_it_is_made_again(jobs, tmp_path):
    path = tmp_path / "file"
    job = following(jobs, path)
    path.write_text("wait")
    until(lambda: job.again and job.said == "reading")
    before = time.monotonic()
    job.stop()
    assert time.monotonic() - before < 5
    assert (job.state, job.made.files, job.follows, job.at_work) == (DONE, ("first",), False, False)


def test_a_source_is_followed_once_and_only_so_many_are(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr("reportgen.desk.jobs.FOLLOWING", 1)
    first = following(jobs, tmp_path / "a", "x")
    again = following(jobs, tmp_path / "a", "x")
    until(lambda: not first.follows)
    other = following(jobs, tmp_path / "b", "y")
    until(lambda: not again.follows)
    assert other.follows and again.state == DONE


def test_a_process_that_dies_while_it_waits_or_works_is_said(jobs, tmp_path):
    path = tmp_path / "file"
    job = following(jobs, path)
    path.write_text("wait")
    until(lambda: job.again and job.said == "reading")
    (process,) = active_children()
    process.kill()
    until(lambda: not job.follows)
    assert (job.state, job.made.files, job.fault) == (DONE, ("first",), FAILED)
    assert "unexpectedly" in job.why


def test_a_process_that_is_ready_is_used_once(jobs, tmp_path):
    path = tmp_path / "file"
    path.write_text("first")
    jobs.begin()
    (ready,) = active_children()
    jobs.begin()
    assert active_children() == [ready]
    job = jobs.start("build", "x", Reads(path))
    assert active_children() in ([ready], [])  # it, and no other
    until(lambda: job.state != RUNNING)
    assert job.made.files == ("first",) and not job.follows
    until(lambda: not active_children())  # no data outlive the work
    other = jobs.start("build", "x", Reads(path))
    until(lambda: other.state == DONE)


ORPHANS = """
import os, sys, time
from multiprocessing import active_children
from pathlib import Path
from reportgen.desk.jobs import Jobs
from tests.desk.test_follow import Reads
if __name__ == "__main__":
    path = Path(sys.argv[1])
    jobs = Jobs()
    job = jobs.start("build", "x", Reads(path), (path,))
    jobs.begin()
    while job.state == "running":
        time.sleep(0.05)
    print(*(process.pid for process in active_children()), flush=True)
    os._exit(9)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_nothing_stays_when_the_desk_is_killed(tmp_path):
    path, program = tmp_path / "file", tmp_path / "desk.py"
    path.write_text("first")
    program.write_text(ORPHANS)
    done = subprocess.run(
        [sys.executable, program, path], capture_output=True, text=True, cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 9, done.stderr
    assert len(done.stdout.split()) == 2
    for process in done.stdout.split():
        until(lambda process=process: not Path("/proc", process, "cmdline").exists())


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ward")
    shutil.copy(SAMPLE, folder / "cohort.xlsx")
    running = start(folder)
    yield running
    assert stop(running) == 0


def set_cell(path: Path, column: str, new: Callable[[str], str | None]) -> str:
    """Write a cell of the first patient, of what is there; what was there."""
    book = openpyxl.load_workbook(path)
    sheet = book["patients"]
    cell = sheet.cell(2, next(cell.column for cell in sheet[1] if cell.value == column))
    before, cell.value = cell.value, new(cell.value)
    book.save(path)
    return before


def seen(frame, what: str) -> bool:
    """What is so in a frame; false while another page comes."""
    try:
        return frame.evaluate(what)
    except Error:
        return False


def test_the_report_follows_its_file_where_it_is_read(browser, ward):
    source = ward.folder / "cohort.xlsx"
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(ward.address)
    page.get_by_role("link", name="cohort.xlsx").click()
    page.locator(".tabs a[href$=build]").click()
    page.get_by_label("PDF, the report of record").uncheck()
    page.get_by_label("whenever the file").check()
    page.locator("button.first").click()
    page.wait_for_selector("iframe")
    assert "whenever the file" in page.locator("#following").inner_text()
    assert violations(page) == [] and fits(page)
    frame = page.frames[1]
    frame.wait_for_selector("#relapse", state="attached")
    frame.evaluate("document.getElementById('relapse').scrollIntoView(); scrollBy(0, 77)")
    place = "Math.round(document.getElementById('relapse').getBoundingClientRect().top)"
    read = frame.evaluate(place)
    assert read < 0
    first = (ward.folder / "output" / "cohort" / "results.json").read_bytes()

    frame.evaluate("window.earlier = true")
    set_cell(source, "sex", lambda sex: "male" if sex == "female" else "female")
    page.wait_for_selector("text=Made again at")
    assert (ward.folder / "output" / "cohort" / "results.json").read_bytes() != first
    until(lambda: seen(frame, f"!window.earlier && {place} === {read}"))
    assert page.locator("#changed").count() == 1  # what changed is told of the new one

    who = set_cell(source, "patient_id", lambda who: None)
    page.wait_for_selector("#news [role=alert]")
    assert frame.evaluate(place) == read  # the last good one, untouched
    page.locator("#news a[href$=check]").wait_for()
    assert violations(page) == [] and fits(page)
    set_cell(source, "patient_id", lambda none: who)
    page.wait_for_selector("#news [role=alert]", state="detached")
    page.get_by_role("button", name="Follow it no longer").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="whenever the file").wait_for()
    assert page.locator("iframe").count() == 1
    assert violations(page) == [] and fits(page)
    context.close()


def test_the_language_of_the_desk_is_offered_where_the_settings_name_none(ward):
    address = re.search(r'(/s/\w+)/map">cohort.xlsx<', ward.ask("GET", "/")[1].decode())[1]
    settings = ward.folder / "report.toml"

    def offered() -> list[str]:
        return re.findall(
            r'value="(\w+)" lang="\w+" selected', ward.ask("GET", f"{address}/build")[1].decode()
        )

    try:
        assert offered() == []
        ward.post("/language", language="de")
        assert offered() == ["de"]
        settings.write_text('language = "en"\n')
        assert offered() == []
    finally:
        settings.unlink(missing_ok=True)
        ward.post("/language", language="en")
