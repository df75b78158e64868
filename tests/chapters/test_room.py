"""Page one holds its curves, however much is said above them: they give way, its words do not."""

from __future__ import annotations

from reportgen.chapters.summary.room import HIGH, LOW, plot_height
from reportgen.report import Column, Row, Table

SHORT, LONG = ("Fewer relapses with regimen B.",), ("Weniger Rezidive mit Therapie B; " * 6,)
WORDS = ("Thirty women and thirty men. " * 12,)


def table(rows: int) -> Table:
    return Table(
        "table-key", ("Key results.",), (Column("Outcome"),), tuple(Row((("Relapse",),)) for _ in range(rows))
    )


def test_a_plot_is_high_where_little_is_said_and_gives_way_line_by_line():
    assert plot_height(SHORT, table(9), WORDS, 3) == HIGH
    said = [plot_height(LONG, table(9), WORDS, lines) for lines in (10, 11, 12)]
    assert HIGH > said[0] > said[1] > said[2] > LOW
    assert plot_height(LONG, table(10), WORDS, 10) < said[0] < plot_height(LONG, table(9), SHORT, 10)
    assert plot_height(LONG, table(40), WORDS, 30) == LOW
