"""A table of the supplement says first what it shows, then, in second ink, what it holds."""

from __future__ import annotations

import re

from reportgen.render.html.document import render_html
from reportgen.report import Table, plain

SAYS = {
    "table-survival": "At 36 months: progression-free survival ",
    "table-relapse": "At 36 months: relapse ",
    "table-follow-up": "Median follow-up ",
    "table-survival-groups": "Progression-free survival: log-rank test, p = ",
    "table-toxicity-groups": "Toxicity of grade ≥ 3: regimen A ",
    "table-toxicity-time": "By 12 months: first grade ≥ 3 ",
    "table-after-stopping": "A median of ",
}
# Shares and times whose cells bear them as the caption does.
IN_CELLS = (
    "table-survival",
    "table-relapse",
    "table-follow-up",
    "table-toxicity-groups",
    "table-toxicity-time",
)


def tables(report) -> dict[str, Table]:
    blocks = [b for s in report.sections for b in s.every]
    return {b.id: b for b in blocks if isinstance(b, Table)}


def words(block) -> str:
    return plain(block).replace("\N{NO-BREAK SPACE}", " ")


def test_findings_stand_before_what_the_table_holds(two_groups):
    found = tables(two_groups.report)
    for id, finding in SAYS.items():
        assert words(found[id].caption).startswith(finding), id
        assert plain(found[id].how) and plain(found[id].caption) != plain(found[id].how), id


def test_the_numbers_of_a_finding_are_those_of_its_table(two_groups):
    for id in IN_CELLS:
        table = tables(two_groups.report)[id]
        cells = " ".join(words(cell) for row in table.rows for cell in row.cells)
        said = re.findall(r"\d+%|\d+\.\d+", words(table.caption))
        assert said and [number for number in said if number.rstrip("%") not in cells] == [], id


def test_what_it_holds_is_set_in_second_ink(two_groups):
    page, how = render_html(two_groups.report), plain(tables(two_groups.report)["table-follow-up"].how)
    assert f'<span class="remark">{how}</span>' in page
