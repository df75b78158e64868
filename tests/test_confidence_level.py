"""The level of the intervals by setting: every interval of a report has it, and it is said beside every one."""

from __future__ import annotations

import re

import pytest

from reportgen.base.errors import UsageError
from reportgen.cohort.load import load_cohort
from reportgen.privacy.key_file import read_key
from reportgen.privacy.protect import protect
from reportgen.render.html.document import render_html
from reportgen.run.composing import analyse, compose
from tests.conftest import SAMPLE, TWO_GROUPS, make


@pytest.fixture(scope="module", params=[SAMPLE, TWO_GROUPS], ids=["sample", "two groups"])
def at_90(request):
    return make(request.param, overrides={"confidence_level": 0.9})


def test_every_interval_has_it(at_90):
    bounded = [e for e in at_90.results.estimates if e.low is not None or e.high is not None]
    assert len(bounded) > 100
    assert {e.level for e in bounded} == {0.9}
    assert not [e.id for e in at_90.results.estimates if "95%" in str(e.method)]
    assert not [c.id for c in at_90.results.curves if "95%" in str(c.method)]


def test_it_is_said_beside_every_one(at_90):
    page = render_html(at_90.report)
    words = re.sub(r"<[^>]*>", "", page)
    assert "90\xa0% CI" in words or "90%\xa0CI" in words
    assert re.findall(r".{40}95\s?%\s?(?:CI|conf|interval).{20}", words) == []


@pytest.mark.parametrize(("source", "profile"), [(SAMPLE, "board"), (TWO_GROUPS, "external")])
def test_it_holds_for_other_readers_too(source, profile, tmp_path):
    cohort = load_cohort(source, overrides={"confidence_level": 0.9, "privacy.profile": profile})
    cohort = protect(cohort, read_key(tmp_path) if profile == "board" else None)
    results, notices = analyse(cohort)
    bounded = [e for e in results.estimates if e.low is not None or e.high is not None]
    assert len(bounded) > 100 and {e.level for e in bounded} == {0.9}
    words = re.sub(r"<[^>]*>", "", render_html(compose(cohort, results, notices))).replace("\xa0", " ")
    assert "90% CI" in words and not re.findall(r"95\s?%\s?(?:CI|conf|interval)", words)


def test_intervals_narrow_and_estimates_stay(at_90, sample, two_groups):
    usual = sample if at_90.cohort.n == sample.cohort.n else two_groups
    for e in usual.results.estimates:
        other = at_90.results[e.id]
        assert other.value == e.value
        if e.low is not None and other.low is not None and e.high is not None and other.high is not None:
            assert e.low <= other.low + 2e-6 and other.high <= e.high + 2e-6, e.id


def test_one_kind_of_interval_for_cohorts_of_any_size():
    made = make(SAMPLE, overrides={"survival_interval": "log-log"})
    at = [e for e in made.results.select(statistic="survival") if e.value not in (None, 0, 1)]
    assert at and all("log-log" in str(e.method) for e in at)
    page = render_html(made.report)
    assert "Intervals for survival: log-log, by the settings" in re.sub(r"<[^>]*>", "", page).replace(
        "\xa0", " "
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("confidence_level = 0.8", "one of 0.9, 0.95, 0.99"),
        ('confidence_level = "0.9"', "a number, such as 0.95"),
        ("confidence_level = true", "a number, such as 0.95"),
        ('survival_interval = "plain"', "one of by size, log-log, log, beta product"),
    ],
)
def test_another_one_is_refused_with_what_is_allowed(tmp_path, line, expected):
    path = tmp_path / "report.toml"
    path.write_text(f"[report]\n{line}\n")
    with pytest.raises(UsageError, match=re.escape(expected)):
        load_cohort(SAMPLE, config=path)


def test_it_is_understood_as_text_of_the_command_line():
    cohort = load_cohort(SAMPLE, overrides={"confidence_level": "0.99"})
    assert cohort.settings.confidence_level == 0.99


def test_the_usual_level_says_what_it_always_said(sample):
    cohort = load_cohort(SAMPLE, overrides={"confidence_level": 0.95, "survival_interval": "by size"})
    results, notices = analyse(cohort)
    assert results.estimates == sample.results.estimates
    assert render_html(compose(cohort, results, notices)) == render_html(sample.report)
