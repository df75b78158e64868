"""No canary is found in any byte that a run leaves outside the house."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import command
from tests.privacy.canaries import BIRD, STEM, forbidden, workbook
from tests.privacy.traces import leaves

PROFILES = ["board", "external"]
# Whatever is written like one of the canaries that are dates or ages.
DATES = re.compile(
    r"(?<![\d.])(?:\d{4}-\d\d-\d\d|\d{8}|\d\d[./]\d\d[./]\d{4}|\d\d\.\d{4}|\d{1,2} [A-Z][a-z]+ \d{4})(?!\d)"
)


def run(folder: Path, *arguments: str, fresh: bool = False, **report) -> subprocess.CompletedProcess:
    """A build in its own home and temp folder, of a source that lies elsewhere; in a fresh interpreter, if asked."""
    for name in ("source", "work", "home", "temp"):
        (folder / name).mkdir(exist_ok=True)
    source = workbook(folder / "source", **report)
    home = str(folder / "home")
    own = {"HOME": home, "XDG_CACHE_HOME": home, "MPLCONFIGDIR": home, "TMPDIR": str(folder / "temp")}
    if not fresh:
        return command("build", source, *arguments, cwd=folder / "work", env=os.environ | own)
    return subprocess.run(
        [sys.executable, "-m", "reportgen", "build", str(source), *arguments],
        cwd=folder / "work", env=os.environ | own, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def texts(folder: Path, done: subprocess.CompletedProcess):
    """All that the run left. The folder that the user's own file name gives to the report is no trace."""
    for part in ("work", "home", "temp"):
        yield from leaves(folder / part)
    said = (done.stdout + done.stderr).replace(f"output/{STEM}/", "").replace(f"output/{STEM}", "")
    yield "the terminal", said


@pytest.fixture(scope="module", params=PROFILES)
def left(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    listed = ",csv" if request.param == "board" else ""
    done = run(
        folder, "--profile", request.param, "--json", "--format", f"html,pdf,docx{listed}", fresh=not listed
    )
    assert done.returncode == 0, done.stderr
    # Beside the reports, for the house alone: what they are of, and what was released of it.
    own = {f"the name of output/{name}" for name in (STEM, f".{STEM}.lock", f"{STEM}.history.sqlite")}
    return request.param, [(where, text) for where, text in texts(folder, done) if where not in own]


def test_no_canary_is_left_anywhere(left):
    _, found = left
    gone = forbidden()
    for where, text in found:
        squeezed = re.sub(r"[\s\u00ad-]+", "", text).lower()
        if (
            where == f"output/{STEM}.history.sqlite"
        ):  # stays in the house, and says of what source it is the ledger
            squeezed = squeezed.replace(STEM.lower(), "")
        assert BIRD.lower() not in squeezed, where
        assert not gone & set(DATES.findall(text)), where


def test_no_date_is_left_in_any_wording(left):
    """Whatever looks like a day, or says in which year something was; the literature has its years alone."""
    _, found = left
    day = r"\b(19|20)\d\d-[01]\d-[0-3]\d\b|(January|February|March|April|May|June|July|August|September|October|" \
          r"November|December)\s+(19|20)\d\d|\b(in|between|since|until)\s+19\d\d"  # fmt: skip
    for where, text in found:
        if "UTF-16" not in where and "PDF" not in text[:8]:
            # When the run was made, and the PDF's own dates where the report has none, are dates of no patient.
            text = re.sub(r'"made": "[^"]*"|1970-01-01', "", text)
            assert not re.search(day, text), (where, re.search(day, text))


def test_the_search_would_find_a_canary(tmp_path):
    """In the internal report every canary that a report may show is found, in each kind of file."""
    done = run(tmp_path, "--profile", "internal", "--format", "html,pdf,docx,csv")
    assert done.returncode == 0, done.stderr
    found = list(texts(tmp_path, done))
    for kind in (
        "report.html",
        "report.pdf: printed text",
        "report.docx!word/document.xml",
        "patients.csv",
        "queries.xlsx!",
        "manifest.json",
    ):
        assert any(kind in where and BIRD in text for where, text in found), kind
    assert any("1967-03-01" in text or "1 March 1967" in text for _, text in found)


def test_the_dates_and_ages_would_be_recognised():
    said = " ".join(sorted(forbidden()))
    assert forbidden() == set(DATES.findall(said))


def test_nothing_that_names_a_patient_is_written(left):
    profile, found = left
    names = {text for where, text in found if where.startswith("the name of")}
    assert "queries.xlsx" not in names
    manifest = json.loads(dict(found)[f"output/{STEM}/{profile}/manifest.json"])
    assert manifest["settings"]["privacy"]["profile"] == profile
    assert re.fullmatch("[0-9a-f]{64}", manifest["inputs"][0]["sha256"])
    assert {manifest["settings"][name] == {} for name in ("tables", "columns", "values")} == {True}


def test_refused_data_name_no_patient_under_external(tmp_path):
    done = run(tmp_path, "--profile", "external", "--json", spoiled=True)
    assert done.returncode == 3 and "DATE_ORDER" in done.stderr
    assert f"{BIRD}-0" not in done.stdout + done.stderr
    inside = run(tmp_path, "--profile", "internal", "--json", spoiled=True)
    assert f"{BIRD}-000" in inside.stdout and f"{BIRD}-000" in inside.stderr
