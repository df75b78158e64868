"""The methods chapter lists exactly what was used: nothing that was not, and nothing without a reference."""

from __future__ import annotations

import re

import pytest

from reportgen.base.message import codes
from reportgen.report import Bullets, Heading, plain
from reportgen.stats.notes import split
from reportgen.writing import references
from tests.chapters.model_cohorts import COHORTS, NAMED, arm, lines, patients, report

# Counts, sums, shares and times as they stand in the data need no reference.
PLAIN = re.compile(
    r"patients|rows |issues |left after|worst grade|share censored|sum of the times|time |plain distribution"
    r"|median of the times|start of treatment to|alive, last contact|baseline more than"
    r"|events that began (before|after)|until the last of them could have|all ways in which the missing"
    r"|events whose onset|no (model|comparison)$|$"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory, sample, two_groups):
    few = [
        report(tmp_path_factory.mktemp("cohort"), COHORTS[name], treatments=lines(COHORTS[name]))
        for name in ("seven events", "fifteen events")
    ]
    return [sample, two_groups, *few, imputed(tmp_path_factory.mktemp("imputed"))]


def imputed(folder):
    """A cohort of whom one in ten has no age, and a model in which it is imputed."""
    rows = patients(arm("A", 60, 18, 4), arm("B", 60, 24, 4, seed=2, pace=3))
    for row in rows[::10]:
        row["age_at_start"] = None
    return report(folder, rows, [*NAMED, {"key": "features.impute", "value": "true"}])


def listed(one) -> list[str]:
    """The bullets under "Statistical methods"."""
    methods = next(section for section in one.report.sections if section.key == "methods")
    heads = [b.text if isinstance(b, Heading) else None for b in methods.every]
    block = methods.every[heads.index("Statistical methods") + 1]
    assert isinstance(block, Bullets)
    return [plain(item) for item in block.items]


def test_every_method_has_a_reference(made):
    for one in made:
        for row in (*one.results.estimates, *one.results.curves):
            method, _ = split(row.method)
            if not PLAIN.match(method):
                assert references.used([method]), method


def test_every_method_that_gave_an_answer_is_listed_and_no_other(made):
    for one in made:
        rows = [
            *one.results.curves,
            *(e for e in one.results.estimates if e.exists or e.note.startswith("NR")),
        ]
        found = {code for row in rows for code in codes(split(row.method)[0])}
        wanted = [
            f"{what} {where}" for known, what, where in references.METHODS if found & set(known.split())
        ]
        assert listed(one) == wanted and len(set(wanted)) == len(wanted)


def test_every_entry_is_used_by_some_report(made):
    everywhere = set().union(*(listed(one) for one in made))
    assert {f"{what} {where}" for _, what, where in references.METHODS} == everywhere


def test_the_eight_patients_have_no_model_and_no_asymptotic_test(sample):
    text = "\n".join(listed(sample))
    for word in ("Cox", "Firth", "Gray", "proportional", "Mantel", "Newcombe"):
        assert word not in text, word
    for word in (
        "over relabellings",
        "Fisher’s exact test",
        "beta product",
        "Holm",
        "landmark",
        "Restricted mean",
    ):
        assert word.casefold() in text.casefold(), word


def test_a_refused_method_is_not_listed(tmp_path):
    made = report(tmp_path, COHORTS["three against three"])
    assert made.results["response.response.arm.p_value"].method == "Fisher’s exact test"
    assert not made.results["response.response.arm.p_value"].exists
    features = [e for e in made.results.select(statistic="p_value") if e.exists and "Fisher" in e.method]
    assert any("Fisher’s exact test," in line for line in listed(made)) == bool(features)


def test_a_group_named_like_a_method_adds_none(tmp_path):
    rename = {"A": "Gray's test", "B": "Cox (old)"}
    rows = [row | {"arm": rename[row["arm"]]} for row in COHORTS["seven events"]]
    text = "\n".join(listed(report(tmp_path, rows)))
    assert "Gray RJ" not in text and "Cox DR" not in text and "Firth D" in text
