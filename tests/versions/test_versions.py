"""What earlier versions left is read by this one: runs, history, keys and questions."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from typer.testing import CliRunner

from reportgen.cli.app import app
from reportgen.history.diff import difference
from reportgen.publish.queries import read_asked
from reportgen.publish.run_files import sealed, sha256
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from reportgen.verification.verdict_words import as_json, as_text
from tests.history.reports import month_end
from tests.history.series import workbook

VERSIONS = sorted(path.stem for path in Path(__file__).parent.glob("*.zip"))


@pytest.fixture(params=VERSIONS)
def left(request, tmp_path) -> tuple[str, Path]:
    """A version, and the folder with what it left."""
    with ZipFile(Path(__file__).parent / f"{request.param}.zip") as kept:
        kept.extractall(tmp_path)
    for path in (tmp_path / "output").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return request.param, tmp_path


def changed(run: Path, change) -> None:
    """Change results.json as someone would who covers his tracks."""
    results = json.loads((run / "results.json").read_text())
    change(results)
    (run / "results.json").write_text(json.dumps(results))
    manifest = json.loads((run / "manifest.json").read_text())
    del manifest["seal"]
    content = (run / "results.json").read_bytes()
    manifest["outputs"]["results.json"] = {"sha256": sha256(content), "bytes": len(content)}
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (run / "manifest.json").write_bytes(sealed(text.encode()))


@pytest.mark.parametrize("place", ["2025-04", "board", "external"])
def test_a_run_of_another_version_is_equal_and_says_who_made_it(left, place):
    version, folder = left
    run = folder / "output" / "cohort" / place
    verdict = verify(run, folder / "cohort.xlsx")
    assert verdict.intact, verdict.findings
    assert verdict.made_by == version == as_json(verdict)["made_by"]
    assert next(iter(as_text(verdict))) == f"{run}: equal; made by {version}"
    done = CliRunner().invoke(app, ["verify", str(run), str(folder / "cohort.xlsx")])
    assert done.exit_code == 0 and f"equal; made by {version}" in done.stdout


def test_words_that_a_version_changes_are_no_difference_but_numbers_are(left):
    _, folder = left
    run, source = folder / "output" / "cohort" / "2025-04", folder / "cohort.xlsx"

    def words(results) -> None:
        for row in results["estimates"]:
            row["method"] = "in other words"
        del results["estimates"][-1]
        del results["provenance"]["settings"]

    def number(results) -> None:
        row = next(row for row in results["estimates"] if row["id"] == "survival.os.all.survival@365.25")
        row["value"] += 1e-6
        results["curves"][0]["steps"]["at_risk"][0] += 1

    changed(run, words)
    verdict = verify(run, source)
    assert verdict.intact and any("other words" in note for note in verdict.notes)
    assert any("are new with this version" in note for note in verdict.notes)
    assert any("no longer gives all" in note for note in verdict.notes)  # intervals of two patients
    changed(run, number)
    found = [finding.name for finding in verify(run, source).findings]
    assert "survival.os.all.survival@365.25" in found and len(found) == 2


def test_the_next_month_goes_on_where_the_other_version_ended(left):
    _, folder = left
    root = folder / "output" / "cohort"
    before = read_asked(root / "2025-04").since
    wanted = {"cutoff": month_end("2025-05"), "group": "subtype"}
    source = workbook(folder, "2025-05", 24)
    made = build(Request(source, None, folder / "output", "2025-05", ("csv",), wanted))
    results = json.loads((made.folder / "results.json").read_text())
    assert results["provenance"]["compared_with"][-1]["period"] == "2025-04"
    rows = {row["id"]: row for row in results["estimates"]}
    assert rows["changes.patients.new.count"]["value"] >= 1
    book = openpyxl.load_workbook(root / "queries.xlsx")
    since = {row[0]: row[8] for row in book["queries"].iter_rows(min_row=2, values_only=True)}
    kept = {name: day for name, day in since.items() if name in before}
    assert kept and all(day.date() == before[name] < date(2025, 5, 31) for name, day in kept.items())
    found = difference(root / "2025-04", made.folder)
    assert found.results is not None and found.patients


def test_the_key_of_the_other_version_is_taken_and_pseudonyms_are_stable(left):
    """Those of 0.1.0 could not be spoken; the new ones come of the same key and are as many."""
    _, folder = left
    root = folder / "output" / "cohort"
    before = (root / "board" / "patients.csv").read_text()
    wanted = {"cutoff": month_end("2025-04"), "group": "subtype", "privacy.profile": "board"}
    made = []
    for _again in range(2):
        build(Request(folder / "cohort.xlsx", None, folder / "output", "", ("csv",), wanted))
        made.append(_ids((root / "board" / "patients.csv").read_text()))
    assert made[0] == made[1] and len(set(made[0])) == len(set(_ids(before))) > 10


def _ids(table: str) -> list[str]:
    return [line.split(",")[0].split(";")[0] for line in table.splitlines()]
