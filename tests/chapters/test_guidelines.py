"""The tables of STROBE, ESMO-GROW and REMARK point to what this report has, and to nothing else."""

from __future__ import annotations

import pytest

from reportgen.report import Table, plain
from reportgen.writing import checklists
from tests.chapters.chapters import patient
from tests.chapters.model_cohorts import COHORTS, NAMED, report
from tests.workbooks import minimal_patients


def places(one, name: str) -> dict[str, str]:
    """Item → where it stands, of one guideline; the two of one number together."""
    methods = next(section for section in one.report.sections if section.key == "methods")
    table = next(b for b in methods.every if isinstance(b, Table) and b.id == f"table-{name}")
    found: dict[str, str] = {}
    for row in table.rows:
        item, _what, where = (plain(cell) for cell in row.cells)
        found[item] = f"{found[item]}; {where}" if item in found else where
    return found


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Patients of whom nothing but survival is known: no group, no relapse, no response, no toxicity."""
    return report(tmp_path_factory.mktemp("bare"), minimal_patients(12), [])


def test_chapters_that_are_not_in_the_report_are_not_pointed_to(bare):
    words = ("Relapse", "Toxicity", "Treatment", "Response")
    for name in ("strobe", "grow"):
        for item, where in places(bare, name).items():
            assert not set(words) & set(where.split("; ")), (name, item, where)
    assert places(bare, "strobe")["15"] == "Survival"


def test_what_is_in_the_report_is_pointed_to(two_groups):
    assert places(two_groups, "strobe")["15"] == "Response; Survival; Relapse; Toxicity"
    assert places(two_groups, "remark")["14"] == "the author; by group in Patients at the start"


def test_without_groups_and_models_remark_points_to_none(tmp_path):
    one = report(tmp_path, COHORTS["four events"], [])
    found = places(one, "remark")
    assert found["1"] == "the author" and found["14"] == "the author"
    assert found["15"] == "Relapse" and found["18"] == "validation: the author"
    assert found["16–17"] == checklists.NOWHERE


def test_models_of_several_features_are_pointed_to_where_they_were_made(tmp_path):
    found = places(report(tmp_path, COHORTS["fifty events"], NAMED), "remark")
    assert found["1"] == "named beforehand in Relapse; the author"
    assert found["16–17"] == "Relapse: those named beforehand; Survival: those named beforehand"
    assert found["15"] == "Relapse; Survival" and "proportional hazards" in found["18"]


def test_features_named_beforehand_stand_among_the_settings(tmp_path):
    one = report(tmp_path, [patient(f"P{i}", stage="I" if i % 2 else "II") for i in range(6)],
                 [{"key": "features.of_interest", "value": "stage"}])  # fmt: skip
    methods = next(section for section in one.report.sections if section.key == "methods")
    table = next(b for b in methods.every if isinstance(b, Table) and b.id == "table-settings")
    assert ["named beforehand", "stage"] in [[plain(cell) for cell in row.cells] for row in table.rows]


def test_every_condition_is_a_chapter_or_one_of_the_conditions():
    from reportgen.chapters import SECTIONS

    known = {section.KEY for section in SECTIONS} | set(checklists.CONDITIONS)
    for items in (checklists.STROBE, checklists.GROW, checklists.REMARK):
        assert {place.when for _item, _what, where in items for place in where if place.when} <= known
