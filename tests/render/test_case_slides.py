"""Slides of a case review: few and full, and nothing of it is lost."""

from __future__ import annotations

import pytest

from reportgen.render.pptx.content import Slide
from reportgen.render.pptx.fitting import fitted, width
from reportgen.render.pptx.panels import joined
from reportgen.report import Column, Row, Table


def table(columns: int, rows: int) -> Table:
    heads = tuple(Column(f"c{k}") for k in range(columns))
    return Table(f"t{columns}{rows}", ("said",), heads, tuple(Row((("x",),) * columns) for _ in range(rows)))


def facts(name: str) -> Slide:
    return Slide(name, name, table=table(2, 9), notes=(f"of {name}",))


def test_a_few_facts_follow_others_in_one_table_and_wide_tables_share_a_slide():
    wide = [Slide(name, name, table=table(6, 3)) for name in ("therapy", "toxicity")]
    few = Slide("pathology", "pathology", table=table(2, 2), notes=("of pathology",))
    made = joined([facts("status"), facts("start"), few, *wide])
    assert [[one.title for one in slide.panels] for slide in made] == [
        ["status", "start"],
        ["therapy", "toxicity"],
    ]
    start = made[0].panels[1].table
    assert start is not None and len(start.rows) == 9 + 1 + 2 and start.rows[9].cells == (("pathology",),)
    assert made[0].notes == ("of status", "of start", "of pathology")


def test_no_word_of_a_table_is_wider_than_its_column():
    heads = tuple(Column(head) for head in ("Endpunkt", "Krankheitsstatus", "Indexbehandlung", "Andere"))
    rows = tuple(
        Row((("Progressionsfreies Überleben",), ("adenocarcinoma",), ("x",), ("x y z " * 9,))) for _ in "ab"
    )
    for room in (420.0, 864.0):
        found = fitted(Table("t", ("said",), heads, rows), (room, 300))
        assert found.fits and sum(found.widths) == pytest.approx(room)
        assert found.widths[1] - 10 >= width("Krankheitsstatus", found.size, bold=True)
        assert found.widths[0] - 10 >= width("Progressionsfreies", found.size)
    assert fitted(Table("t", ("said",), heads, rows), (864, 300)).size == 14


def test_the_question_stands_below_the_line_that_says_it_all():
    (made,) = joined([Slide("Male, 43 years"), Slide("Question", lines=("Stop treatment?",))])
    assert (made.title, made.lines) == ("Male, 43 years", ("Question: Stop treatment?",))


def test_the_decision_has_a_slide_of_its_own_and_long_tables_too():
    long = Slide("long", "long", table=table(2, 17))
    made = joined([facts("status"), long, Slide("Decision", lines=("Recommendation:", "Responsible:"))])
    assert [slide.title for slide in made] == ["status", "long", "Decision"]


def test_nothing_is_lost():
    slides = [Slide("a"), Slide("q", lines=("x",)), *map(facts, "bcdefg"), Slide("g", lines=("words of g",))]
    made = joined(slides)
    shown = [one.table for slide in made for one in (slide, *slide.panels) if one.table]
    assert len(shown) == 6 and any(
        "words of g" in one.caption for slide in made for one in (slide, *slide.panels)
    )
