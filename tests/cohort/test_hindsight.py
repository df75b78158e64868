"""Nothing that happened later is taken for a feature known at the start: by name, by settings, by dates, by values."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.errors import DataRefused
from reportgen.cohort.clean.later_by_data import _rank_correlation, _ranks
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.later_names import speaks_of_later
from tests.workbooks import write_workbook

CASES = Path(__file__).parents[1] / "cases"
BEGAN = date(2019, 1, 7)


def patients(n, relapsed=(), days=None, **columns):
    """n patients, a day apart; those of the numbers in relapsed did so after 100 days; days: of observation."""
    days = days or [400 + k for k in range(n)]
    rows = []
    for k in range(n):
        start = BEGAN + timedelta(days=(7 * k) % 40)
        rows.append(
            {
                "patient_id": f"P{k:02}",
                "treatment_start": start,
                "vital_status": "alive",
                "relapse_date": start + timedelta(days=100) if k in relapsed else None,
                "last_contact": start + timedelta(days=days[k]),
                **{name: values[k] for name, values in columns.items()},
            }
        )
    return rows


def load(tmp_path, rows, dictionary=None, **overrides):
    sheets = {"patients": rows} | ({"dictionary": dictionary} if dictionary else {})
    return load_cohort(write_workbook(tmp_path / "a.xlsx", **sheets), overrides=overrides)


def known(cohort):
    return {feature.name for feature in cohort.features if feature.known_at_start}


def later(cohort):
    return {feature.name for feature in cohort.features if not feature.known_at_start}


def said(cohort, code):
    return [issue for issue in cohort.issues if issue.code == code]


@pytest.mark.parametrize(
    ("case", "left"),
    [
        ("outcome_as_feature", {"sex", "age_at_start", "stage"}),
        ("outcome_columns", set()),
        ("immortal", set()),
    ],
)
def test_columns_of_outcomes_are_set_aside_and_each_is_said(case, left):
    cohort = load_cohort(CASES / case / "cohort.xlsx")
    assert known(cohort) == left
    told = said(cohort, "ASSUMED_LATER") + said(cohort, "ASK_LATER")
    assert len(told) == len(later(cohort)) > 3
    assert all(issue.severity == "warning" and 'at_start = ["' in issue.hint for issue in told)


def test_names_that_speak_of_the_course():
    names = (
        "relapsed local_recurrence progression_free pd_confirmed pfs_months dfs_event efs os_status ttp survival_time "
        "status status_at_last_fu disease_status dead death_cause event censored response_12 orr bor cr remission "
        "second_line line_2 salvage ttt_de_rattrapage rescate next_treatment "
        "cycles_received dose_reduced max_dose cumulative_dose "
        "off_study off_study_reason stopped last_visit fu_months best_psa nadir_anc completed rezidiv "
        "completed_treatment lokalrezidiv progress gesamtueberleben verstorben letzter_status ansprechen abbruch "
        "nachsorge_monate comp24fl dsraefl dcdecod avgdd cumdose visnumen trtdurd dthfl age_at_relapse time_to_agvhd "
        "duration_of_response initial_response tox_rash survtime obs_time late_effects rescue eot_reason rdi "
        "beobachtungszeit zweittherapie vital_state nebenwirkungen observation_time récidive_locale"
    )
    assert {name: speaks_of_later(name) for name in names.split()} == dict.fromkeys(names.split(), "later")


def test_names_that_may_speak_of_the_course():
    names = (
        "transplant surgery resection dose dosis week week_12_psa maintenance erhaltungstherapie line_of_therapy "
        "cycles post_op min_platelets max_crp reduced treatment_duration therapiedauer compliance icu_days "
        "nombre_de_cures durée_du_traitement numero_ciclos chirurgie trasplante weight_at_6_months linea_di_terapia "
        "mrd_d28 bcr_abl_3m haq_at_1_year infusions_received second_cancer ldh_c3d1 c1d15_anc ldh_w8 pct_change "
        "hospital_days tumour_regression_grade second_tki"
    )
    assert {name: speaks_of_later(name) for name in names.split()} == dict.fromkeys(names.split(), "doubtful")


def test_names_that_speak_of_the_start():
    names = (
        "position prior_surgery previous_relapse relapse_before_start family_history_death min_age response_to_prior "
        "surgery_at_diagnosis baseline_dose initial_dose starting_dose prior_lines performance_status alk_status pd_l1 "
        "suv_max 5_fu risk_of_relapse pr_status er_status cause site_id complication_no weight_loss_6_months "
        "weeks_since_diagnosis durdis bmibl rezidiv_anamnese vortherapie_linien first_line_regimen fusion_partner "
        "state home_state late_onset ldh_c1d1 c1d1_anc ldh_w0 minimal_change_disease"
    )
    assert {name: speaks_of_later(name) for name in names.split()} == dict.fromkeys(names.split(), "")


def test_a_label_speaks_as_a_name_does(tmp_path):
    rows = patients(6, v17=["a", "b"] * 3, v18=["a", "b"] * 3)
    dictionary = [
        {"column": "v17", "label": "Status at last follow-up"},
        {"column": "v18", "label": "Grading"},
    ]
    assert later(load(tmp_path, rows, dictionary)) == {"v17"}


def test_the_settings_say_what_was_known(tmp_path):
    rows = patients(6, transplant=["yes", "no"] * 3, marker=["yes", "no"] * 3)
    answered = load(tmp_path, rows, **{"features.at_start": "transplant", "features.later": "marker"})
    assert (known(answered), later(answered)) == ({"transplant"}, {"marker"})
    assert not said(answered, "ASK_LATER") and not said(answered, "ASSUMED_LATER")
    none = load(tmp_path, rows, **{"features.known_at_start": "no", "features.at_start": "transplant"})
    assert (known(none), later(none)) == ({"transplant"}, {"marker"})


def test_both_at_once_is_an_error_and_so_is_a_column_that_is_not_there(tmp_path):
    rows = patients(4, marker=["yes", "no"] * 2)
    with pytest.raises(DataRefused) as caught:
        load(tmp_path, rows, **{"features.at_start": "marker", "features.later": "marker"})
    assert [issue.code for issue in caught.value.issues if issue.severity == "error"] == ["FEATURE_TWICE"]
    for key in ("at_start", "later", "of_interest"):
        with pytest.raises(DataRefused) as caught:
            load(tmp_path, rows, **{f"features.{key}": "markers"})
        assert "did you mean 'marker'?" in caught.value.issues[0].hint


def test_a_date_of_the_same_name_answers_the_question(tmp_path):
    before, after = BEGAN - timedelta(days=90), BEGAN + timedelta(days=200)
    rows = patients(6, transplant=["yes", "no"] * 3, transplant_date=[before, None] * 3,
                    boost=["yes", "no"] * 3, date_of_boost=[after, None] * 3)  # fmt: skip
    cohort = load(tmp_path, rows)
    assert (known(cohort), later(cohort)) == ({"transplant"}, {"boost"})
    assert "date lies after the start" in said(cohort, "ASSUMED_LATER")[0].problem


def test_a_column_that_follows_the_event_is_set_aside(tmp_path):
    relapsed = tuple(range(10))
    mirror = ["a" if k in relapsed else "b" for k in range(24)]
    mirror[20] = "a"
    cohort = load(tmp_path, patients(24, relapsed, x1=mirror, x2=["a", "b"] * 12))
    assert (known(cohort), later(cohort)) == ({"x2"}, {"x1"})
    assert "follow relapse or progression" in said(cohort, "ASSUMED_LATER")[0].problem


def test_of_few_patients_a_feature_may_part_those_who_relapsed_from_the_others(tmp_path):
    partner = ["RANBP2", "RANBP2", *["TPM3"] * 6]
    assert known(load(tmp_path, patients(8, (0, 1), partner=partner))) == {"partner"}


def test_a_rare_event_makes_no_feature_one_of_the_course(tmp_path):
    rows = patients(200, range(6), days=[500] * 200, marker=["a", "b"] * 100)
    assert known(load(tmp_path, rows)) == {"marker"}


def test_numbers_that_rise_with_the_time_under_observation_are_set_aside(tmp_path):
    days = [100 + 37 * ((7 * k) % 24) for k in range(24)]
    lab = np.random.default_rng(4).permutation(24).tolist()
    rows = patients(24, days=days, vials=[d // 20 for d in days], lab=lab)
    cohort = load(tmp_path, rows)
    assert (known(cohort), later(cohort)) == ({"lab"}, {"vials"})
    assert "time under observation" in said(cohort, "ASSUMED_LATER")[0].problem


def test_arms_of_different_years_stay_what_they_are(tmp_path):
    rows = patients(24, days=[900] * 12 + [200] * 12, arm=["old"] * 12 + ["new"] * 12)
    for k, row in enumerate(rows):
        shift = timedelta(days=0 if k < 12 else 700)
        row["treatment_start"] += shift
        row["last_contact"] += shift
    assert known(load(tmp_path, rows, group="arm")) == {"arm"}


def test_a_group_that_became_known_later_is_said(tmp_path):
    rows = patients(12, best_response=["CR", "PR", "SD"] * 4)
    cohort = load(tmp_path, rows, group="best_response")
    assert [issue.severity for issue in said(cohort, "GROUP_LATER")] == ["warning"]
    assert later(cohort) == {"best_response"}


def test_columns_that_are_the_same_in_all_patients_are_said_in_one_line(tmp_path):
    rows = patients(6, all_yes=[1] * 6, all_a=["A"] * 6, marker=["a", "b"] * 3)
    cohort = load(tmp_path, rows)
    assert known(cohort) == {"marker"}
    (issue,) = said(cohort, "CONSTANT_COLUMN")
    assert issue.problem.endswith("not examined: all yes, all a")


def test_when_a_column_was_known_asks_for_no_look_at_the_same_value_in_all(tmp_path):
    rows = patients(6, all_yes=[1] * 6, all_a=["A"] * 6, all_b=["B"] * 6, marker=["a", "b"] * 3)
    (tmp_path / "report.toml").write_text(
        '[features]\nat_start = ["all_yes", "all_a", "marker"]\nof_interest = ["all_b"]\n'
    )
    cohort = load(tmp_path, rows)
    assert known(cohort) == {"all_b", "marker"}
    (issue,) = said(cohort, "CONSTANT_COLUMN")
    assert issue.problem.endswith("not examined: all yes, all a")


def test_a_time_and_its_status_are_no_facts_of_the_start(tmp_path):
    rows = patients(
        6, prtime=[3, 9, 27, 8, 14, 5], prstat=[0, 1] * 3, er=[5, 7, 90, 11, 3, 2], er_status=["p", "n"] * 3
    )
    assert later(load(tmp_path, rows)) == {"prtime", "prstat"}


def test_two_levels_that_part_the_long_observed_from_the_short_are_set_aside_unless_they_began_in_other_years(
    tmp_path,
):
    days = [100 + 37 * (k * 7 % 24) for k in range(24)]
    rash = ["yes" if d > 500 else "no" for d in days]
    assert later(load(tmp_path, patients(24, days=days, rash=rash))) == {"rash"}
    rows = patients(24, days=days, rash=rash)
    for row in rows:  # who began years earlier has been observed for longer, whatever the arm
        row["treatment_start"] -= timedelta(days=1000 * (row["rash"] == "yes"))
    assert known(load(tmp_path, rows)) == {"rash"}


NUMBERS = st.sampled_from([0.0, 1.5, 2.0, 7.0, -3.0, 40.25])


@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_midranks_are_those_of_pandas(values):
    codes, ranks, counts = _ranks(np.array(values))
    assert ranks[codes].tolist() == pd.Series(values).rank().tolist()
    assert counts.sum() == len(values) and len(counts) == len(set(values))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=40))
def test_the_rank_correlation_is_that_of_pandas(pairs):
    one, other = (pd.Series(values) for values in zip(*pairs, strict=True))
    expected = one.corr(other, method="spearman") if one.nunique() > 1 < other.nunique() else 0.0
    assert _rank_correlation(one.to_numpy(), other.to_numpy()) == pytest.approx(expected, abs=1e-12)
