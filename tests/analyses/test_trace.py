"""A number asked where it comes from: its words, its patients and cells, and who may see them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.analyses.counted_cells import MOST, sources, trace
from reportgen.render.html.document import render_html
from reportgen.run.composing import origin_of
from reportgen.stats.results import Curve, Estimate, Steps
from reportgen.writing.origins import Glossary, words
from reportgen.writing.readouts import PLACES, read_lines
from tests.conftest import make
from tests.render.own_scripts import own_scripts
from tests.workbooks import minimal_patients, write_workbook


def who(made, key) -> set[str]:
    people = sources(made.cohort)
    return {people[sheet][row] for sheet, _, rows in trace(made.cohort, made.results)[key] for row in rows}


def test_who_is_counted_is_found_in_the_cells(sample):
    frame = sample.cohort.patients.frame
    partners = frame.loc[frame["fusion_partner"] == "RANBP2"]
    assert who(sample, "baseline.fusion_partner.RANBP2.proportion") == set(partners["patient_id"])
    assert who(sample, "relapse.relapse.all.count") == set(
        frame.loc[frame["relapse_date"].notna(), "patient_id"]
    )
    assert len(who(sample, "survival.pfs.all.survival@365.25")) == 2
    events = sample.cohort.toxicities.frame
    high = events.loc[(events["term"].str.lower() == "neutrophil count decreased") & (events["grade"] >= 3)]
    assert who(sample, "toxicity.neutrophil count decreased.all.grade_3_plus") == set(high["patient_id"])


def test_the_next_line_is_found_in_the_sheet_of_treatments(sample):
    places = trace(sample.cohort, sample.results)["survival.ttnt.all.count"]
    treatments = sample.cohort.treatments
    found = {(sheet, letter): rows for sheet, letter, rows in places}
    rows = list(found[(treatments.sheet, treatments.letters["start_date"])])
    assert rows and (treatments.days.loc[rows, "start_date"] > 0).all()
    assert len(who(sample, "survival.ttnt.all.count")) == sample.results["survival.ttnt.all.count"].events


def test_a_cell_has_the_address_that_the_source_has(sample):
    ((sheet, letter, rows),) = trace(sample.cohort, sample.results)["response.best_response.PR.proportion"]
    assert (sheet, letter) == ("patients", sample.cohort.patients.letters["best_response"])
    assert set(sample.cohort.patients.frame.loc[list(rows), "best_response"]) == {"PR"}


@pytest.mark.parametrize("name", ["sample", "two_groups"])
def test_every_trace_adds_up_and_none_is_lost(name, request):
    made = request.getfixturevalue(name)
    traced = trace(made.cohort, made.results)
    kinds = {
        "survival.pfs",
        "survival.os",
        "baseline.sex",
        "response.best_response",
        "relapse.sex",
        "toxicity.any",
    }
    assert kinds <= {".".join(key.split(".")[:2]) for key in traced}
    wanted = [e.id for e in made.results.estimates
              if e.section == "toxicity" and e.exists and "grade" in e.statistic and "missing" not in e.statistic
              and not e.statistic.endswith("_difference")
              or e.section == "baseline" and e.statistic in ("proportion", "missing")
              or e.endpoint in made.cohort.endpoints and e.statistic in ("count", "survival", "cumulative_incidence")
              and e.events is not None and e.exists]  # fmt: skip
    assert len(wanted) > 100 and [key for key in wanted if key not in traced] == []


def test_large_cohorts_are_not_traced(sample):
    class Large:
        n = MOST + 1

    assert trace(Large(), sample.results) == {}


def test_a_page_for_others_names_no_patient_and_no_cell(sample):
    inside = own_scripts(render_html(sample.report))
    assert inside["patients"] and any("cells" in answer for answer in inside["estimates"].values())
    for profile in ("board", "external"):
        settings = replace(
            sample.cohort.settings, privacy=replace(sample.cohort.settings.privacy, profile=profile)
        )
        told = origin_of(replace(sample.cohort, settings=settings), sample.results)
        data = own_scripts(render_html(replace(sample.report, **told)))
        assert data["patients"] == {} and len(data["estimates"]) == len(inside["estimates"])
        assert not any("cells" in answer for answer in data["estimates"].values())


def test_only_estimates_that_the_page_names_are_in_it_and_unrounded(sample):
    page = render_html(sample.report)
    asked = own_scripts(page)["estimates"]
    assert all(f'data-ref="{key}"' in page for key in asked if not set(key) & set("<>&\"'"))
    estimate = sample.results["survival.pfs.all.survival@365.25"]
    answer = asked[estimate.id]
    assert (answer["value"], answer["low"], answer["high"]) == (estimate.value, estimate.low, estimate.high)
    assert answer["label"] == "Progression-free survival: probability without the event at 1 year"
    assert len(asked) < len(sample.results.estimates)


def test_a_hostile_label_stays_within_the_data(tmp_path):
    bite = "</script><script>alert(1)</script>"
    source = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(8, stage=[bite] * 4 + ["I"] * 4))
    data = own_scripts(render_html(make(source).report))
    assert any(bite in answer["label"] for answer in data["estimates"].values())


GLOSSARY = Glossary({"os": "Overall survival", "arm": "Regimen"}, {}, "years")


@pytest.mark.parametrize(
    "estimate, said",
    [
        (Estimate("survival", endpoint="os", time=365.25, group="A"),
         "Overall survival: probability without the event at 1 year (A)"),
        (Estimate("p_value", endpoint="os", group="arm"), "Overall survival: p-value (Regimen)"),
        (Estimate("related_grade_3_plus", variable="nausea"),
         "Nausea: patients with grade 3 or more, related to treatment"),
        (Estimate("worst_grade_2", variable="category: gut"), "Gut: worst grade 2"),
        (Estimate("proportion", variable="arm", group="A|yes"), "Regimen: proportion (A, yes)"),
        (Estimate("count"), "Number"),
    ],
)  # fmt: skip
def test_an_estimate_in_words(estimate, said):
    assert words(estimate, GLOSSARY) == said


def curve(time, estimate, **options) -> Curve:
    time, estimate = np.asarray(time, float), np.asarray(estimate, float)
    at_risk, none = np.arange(len(time), 0, -1), np.zeros(len(time), int)
    return Curve(
        "kaplan_meier", Steps(time, at_risk, none, none, estimate, estimate / 2, estimate), **options
    )


def test_a_curve_is_read_in_the_words_of_a_table():
    (line,) = read_lines([curve([182.625, 365.25], [0.75, 0.5])], ["All patients"], "years", "95% CI")
    assert (line.name, line.start, line.times) == ("", "100%", (0.5, 1.0))
    assert line.said == ("75% (95% CI 38–75)", "50% (95% CI 25–50)") and line.at_risk == (2, 1)
    bare = replace(curve([10], [0.5]), kind="cumulative_incidence")
    bare = replace(bare, steps=replace(bare.steps, low=np.array([np.nan])))
    (line,) = read_lines([bare], ["All patients"], "days", "95% CI")
    assert (line.start, line.said) == ("0%", ("50%",))


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    time = np.arange(1, 100_001, dtype=float)
    one, other = read_lines([curve(time, 1 - time / 2e5), curve([5], [1])], ["A", "B"], "days", "95% CI")
    assert len(one.times) <= 2 * PLACES + 2 and one.times[-1] == 100_000 and one.at_risk[0] == 100_000
    assert (one.name, other.name) == ("A", "B")
    assert read_lines([curve([], [])], ["all"], "days", "95% CI") == ()
