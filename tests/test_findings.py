"""The measure: from the sample workbook the report states every finding of the study it began with.

Trahair et al., JCO Precision Oncology 2019 (doi 10.1200/PO.18.00297): eight patients with ALK-positive
inflammatory myofibroblastic tumours. The sample workbook is synthetic and reproduces the published
aggregate figures; the reference values were computed with R survival 3.5-3, bpcp 1.4.2 and exact2x2 1.7.0.
"""

from __future__ import annotations

import pytest

from tests.reading import chapter

YEAR = 365.25


@pytest.fixture(scope="module")
def say(sample):
    """say(chapter, quotation): the quotation stands in the sentences of that chapter."""

    def check(key: str, quotation: str) -> None:
        text = chapter(sample.report, key)
        assert quotation in text, f"not said in {key}: {quotation!r}\n\nIt says:\n{text}"

    return check


def test_the_report_states_every_finding_of_the_study(say):
    # Eight patients with ALK-positive inflammatory myofibroblastic tumours, crizotinib and surgery.
    say(
        "summary",
        "the outcome of eight patients with ALK-positive inflammatory myofibroblastic tumour treated with "
        "crizotinib and surgery.",
    )
    # Median follow-up 3 years (0.9–5.5).
    say(
        "summary",
        "Median follow-up was 3.0 years (range 0.9–5.5). That is the plain median of the times observed",
    )
    # All responded.
    say("summary", "All eight patients responded (8 of 8, 100%; 95% CI 63–100): six CR and two PR.")
    # The major toxicity was neutropenia.
    say(
        "summary",
        "The major toxicity was neutropenia (neutrophil count decreased): 5 of 8 patients (63%; 95% CI 24–91) "
        "any grade, 3 of 8 (38%; 95% CI 9–76) grade ≥ 3.",
    )
    # Five stopped without recurrence after a median of 1 year (0.2–3.0), one continues.
    say(
        "summary",
        "Five patients stopped without recurrence after a median of 1.0 years of treatment (range 0.2–3.0); "
        "one continues treatment.",
    )
    # Two relapsed on treatment, in initial complete response.
    say("summary", "Two of eight patients relapsed.")
    say("summary", "Both relapsed on treatment; both had first been in complete response.")
    # Both with RANBP2 fusions, 2 of 3 such patients; both critically ill at the start, with abdominal tumours.
    say(
        "summary",
        "Both who relapsed had RANBP2 as fusion partner (named beforehand); the third such patient did not relapse.",
    )
    say("summary", "two more were common to both: critically ill at the start (none of the six others; ")
    say("summary", "abdomen as site of the primary tumour (none of the six others; p = 0.857).")
    # Both responded to another ALK inhibitor; one died of the disease, one is alive on treatment.
    say("summary", "Both who relapsed were treated again (alternative ALK inhibitor) and responded to it.")
    say("summary", "One died of the disease and one is alive on treatment.")
    # PFS 0.75 (SE 0.15), OS 0.83 (SE 0.15), with time, number at risk and interval.
    say("summary", "Progression-free survival was 0.75 (SE 0.15; 95% CI 0.32–0.97) at 1 year, with 5 at risk")
    say("summary", "0.83 (SE 0.15; 95% CI 0.31–0.996) at 3 years, with 4 at risk")


def test_the_chapters_say_the_same_in_full(say):
    say("follow_up", "By reverse Kaplan–Meier the median was 3.2 years")
    say(
        "after_stopping",
        "None of the five has relapsed or died in a median of 2.1 years off treatment (range 1.4–3.7); with five "
        "patients a risk of up to 52% cannot be excluded (exact 95% CI 0–52%; 0 events in 11.7 patient-years, 95% CI "
        "up to 0.32 per year).",
    )
    say("relapse", "Two relapses are too few to compare groups in a model.")


def near(results, id, value, low=None, high=None, se=None, within=5e-4):
    estimate = results[id]
    for name, wanted in (("value", value), ("low", low), ("high", high), ("se", se)):
        if wanted is not None:
            assert getattr(estimate, name) == pytest.approx(wanted, abs=within), (id, name, estimate)
    return estimate


def test_results_hold_the_reference_values(sample):
    r = sample.results
    # bpcp::bpcp(time, event): interval of the beta product confidence procedure
    near(r, "survival.pfs.all.survival@365.25", 0.75, 0.320, 0.968, se=0.1531)
    near(r, "survival.pfs.all.survival@730.5", 0.75, 0.278, 0.968)
    near(r, "survival.pfs.all.survival@1095.75", 0.75, 0.218, 0.968)
    near(r, "survival.os.all.survival@1095.75", 0.8333, 0.309, 0.996, se=0.1521)
    near(r, "survival.os.all.survival@730.5", 1.0, 0.541, 1.0)
    for endpoint in ("pfs", "os"):
        assert r[f"survival.{endpoint}.all.median_time"].note.startswith("NR")
    # median(time); survfit(Surv(time, 1 - event) ~ 1)
    near(r, "follow_up.all.all.median", 3.0 * YEAR, within=0.01 * YEAR)
    near(r, "follow_up.all.all.minimum", 0.9 * YEAR, within=0.01 * YEAR)
    near(r, "follow_up.all.all.maximum", 5.5 * YEAR, within=0.01 * YEAR)
    near(r, "follow_up.reverse.all.median_time", 3.2 * YEAR, within=0.01 * YEAR)
    # binom.test(2, 3), binom.test(0, 5)
    near(r, "relapse.fusion_partner.RANBP2.proportion", 2 / 3, 0.094, 0.992)
    near(r, "after_stopping.stopped.event.proportion", 0, 0, 0.522)
    # poisson.test(0, 11.70)
    near(r, "after_stopping.stopped.event.rate", 0, 0, 0.315)
    near(r, "toxicity.neutrophil count decreased.all.any_grade", 5 / 8, 0.245, 0.915)
    near(r, "toxicity.neutrophil count decreased.all.grade_3_plus", 3 / 8)
    near(r, "response.response.all.proportion", 1, 0.631, 1)


def test_ranbp2_is_compared_exactly_and_never_by_0_043(sample):
    r = sample.results
    # fisher.test(matrix(c(2, 1, 0, 5), 2)); the permutation log-rank test of coin equals it here
    fisher = near(r, "relapse.fusion_partner.RANBP2.p_value", 0.10714285714)
    logrank = near(r, "relapse.relapse.fusion_partner=RANBP2.p_value", 0.10714285714)
    assert "Fisher" in fisher.method and "permutation log-rank" in logrank.method
    assert not [
        e.id for e in r.estimates if e.statistic == "p_value" and e.exists and abs(e.value - 0.043) < 5e-4
    ]


def test_no_interval_leaves_its_bounds_or_has_no_width(sample, two_groups):
    bounded = ("survival", "cumulative_incidence", "proportion", "any_grade", "grade_3_plus")
    for made in (sample, two_groups):
        for e in made.results.estimates:
            if e.statistic in bounded and e.exists and e.low is not None:
                assert 0 <= e.low <= e.value <= e.high <= 1, e
                assert e.low < e.high, e


def test_the_report_says_that_the_sample_is_synthetic(sample):
    assert "synthetic" in sample.report.notice.casefold()
