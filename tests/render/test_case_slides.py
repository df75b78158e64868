"""Slides of a case review: few and full, and nothing of it is lost."""

from __future__ import annotations

from reportgen.render.pptx.content import Slide
from reportgen.render.pptx.panels import joined
from reportgen.report import Column, Row, Table


def table(columns: int, rows: int) -> Table:
    heads = tuple(Column(f"c{k}") for k in range(columns))
    return Table(f"t{columns}{rows}", ("said",), heads, tuple(Row((("x",),) * columns) for _ in range(rows)))


def facts(name: str) -> Slide:
    return Slide(name, name, table=table(2, 9), notes=(f"of {name}",))


def test_three_tables_of_facts_share_a_slide_and_two_wide_ones():
    wide = [Slide(name, name, table=table(6, 3)) for name in ("therapy", "toxicity")]
    made = joined([facts("status"), facts("start"), facts("pathology"), *wide])
    assert [[one.title for one in slide.panels] for slide in made] == [
        ["status", "start", "pathology"],
        ["therapy", "toxicity"],
    ]
    assert made[0].notes == ("of status", "of start", "of pathology")


def test_the_question_stands_below_the_line_that_says_it_all():
    (made,) = joined([Slide("Male, 43 years"), Slide("Question", lines=("Stop treatment?",))])
    assert (made.title, made.lines) == ("Male, 43 years", ("Question: Stop treatment?",))


def test_the_decision_has_a_slide_of_its_own_and_long_tables_too():
    long = Slide("long", "long", table=table(2, 13))
    made = joined([facts("status"), long, Slide("Decision", lines=("Recommendation:", "Responsible:"))])
    assert [slide.title for slide in made] == ["status", "long", "Decision"]


def test_nothing_is_lost():
    slides = [Slide("a"), Slide("q", lines=("x",)), *map(facts, "bcdefg"), Slide("g", lines=("words of g",))]
    made = joined(slides)
    shown = [one.table for slide in made for one in (slide, *slide.panels) if one.table]
    assert len(shown) == 6 and any("words of g" in (*slide.lines, slide.caption) for slide in made)
