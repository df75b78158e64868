"""results.json and manifest.json: complete, stable, and never a number that does not exist."""

import json
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from reportgen.cohort.cohort import Input
from reportgen.publish import run_files
from reportgen.publish.run_files import HowMade, attached, manifest, results_json, sha256
from reportgen.stats.results import Curve, Estimate, Results, Steps

RESULTS = Results(
    estimates=(
        Estimate("survival", section="survival", endpoint="pfs", value=0.75, se=0.153, time=365.25, n=8),
        Estimate("median_time", section="survival", endpoint="pfs", value=np.nan, note="NR"),
    ),
    curves=(
        Curve(
            "kaplan_meier",
            Steps(*(np.array(values) for values in ([0.0, 9], [8, 8], [0, 1], [0, 0], [1, 0.875], [np.nan, 0.3],
                                                    [np.nan, 1]))),
            section="survival", endpoint="pfs", n=8,
        ),
    ),
)  # fmt: skip
COHORT = SimpleNamespace(cutoff=date(2018, 6, 30), cutoff_given=True, source=Input("a.xlsx", "00"))


def refuse(word):
    raise AssertionError(f"{word} in the file")


def test_results_hold_what_the_contract_names():
    read = json.loads(
        results_json(RESULTS, {"cutoff": date(2018, 6, 30), "n": np.int64(8)}), parse_constant=refuse
    )
    assert list(read) == ["schema", "provenance", "estimates", "curves"]
    assert read["schema"] == "reportgen/results/1"
    assert read["provenance"] == {"cutoff": "2018-06-30", "n": 8}
    first, second = read["estimates"]
    assert (first["id"], first["value"], first["time"]) == ("survival.pfs.all.survival@365.25", 0.75, 365.25)
    assert (second["value"], second["note"]) == (None, "NR")
    assert read["curves"][0]["kind"] == "kaplan_meier"
    assert read["curves"][0]["steps"]["low"] == [None, 0.3]


def test_one_statistic_a_line_and_text_as_it_is():
    text = results_json(RESULTS, {"title": "Überleben – 1 €"}).decode()
    assert "Überleben – 1 €" in text
    assert sum(line.startswith('{"id": ') for line in text.splitlines()) == 3


def test_a_number_that_does_not_exist_is_a_bug_and_never_written():
    with pytest.raises(ValueError, match="JSON compliant"):
        results_json(RESULTS, {"share": float("nan")})


def test_what_is_no_plain_data_is_a_bug():
    with pytest.raises(TypeError, match="plain data, but got object"):
        results_json(RESULTS, {"thing": object()})


def test_no_results_are_a_file_too():
    assert json.loads(results_json(Results(), {}))["estimates"] == []


def test_manifest_proves_every_file():
    files = {"report.html": b"page", "results.json": b"{}"}
    how = HowMade(
        inputs=[COHORT.source.to_row(), {"name": "report.toml", "sha256": "11"}],
        request={"formats": ("html", "pdf"), "on_invalid": "refuse"},
        settings={"title": "T", "cutoff": date(2018, 6, 30)},
        seconds={"read": 0.25},
    )
    read = json.loads(manifest(files, COHORT, how))
    assert read["outputs"] == {
        name: {"sha256": sha256(data), "bytes": len(data)} for name, data in files.items()
    }
    assert [entry["name"] for entry in read["inputs"]] == ["a.xlsx", "report.toml"]
    assert read["request"] == {"formats": ["html", "pdf"], "on_invalid": "refuse"}
    assert len(read["program"]) == 64
    assert read["cutoff"] == "2018-06-30"
    assert read["settings"]["title"] == "T"
    assert read["seconds"] == {"read": 0.25}
    assert {"reportgen", "python", "numpy", "weasyprint"} <= set(read["versions"])


def test_sha256_is_the_published_one_of_abc():
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def long_curve(n: int) -> Curve:
    left = np.full(n, 2)
    at_risk = 2 * n - np.cumsum(left) + left
    values = (
        np.arange(n),
        at_risk,
        np.ones(n),
        np.ones(n),
        1 - np.arange(n) / n,
        np.full(n, np.nan),
        np.ones(n),
    )
    return Curve("kaplan_meier", Steps(*values), section="survival", endpoint="os", n=2 * n)


def test_small_results_are_attached_as_they_are():
    written = results_json(RESULTS, {})
    assert attached(written) is written


def test_the_curves_of_a_registry_are_thinned_where_they_are_attached(monkeypatch):
    monkeypatch.setattr(run_files, "MOST_ATTACHED", 1_000)
    whole = json.loads(results_json(Results(RESULTS.estimates, (long_curve(1_001), *RESULTS.curves)), {}))
    thin = json.loads(
        attached(results_json(Results(RESULTS.estimates, (long_curve(1_001), *RESULTS.curves)), {}))
    )
    assert "thinned" in thin and thin["estimates"] == whole["estimates"]
    assert thin["curves"][1] == whole["curves"][1]
    steps, all_steps = thin["curves"][0]["steps"], whole["curves"][0]["steps"]
    assert len(steps["time"]) == run_files.KEPT_STEPS
    assert (steps["time"][0], steps["time"][-1]) == (0, 1_000)
    for name in ("at_risk", "estimate"):
        assert steps[name] == [all_steps[name][int(time)] for time in steps["time"]]
    assert sum(steps["events"]) == sum(all_steps["events"])
    left = np.array(steps["events"]) + np.array(steps["censored"])
    assert (np.diff(steps["at_risk"]) == -left[:-1]).all()
