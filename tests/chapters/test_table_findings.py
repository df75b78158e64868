"""A table of the supplement says first what it shows, then, in second ink, what it holds."""

from __future__ import annotations

from reportgen.render.html.document import render_html
from reportgen.report import Table, plain

SAYS = {
    "table-survival": "At 3 years: progression-free survival ",
    "table-relapse-incidence": "At 3 years: relapse ",
    "table-follow-up": "Median follow-up ",
    "table-survival-groups": "Progression-free survival: log-rank test, p",
    "table-toxicity-groups": "Toxicity of grade ≥ 3: A ",
    "table-after-stopping": "A median of ",
}


def tables(report) -> dict[str, Table]:
    blocks = [b for s in report.sections for b in s.every]
    return {b.id: b for b in blocks if isinstance(b, Table)}


def test_findings_stand_before_what_the_table_holds(two_groups):
    found = tables(two_groups.report)
    shown = [id for id in SAYS if id in found]
    assert len(shown) >= 4, sorted(found)
    for id in shown:
        assert plain(found[id].how) and plain(found[id].caption) != plain(found[id].how), id
    assert plain(found["table-follow-up"].caption).startswith("Median follow-up ")


def test_the_number_of_a_finding_is_that_of_its_table(two_groups):
    made = tables(two_groups.report)["table-follow-up"]
    median = next(plain(row.cells[2]) for row in made.rows)
    assert f"Median follow-up {median} " in plain(made.caption)


def test_what_it_holds_is_set_in_second_ink(two_groups):
    page, how = render_html(two_groups.report), plain(tables(two_groups.report)["table-follow-up"].how)
    assert f'<span class="remark">{how}</span>' in page
