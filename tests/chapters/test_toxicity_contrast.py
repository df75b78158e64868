"""Toxicity of two groups side by side: sorted by their difference, and what the caption says of it."""

from __future__ import annotations

import pytest

from reportgen.chapters import toxicity
from reportgen.report import Dots, Table, plain
from tests.chapters.chapters import of


@pytest.fixture(scope="module")
def told(two_groups):
    return of(toxicity, two_groups.cohort)


def contrast(told) -> Table:
    return next(
        b for b in told.section.blocks if isinstance(b, Table) and b.id == "table-toxicity-difference"
    )


def test_terms_stand_by_the_difference_of_the_groups(told):
    table, results = contrast(told), told.results
    found = [results[part.ref] for row in table.rows for part in row.cells[-2] if getattr(part, "ref", None)]
    values = [e.value for e in found if e.statistic == "any_grade_difference"]
    assert len(set(values)) > 5 and values == sorted(values, reverse=True)
    for e in found[:3]:
        a, b = (results[f"toxicity.{e.variable}.regimen {name}.any_grade"] for name in "BA")
        assert e.value == pytest.approx(a.events / a.n - b.events / b.n)


def test_the_dots_are_the_shares_of_their_row(told):
    for row in contrast(told).rows:
        (dots,) = row.cells[-1]
        assert isinstance(dots, Dots) and [dot.group for dot in dots.dots] == [1, 2]
        for dot, any_grade, high in zip(dots.dots, row.cells[1:3], row.cells[3:5], strict=True):
            k, n = map(int, plain(any_grade).split(" ")[0].split("/"))
            assert dot.value == pytest.approx(k / n)
            k, n = map(int, plain(high).split(" ")[0].split("/"))
            assert dot.part == pytest.approx(k / n) and dot.part <= dot.value


def test_the_caption_names_the_term_that_differs_most(told):
    table = contrast(told)
    ends = (table.rows[0], table.rows[-1])
    widest = max(
        ends, key=lambda row: abs(int(plain(row.cells[-2]).split(" ")[0].replace("−", "-").lstrip("+")))
    )
    assert plain(widest.cells[0]).lower() in plain(table.caption).lower()


def test_one_group_has_no_such_table(sample):
    assert not of(toxicity, sample.cohort).has("table-toxicity-difference")
