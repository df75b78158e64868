"""Groups compared within strata, and the level that the others are set against, as the settings have them."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.base.errors import DataRefused
from reportgen.chapters import relapse, survival
from reportgen.stats.events import event_table
from reportgen.stats.fine_gray import fine_gray
from reportgen.stats.gray import stratified_gray
from reportgen.stats.logrank import stratified_logrank
from tests.chapters.chapters import chapter, day, patient

N = 80


def patients(n: int = N) -> list[dict]:
    """Two arms in two stages: in stage II patients die sooner, and more of them are in arm B."""
    rows, rng = [], np.random.default_rng(20)
    for k in range(n):
        stage = "I" if k % 2 else "II"
        arm = "B" if (k // 2) % (2 if stage == "I" else 4) else "A"
        death = round(float(rng.exponential(900 if stage == "I" else 300))) + 1
        dead = death < 1000
        rows.append(
            patient(
                f"P{k:03}",
                arm=arm,
                stage=stage,
                age_at_start=40 + k % 30,
                vital_status="dead" if dead else "alive",
                death_date=death if dead else None,
                last_contact=death if dead else 1000,
            )
        )
    return rows


def made(folder, *lines: str, rows: list[dict] | None = None, features: str = ""):
    text = "\n".join(['[report]\ngroup = "arm"', *lines, f"[features]\n{features}"])
    (folder / "report.toml").write_text(text + "\n")
    return chapter(survival, folder, patients=patients() if rows is None else rows)


def test_test_and_ratio_within_strata_stand_below_those_without(tmp_path):
    told = made(tmp_path, 'strata = ["stage"]')
    test = told.results["survival.os.arm.p_value_stratified"]
    ratio = told.results["survival.os.arm.hazard_ratio_stratified"]
    assert test.n == ratio.n == N and 0 < test.value < 1
    assert str(test.method) == "stratified log-rank test; strata: stage"
    assert str(ratio.method) == "stratified Cox (Efron ties); Wald 95% CI; strata: stage: B against A"
    # Stage set apart, the ratio is another than without strata.
    plain = told.results["survival.os.arm.hazard_ratio"]
    assert abs(np.log(ratio.value) - np.log(plain.value)) > 0.01
    first = [line[0] for line in told.table("table-survival-groups")]
    assert "Strata: stage: stratified log-rank test" in first
    assert "Strata: stage: hazard ratio, B against A" in first


def test_several_columns_make_strata_of_their_combined_levels(tmp_path):
    rows = [row | {"sex": "f" if k % 3 else "m"} for k, row in enumerate(patients())]
    told = made(tmp_path, 'strata = ["stage", "sex"]', rows=rows)
    assert str(told.results["survival.os.arm.p_value_stratified"].method).endswith("strata: stage, sex")


def test_who_has_no_stratum_is_left_out_of_it(tmp_path):
    rows = patients()
    rows[3] |= {"stage": None}
    told = made(tmp_path, 'strata = ["stage"]', rows=rows)
    assert told.results["survival.os.arm.p_value_stratified"].n == N - 1
    assert told.results["survival.os.arm.p_value"].n == N


def test_few_are_not_compared_within_strata_and_the_reason_is_said(tmp_path):
    told = made(tmp_path, 'strata = ["stage"]', rows=patients(8))
    row = told.results["survival.os.arm.p_value_stratified"]
    assert row.value is None and row.status.value == "refused" and row.note
    assert told.results["survival.os.arm.hazard_ratio_stratified"].value is None


def test_strata_that_became_known_later_are_refused(tmp_path):
    told = made(tmp_path, 'strata = ["stage"]', features='later = ["stage"]')
    assert told.results["survival.os.arm.p_value_stratified"].code == "known_later"


def test_without_the_setting_there_is_none(tmp_path):
    told = made(tmp_path)
    assert not told.results.select(statistic="p_value_stratified")


@pytest.mark.parametrize(
    ("line", "features", "expected"),
    [
        ('strata = ["stagee"]', "", "'stagee' that does not exist"),
        ('strata = ["age_at_start"]', "", "holds numbers and no groups"),
        ("", 'reference = ["arm: C"]', "a level that the column does not have"),
        ("", 'reference = ["arm"]', "names no level"),
        ("", 'reference = ["stadium: I"]', "a column that is no feature"),
        ('group_names = ["C: Charlie"]', "", "of no group that is compared"),
    ],
)
def test_what_cannot_be_followed_is_said(tmp_path, line, features, expected):
    with pytest.raises(DataRefused) as refused:
        made(tmp_path, line, features=features)
    assert any(expected in str(issue.problem) for issue in refused.value.issues)


def test_the_reference_comes_first_and_turns_the_comparison_round(tmp_path):
    usual = made(tmp_path).results["survival.os.arm.hazard_ratio"]
    told = made(tmp_path, features='reference = ["arm: B"]')
    turned = told.results["survival.os.arm.hazard_ratio"]
    assert str(turned.method).endswith("A against B")
    assert turned.value == pytest.approx(1 / usual.value, rel=1e-6)
    assert str(told.results["survival.os.arm.survival_difference@365.25"].method).endswith("A minus B")
    groups = [c.group for c in told.results.select_curves(endpoint="os", kind="kaplan_meier")]
    assert groups == ["all", "B", "A"]


def test_groups_have_short_names_in_print_alone(tmp_path):
    told = made(tmp_path, 'group_names = ["A: alpha", "B: beta"]')
    assert (
        "of beta against alpha was" in told.text
        and "Median by arm: " in told.text
        and " in alpha and " in told.text
    )
    ratio = told.results["survival.os.arm.hazard_ratio"]
    assert str(ratio.method).endswith("B against A") and told.results["survival.os.A.count"].n


def test_relapse_is_compared_within_strata_by_its_cause_specific_hazard(tmp_path):
    rows = [
        row | ({"relapse_date": day((k * 7) % 300 + 1)} if row["death_date"] is None or k % 3 else {})
        for k, row in enumerate(patients())
    ]
    rows = [
        row | {"relapse_date": None}
        if row.get("relapse_date") and row["death_date"] and row["relapse_date"] > row["death_date"]
        else row
        for row in rows
    ]
    (tmp_path / "report.toml").write_text('[report]\ngroup = "arm"\nstrata = ["stage"]\n')
    told = chapter(relapse, tmp_path, patients=rows)
    endpoint, frame = told.cohort.endpoints["relapse"], told.cohort.patients.frame
    assert {0, 1, 2} >= set(endpoint.status) > {1}
    caused = (endpoint.status == 1).astype(int)
    tables = [
        [
            event_table(endpoint.duration[mine], caused[mine])
            for arm in "AB"
            for mine in [((frame["stage"] == stage) & (frame["arm"] == arm)).to_numpy()]
        ]
        for stage in ("I", "II")
    ]
    test = told.results["relapse.relapse.arm.p_value_stratified"]
    ratio = told.results["relapse.relapse.arm.hazard_ratio_stratified"]
    assert test.value == pytest.approx(stratified_logrank(tables).p, rel=1e-9) and test.n == N
    assert str(ratio.method).startswith("cause-specific")
    assert "Strata: stage (80 patients): stratified log-rank test, p " in told.text
    assert f"cause-specific hazard ratio, B against A: {ratio.value:.2f}" in told.text
    gray = told.results["relapse.relapse.arm.p_value_gray_stratified"]
    apart = told.results["relapse.relapse.arm.subdistribution_hazard_ratio_stratified"]
    p = told.results["relapse.relapse.arm.p_value_subdistribution_stratified"]
    both = [
        [
            event_table(endpoint.duration[mine], endpoint.status[mine], causes=2)
            for arm in "AB"
            for mine in [((frame["stage"] == stage) & (frame["arm"] == arm)).to_numpy()]
        ]
        for stage in ("I", "II")
    ]
    assert gray.value == pytest.approx(stratified_gray(both, 1).p, rel=1e-9) and 0 < p.value < 1
    stage, arm = ((frame[name] == level).to_numpy(float) for name, level in (("stage", "II"), ("arm", "B")))
    expected, _p = fine_gray(endpoint.duration, endpoint.status, {"B": arm}, stratum=stage)
    assert (apart.value, apart.low) == pytest.approx((expected.value, expected.low), rel=1e-9)
    assert str(gray.method) == "stratified Gray's test; strata: stage"
    assert f"subdistribution hazard ratio, B against A: {apart.value:.2f}" in told.text


def test_where_nobody_has_the_competing_event_the_incidence_has_no_strata_of_its_own(tmp_path):
    told = made(tmp_path, 'strata = ["stage"]')
    assert not told.results.select(statistic="p_value_gray_stratified")


def test_an_endpoint_has_strata_of_its_own(tmp_path):
    """Those of the others stay, and a rule that says nothing else changes nothing else."""
    rows = [row | {"sex": "f" if k % 3 else "m"} for k, row in enumerate(patients())]
    again = '[[endpoint]]\nkey = "again"\nevents = ["death_date"]'
    told = made(
        tmp_path, 'strata = ["stage"]', '[[endpoint]]\nkey = "os"\nstrata = ["Sex"]', again, rows=rows
    )
    os, other = (told.results[f"survival.{key}.arm.p_value_stratified"] for key in ("os", "again"))
    assert (str(os.method), str(other.method)) == (
        "stratified log-rank test; strata: sex", "stratified log-rank test; strata: stage",
    )  # fmt: skip
    plain = made(tmp_path, rows=rows)
    assert told.results["survival.os.all.median_time"] == plain.results["survival.os.all.median_time"]
