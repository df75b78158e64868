"""Several findings in one cell: each counted among those tested, drawn by patients, asked about if nobody says so."""

import pytest

from reportgen.base.errors import DataRefused
from reportgen.chapters import baseline, patients
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.proposal.propose import propose
from reportgen.cohort.readers import read
from reportgen.report import Figure
from reportgen.run import mapping
from reportgen.settings.model import Settings
from tests.chapters.chapters import of
from tests.workbooks import minimal_patients, write_workbook

GENES = ["TP53 p.R175H; CDKN2A del", "TP53", "wt", None, "ALK, TP53", "NF1", "CDKN2A/TP53", "not done", "none",
         "TP53; ALK neg"]  # fmt: skip
LISTS = {"features.lists": ["genes"]}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    rows = minimal_patients(10, genes=GENES, arm=["A", "B"] * 5, relapse_date=[None] * 9 + ["2016-01-01"])
    return write_workbook(tmp_path_factory.mktemp("lists") / "a.xlsx", patients=rows)


@pytest.fixture(scope="module")
def cohort(source):
    return load_cohort(source, overrides=LISTS)


def test_each_finding_is_a_column_of_those_tested(cohort):
    frame = cohort.patients.frame
    assert frame["genes_tp53"].tolist() == ["yes", "yes", "no", None, "yes", "no", "yes", None, "no", "yes"]
    assert frame["genes_alk"].tolist() == ["no", "no", "no", None, "yes", "no", "no", None, "no", "no"]
    assert frame["genes"].tolist() == GENES
    assert [(f.name, f.label, f.kind) for f in cohort.features if f.name.startswith("genes")] == [
        ("genes_tp53", "TP53", "yes/no"), ("genes_cdkn2a", "CDKN2A", "yes/no"),
    ]  # fmt: skip


def test_the_oncoprint_counts_those_tested_and_keeps_the_unknown_apart(cohort):
    made = of(patients, cohort)
    row = made.results["patients.genes.TP53.proportion"]
    assert (row.events, row.n) == (5, 8)
    assert (round(row.low, 4), round(row.high, 4)) == (0.2449, 0.9148)  # R: binom.test(5, 8)
    drawn = made.results.facts["patients"].oncoprints[0]
    assert list(drawn.rows) == ["TP53", "CDKN2A", "ALK", "NF1"]
    assert [one.label for one in drawn.people][-2:] == ["P04", "P08"]
    assert drawn.rows["TP53"] == (True,) * 5 + (False,) * 3 + (None,) * 2
    figures = [block for block in made.section.blocks if isinstance(block, Figure)]
    assert [figure.id for figure in figures] == ["figure-oncoprint", "figure-patients"]
    assert "TP53 5/8 (63%); CDKN2A 2/8 (25%)" in figures[0].alt


@pytest.mark.parametrize("setting", [{"report.group": "genes"}, {"report.strata": ["genes"]}])
def test_a_whole_list_makes_no_groups(source, setting):
    """A patient with two findings would be in two of them; without a word there would be no groups at all."""
    with pytest.raises(DataRefused) as refused:
        load_cohort(source, overrides=LISTS | setting)
    issue = next(issue for issue in refused.value.issues if issue.code == "LIST_AS_GROUP")
    assert "'genes: TP53'" in str(issue.hint)


def test_a_finding_is_described_and_can_make_the_groups(source):
    cohort = load_cohort(source, overrides=LISTS | {"report.group": "genes: TP53"})
    assert [f.label for f in cohort.features if f.name == "genes_tp53"] == ["TP53"]
    rows = of(baseline, cohort).results.select(variable="genes_cdkn2a", statistic="proportion")
    assert {(row.group, row.n) for row in rows} >= {("yes|yes", 5), ("no|yes", 3)}
    later = load_cohort(source, overrides=LISTS | {"features.later": ["genes"]})
    assert not [f for f in later.features if f.name.startswith("genes") and f.known_at_start]
    left = load_cohort(source, overrides=LISTS | {"features.exclude": ["genes"]})
    assert not [f for f in left.features if f.name.startswith("genes")]


def test_a_column_of_lists_that_nobody_names_is_asked_about(source):
    asked = [issue for issue in load_cohort(source).issues if issue.code == "LIST_COLUMN"]
    assert [(issue.cell, 'lists = ["genes"]' in str(issue.hint)) for issue in asked] == [("E1", True)]
    proposed = propose(read(source, Settings()), Settings())
    genes = next(column for column in proposed.sheets[0].columns if column.header == "genes")
    assert (genes.takes, genes.lines[0].path, genes.lines[0].value) == (
        "patients.findings", ("features", "lists"), "genes")  # fmt: skip
    (sheet, *_) = mapping.as_json(mapping.map_source(source))["sheets"]
    (said,) = (column["takes"] for column in sheet["columns"] if column["header"] == "genes")
    assert said == "patients.feature"


def test_the_board_sees_findings_of_several_patients_alone(source):
    from reportgen.privacy.protect import protect

    cohort = protect(
        load_cohort(source, overrides=LISTS | {"privacy.profile": "board"}), b"key of the test" * 3
    )
    assert "genes" not in cohort.patients.frame and "genes_alk" not in cohort.patients.frame
    drawn = of(patients, cohort).results.facts["patients"].oncoprints[0]
    assert list(drawn.rows) == ["TP53", "CDKN2A"]
