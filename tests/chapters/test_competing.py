"""An endpoint with a competing event is a cumulative incidence wherever it is shown, and survival nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.analyses.incidences import of_incidence
from reportgen.analyses.main_estimates import main_estimates
from reportgen.base.described import DescribedEndpoint
from reportgen.chapters.shared.incidence_blocks import happening
from reportgen.report import Figure, Paragraph, Table, plain
from reportgen.settings.model import Settings
from reportgen.stats.events import event_table
from tests.conftest import TWO_GROUPS, make

CASES = Path(__file__).parent.parent / "cases"
SURVIVAL = ("survival", "median_time", "rmst", "difference")
LOCAL = """
[report]
landmarks = [12, 36, 60]
[[endpoint]]
key = "local"
label = "Local recurrence"
origin = "treatment_start"
events = ["relapse_date"]
competing = ["death_date"]
censor = "last_contact"
"""


def made_of(source: Path, toml: str | None = None, folder: Path | None = None):
    config = source.parent / "report.toml"
    if toml is not None:
        config = folder / "report.toml"
        config.write_text(toml)
    return make(source, config=config)


def words(made, key: str) -> str:
    """All that a chapter says, in sentences, captions and tables."""
    section = next(section for section in made.report.sections if section.key == key)
    said = []
    for block in section.every:
        if isinstance(block, Paragraph):
            said.append(plain(block.text))
        elif isinstance(block, Table):
            said += [plain(block.caption), *map(plain, block.notes)]
            said += [plain(cell) for line in block.rows for cell in line.cells]
        elif isinstance(block, Figure):
            said += [plain(block.caption), *map(plain, block.notes), block.alt]
    return re.sub(r"\s+", " ", " ".join(said))


def never_survival(made, key: str) -> None:
    curves = made.results.select_curves(endpoint=key)
    assert curves and {curve.kind for curve in curves} == {"cumulative_incidence"}
    assert not [e.id for e in made.results.estimates if e.endpoint == key and e.statistic in SURVIVAL]
    assert not [e.id for e in main_estimates(made.cohort) if e.endpoint == key and e.statistic in SURVIVAL]
    ratios = [e for e in made.results.select(endpoint=key, statistic="hazard_ratio") if e.exists]
    assert all(e.method.startswith("cause-specific hazard; ") for e in ratios)


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    return made_of(TWO_GROUPS, LOCAL, tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="module")
def metastasis():
    return made_of(CASES / "competing_dates" / "cohort.xlsx")


def test_an_endpoint_defined_as_relapse_is_equals_relapse(local):
    never_survival(local, "local")
    r, at = local.results, 60 * 30.4375
    one, other = (
        r[f"{key}.all.cumulative_incidence@{at:.10g}"] for key in ("survival.local", "relapse.relapse")
    )
    assert one.value == other.value == pytest.approx(0.73, abs=0.005)
    assert r["survival.local.arm.p_value"].method == "Gray's test"
    for test in (r["survival.local.arm.p_value"], r["relapse.relapse.arm.p_value"]):
        assert test.value == pytest.approx(0.007, abs=5e-4)
    curve, same = (r.select_curves(endpoint=key, group="all")[0].steps for key in ("local", "relapse"))
    assert np.array_equal(curve.estimate, same.estimate) and np.array_equal(curve.time, same.time)


def test_sentences_say_what_share_had_the_event(local, metastasis):
    said = words(local, "survival")
    assert (
        "65 of 120 patients had local recurrence; the competing event (date of death) came first in 19 ("
        in said
    )
    assert "73% (95% CI 62–82; 65 of 120) by 60 months" in said
    assert (
        "In regimen A, the cumulative incidence of local recurrence was 38% (95% CI 26–51; 22 of 60) by 12"
        in said
    )
    assert "the cause-specific hazard ratio of regimen B against regimen A was 0.59" in said
    assert "Cause-specific hazard ratio, regimen B against regimen A" in said
    said = words(metastasis, "survival")
    assert (
        "The cumulative incidence of metastasis was 2% (95% CI <1–8; 1 of 60) by 1 year, with 46 at risk"
        in said
    )
    assert "The competing event (date of death) came first in 41 of 60." in said
    assert "median metastasis" not in said.casefold() and "Metastasis was" not in said


def test_its_figure_is_the_incidence(metastasis):
    section = next(section for section in metastasis.report.sections if section.key == "survival")
    figure = next(b for b in section.every if getattr(b, "id", "") == "figure-survival-metastasis")
    assert plain(figure.caption) == "Metastasis (n = 60): the event in 5 of 30 in A and 5 of 30 in B."
    (method,) = map(plain, figure.notes)
    assert "Aalen–Johansen" in method and "Kaplan" not in method
    assert "Metastasis, cumulative incidence" in figure.drawing.texts
    assert not [b for b in section.every if getattr(b, "id", "") == "figure-survival-metastasis-log-log"]
    never_survival(metastasis, "metastasis")
    # R: cmprsk::cuminc gives the same curve; by hand: 10 of 60 with it, 41 died first, nobody is both.
    assert metastasis.results["survival.metastasis.all.count"].value == 10
    assert metastasis.results["survival.metastasis.all.competing_count"].value == 41


def test_the_table_of_survival_holds_no_incidence(local):
    section = next(section for section in local.report.sections if section.key == "survival")
    tables = {b.id: b for b in section.every if isinstance(b, Table)}
    assert not _heads(tables["table-survival"]) & {"Local recurrence"}
    assert "Local recurrence" in _heads(tables["table-incidence"])


def _heads(table: Table) -> set[str]:
    """What its rows, and the columns over which a head stands, are called."""
    return {plain(line.cells[0]) for line in table.rows} | {column.over for column in table.columns}


def test_a_competing_event_that_is_named_but_never_came():
    made = made_of(CASES / "one_status" / "c.csv")
    never_survival(made, "ttr")
    assert (
        "No event was observed among nine patients (exact 95% CI of the proportion with an event: 0–"
        in words(made, "survival")
    )
    assert made.results["survival.ttr.all.proportion"].high == pytest.approx(1 - 0.025 ** (1 / 9))
    assert "No event was observed among nine patients" in words(made, "summary")


def test_the_same_curve_as_the_chapter_relapse():
    made = made_of(CASES / "competing_endpoint" / "c.xlsx")
    never_survival(made, "ttr")
    one, other = (
        made.results.select_curves(endpoint=key, group="all")[0].steps for key in ("ttr", "relapse")
    )
    assert np.array_equal(one.estimate, other.estimate)
    assert re.search(r"incidence of recurrence was \d+% \(95% CI [^)]*\) by", words(made, "survival"))


def test_of_one_or_two_patients_only_the_counts():
    table = event_table(np.array([100.0, 200.0]), np.array([1, 2]), causes=2)
    estimates, curve = of_incidence(table, (50.0, 150.0), Settings())
    at_times = [e for e in estimates if e.statistic == "cumulative_incidence"]
    assert [e.value for e in at_times] == [None, None] and all(e.note.startswith("NE: ") for e in at_times)
    assert not [e for e in estimates if e.statistic == "competing_incidence"]
    assert np.isnan(curve.steps.low).all()


@pytest.mark.parametrize(
    "label, event, had",
    [
        ("Metastasis", "x", "metastasis"),
        ("Time to recurrence", "x", "recurrence"),
        ("Incidence of GVHD", "x", "GVHD"),
        ("Cancer-specific survival", "Death of cancer", "the event (death of cancer)"),
        ("Time to", "x", "time to"),
    ],
)
def test_what_patients_have(label, event, had):
    assert happening(DescribedEndpoint("any", label, event=event)) == had


FIRST_OR_SECOND = """
[report]
group = "arm"
[[endpoint]]
key = "stroke"
label = "Stroke"
time = "t"
event = "s"
event_values = [1]
competing_values = [2]
censor_values = [0]
[[endpoint]]
key = "os"
time = "t"
event = "s"
event_values = [2]
censor_values = [0, 1]
"""


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 2000), st.sampled_from([0, 1, 2]), st.sampled_from("AB")),
        min_size=3,
        max_size=40,
    )
)
def test_whatever_the_cohort_no_survival_of_it(rows, tmp_path):
    source = tmp_path / "c.csv"
    lines = [f"p{i},{t},{s},{arm}" for i, (t, s, arm) in enumerate(rows)]
    source.write_text("\n".join(["id,t,s,arm", *lines]) + "\n")
    never_survival(made_of(source, FIRST_OR_SECOND, tmp_path), "stroke")


def test_the_table_has_the_incidence_of_what_competes_at_every_landmark_too(two_groups):
    table = next(
        b for s in two_groups.report.sections for b in s.every if getattr(b, "id", "") == "table-relapse"
    )
    cells = [[plain(cell) for cell in line.cells] for line in table.rows]
    over = [column.over for column in table.columns]
    assert list(dict.fromkeys(over[1:])) == ["Relapse", "Death without relapse"]
    heads = [line[0] for line in cells if len(line) == 1 or not any(line[1:])]
    assert heads == ["All patients", "Regimen A", "Regimen B"]
    found = two_groups.results.select(endpoint="relapse", group="all", statistic="competing_incidence")
    events = over.index("Death without relapse") + 1
    assert [line[events] for line in cells[1 : 1 + len(found)]] == [str(e.events) for e in found]
