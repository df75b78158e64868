"""The history of a long series: small, shown, pruned and given out."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from reportgen.base.errors import UsageError
from reportgen.cli.app import app
from reportgen.history.answers import stories
from reportgen.history.retention import export, prune, shown
from reportgen.history.runs import load, periods
from reportgen.history.store import reading
from tests.history.reports import monthly, patient
from tests.history.series import workbook
from tests.history.test_changes import JAN, JUN

VERSIONS = Path(__file__).parents[1] / "versions"


def test_months_in_which_nothing_changed_take_no_room(tmp_path):
    rows = [patient(f"P{i:03}", JAN, JUN) for i in range(60)]
    place = tmp_path / "output" / "cohort.history.sqlite"
    sizes = []
    for month in range(1, 13):
        monthly(tmp_path, f"2021-{month:02}", patients=rows, settings={"cutoff": JUN})
        sizes.append(place.stat().st_size)
    with reading(place) as session:
        (parts,) = session.rows("SELECT COUNT(*) FROM reportgen_part")[0]
        first = load(session, "cohort", "2021-01")
        assert first is not None and first.tables is not None and len(first.tables["patients"]) == 60
        assert first.estimates
    assert (sizes[-1] - sizes[1]) / 10 < 0.5 * sizes[0] and parts < 12 * 12


def test_a_growing_series_keeps_a_tenth_of_what_it_kept_at_length(tmp_path):
    for month in range(1, 7):
        period = f"2025-{month:02}"
        monthly(tmp_path, period, source=workbook(tmp_path, period, 40))
    place = tmp_path / "output" / "cohort.history.sqlite"
    with reading(place) as session:
        whole = sum(len(json.dumps(load(session, "cohort", p).estimates)) for p in periods(session, "cohort"))
    assert place.stat().st_size < whole / 2


@pytest.mark.parametrize("version", ["0.1.0"])
def test_a_file_of_an_earlier_version_is_packed_and_says_the_same(tmp_path, version):
    with ZipFile(VERSIONS / f"{version}.zip") as kept:
        kept.extract("output/cohort.history.sqlite", tmp_path)
        published = json.loads(kept.read("output/cohort/2025-03/results.json"))
    place = tmp_path / "output" / "cohort.history.sqlite"
    before = place.stat().st_size
    with reading(place) as session:
        run = load(session, "cohort", "2025-03")
    assert run is not None and run.tables is not None
    assert list(run.estimates) == published["estimates"]
    assert place.stat().st_size < 0.4 * before


def test_it_is_shown_pruned_and_given_out(tmp_path):
    for month in (3, 4, 5):
        period = f"2025-{month:02}"
        source = workbook(tmp_path, period, 20)
        monthly(tmp_path, period, source=source)
    place = tmp_path / "output" / "cohort.history.sqlite"
    assert [month.period for month in shown(place, "cohort")] == ["2025-03", "2025-04", "2025-05"]
    assert export(place, "cohort", tmp_path / "all.json") == 3
    told = json.loads((tmp_path / "all.json").read_text())
    assert stat.S_IMODE((tmp_path / "all.json").stat().st_mode) == 0o600
    assert told["runs"][0]["tables"]["patients"]["patient_id"][0] == "P001"
    with pytest.raises(UsageError, match="there already"):
        export(place, "cohort", tmp_path / "all.json")
    with pytest.raises(UsageError, match="at least 1"):
        prune(place, "cohort", 0)
    wanted = ["history", str(source), "--output", str(tmp_path / "output"), "--keep", "2"]
    done = CliRunner().invoke(app, wanted)
    assert done.exit_code == 0 and "2 reports kept" in done.stdout and "gone: 2025-03" in done.stdout
    assert [month.period for month in shown(place, "cohort")] == ["2025-04", "2025-05"]
    assert stories(place, "cohort") == {}
    monthly(tmp_path, "2025-06", source=workbook(tmp_path, "2025-06", 20))


def test_a_source_without_a_history_has_none(tmp_path):
    source = workbook(tmp_path, "2025-03", 5)
    done = CliRunner().invoke(app, ["history", str(source), "--output", str(tmp_path / "out"), "--json"])
    assert json.loads(done.stdout) == {"kept": [], "bytes": None, "gone": [], "exported": None}
    assert not (tmp_path / "out").exists()
