"""Fixtures that many tests share: the two sample cohorts, computed once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from reportgen.base.startup import spare
from reportgen.cohort.cohort import Cohort
from reportgen.report import Report
from reportgen.stats.results import Results

# The same examples every time: a red test is a change in the code. `make fuzz` looks further.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")

spare()  # as the program itself does: a tenth of the time went into looking for what can be thrown away

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_data" / "ap_imt_crizotinib.xlsx"
TWO_GROUPS = ROOT / "sample_data" / "two_groups.xlsx"


@dataclass(frozen=True)
class Made:
    cohort: Cohort
    results: Results
    report: Report


def make(source: Path, **options) -> Made:
    """The report of a workbook as data, not yet rendered."""
    from reportgen.cohort.load import load_cohort
    from reportgen.run.composing import analyse, compose

    cohort = load_cohort(source, **options)
    results, notices = analyse(cohort)
    return Made(cohort, results, compose(cohort, results, notices))


@pytest.fixture(scope="session")
def sample() -> Made:
    return make(SAMPLE)


@pytest.fixture(scope="session")
def two_groups() -> Made:
    return make(TWO_GROUPS)


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="session")
def browser():
    """A real browser."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sample_pdf(sample) -> bytes:
    from reportgen.render.pdf.document import render_pdf

    return render_pdf(sample.report)


@pytest.fixture(scope="session")
def two_groups_pdf(two_groups) -> bytes:
    from reportgen.render.pdf.document import render_pdf

    return render_pdf(two_groups.report)
