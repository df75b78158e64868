"""Of one patient or two there are counts: no median of a curve, no method, no share without its count."""

from __future__ import annotations

from reportgen.report import Table, plain
from reportgen.stats.notes import Status
from tests.chapters.chapters import patient
from tests.chapters.model_cohorts import BY_ARM, report
from tests.workbooks import minimal_patients


def said(one, key: str) -> str:
    section = next(section for section in one.report.sections if section.key == key)
    return "\n".join(plain(block.text) for block in section.every if hasattr(block, "text"))


def test_a_group_of_two_has_no_median_follow_up(tmp_path):
    rows = minimal_patients(12, arm=["A"] * 2 + ["B"] * 10)
    one = report(tmp_path, rows)
    few, many = (one.results[f"follow_up.reverse.{group}.median_time"] for group in "AB")
    assert few.status is Status.REFUSED and few.value is None and few.n == 2
    assert many.value == 1000


def test_two_patients_have_no_median_follow_up_by_a_curve(tmp_path):
    one = report(tmp_path, minimal_patients(2), [])
    assert one.results["follow_up.reverse.all.median_time"].status is Status.REFUSED
    assert one.results["follow_up.all.all.median"].value == 1000


def test_the_abstract_names_no_method_where_nothing_is_estimated(tmp_path):
    assert "estimated" not in said(report(tmp_path, minimal_patients(2), []), "summary")


def test_page_one_has_the_counts_of_a_share_with_the_event(tmp_path):
    rows = [patient(f"P{i}", arm="AB"[i % 2], relapse_date=None) for i in range(2)]
    one = report(tmp_path, rows, BY_ARM)
    summary = next(section for section in one.report.sections if section.key == "summary")
    table = next(b for b in summary.every if isinstance(b, Table) and b.id == "table-key-results")
    cells = {plain(row.cells[0]): [plain(cell) for cell in row.cells[1:4]] for row in table.rows}
    assert cells["Death"] == ["0/2 (0%)", "0/1 (0%)", "0/1 (0%)"]


def test_one_feature_is_not_spoken_of_as_many(tmp_path):
    rows = [patient(f"P{i}", arm="A" if i < 4 else "B") for i in range(10)]
    for i, row in enumerate(rows):
        row["relapse_date"] = (
            row["treatment_start"].replace(year=row["treatment_start"].year + 1) if i < 3 else None
        )
    text = said(report(tmp_path, rows, BY_ARM), "relapse")
    assert "one features" not in text
    assert "The one feature examined was common to all three who relapsed" in text
