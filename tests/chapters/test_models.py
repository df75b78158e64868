"""Hazard ratios, restricted means, landmark analyses: computed where the gates allow, refused with a reason."""

from __future__ import annotations

import re

import numpy as np
import pytest

from reportgen.analyses import models
from reportgen.report import Bullets, Figure, Paragraph, Table, plain
from reportgen.stats.firth import firth_cox
from reportgen.stats.hazards import cox
from reportgen.writing.numbers import ratio
from tests.chapters.model_cohorts import COHORTS, NAMED, arm, patients, report
from tests.reading import chapter

RATIOS = ("hazard_ratio", "hazard_ratio_adjusted")
MODEL, COX, ASYMPTOTIC, SMALL = 5, 10, 20, 10


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    return {name: report(tmp_path_factory.mktemp("cohort"), rows, NAMED) for name, rows in COHORTS.items()}


@pytest.fixture(scope="module")
def all_made(reports, sample, two_groups):
    return [*reports.values(), sample, two_groups]


def printed(made) -> str:
    """Every word of the report: sentences, tables, captions and text alternatives."""
    said = []
    for section in made.report.sections:
        for block in section.every:
            if isinstance(block, Paragraph):
                said.append(plain(block.text))
            elif isinstance(block, Bullets):
                said += [plain(item) for item in block.items]
            elif isinstance(block, Figure):
                said += [plain(block.caption), block.alt]
            elif isinstance(block, Table):
                said += [plain(cell) for line in block.rows for cell in line.cells]
                said += [plain(block.caption), *map(plain, block.notes)]
    return "\n".join(said)


def table(made, id: str) -> list[list[str]]:
    blocks = [block for section in made.report.sections for block in section.every]
    found = next(b for b in blocks if isinstance(b, Table) and b.id == id)
    return [[plain(cell) for cell in line.cells] for line in found.rows]


def ids(made) -> set[str]:
    return {getattr(b, "id", "") for section in made.report.sections for b in section.every}


def answered(made, *statistics: str):
    return [e for e in made.results.estimates if e.statistic in statistics and e.exists]


# What holds in every report


def test_no_asymptotic_test_below_its_gate(all_made):
    limits = {"log-rank test": ASYMPTOTIC, "Gray's test": 2 * COX, "proportional-hazards": ASYMPTOTIC,
              "Wald test": COX, "penalised likelihood-ratio": MODEL}  # fmt: skip
    seen = set()
    for made in all_made:
        for e in made.results.estimates:
            if not (e.statistic.startswith("p_value") and e.exists) or "permutation" in e.method:
                continue
            for word, least in limits.items():
                if word in e.method:
                    seen.add(word)
                    assert e.events >= least, e
    assert seen == set(limits)


def test_no_hazard_ratio_without_its_events_and_none_beyond_belief(all_made):
    for made in all_made:
        for e in answered(made, *RATIOS):
            assert e.events >= (COX if "Cox (Efron" in e.method else MODEL), e
            assert 1e-4 < e.value < 1e4, e
            assert e.low is None or 0 <= e.low < e.value
            assert e.high is None or e.value < e.high


def test_no_number_above_ten_thousand_is_printed(all_made):
    for made in all_made:
        text = printed(made)
        ratios = re.findall(r"hazard ratio[^.\n]*", text) + re.findall(
            r"^[\d.,]+ \([^)]*\)$", text, re.MULTILINE
        )
        for words in ratios:
            numbers = [float(n.replace(",", "")) for n in re.findall(r"(?<!>)\b\d[\d,]*(?:\.\d+)?", words)]
            assert all(n <= 1e4 for n in numbers), words
    assert (ratio(4e9), ratio(1e4), ratio(3e-7)) == (">10,000", "10,000", "<0.01")


def test_every_refusal_has_its_reason(all_made):
    statistics = (
        *RATIOS,
        "p_value_model",
        "p_value_adjusted",
        "p_value_proportional_hazards",
        "rmst",
        "difference",
    )
    refused = [
        e for made in all_made for e in made.results.estimates if e.statistic in statistics and not e.exists
    ]
    assert refused
    for e in refused:
        assert e.note.startswith("NE: ") and len(e.note) > 10, e
        assert e.low is None and e.high is None


def test_every_model_has_its_p_value_and_says_what_it_compares(all_made):
    for made in all_made:
        for e in answered(made, "hazard_ratio"):
            p = made.results[f"{e.section}.{e.endpoint}.{e.group}.p_value_model"]
            assert 0 <= p.value <= 1
            assert re.search(r": .+ against .+|: per \d", e.method), e
            assert p.method.partition(": ")[2] == e.method.partition(": ")[2]


# Which model


def data(made, key: str):
    endpoint = made.cohort.endpoints[key]
    arms = made.cohort.patients.frame.loc[endpoint.rows, "arm"].to_numpy(object)
    return endpoint.duration, (endpoint.status == 1).astype(int), {"B": (arms == "B").astype(float)}


ALONE = ["Feature", "Relapsed n/N (%)", "", "Ratio alone 95% CI", "p", "p Holm"]
JOINT = ["Ratio together 95% CI", "p"]


def block(made, id):
    found = (b for section in made.report.sections for b in section.every)
    return next(b for b in found if getattr(b, "id", "") == id)


def columns(made, id):
    return [column.name.replace("Events n/N (%)", "Relapsed n/N (%)") for column in block(made, id).columns]


def test_the_dots_of_ratios_lie_where_their_ratios_are(reports):
    ratios = block(reports["fifty events"], "table-relapse-ratios")
    counted = {plain(r.cells[0]): plain(r.cells[1]) for r in ratios.rows if len(r.cells) > 2}
    assert (counted["per 10 years"], counted["A"]) == (
        "42/80 (53%)",
        "18/40 (45%)",
    )  # of a number, those of its model
    ticks = {words: place for place, words in ratios.columns[2].marks}
    drawn = {plain(r.cells[3]): r.cells[2][0] for r in ratios.rows if len(r.cells) > 2}
    assert drawn["reference"].dots == () and drawn["reference"].reference == pytest.approx(ticks["1"])
    shown = [(words, dots) for words, dots in drawn.items() if dots.dots]
    assert len(shown) > 2
    for words, dots in shown:
        ratio, low, high = (float(x) for x in re.findall(r"[\d.]+", words))
        (dot,) = dots.dots
        assert 0 <= dot.low < dot.value < dot.high <= 1
        assert (dot.value > ticks["1"]) == (ratio > 1) or ratio == 1
        assert (dot.low > ticks["1"]) == (low > 1) and (dot.high > ticks["1"]) == (high > 1)


def test_four_events_are_too_few_for_a_model(reports):
    made = reports["four events"]
    e = made.results["survival.pfs.arm.hazard_ratio"]
    assert (e.value, e.note, e.method) == (None, "NE: 4 events are fewer than 5", "no model: B against A")
    assert "No hazard ratio is given: 4 events are fewer than 5, too few for a model." in chapter(
        made.report, "survival"
    )
    assert "Four relapses are too few to compare groups in a model." in chapter(made.report, "relapse")
    assert not answered(made, *RATIOS)
    assert not {"table-relapse-ratios", "table-survival-groups"} & ids(made)
    assert {"table-relapse-features", "figure-patients"} <= ids(
        made
    )  # the patients one by one stand in the matrix


def test_of_more_patients_than_the_matrix_has_rows_the_features_are_drawn(tmp_path):
    made = report(tmp_path, patients(arm("A", 16, 1), arm("B", 16, 3, seed=2)))
    assert not answered(made, "hazard_ratio")
    assert {"table-relapse-features", "figure-relapse-features"} <= ids(made)


def test_seven_events_are_for_firth(reports):
    made = reports["seven events"]
    e, p = (made.results[f"survival.pfs.arm.{s}"] for s in ("hazard_ratio", "p_value_model"))
    wanted = firth_cox(*data(made, "pfs"))
    assert (e.value, e.low, e.high, p.value) == pytest.approx(
        (wanted[0].value, wanted[0].low, wanted[0].high, wanted[1].value)
    )
    assert e.value > 1 and e.method.startswith("Firth-penalised Cox") and e.method.endswith(": B against A")
    assert "By Firth’s penalised Cox model, the hazard ratio of B against A was" in chapter(
        made.report, "survival"
    )
    ratios = block(made, "table-relapse-ratios")
    assert ratios.figures and "figure-relapse-features" not in ids(made)
    assert not made.results["survival.pfs.arm.p_value_proportional_hazards"].exists


def test_a_group_without_events_is_for_firth_however_many_the_other_has(reports):
    made = reports["twelve events, one group without"]
    e = made.results["survival.pfs.arm.hazard_ratio"]
    assert e.exists and e.method.startswith("Firth") and e.events == 12
    assert 1 < e.low < e.value < e.high


def test_fifteen_events_are_for_cox_but_not_for_its_check(reports):
    made = reports["fifteen events"]
    e = made.results["survival.pfs.arm.hazard_ratio"]
    assert e.method == "Cox (Efron ties); Wald 95% CI: B against A"
    assert e.value == pytest.approx(cox(*data(made, "pfs"))[0].value)
    check = made.results["survival.pfs.arm.p_value_proportional_hazards"]
    assert check.note == "NE: 15 events are fewer than 20"
    assert "This was not tested for progression-free survival (15 events are fewer than 20)." in chapter(
        made.report, "survival"
    )
    assert made.results["survival.pfs.arm.p_value"].method == "exact permutation log-rank test"
    assert "; the test assumes that patients of all groups are censored alike." in chapter(
        made.report, "survival"
    )


def test_fifty_events_are_for_everything(reports):
    made = reports["fifty events"]
    r = made.results
    assert r["survival.pfs.arm.hazard_ratio"].value > 1
    assert r["survival.pfs.arm.p_value"].method == "log-rank test"
    assert r["survival.pfs.arm.p_value_proportional_hazards"].exists
    assert r["relapse.relapse.arm.p_value"].method == "Gray's test"
    assert r["relapse.relapse.arm.hazard_ratio"].method.startswith("cause-specific hazard; Cox")
    assert "a large p is no proof" in chapter(made.report, "survival")
    assert "figure-survival-pfs-log-log" in ids(made)
    lines = {line[0]: line for line in reversed(table(made, "table-survival-groups"))}
    assert lines["Hazard ratio, B against A"][1] == "50/80"


def test_grays_test_waits_for_events_in_every_group(reports):
    made = reports["fifteen events"]
    test = made.results["relapse.relapse.arm.p_value"]
    assert "permutation log-rank" in test.method


def test_three_groups_are_each_set_against_the_first(reports):
    made = reports["three arms"]
    found = [e for e in answered(made, "hazard_ratio") if e.endpoint == "pfs" and e.group.startswith("arm")]
    names = {e.group: e.method for e in found}
    assert set(names) == {"arm=B", "arm=C"}
    assert names["arm=C"].endswith(": C against A")
    assert "The hazard ratios of the groups stand in the table." in chapter(made.report, "survival")
    assert "table-survival-groups" in ids(made)
    assert not made.results.select(section="survival", endpoint="pfs", statistic="difference")
    assert "table-response-groups" in ids(made)


def test_features_named_beforehand_stand_in_one_model_where_events_allow(reports):
    made = reports["fifty events"]
    joint = answered(made, "hazard_ratio_adjusted")
    assert {(e.endpoint, e.group, e.events) for e in joint} == {
        (key, group, events)
        for key, events in (("relapse", 42), ("pfs", 50))
        for group in ("arm", "stage", "age_at_start")
    }
    assert all(e.method.startswith("cause-specific hazard; Cox") == (e.endpoint == "relapse") for e in joint)
    text = chapter(made.report, "relapse")
    assert (
        "The features named beforehand (age at the start, arm and stage) stand together in one Cox model"
        in text
    )
    assert "It has 42 events for three coefficients, 14.0 for each." in text
    assert "It has 50 events for three coefficients, 16.7 for each." in chapter(made.report, "survival")
    # Eight died without relapse: Fine–Gray beside Cox has a table of its own.
    assert columns(made, "table-relapse-ratios") == [*ALONE]
    assert columns(made, "table-relapse-models") == ["Feature", "Events n/N", "Fine–Gray 95% CI", *JOINT]
    assert columns(made, "table-survival-pfs-ratios") == [*ALONE, *JOINT]
    assert made.results["survival.os.stage.hazard_ratio"].method.startswith("Firth")  # 8 deaths


def test_the_joint_model_is_of_complete_cases_and_says_how_many_are_missing(tmp_path):
    rows = [row | ({"stage": None} if i < 6 else {}) for i, row in enumerate(COHORTS["fifty events"])]
    made = report(tmp_path, rows, NAMED)
    assert {e.n for e in answered(made, "hazard_ratio_adjusted")} == {74}
    text = chapter(made.report, "relapse")
    assert "of the 74 patients with every value recorded; none was selected." in text
    assert "6 of 80 patients were left out." in text


def test_without_features_named_beforehand_there_is_no_joint_model(tmp_path):
    made = report(tmp_path, COHORTS["fifty events"])
    assert answered(made, "hazard_ratio") and not answered(made, "hazard_ratio_adjusted")
    refused = made.results.select(statistic="hazard_ratio_adjusted")
    assert refused and all("it was not named beforehand" in str(e.note) for e in refused)
    assert "it takes those named beforehand, and fewer than two were named." in chapter(
        made.report, "relapse"
    )


def test_fine_and_grays_ratio_stands_beside_where_somebody_died_without_relapse(reports):
    many, few = reports["fifty events"].results, reports["fifteen events"].results
    e, p = (
        many[f"relapse.relapse.arm.{s}"] for s in ("subdistribution_hazard_ratio", "p_value_subdistribution")
    )
    assert e.low < e.value < e.high and (e.n, e.events) == (80, 42) and 0 < p.value < 1
    assert str(e.method) == "Fine–Gray (Breslow ties); Wald 95% CI: B against A"
    assert not few.select(statistic="subdistribution_hazard_ratio")  # nobody died without


def test_too_few_events_for_the_joint_model_are_counted(reports):
    made = reports["fifteen events"]
    assert not answered(made, "hazard_ratio_adjusted")
    assert "15 events are fewer than 30 (10 for each of 3 coefficients)" in chapter(made.report, "relapse")


def test_a_feature_that_tells_the_event_without_exception_gets_no_ratio_of_billions(tmp_path):
    rows = [row | {"marker": 99.5 if row["relapse_date"] else 1.5 + i / 100}
            for i, row in enumerate(COHORTS["fifty events"])]  # fmt: skip
    made = report(tmp_path, rows)
    e = made.results["relapse.relapse.marker.hazard_ratio"]
    assert e.value is None or e.value < 1e4
    assert "Firth" in e.method or "separation" in e.note


def test_a_ratio_of_a_number_is_per_round_step():
    term = models.number("age", np.array([40.0, 50, 60, np.nan]), "years")
    assert term.coefficients[0].words == "per 10 years"
    assert term.columns[0][:3] == pytest.approx([4, 5, 6])
    assert models.number("ldh", np.array([150.0, 300, 450]), "U/L").coefficients[0].words == "per 100 U/L"
    assert models.number("x", np.array([1e-3, 2e-3])).coefficients[0].words == "per 0.001 units"


def test_ratios_speak_of_those_who_have_a_feature(two_groups):
    e = two_groups.results["relapse.relapse.biomarker.hazard_ratio"]
    assert e.method.endswith(": yes against no")
    # 17 of 41 with the marker relapsed, 42 of 64 without
    assert e.value < 1


def test_model_p_values_are_adjusted_by_holm(two_groups):
    raw = [e for e in answered(two_groups, "p_value_model") if e.section == "relapse"]
    adjusted = {e.group: e for e in answered(two_groups, "p_value_model_holm") if e.section == "relapse"}
    assert len(raw) == len(adjusted)
    for e in raw:
        assert e.value <= adjusted[e.group].value <= min(1, len(raw) * e.value) + 1e-12
        assert f"Holm over {len(raw)} tests" in adjusted[e.group].method


# Restricted means


def test_restricted_means_have_an_interval_only_with_events_enough(reports, sample):
    many, few = reports["fifty events"].results, sample.results
    mean = many["survival.pfs.A.rmst@730.5"]
    assert 0 < mean.low < mean.value < mean.high < 730.5
    gap = many["survival.pfs.arm.difference@730.5"]
    assert gap.value == pytest.approx(many["survival.pfs.B.rmst@730.5"].value - mean.value)
    assert gap.method.endswith(": B minus A")
    # survRM2::rmst2: of eight, one relapsed on day 183 and one on day 292; nobody was censored between
    mean = few["survival.pfs.all.rmst@1095.75"]
    assert mean.value == pytest.approx(1095.75 - (1095.75 - 183) / 8 - (1095.75 - 292) / 8)
    assert mean.low is None and mean.note == "no interval: 2 events are fewer than 10"
    assert few["survival.os.all.rmst@1095.75"].low is None


def test_without_events_there_is_no_mean(reports):
    assert reports["no events"].results["survival.pfs.all.rmst@730.5"].note == "NE: there are no events"


# What became known after the start


def test_response_is_compared_from_a_landmark_among_those_at_risk(reports):
    made = reports["fifty events"]
    endpoint = made.cohort.endpoints["pfs"]
    yes, no = (
        made.results[f"survival.pfs_after_landmark_by_response.{g}.count"]
        for g in ("response", "no response")
    )
    assert yes.n + no.n == int((endpoint.duration >= 182.625).sum())
    frame, days = made.cohort.patients.frame, made.cohort.patients.days
    answered_by_then = frame["best_response"].isin(["CR", "PR"]) & (days["response_date"] <= 182.625)
    at_risk = endpoint.rows[endpoint.duration >= 182.625]
    assert yes.n == int(answered_by_then.loc[at_risk].sum())
    test = made.results["survival.pfs_after_landmark_by_response.response.p_value"]
    assert test.exists and test.method.endswith("log-rank test, from a landmark on")
    assert "(immortal time). So the clock starts anew at 6 months" in chapter(made.report, "survival")


def test_where_all_have_responded_nothing_is_compared(sample):
    text = chapter(sample.report, "survival")
    assert "Not compared: progression-free survival by response (all eight at risk had it by then)" in text
    assert "survival.os_after_landmark_by_response.response.p_value" not in sample.results


def test_an_earlier_landmark_of_the_settings_is_taken(tmp_path):
    settings = [{"key": "landmarks", "value": "3, 12"}, {"key": "time_unit", "value": "months"}]
    made = report(tmp_path, COHORTS["fifty events"], settings)
    assert "the clock starts anew at 3 months" in chapter(made.report, "survival")


def test_groups_that_formed_later_are_never_set_side_by_side(tmp_path):
    dictionary = [{"column": "arm", "role": "later"}]
    made = report(tmp_path, COHORTS["fifty events"], dictionary=dictionary)
    r = made.results
    assert r["survival.pfs.arm.p_value"].note == "NE: the groups became known only after the start"
    assert not r.select(section="survival", endpoint="pfs", group="B")
    assert not [
        e for e in r.select(section="survival", statistic="hazard_ratio") if e.group.startswith("arm")
    ]
    assert "relapse.relapse.arm.hazard_ratio" not in r
    assert "not compared by a test: the groups became known only after the start" in chapter(
        made.report, "survival"
    )


# Response rates of groups


def test_difference_and_odds_ratio_of_two_groups(two_groups):
    # BinomDiffCI(36, 60, 25, 60, method = "score"); fisher.test(matrix(c(36, 25, 24, 35), 2))$estimate
    gap, odds = (two_groups.results[f"response.response.arm.{s}"] for s in ("difference", "odds_ratio"))
    assert gap.value == pytest.approx(11 / 60)
    assert (gap.low, gap.high) == pytest.approx((0.0045, 0.3466), abs=5e-4)
    assert odds.value == pytest.approx(2.087, abs=2e-3)
    assert gap.method == "Newcombe score 95% CI: regimen B minus regimen A"
    assert (
        "was 18 percentage points (95% CI 0 to 35); the odds ratio was 2.09 (95% CI 0.95–4.64)."
        in chapter(two_groups.report, "response")
    )


def test_small_groups_have_an_exact_interval(reports):
    gap = reports["seven events"].results["response.response.arm.difference"]
    assert gap.method.startswith("exact unconditional (Chan–Zhang)")
    assert -1 <= gap.low <= gap.value <= gap.high <= 1


def test_the_order_of_rows_changes_nothing(tmp_path, reports):
    made = reports["fifty events"]
    turned = report(tmp_path, COHORTS["fifty events"][::-1])
    for e in answered(made, "hazard_ratio", "rmst", "difference"):
        assert turned.results[e.id].value == pytest.approx(e.value, rel=1e-9), e.id


def test_an_arm_that_is_faster_has_the_higher_hazard(tmp_path):
    rows = patients(arm("A", 40, 30, seed=5), arm("B", 40, 30, seed=5, pace=0.3))
    assert report(tmp_path, rows).results["survival.pfs.arm.hazard_ratio"].value < 1


def test_what_is_missing_is_imputed_where_the_settings_ask_and_the_numbers_allow_it(tmp_path):
    many = patients(arm("A", 60, 25, 4), arm("B", 60, 34, 4, seed=2, pace=3))
    rows = [row | ({"stage": None} if i % 9 == 0 else {}) for i, row in enumerate(many)]
    asked = [*NAMED, {"key": "features.impute", "value": "true"}]
    made = report(tmp_path, rows, asked)
    found = answered(made, "hazard_ratio_imputed")
    assert {(e.endpoint, e.group, e.n) for e in found} == {
        (key, group, 120) for key in ("relapse", "pfs") for group in ("arm", "stage", "age_at_start")
    }
    complete = {(e.endpoint, e.group): e for e in answered(made, "hazard_ratio_adjusted")}
    assert {e.n for e in complete.values()} == {106}
    assert all(e.value != complete[e.endpoint, e.group].value for e in found)
    assert all("20 imputations; Rubin’s rules; 95% CI by t" in str(e.method) for e in found)
    assert "Beside it stands the model of all 120 patients, what is missing imputed" in chapter(
        made.report, "relapse"
    )
    assert "Together, imputed 95% CI" in columns(made, "table-relapse-models")
    # Without a competing event the table has those features alone that were named.
    named = [line[0] for line in table(made, "table-survival-pfs-models")]
    assert len(named) == 3 and named[0].startswith("Age at the start")
    rows = [row | {"stage": None} if i < 8 else row for i, row in enumerate(COHORTS["fifty events"])]
    few = report(tmp_path, rows, asked)
    assert not answered(few, "hazard_ratio_imputed")
    assert "What is missing was not imputed: 80 patients are fewer than 100." in chapter(
        few.report, "relapse"
    )
