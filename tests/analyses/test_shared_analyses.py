"""What several chapters count and compare, of fourteen patients that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.analyses import courses, given_durations, outcomes, toxicities, tumours
from reportgen.analyses.feature_models import feature_models
from reportgen.analyses.features import compare_feature
from reportgen.analyses.groups import masks
from reportgen.analyses.incidences import of_incidence
from reportgen.analyses.known_later import landmark_day
from reportgen.analyses.response_states import merged
from reportgen.analyses.strata import stratified
from reportgen.cohort.load import load_cohort
from reportgen.settings.model import Settings
from reportgen.stats.events import event_table
from reportgen.stats.logrank import stratified_logrank
from tests.chapters.chapters import day, patient
from tests.workbooks import write_workbook

RELAPSES = {0: 100, 3: 150, 4: 200, 5: 250, 7: 120, 9: 300, 10: 340, 12: 90}
# So low that fourteen patients are enough for every test and model.
LOW = {
    "group": "arm", "strata": "stage", "features.of_interest": "stage, age_at_start",
    "gates.model": 1, "gates.cox": 1, "gates.asymptotic": 2, "gates.small_group": 2,
}  # fmt: skip


def rows() -> list[dict]:
    found = []
    for i in range(14):
        row = patient(f"P{i:02}", arm="AB"[i % 2] if i < 12 else None, stage=("I", "II", "III")[i % 3],
                      age_at_start=None if i in (1, 2) else float(40 + 5 * (i % 4)), relapse_date=RELAPSES.get(i),
                      cause_of_death=None, death_date=None, toxicity_assessed="no" if i == 2 else "yes")  # fmt: skip
        found.append(row)
    found[0] |= {"vital_status": "dead", "death_date": day(1000), "cause_of_death": "disease"}
    found[1] |= {"vital_status": "dead", "death_date": day(1000)}
    return found


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    sizes = [("P00", -5, 100), ("P00", 5, 80), ("P00", 40, 60), ("P01", 20, 50), ("P01", 60, 40), ("P02", 1, 30),
             ("P03", 1, 0), ("P03", 50, 10)]  # fmt: skip
    events = [("P02", 1), ("P02", 3), ("P03", 2)]
    path = write_workbook(
        tmp_path_factory.mktemp("shared") / "c.xlsx",
        patients=rows(),
        assessments=[{"patient_id": who, "date": day(on), "tumour_size": size} for who, on, size in sizes],
        toxicities=[{"patient_id": who, "term": "rash", "grade": grade, "onset_date": day(9 * grade)}
                    for who, grade in events],
    )  # fmt: skip
    return load_cohort(path, overrides=LOW)


def test_a_patient_without_a_group_has_none_and_the_dead_have_their_cause(cohort):
    assert courses.group_names(cohort).tolist() == [*"AB" * 6, "", ""]
    assert courses.status(cohort).tolist() == ["dead (disease)", "dead", *["alive"] * 12]


def test_changes_of_size_count_from_the_last_measurement_until_day_14(cohort):
    found, undrawn = tumours.courses(cohort)
    first, second = found
    assert first.changes == (0.0, -0.25) and first.times == (0.0, 35.0) and not first.late
    assert second.changes == (0.0, pytest.approx(-0.2)) and second.late and second.since == 20
    assert undrawn == {tumours.NO_SIZE: 10, tumours.ONE_SIZE: 1, tumours.NO_TUMOUR: 1}


def test_rows_of_who_was_not_assessed_are_left_out_and_the_severe_among_them_counted(cohort):
    facts = toxicities.read(cohort).facts
    assert (facts["rows_left_out"], facts["severe_left_out"], facts["patients_left_out"]) == (2, 1, 1)


def test_each_of_three_levels_is_set_against_all_others_over_time_too(cohort):
    stage = next(f for f in cohort.features if f.name == "stage")
    found = compare_feature("relapse", cohort, cohort.endpoints["relapse"], stage).estimates
    over_time = {e.group for e in found if e.statistic == "p_value" and e.endpoint == "relapse"}
    assert over_time == {"stage", "stage=I", "stage=II", "stage=III"}


def test_a_number_is_compared_among_those_of_whom_it_is_known(cohort):
    age = next(f for f in cohort.features if f.name == "age_at_start")
    found = compare_feature("relapse", cohort, cohort.endpoints["relapse"], age).estimates
    (test,) = [e for e in found if e.statistic == "p_value"]
    assert test.exists and (test.n, test.events) == (12, 8)


def test_a_test_within_three_strata_adds_up_theirs(cohort):
    """Each stratum is its own; to count those of the two others together gives another p-value."""
    endpoint = cohort.endpoints["pfs"]
    groups = masks(cohort, "arm", endpoint.rows)
    found = {e.statistic: e for e in stratified(cohort, endpoint, groups)}
    stages = masks(cohort, "stage", endpoint.rows).values()
    status = (endpoint.status == 1).astype(int)
    tables = [[event_table(endpoint.duration[g & s], status[g & s]) for g in groups.values()] for s in stages]
    assert len(tables) == 3
    assert found["p_value_stratified"].value == pytest.approx(stratified_logrank(tables).p, rel=1e-9)
    assert found["p_value_stratified"].n == 12


def test_two_features_named_beforehand_are_enough_for_a_model_of_both(cohort):
    alone = replace(cohort, settings=replace(cohort.settings, group=""))
    found = feature_models("relapse", alone, alone.endpoints["relapse"])
    together = {e.group for e in found if e.statistic == "hazard_ratio_adjusted" and e.exists}
    assert together == {"stage=II", "stage=III", "age_at_start"}


def test_the_competing_event_is_given_at_every_time_that_was_reached(cohort):
    table = event_table(np.arange(1.0, 41), np.tile([1, 2, 0, 0], 10), causes=2)
    for times in ((5.0,), (5.0, 10.0, 20.0), (5.0, 10.0, 99.0)):
        estimates, _curve = of_incidence(table, times, cohort.settings)
        competing = [e.time for e in estimates if e.statistic == "competing_incidence"]
        assert competing == [t for t in times if t <= 40]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"A": 5, "B": 3, "C": 2}, ("A", "B")),
        ({"A": 5, "B": 2, "C": 1}, ("A", "B", "C")),
        ({"A": 3, "B": 3}, ("A", "B")),
        ({"A": 1, "B": 2}, ("A", "B")),
    ],
)
def test_one_patient_or_two_are_in_no_test_that_others_can_make(sizes, expected):
    assert outcomes.tested_groups(sizes) == expected


def test_a_landmark_at_the_start_is_none():
    assert landmark_day(replace(Settings(), time_unit="years", landmarks=(0.0, 0.25))) == 0.25 * 365.25


def test_a_response_that_is_confirmed_changes_nothing():
    assert merged([(10, "PR"), (20, "PR"), (40, "CR"), (30, "PR")]) == ((10, "PR"), (40, "CR"))


def test_a_given_survival_tells_who_died_and_when(tmp_path):
    people = [{"id": f"a{k}", "months": 10.0 + k, "dead": k % 3 == 0} for k in range(6)]
    (tmp_path / "report.toml").write_text(
        '[columns.patients]\npatient_id = "id"\n[[endpoint]]\nkey = "os"\ntime = "months"\nunit = "months"\n'
        'event = "dead"\nevent_values = [1]\ncensor_values = [0]\n',
        encoding="utf-8",
    )
    path = write_workbook(tmp_path / "c.xlsx", patients=[row | {"dead": int(row["dead"])} for row in people])
    given = given_durations.deaths(load_cohort(path, config=tmp_path / "report.toml"))
    expected = [30.4375 * row["months"] if row["dead"] else np.nan for row in people]
    np.testing.assert_allclose(given, expected)
