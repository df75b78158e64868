"""A finding of a list is a word of the data: outside, one that few patients have is neither counted nor named."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.cohort.load import load_cohort
from reportgen.privacy.deidentified import data_set
from reportgen.privacy.printed_counts import groups_shown, ledger_of
from reportgen.privacy.protect import protect
from tests.workbooks import minimal_patients, write_workbook

LISTS = {"features.lists": ["genes"]}
# Four have NF1; ALK is open in one cell; a tenth was not tested.
GENES = [
    "TP53; CDKN2A",
    "CDKN2A",
    "wt",
    None,
    "TP53",
    "TP53; ALK",
    "ALK",
    "wild type",
    "CDKN2A; ALK",
    "TP53; ALK ?",
] * 4
RARE = {3: "NF1", 7: "NF1; TP53", 12: "NF1", 22: "NF1"}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    genes = [RARE.get(i, cell) for i, cell in enumerate(GENES * 4)]
    rows = minimal_patients(40, genes=genes, sex=["female", "male"] * 20)
    return write_workbook(tmp_path_factory.mktemp("rare") / "a.xlsx", patients=rows)


def of(source, profile: str, **more):
    return protect(
        load_cohort(source, overrides=LISTS | {"privacy.profile": profile} | more), b"key of the test" * 3
    )


def test_outside_it_is_not_named_and_the_others_stand_in_the_order_of_their_names(source):
    cohort = of(source, "external")
    named = [feature.label for feature in cohort.features if feature.name in cohort.findings]
    assert named == ["ALK", "CDKN2A", "TP53"]
    assert "genes_nf1" not in cohort.patients.frame and "genes_nf1" not in cohort.findings
    assert "genes_nf1" in of(source, "board").patients.frame
    assert "genes_nf1" in of(source, "external", **{"report.group": "genes: NF1"}).patients.frame


def test_who_was_not_tested_for_one_was_not_tested_for_the_others(source):
    """Else a masked count could be read off another finding, of which both counts are printed."""
    cohort = of(source, "external")
    ledger = ledger_of(cohort, {"all": np.ones(cohort.n, bool)})
    missing = {name: f"not recorded|baseline|genes_{name}|all" for name in ("alk", "cdkn2a", "tp53")}
    assert [ledger.counts[name] for name in missing.values()] == [7, 3, 3]
    assert (missing["cdkn2a"], (missing["alk"],), True) in ledger.relations
    assert (missing["tp53"], (missing["alk"],), True) in ledger.relations
    assert list(groups_shown(cohort, 8)) == ["all"]


def test_the_data_set_for_partners_has_no_column_of_it(source):
    files, _ = data_set(of(source, "partner"))
    heads = files["data/features.csv"].decode("utf-8-sig").partition("\n")[0]
    assert "genes_tp53" in heads and "nf1" not in heads
    assert b"NF1" not in files["data/dictionary.csv"]
